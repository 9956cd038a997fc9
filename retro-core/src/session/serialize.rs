//! Views as serde sees them: columns, and the relationships that are loaded, nested.

use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::relate::known;
use crate::identity::Store;
use crate::mapping::Relationship;
use crate::model::{EntityId, EntityRef};
use crate::value::Value;

/// An entity to be written. The way by which it was reached is left out of it, so that a cyclic
/// graph ends: neither the relationship back nor an entity that it stands within is written again.
struct Node<'s> {
    store: &'s Store,
    id: EntityId,
    back: Option<u16>,
    within: Option<&'s Node<'s>>,
}

pub(crate) fn serialize<S: Serializer>(store: &Store, id: EntityId, serializer: S) -> Result<S::Ok, S::Error> {
    Node { store, id, back: None, within: None }.serialize(serializer)
}

impl Node<'_> {
    fn is_within(&self, id: EntityId) -> bool {
        self.id == id || self.within.is_some_and(|outer| outer.is_within(id))
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let set = self.store.of(self.id);
        let mut map = serializer.serialize_map(None)?;
        for &column in &set.mapper.all_columns {
            let field = set.mapper.column(column).field;
            map.serialize_entry(field, &Scalar(set.rows.value(self.id.at.slot, column)))?;
        }
        for relationship in &set.mapper.relationships {
            if self.back == Some(relationship.index) {
                continue;
            }
            if let Some(known) = known(self.store, self.id, relationship) {
                let related = Related { node: self, relationship, members: known.to_vec() };
                map.serialize_entry(relationship.name(), &related)?;
            }
        }
        map.end()
    }
}

struct Related<'s> {
    node: &'s Node<'s>,
    relationship: &'static Relationship,
    members: Vec<EntityRef>,
}

impl Related<'_> {
    fn child(&self, at: EntityRef) -> Option<Node<'_>> {
        let id = EntityId { mapper: self.relationship.target().id, at };
        let cyclic = self.node.is_within(id);
        (!cyclic).then_some(Node {
            store: self.node.store,
            id,
            back: self.relationship.inverse,
            within: Some(self.node),
        })
    }
}

impl Serialize for Related<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.relationship.is_collection() {
            return self.members.first().and_then(|&at| self.child(at)).serialize(serializer);
        }
        let mut list = serializer.serialize_seq(None)?;
        for child in self.members.iter().filter_map(|&at| self.child(at)) {
            list.serialize_element(&child)?;
        }
        list.end()
    }
}

struct Scalar<'a>(Value<'a>);

impl Serialize for Scalar<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Value::Null => serializer.serialize_none(),
            Value::Bool(v) => v.serialize(serializer),
            Value::Int(v) => v.serialize(serializer),
            Value::Float(v) => v.serialize(serializer),
            Value::Text(v) => v.serialize(serializer),
            Value::Bytes(v) => v.serialize(serializer),
            #[cfg(feature = "chrono")]
            Value::Date(v) => v.serialize(serializer),
            #[cfg(feature = "chrono")]
            Value::Time(v) => v.serialize(serializer),
            #[cfg(feature = "chrono")]
            Value::DateTime(v) => v.serialize(serializer),
            #[cfg(feature = "chrono")]
            Value::Timestamp(v) => v.serialize(serializer),
            #[cfg(feature = "uuid")]
            Value::Uuid(v) => v.serialize(serializer),
            #[cfg(feature = "decimal")]
            Value::Decimal(v) => serde::Serialize::serialize(v, serializer),
            Value::Json(v) => v.serialize(serializer),
            Value::Invalid(reason) => Err(S::Error::custom(reason)),
        }
    }
}
