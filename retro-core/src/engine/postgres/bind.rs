//! From values to PostgreSQL's binary format. The server wants each parameter in exactly the type
//! that the statement was prepared with, so the column's type decides, also about NULL.

use sqlx::Arguments;
use sqlx::postgres::PgArguments;
use sqlx::types::Json;

use super::array;
use crate::engine::driver::{Fault, Misfit, bind_all, unbindable, unencodable};
#[cfg(feature = "chrono")]
use crate::engine::text;
use crate::sql::{Bind, BindData};
use crate::value::{SqlType, Value, ValueError};

pub(super) fn arguments(binds: &[Bind<'_>]) -> Result<PgArguments, Fault> {
    let mut arguments = PgArguments::default();
    arguments.reserve(binds.len(), binds.len() * 12);
    bind_all(binds, |bind| match &bind.data {
        BindData::One(value) => bind_one(&mut arguments, bind, value).map_err(Misfit::from),
        BindData::Array(values) => array::bind(&mut arguments, bind, values),
    })?;
    Ok(arguments)
}

fn bind_one(to: &mut PgArguments, bind: &Bind<'_>, value: &Value<'_>) -> Result<(), ValueError> {
    let added = match (bind.sql_type, value) {
        (sql_type, Value::Null) => return bind_null(to, sql_type),
        (SqlType::Bool, Value::Bool(v)) => to.add(*v),
        (SqlType::I16, Value::Int(v)) => to.add(narrow::<i16>(*v, bind)?),
        (SqlType::I32, Value::Int(v)) => to.add(narrow::<i32>(*v, bind)?),
        (SqlType::I64, Value::Int(v)) => to.add(*v),
        (SqlType::F32, Value::Int(v)) => to.add(*v as f32),
        (SqlType::F64, Value::Int(v)) => to.add(*v as f64),
        (SqlType::F32, Value::Float(v)) => to.add(*v as f32),
        (SqlType::F64, Value::Float(v)) => to.add(*v),
        (SqlType::Text | SqlType::Enum(_), Value::Text(v)) => to.add(without_nul(v)?),
        (SqlType::Bytes, Value::Bytes(v)) => to.add(&**v),
        #[cfg(feature = "chrono")]
        (SqlType::Date, Value::Date(v)) => to.add(date(*v)?),
        #[cfg(feature = "chrono")]
        (SqlType::Time, Value::Time(v)) => to.add(text::server_time(*v)?),
        #[cfg(feature = "chrono")]
        (SqlType::DateTime, Value::DateTime(v)) => to.add(datetime(*v)?),
        #[cfg(feature = "chrono")]
        (SqlType::Timestamp, Value::Timestamp(v)) => to.add(datetime(v.naive_utc())?.and_utc()),
        #[cfg(feature = "uuid")]
        (SqlType::Uuid, Value::Uuid(v)) => to.add(*v),
        #[cfg(feature = "decimal")]
        (SqlType::Decimal, Value::Decimal(v)) => to.add(*v),
        #[cfg(feature = "decimal")]
        (SqlType::Decimal, Value::Int(v)) => to.add(rust_decimal::Decimal::from(*v)),
        (SqlType::Json, Value::Json(v)) => to.add(Json(json_without_nul(v)?)),
        _ => return Err(unbindable(value, bind)),
    };
    added.map_err(unencodable)
}

fn bind_null(to: &mut PgArguments, sql_type: SqlType) -> Result<(), ValueError> {
    let added = match sql_type {
        SqlType::Bool => to.add(None::<bool>),
        SqlType::I16 => to.add(None::<i16>),
        SqlType::I32 => to.add(None::<i32>),
        SqlType::I64 => to.add(None::<i64>),
        SqlType::F32 => to.add(None::<f32>),
        SqlType::F64 => to.add(None::<f64>),
        SqlType::Text | SqlType::Enum(_) => to.add(None::<&str>),
        SqlType::Bytes => to.add(None::<&[u8]>),
        #[cfg(feature = "chrono")]
        SqlType::Date => to.add(None::<chrono::NaiveDate>),
        #[cfg(feature = "chrono")]
        SqlType::Time => to.add(None::<chrono::NaiveTime>),
        #[cfg(feature = "chrono")]
        SqlType::DateTime => to.add(None::<chrono::NaiveDateTime>),
        #[cfg(feature = "chrono")]
        SqlType::Timestamp => to.add(None::<chrono::DateTime<chrono::Utc>>),
        #[cfg(feature = "uuid")]
        SqlType::Uuid => to.add(None::<uuid::Uuid>),
        #[cfg(feature = "decimal")]
        SqlType::Decimal => to.add(None::<rust_decimal::Decimal>),
        SqlType::Json => to.add(None::<Json<&serde_json::Value>>),
        #[allow(unreachable_patterns)] // with all the features
        other => return Err(crate::engine::row::not_compiled_in(other)),
    };
    added.map_err(unencodable)
}

pub(super) fn narrow<T: TryFrom<i64>>(value: i64, bind: &Bind<'_>) -> Result<T, ValueError> {
    T::try_from(value).map_err(|_| ValueError::out_of_range(value, bind.sql_type))
}

/// The server ends the statement with an error that names neither parameter nor column.
pub(super) fn without_nul(text: &str) -> Result<&str, ValueError> {
    if text.contains('\0') {
        return Err(ValueError::new("PostgreSQL cannot store the character NUL in text"));
    }
    Ok(text)
}

/// As with text, wherever in the document it is.
pub(super) fn json_without_nul(json: &serde_json::Value) -> Result<&serde_json::Value, ValueError> {
    fn check(json: &serde_json::Value) -> Result<(), ValueError> {
        match json {
            serde_json::Value::String(text) => without_nul(text).map(drop),
            serde_json::Value::Array(items) => items.iter().try_for_each(check),
            serde_json::Value::Object(members) => members.iter().try_for_each(|(name, value)| {
                without_nul(name)?;
                check(value)
            }),
            _ => Ok(()),
        }
    }
    check(json).map(|()| json)
}

/// The server's days begin with Julian day 0. Those that chrono has end before the server's do.
#[cfg(feature = "chrono")]
pub(super) fn date(date: chrono::NaiveDate) -> Result<chrono::NaiveDate, ValueError> {
    match chrono::NaiveDate::from_ymd_opt(-4713, 11, 24) {
        Some(first) if date < first => {
            Err(ValueError::new("the date is before 24 November 4714 BC, which is where PostgreSQL begins to count"))
        }
        _ => Ok(date),
    }
}

#[cfg(feature = "chrono")]
pub(super) fn datetime(datetime: chrono::NaiveDateTime) -> Result<chrono::NaiveDateTime, ValueError> {
    Ok(date(datetime.date())?.and_time(text::server_time(datetime.time())?))
}
