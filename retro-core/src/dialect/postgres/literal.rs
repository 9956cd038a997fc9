//! Literals of PostgreSQL, with the type that the parameter would have.

use crate::dialect::Dialect;
use crate::value::{Value, ValueError};

pub(in crate::dialect) fn literal(value: &Value<'_>, text: &str) -> Result<String, ValueError> {
    let quoted = || Dialect::Postgres.text_literal(text);
    Ok(match value {
        Value::Float(_) => format!("'{text}'::float8"),
        Value::Bytes(_) => format!("'\\x{text}'::bytea"),
        #[cfg(feature = "chrono")]
        Value::Date(_) => format!("DATE '{text}'"),
        #[cfg(feature = "chrono")]
        Value::Time(_) => format!("TIME '{text}'"),
        #[cfg(feature = "chrono")]
        Value::DateTime(_) => format!("TIMESTAMP '{text}'"),
        #[cfg(feature = "chrono")]
        Value::Timestamp(_) => format!("TIMESTAMPTZ '{text}+00'"),
        #[cfg(feature = "uuid")]
        Value::Uuid(v) => format!("'{v}'::uuid"),
        #[cfg(feature = "decimal")]
        Value::Decimal(_) => text.into(),
        Value::Json(_) => format!("{}::jsonb", quoted()),
        _ if text.contains('\0') => return Err(ValueError::new("PostgreSQL cannot store the character NUL in text")),
        _ => quoted(),
    })
}
