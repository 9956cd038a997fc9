//! [`Value`]: the one currency between fields, binds and rows.
//!
//! A field lends its value as a `Value<'_>` (text and bytes are borrowed, nothing is copied), the
//! engine binds it, a row gives it back, a snapshot keeps it as a `Value<'static>`. Everything
//! below the typed surface works on this enum and on [`SqlType`], never on a user's types.

mod column_type;
mod convert;
mod fit;
mod json;
mod sql_type;
#[cfg(feature = "time")]
mod time_types;

pub use column_type::{ColumnType, Json, Text};
pub use convert::ValueError;
pub(crate) use fit::check as check_fit;
pub use sql_type::{EnumType, SqlType};

use std::borrow::Cow;
use std::fmt;

/// A value on its way between a Rust field and a database column.
///
/// Integers of every width share [`Value::Int`] and floats [`Value::Float`]; the width that the
/// database sees comes from the column's [`SqlType`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Value<'a> {
    /// SQL `NULL`.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer of any width.
    Int(i64),
    /// A floating point number of either width.
    Float(f64),
    /// Text, also the name of an enum's variant.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
    /// A date.
    #[cfg(feature = "chrono")]
    Date(chrono::NaiveDate),
    /// A time of day.
    #[cfg(feature = "chrono")]
    Time(chrono::NaiveTime),
    /// A date and time without a time zone.
    #[cfg(feature = "chrono")]
    DateTime(chrono::NaiveDateTime),
    /// An instant, in UTC.
    #[cfg(feature = "chrono")]
    Timestamp(chrono::DateTime<chrono::Utc>),
    /// A UUID.
    #[cfg(feature = "uuid")]
    Uuid(uuid::Uuid),
    /// An exact decimal number.
    #[cfg(feature = "decimal")]
    Decimal(rust_decimal::Decimal),
    /// A JSON document.
    Json(Cow<'a, serde_json::Value>),
    /// A Rust value that has no form in the database, with the reason. The flush reports it with
    /// the model and the column; it is never sent.
    Invalid(Cow<'a, str>),
}

impl Value<'_> {
    /// Whether this is SQL `NULL`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The same value, owning its text or bytes.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Bool(v) => Value::Bool(v),
            Value::Int(v) => Value::Int(v),
            Value::Float(v) => Value::Float(v),
            Value::Text(v) => Value::Text(Cow::Owned(v.into_owned())),
            Value::Bytes(v) => Value::Bytes(Cow::Owned(v.into_owned())),
            #[cfg(feature = "chrono")]
            Value::Date(v) => Value::Date(v),
            #[cfg(feature = "chrono")]
            Value::Time(v) => Value::Time(v),
            #[cfg(feature = "chrono")]
            Value::DateTime(v) => Value::DateTime(v),
            #[cfg(feature = "chrono")]
            Value::Timestamp(v) => Value::Timestamp(v),
            #[cfg(feature = "uuid")]
            Value::Uuid(v) => Value::Uuid(v),
            #[cfg(feature = "decimal")]
            Value::Decimal(v) => Value::Decimal(v),
            Value::Json(v) => Value::Json(Cow::Owned(v.into_owned())),
            Value::Invalid(v) => Value::Invalid(Cow::Owned(v.into_owned())),
        }
    }

    /// The same value, borrowed: copies neither text nor bytes.
    pub fn borrowed(&self) -> Value<'_> {
        match self {
            Value::Text(v) => Value::Text(Cow::Borrowed(v)),
            Value::Bytes(v) => Value::Bytes(Cow::Borrowed(v)),
            Value::Json(v) => Value::Json(Cow::Borrowed(v)),
            Value::Invalid(v) => Value::Invalid(Cow::Borrowed(v)),
            Value::Null => Value::Null,
            Value::Bool(v) => Value::Bool(*v),
            Value::Int(v) => Value::Int(*v),
            Value::Float(v) => Value::Float(*v),
            #[cfg(feature = "chrono")]
            Value::Date(v) => Value::Date(*v),
            #[cfg(feature = "chrono")]
            Value::Time(v) => Value::Time(*v),
            #[cfg(feature = "chrono")]
            Value::DateTime(v) => Value::DateTime(*v),
            #[cfg(feature = "chrono")]
            Value::Timestamp(v) => Value::Timestamp(*v),
            #[cfg(feature = "uuid")]
            Value::Uuid(v) => Value::Uuid(*v),
            #[cfg(feature = "decimal")]
            Value::Decimal(v) => Value::Decimal(*v),
        }
    }

    /// The name of the kind of value, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "NULL",
            Value::Bool(_) => "boolean",
            Value::Int(_) => "integer",
            Value::Float(_) => "float",
            Value::Text(_) => "text",
            Value::Bytes(_) => "bytes",
            #[cfg(feature = "chrono")]
            Value::Date(_) => "date",
            #[cfg(feature = "chrono")]
            Value::Time(_) => "time",
            #[cfg(feature = "chrono")]
            Value::DateTime(_) => "datetime",
            #[cfg(feature = "chrono")]
            Value::Timestamp(_) => "timestamp",
            #[cfg(feature = "uuid")]
            Value::Uuid(_) => "uuid",
            #[cfg(feature = "decimal")]
            Value::Decimal(_) => "decimal",
            Value::Json(_) => "json",
            Value::Invalid(_) => "invalid value",
        }
    }
}

/// Equality as change tracking needs it: `NULL` equals `NULL`, a NaN equals itself bit by bit.
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a == b || a.to_bits() == b.to_bits(),
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::Bytes(a), Value::Bytes(b)) => a == b,
            #[cfg(feature = "chrono")]
            (Value::Date(a), Value::Date(b)) => a == b,
            #[cfg(feature = "chrono")]
            (Value::Time(a), Value::Time(b)) => a == b,
            #[cfg(feature = "chrono")]
            (Value::DateTime(a), Value::DateTime(b)) => a == b,
            #[cfg(feature = "chrono")]
            (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
            #[cfg(feature = "uuid")]
            (Value::Uuid(a), Value::Uuid(b)) => a == b,
            #[cfg(feature = "decimal")]
            (Value::Decimal(a), Value::Decimal(b)) => a == b,
            (Value::Json(a), Value::Json(b)) => a == b,
            (Value::Invalid(a), Value::Invalid(b)) => a == b,
            _ => false,
        }
    }
}

/// Shows the value as it would stand in a log line: text in quotes, bytes by length.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("NULL"),
            Value::Bool(v) => write!(f, "{v}"),
            Value::Int(v) => write!(f, "{v}"),
            Value::Float(v) => write!(f, "{v:?}"),
            Value::Text(v) => write!(f, "{v:?}"),
            Value::Bytes(v) => write!(f, "<{} bytes>", v.len()),
            #[cfg(feature = "chrono")]
            Value::Date(v) => write!(f, "{v}"),
            #[cfg(feature = "chrono")]
            Value::Time(v) => write!(f, "{v}"),
            #[cfg(feature = "chrono")]
            Value::DateTime(v) => write!(f, "{v}"),
            #[cfg(feature = "chrono")]
            Value::Timestamp(v) => write!(f, "{v}"),
            #[cfg(feature = "uuid")]
            Value::Uuid(v) => write!(f, "{v}"),
            #[cfg(feature = "decimal")]
            Value::Decimal(v) => write!(f, "{v}"),
            Value::Json(v) => write!(f, "{v}"),
            Value::Invalid(v) => write!(f, "<invalid: {v}>"),
        }
    }
}
