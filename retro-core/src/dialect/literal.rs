//! Values as they are written in a text that is shown to somebody. Statements that are sent bind them.

use super::{Dialect, mysql, postgres, sqlite};
use crate::sql::hex;
use crate::value::{Value, ValueError};

impl Dialect {
    /// The value as a literal that means what the bound value does.
    ///
    /// # Errors
    /// If the database has no such value.
    pub(crate) fn literal(self, value: &Value<'_>) -> Result<String, ValueError> {
        let text = match value {
            Value::Null => return Ok("NULL".into()),
            Value::Bool(v) => return Ok(if *v { "TRUE" } else { "FALSE" }.into()),
            Value::Int(v) => return Ok(v.to_string()),
            Value::Float(v) if v.is_finite() => return Ok(format!("{v:?}")),
            Value::Float(v) => v.to_string(),
            Value::Text(v) => v.to_string(),
            Value::Bytes(v) => hex(v),
            #[cfg(feature = "chrono")]
            Value::Date(v) => v.format("%Y-%m-%d").to_string(),
            #[cfg(feature = "chrono")]
            Value::Time(v) => v.format("%H:%M:%S%.6f").to_string(),
            #[cfg(feature = "chrono")]
            Value::DateTime(v) => v.format("%Y-%m-%d %H:%M:%S%.6f").to_string(),
            #[cfg(feature = "chrono")]
            Value::Timestamp(v) => v.naive_utc().format("%Y-%m-%d %H:%M:%S%.6f").to_string(),
            #[cfg(feature = "uuid")]
            Value::Uuid(v) => v.simple().to_string(),
            #[cfg(feature = "decimal")]
            Value::Decimal(v) => v.to_string(),
            Value::Json(v) => v.to_string(),
            Value::Invalid(reason) => return Err(ValueError::new(reason)),
        };
        match self {
            Dialect::Sqlite => sqlite::literal(value, &text),
            Dialect::Postgres => postgres::literal(value, &text),
            Dialect::MySql => mysql::literal(value, &text),
        }
    }
}
