//! The types that a column can have.

use std::fmt;

/// The database-independent type of a column. A dialect spells it (`I32` is `INTEGER` on SQLite,
/// `integer` on PostgreSQL, `INT` on MySQL) and says how a bind of it travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SqlType {
    /// `bool`
    Bool,
    /// `i16`
    I16,
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `String`; `VARCHAR(n)` where the column has a length, else `TEXT`
    Text,
    /// `Vec<u8>`
    Bytes,
    /// `chrono::NaiveDate`, `time::Date`
    Date,
    /// `chrono::NaiveTime`, `time::Time`
    Time,
    /// `chrono::NaiveDateTime`, `time::PrimitiveDateTime`
    DateTime,
    /// `chrono::DateTime<Utc>`, `time::OffsetDateTime`
    Timestamp,
    /// `uuid::Uuid`
    Uuid,
    /// `rust_decimal::Decimal`
    Decimal,
    /// [`Json`](crate::value::Json) of any serde type
    Json,
    /// A unit-only enum, stored as the text of its variant's name
    Enum(&'static EnumType),
}

/// The name and the variants of an enum column, in the order of declaration.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct EnumType {
    /// The enum's name in snake case; the native type's name where a database has one.
    pub name: &'static str,
    /// The texts that stand for the variants.
    pub variants: &'static [&'static str],
}

impl fmt::Display for SqlType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SqlType::Bool => "boolean",
            SqlType::I16 => "16-bit integer",
            SqlType::I32 => "32-bit integer",
            SqlType::I64 => "64-bit integer",
            SqlType::F32 => "32-bit float",
            SqlType::F64 => "64-bit float",
            SqlType::Text => "text",
            SqlType::Bytes => "bytes",
            SqlType::Date => "date",
            SqlType::Time => "time",
            SqlType::DateTime => "datetime",
            SqlType::Timestamp => "timestamp",
            SqlType::Uuid => "uuid",
            SqlType::Decimal => "decimal",
            SqlType::Json => "json",
            SqlType::Enum(e) => return write!(f, "enum {}", e.name),
        })
    }
}
