//! Literals of SQLite: everything but numbers and bytes is text, as it is stored.

use crate::dialect::Dialect;
use crate::value::{Value, ValueError};

pub(in crate::dialect) fn literal(value: &Value<'_>, text: &str) -> Result<String, ValueError> {
    Ok(match value {
        // It stores no NaN, and reads what is too large as infinite.
        Value::Float(v) if v.is_nan() => "NULL".into(),
        Value::Float(v) => if *v > 0.0 { "9e999" } else { "-9e999" }.into(),
        Value::Bytes(_) => format!("X'{text}'"),
        // A statement ends at its first NUL.
        _ if text.contains('\0') => format!("CAST(X'{}' AS TEXT)", crate::sql::hex(text.as_bytes())),
        _ => Dialect::Sqlite.text_literal(text),
    })
}
