//! From PostgreSQL's binary format to values.
//!
//! Decoded here and not by the driver, whose decoders panic on dates beyond chrono's range
//! (`infinity` is one) and read no NUMERIC as an integer or a float.

use std::borrow::Cow;

use sqlx::postgres::PgRow;
use sqlx::{Row, ValueRef};

use super::numeric;
use crate::engine::row::{Number, malformed, unreadable};
use crate::engine::text;
use crate::value::{SqlType, Value, ValueError};

/// Object ids of the built-in types, which never change.
mod oid {
    pub(super) const BOOL: u32 = 16;
    pub(super) const BYTEA: u32 = 17;
    pub(super) const INT8: u32 = 20;
    pub(super) const INT2: u32 = 21;
    pub(super) const INT4: u32 = 23;
    pub(super) const TEXT: u32 = 25;
    pub(super) const OID: u32 = 26;
    pub(super) const FLOAT4: u32 = 700;
    pub(super) const FLOAT8: u32 = 701;
    pub(super) const VARCHAR: u32 = 1043;
    pub(super) const NUMERIC: u32 = 1700;
    pub(super) const JSONB: u32 = 3802;
    #[cfg(feature = "chrono")]
    pub(super) const DATE: u32 = 1082;
    #[cfg(feature = "chrono")]
    pub(super) const TIME: u32 = 1083;
    #[cfg(feature = "chrono")]
    pub(super) const TIMESTAMP: u32 = 1114;
    #[cfg(feature = "chrono")]
    pub(super) const TIMESTAMPTZ: u32 = 1184;
    pub(super) const UUID: u32 = 2950;
}

pub(in crate::engine) fn get(row: &PgRow, index: usize, sql_type: SqlType) -> Result<Value<'_>, ValueError> {
    let raw = row.try_get_raw(index).map_err(ValueError::new)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let bytes = raw.as_bytes().map_err(|_| malformed(sql_type))?;
    let found = raw.type_info().oid().map_or(0, |oid| oid.0);
    // Most columns are of just the type that the model says.
    match (found, sql_type) {
        (oid::INT4, SqlType::I32) => return Ok(Value::Int(i32::from_be_bytes(fixed(bytes, sql_type)?).into())),
        (oid::INT8, SqlType::I64) => return Ok(Value::Int(i64::from_be_bytes(fixed(bytes, sql_type)?))),
        (oid::FLOAT8, SqlType::F64) => return Ok(Value::Float(f64::from_be_bytes(fixed(bytes, sql_type)?))),
        (oid::TEXT | oid::VARCHAR, SqlType::Text) => {
            return std::str::from_utf8(bytes)
                .map(|text| Value::Text(Cow::Borrowed(text)))
                .map_err(|_| malformed(sql_type));
        }
        _ => {}
    }
    match found {
        oid::BOOL => match (sql_type, bytes) {
            (SqlType::Bool, [byte]) => Ok(Value::Bool(*byte != 0)),
            _ => Err(unreadable("a boolean", sql_type)),
        },
        oid::INT2 => Number::Int(i16::from_be_bytes(fixed(bytes, sql_type)?).into()).into_value(sql_type),
        oid::INT4 => Number::Int(i32::from_be_bytes(fixed(bytes, sql_type)?).into()).into_value(sql_type),
        oid::INT8 => Number::Int(i64::from_be_bytes(fixed(bytes, sql_type)?)).into_value(sql_type),
        oid::OID => Number::Int(u32::from_be_bytes(fixed(bytes, sql_type)?).into()).into_value(sql_type),
        oid::FLOAT4 => Number::Float(f32::from_be_bytes(fixed(bytes, sql_type)?).into()).into_value(sql_type),
        oid::FLOAT8 => Number::Float(f64::from_be_bytes(fixed(bytes, sql_type)?)).into_value(sql_type),
        oid::NUMERIC => Number::Digits(Cow::Owned(numeric::digits(bytes, sql_type)?)).into_value(sql_type),
        oid::BYTEA => from_bytes(bytes, sql_type),
        oid::UUID => from_uuid(bytes, sql_type),
        #[cfg(feature = "chrono")]
        oid::DATE | oid::TIME | oid::TIMESTAMP | oid::TIMESTAMPTZ => temporal::get(found, bytes, sql_type),
        // A byte with the version of the format stands before the text.
        oid::JSONB => from_text(bytes.get(1..).unwrap_or_default(), sql_type),
        // Text of every kind, JSON, enums, and types of extensions that are sent as text.
        _ => from_text(bytes, sql_type),
    }
}

fn fixed<const N: usize>(bytes: &[u8], sql_type: SqlType) -> Result<[u8; N], ValueError> {
    bytes.try_into().map_err(|_| malformed(sql_type))
}

fn from_bytes(bytes: &[u8], sql_type: SqlType) -> Result<Value<'_>, ValueError> {
    match sql_type {
        SqlType::Bytes => Ok(Value::Bytes(Cow::Borrowed(bytes))),
        #[cfg(feature = "uuid")]
        SqlType::Uuid => uuid::Uuid::from_slice(bytes).map(Value::Uuid).map_err(|_| malformed(sql_type)),
        other => Err(unreadable("bytes", other)),
    }
}

fn from_uuid(bytes: &[u8], sql_type: SqlType) -> Result<Value<'_>, ValueError> {
    match sql_type {
        #[cfg(feature = "uuid")]
        SqlType::Uuid => uuid::Uuid::from_slice(bytes).map(Value::Uuid).map_err(|_| malformed(sql_type)),
        #[cfg(feature = "uuid")]
        SqlType::Text => {
            let uuid = uuid::Uuid::from_slice(bytes).map_err(|_| malformed(sql_type))?;
            Ok(Value::Text(uuid.to_string().into()))
        }
        SqlType::Bytes => Ok(Value::Bytes(Cow::Borrowed(bytes))),
        other => Err(unreadable("a uuid", other)),
    }
}

fn from_text(bytes: &[u8], sql_type: SqlType) -> Result<Value<'_>, ValueError> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) if sql_type == SqlType::Bytes => return Ok(Value::Bytes(Cow::Borrowed(bytes))),
        Err(_) => return Err(unreadable("a type that is not text", sql_type)),
    };
    let value = match sql_type {
        SqlType::Text | SqlType::Enum(_) => Some(Value::Text(Cow::Borrowed(text))),
        SqlType::Bytes => Some(Value::Bytes(Cow::Borrowed(bytes))),
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

#[cfg(feature = "chrono")]
mod temporal {
    use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

    use super::{fixed, malformed, oid, unreadable};
    use crate::value::{SqlType, Value, ValueError};

    pub(super) fn get(found: u32, bytes: &[u8], sql_type: SqlType) -> Result<Value<'_>, ValueError> {
        let datetime = match found {
            oid::TIME => return time(i64::from_be_bytes(fixed(bytes, sql_type)?), sql_type),
            oid::DATE => since_epoch(TimeDelta::try_days(i32::from_be_bytes(fixed(bytes, sql_type)?).into())),
            _ => since_epoch(Some(TimeDelta::microseconds(i64::from_be_bytes(fixed(bytes, sql_type)?)))),
        };
        let datetime = datetime.ok_or_else(|| {
            ValueError::new(format!("the database holds a {sql_type} beyond what a program can count, maybe infinity"))
        })?;
        match sql_type {
            SqlType::DateTime => Ok(Value::DateTime(datetime)),
            SqlType::Timestamp => Ok(Value::Timestamp(datetime.and_utc())),
            SqlType::Date if datetime.time() == NaiveTime::MIN => Ok(Value::Date(datetime.date())),
            SqlType::Date => Err(malformed(sql_type)),
            SqlType::Text if found == oid::DATE => Ok(Value::Text(datetime.date().to_string().into())),
            SqlType::Text => Ok(Value::Text(datetime.to_string().into())),
            other => Err(unreadable("a date", other)),
        }
    }

    fn time(micros: i64, sql_type: SqlType) -> Result<Value<'static>, ValueError> {
        if sql_type != SqlType::Time {
            return Err(unreadable("a time", sql_type));
        }
        // PostgreSQL knows 24:00:00, which is no time of a day.
        let seconds = u32::try_from(micros.div_euclid(1_000_000)).ok();
        let nanos = u32::try_from(micros.rem_euclid(1_000_000) * 1_000).ok();
        let time = seconds.zip(nanos).and_then(|(s, n)| NaiveTime::from_num_seconds_from_midnight_opt(s, n));
        time.map(Value::Time).ok_or_else(|| malformed(sql_type))
    }

    /// PostgreSQL counts from the year 2000.
    fn since_epoch(delta: Option<TimeDelta>) -> Option<NaiveDateTime> {
        let epoch = NaiveDate::from_ymd_opt(2000, 1, 1)?.and_time(NaiveTime::MIN);
        epoch.checked_add_signed(delta?)
    }
}
