//! [`Relationship`]: a relationship with its columns, direction and other side found.

use super::Mapper;
use crate::model::{Cascade, ModelDef, RelationshipDef};

/// Which side of a relationship holds the foreign key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// This table's foreign key names the target.
    ManyToOne,
    /// The target's foreign key names this table; also one-to-one from that side.
    OneToMany,
    /// An association table names both.
    ManyToMany,
}

/// A resolved relationship.
#[derive(Debug)]
pub(crate) struct Relationship {
    pub(crate) index: u16,
    pub(crate) def: &'static RelationshipDef,
    pub(crate) direction: Direction,
    /// This model's columns: the foreign key (many-to-one), the referenced columns (one-to-many),
    /// the key that the association table names (many-to-many).
    pub(crate) local: Box<[u16]>,
    /// The target's columns, in the same order.
    pub(crate) remote: Box<[u16]>,
    pub(crate) secondary: Option<Secondary>,
    /// The other side, if `back_populates` names one.
    pub(crate) inverse: Option<u16>,
    /// Whether the target can do without this side: its foreign key columns are all nullable.
    pub(crate) nullable: bool,
}

/// The association table of a many-to-many relationship, seen from this side.
#[derive(Debug, Clone)]
pub(crate) struct Secondary {
    pub(crate) table: &'static str,
    /// Its columns that name this side, in the order of `local`.
    pub(crate) local: Box<[String]>,
    /// Its columns that name the target, in the order of `remote`.
    pub(crate) remote: Box<[String]>,
    /// The model of the association table, where it has one.
    pub(crate) model: Option<&'static ModelDef>,
}

impl Relationship {
    pub(crate) fn name(&self) -> &'static str {
        self.def.field
    }

    pub(crate) fn target(&self) -> &'static Mapper {
        ((self.def.target)().mapper)()
    }

    /// The other side as a relationship of the target.
    pub(crate) fn inverse(&self) -> Option<&'static Relationship> {
        self.inverse.map(|index| self.target().relationship(index))
    }

    /// Whether reading it gives a list.
    pub(crate) fn is_collection(&self) -> bool {
        use crate::model::RelationshipKind::*;
        matches!(self.def.kind, HasMany | ManyToMany)
    }

    pub(crate) fn cascades(&self, cascade: Cascade) -> bool {
        self.def.cascade.has(cascade)
    }

    /// Of a many-to-many relationship seen from both sides, the side that writes the association
    /// rows; changes are recorded on both, so one suffices and each row is written once.
    pub(crate) fn owns_secondary(&self, mapper: &Mapper) -> bool {
        match self.inverse() {
            None => true,
            Some(inverse) => (mapper.id, self.index) <= (self.target().id, inverse.index),
        }
    }
}
