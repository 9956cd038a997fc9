//! [`IdentityKey`]: a row's primary key as the identity map holds it.

use std::hash::{Hash, Hasher};

use crate::model::KeyValues;
use crate::value::Value;

/// A primary key. Integer and UUID keys, nearly all keys there are, need no allocation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum IdentityKey {
    Int(i64),
    #[cfg(feature = "uuid")]
    Uuid(uuid::Uuid),
    Other(Box<[KeyPart]>),
}

/// A value of a composite or textual key.
#[derive(Debug, Clone)]
pub(crate) struct KeyPart(Value<'static>);

impl IdentityKey {
    /// The key of these values; `None` if any is `NULL`, because such a row has no identity.
    pub(crate) fn new(values: &[Value<'_>]) -> Option<IdentityKey> {
        match values {
            [Value::Int(key)] => Some(IdentityKey::Int(*key)),
            #[cfg(feature = "uuid")]
            [Value::Uuid(key)] => Some(IdentityKey::Uuid(*key)),
            values if values.is_empty() || values.iter().any(Value::is_null) => None,
            values => Some(IdentityKey::Other(values.iter().map(|v| KeyPart(v.borrowed().into_owned())).collect())),
        }
    }

    /// The values again, in the order of the key's columns.
    pub(crate) fn values(&self) -> KeyValues<'_> {
        match self {
            IdentityKey::Int(key) => KeyValues::from_iter([Value::Int(*key)]),
            #[cfg(feature = "uuid")]
            IdentityKey::Uuid(key) => KeyValues::from_iter([Value::Uuid(*key)]),
            IdentityKey::Other(parts) => parts.iter().map(|part| part.0.borrowed()).collect(),
        }
    }
}

impl PartialEq for KeyPart {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

// Value's equality is reflexive for every kind that may stand in a key: a NaN equals itself.
impl Eq for KeyPart {}

impl Hash for KeyPart {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Value::Bool(v) => v.hash(state),
            Value::Int(v) => v.hash(state),
            // Zero and minus zero are equal, so they must hash alike.
            Value::Float(v) => (if *v == 0.0 { 0 } else { v.to_bits() }).hash(state),
            Value::Text(v) => v.hash(state),
            Value::Bytes(v) => v.hash(state),
            #[cfg(feature = "chrono")]
            Value::Date(v) => v.hash(state),
            #[cfg(feature = "chrono")]
            Value::Time(v) => v.hash(state),
            #[cfg(feature = "chrono")]
            Value::DateTime(v) => v.hash(state),
            #[cfg(feature = "chrono")]
            Value::Timestamp(v) => v.hash(state),
            #[cfg(feature = "uuid")]
            Value::Uuid(v) => v.hash(state),
            #[cfg(feature = "decimal")]
            Value::Decimal(v) => v.hash(state),
            // A document's text is as equal as the document; as keys they are rare enough.
            Value::Json(v) => v.to_string().hash(state),
            Value::Null | Value::Invalid(_) => {}
        }
    }
}
