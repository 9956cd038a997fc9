//! From MySQL's types to values. An expression's type is the server's choice: a sum is a DECIMAL, a
//! boolean an integer, JSON on MariaDB a text.

use std::borrow::Cow;

use sqlx::error::BoxDynError;
use sqlx::mysql::{MySqlRow, MySqlValueRef};
use sqlx::{Decode, MySql, Row, Type, TypeInfo, ValueRef};

use crate::engine::row::{Number, malformed, undecodable, unreadable};
use crate::engine::text;
use crate::value::{SqlType, Value, ValueError};

pub(in crate::engine) fn get(row: &MySqlRow, index: usize, sql_type: SqlType) -> Result<Value<'_>, ValueError> {
    let raw = row.try_get_raw(index).map_err(ValueError::new)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    // Most columns are of just the type that the model says, and these are told without their names.
    match sql_type {
        SqlType::I32 | SqlType::I64 if <i64 as Type<MySql>>::compatible(&raw.type_info()) => {
            return decode(raw, sql_type).map(Value::Int);
        }
        SqlType::F64 if <f64 as Type<MySql>>::compatible(&raw.type_info()) => {
            return decode(raw, sql_type).map(Value::Float);
        }
        SqlType::Text if <str as Type<MySql>>::compatible(&raw.type_info()) => {
            return from_bytes(decode(raw, sql_type)?, sql_type);
        }
        _ => {}
    }
    let type_info = raw.type_info().into_owned();
    match type_info.name() {
        "BOOLEAN" | "TINYINT" | "SMALLINT" | "INT" | "MEDIUMINT" | "BIGINT" => {
            Number::Int(decode(raw, sql_type)?).into_value(sql_type)
        }
        "TINYINT UNSIGNED" | "SMALLINT UNSIGNED" | "INT UNSIGNED" | "MEDIUMINT UNSIGNED" | "BIGINT UNSIGNED"
        | "YEAR" | "BIT" => Number::Unsigned(decode(raw, sql_type)?).into_value(sql_type),
        // 32 bits are widened as bits; text would be widened as digits.
        "FLOAT" | "DOUBLE" => Number::Float(decode(raw, sql_type)?).into_value(sql_type),
        "DECIMAL" => Number::Digits(Cow::Borrowed(decode(raw, sql_type)?)).into_value(sql_type),
        #[cfg(feature = "chrono")]
        "DATE" | "DATETIME" | "TIMESTAMP" | "TIME" => temporal(raw, type_info.name(), sql_type),
        _ => from_bytes(decode(raw, sql_type)?, sql_type),
    }
}

fn decode<'r, T: Decode<'r, MySql>>(raw: MySqlValueRef<'r>, sql_type: SqlType) -> Result<T, ValueError> {
    T::decode(raw).map_err(|error: BoxDynError| undecodable(sql_type)(error))
}

#[cfg(feature = "chrono")]
fn temporal<'r>(raw: MySqlValueRef<'r>, found: &str, sql_type: SqlType) -> Result<Value<'r>, ValueError> {
    use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
    let value = match (found, sql_type) {
        ("TIME", SqlType::Time) => return decode::<NaiveTime>(raw, sql_type).map(Value::Time),
        ("TIME", other) => return Err(unreadable("a time", other)),
        ("DATE", _) => decode::<NaiveDate>(raw, sql_type)?.and_time(NaiveTime::MIN),
        _ => decode::<NaiveDateTime>(raw, sql_type)?,
    };
    match sql_type {
        SqlType::DateTime => Ok(Value::DateTime(value)),
        SqlType::Timestamp => Ok(Value::Timestamp(value.and_utc())),
        SqlType::Date if value.time() == NaiveTime::MIN => Ok(Value::Date(value.date())),
        SqlType::Date => Err(malformed(sql_type)),
        SqlType::Text if found == "DATE" => Ok(Value::Text(value.date().to_string().into())),
        SqlType::Text => Ok(Value::Text(value.to_string().into())),
        other => Err(unreadable("a date", other)),
    }
}

/// Everything that is sent as a string, binary or not.
fn from_bytes(bytes: &[u8], sql_type: SqlType) -> Result<Value<'_>, ValueError> {
    if sql_type == SqlType::Bytes {
        return Ok(Value::Bytes(Cow::Borrowed(bytes)));
    }
    #[cfg(feature = "uuid")]
    if sql_type == SqlType::Uuid && bytes.len() == 16 {
        return uuid::Uuid::from_slice(bytes).map(Value::Uuid).map_err(|_| malformed(sql_type));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable("bytes", sql_type))?;
    let value = match sql_type {
        SqlType::Text | SqlType::Enum(_) => Some(Value::Text(Cow::Borrowed(text))),
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
        _ => return Number::Digits(Cow::Borrowed(text)).into_value(sql_type),
    };
    value.ok_or_else(|| malformed(sql_type))
}
