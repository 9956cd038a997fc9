//! Types of SQLite.
//!
//! SQLite stores what it is given and takes from a declared type only its affinity: a name with
//! `INT` in it prefers integers, with `CHAR` or `TEXT` text, with `FLOA` floats, and most others
//! numbers, so that text that looks like a number becomes one. Dates and times never look like
//! numbers. Decimals and JSON do, and would lose digits; their names say `TEXT` so that they stay
//! what they are.

use crate::dialect::ddl::{decimal, enum_length, varchar};
use crate::schema::Column;
use crate::value::SqlType;

pub(in crate::dialect) fn type_name(column: &Column) -> String {
    match column.sql_type {
        SqlType::Bool => "BOOLEAN".into(),
        // Only this very word makes a key an alias of the row's id.
        SqlType::I16 | SqlType::I32 | SqlType::I64 => "INTEGER".into(),
        SqlType::F32 | SqlType::F64 => "FLOAT".into(),
        SqlType::Text => varchar(column.length, "TEXT"),
        SqlType::Bytes => "BLOB".into(),
        SqlType::Date => "DATE".into(),
        SqlType::Time => "TIME".into(),
        SqlType::DateTime => "DATETIME".into(),
        SqlType::Timestamp => "TIMESTAMP".into(),
        SqlType::Uuid => "CHAR(32)".into(),
        SqlType::Decimal => decimal("DECIMAL_TEXT", column.precision, "DECIMAL_TEXT"),
        SqlType::Json => "JSON_TEXT".into(),
        SqlType::Enum(kind) => format!("VARCHAR({})", enum_length(column, kind.variants)),
    }
}

/// With six digits of a fraction, as all times are stored: they are compared as text.
pub(in crate::dialect) fn current_timestamp(sql_type: SqlType) -> Option<&'static str> {
    match sql_type {
        SqlType::DateTime | SqlType::Timestamp => Some("(strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')"),
        _ => None,
    }
}
