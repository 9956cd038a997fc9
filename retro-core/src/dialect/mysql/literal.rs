//! Literals of MySQL and MariaDB.

use crate::dialect::Dialect;
use crate::value::{Value, ValueError};

pub(in crate::dialect) fn literal(value: &Value<'_>, text: &str) -> Result<String, ValueError> {
    Ok(match value {
        Value::Float(_) => return Err(ValueError::new("MySQL can store neither NaN nor infinity")),
        Value::Bytes(_) => format!("X'{text}'"),
        #[cfg(feature = "chrono")]
        Value::Date(_) => format!("DATE '{text}'"),
        #[cfg(feature = "chrono")]
        Value::Time(_) => format!("TIME '{text}'"),
        #[cfg(feature = "chrono")]
        Value::DateTime(_) | Value::Timestamp(_) => format!("TIMESTAMP '{text}'"),
        #[cfg(feature = "decimal")]
        Value::Decimal(_) => text.into(),
        _ => Dialect::MySql.text_literal(text),
    })
}
