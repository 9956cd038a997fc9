//! From SQLite's storage classes to values. The class is the value's own, not the column's.

use std::borrow::Cow;

use sqlx::error::BoxDynError;
use sqlx::sqlite::{SqliteRow, SqliteValueRef};
use sqlx::{Decode, Row, Sqlite, TypeInfo, ValueRef};

use crate::engine::row::{Number, malformed, undecodable, unreadable};
use crate::engine::text;
use crate::value::{SqlType, Value, ValueError};

pub(in crate::engine) fn get(row: &SqliteRow, index: usize, sql_type: SqlType) -> Result<Value<'_>, ValueError> {
    let raw = row.try_get_raw(index).map_err(ValueError::new)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let class = raw.type_info();
    match class.name() {
        "INTEGER" => Number::Int(decode(raw, sql_type)?).into_value(sql_type),
        "REAL" => Number::Float(decode(raw, sql_type)?).into_value(sql_type),
        "TEXT" => from_text(decode(raw, sql_type)?, sql_type),
        "BLOB" => from_bytes(decode(raw, sql_type)?, sql_type),
        other => Err(unreadable(other, sql_type)),
    }
}

fn decode<'r, T: Decode<'r, Sqlite>>(raw: SqliteValueRef<'r>, sql_type: SqlType) -> Result<T, ValueError> {
    T::decode(raw).map_err(|error: BoxDynError| undecodable(sql_type)(error))
}

pub(super) fn from_text(text: &str, sql_type: SqlType) -> Result<Value<'_>, ValueError> {
    let value = match sql_type {
        SqlType::Text | SqlType::Enum(_) => Some(Value::Text(Cow::Borrowed(text))),
        SqlType::Bytes => Some(Value::Bytes(Cow::Borrowed(text.as_bytes()))),
        SqlType::Bool => text::boolean(text).map(Value::Bool),
        SqlType::Json => serde_json::from_str(text).ok().map(|json| Value::Json(Cow::Owned(json))),
        #[cfg(feature = "chrono")]
        SqlType::Date => text::date(text).map(Value::Date),
        #[cfg(feature = "chrono")]
        SqlType::Time => text::time(text).map(Value::Time),
        #[cfg(feature = "chrono")]
        SqlType::DateTime => text::datetime(text).map(Value::DateTime),
        #[cfg(feature = "chrono")]
        SqlType::Timestamp => text::timestamp(text).map(Value::Timestamp),
        #[cfg(feature = "uuid")]
        SqlType::Uuid => text::uuid(text).map(Value::Uuid),
        // Decimals are stored as text.
        _ => return Number::Digits(Cow::Borrowed(text)).into_value(sql_type),
    };
    value.ok_or_else(|| malformed(sql_type))
}

pub(super) fn from_bytes(bytes: &[u8], sql_type: SqlType) -> Result<Value<'_>, ValueError> {
    match sql_type {
        SqlType::Bytes => Ok(Value::Bytes(Cow::Borrowed(bytes))),
        SqlType::Text | SqlType::Json | SqlType::Enum(_) => {
            from_text(std::str::from_utf8(bytes).map_err(|_| malformed(sql_type))?, sql_type)
        }
        #[cfg(feature = "uuid")]
        SqlType::Uuid => uuid::Uuid::from_slice(bytes).map(Value::Uuid).map_err(|_| malformed(sql_type)),
        other => Err(unreadable("bytes", other)),
    }
}
