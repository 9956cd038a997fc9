//! Whole columns of values as one array parameter: `UNNEST($1)`, `= ANY($1)`.

use sqlx::postgres::{PgArguments, PgHasArrayType};
use sqlx::types::Json;
use sqlx::{Arguments, Encode, Postgres, Type};

#[cfg(feature = "chrono")]
use super::bind::{date, datetime};
use super::bind::{json_without_nul, narrow, without_nul};
use crate::engine::driver::{Misfit, unbindable, unencodable};
#[cfg(feature = "chrono")]
use crate::engine::text;
use crate::sql::Bind;
use crate::value::{SqlType, Value, ValueError};

/// An array of the element type that the column has; its elements may be NULL.
pub(super) fn bind(to: &mut PgArguments, bind: &Bind<'_>, values: &[Value<'_>]) -> Result<(), Misfit> {
    let otherwise = |value: &Value<'_>| unbindable(value, bind);
    match bind.sql_type {
        SqlType::Bool => add(to, values, |value| match value {
            Value::Bool(v) => Ok(*v),
            other => Err(otherwise(other)),
        }),
        SqlType::I16 => add(to, values, |value| match value {
            Value::Int(v) => narrow::<i16>(*v, bind),
            other => Err(otherwise(other)),
        }),
        SqlType::I32 => add(to, values, |value| match value {
            Value::Int(v) => narrow::<i32>(*v, bind),
            other => Err(otherwise(other)),
        }),
        SqlType::I64 => add(to, values, |value| match value {
            Value::Int(v) => Ok(*v),
            other => Err(otherwise(other)),
        }),
        SqlType::F32 => add(to, values, |value| match value {
            Value::Float(v) => Ok(*v as f32),
            Value::Int(v) => Ok(*v as f32),
            other => Err(otherwise(other)),
        }),
        SqlType::F64 => add(to, values, |value| match value {
            Value::Float(v) => Ok(*v),
            Value::Int(v) => Ok(*v as f64),
            other => Err(otherwise(other)),
        }),
        SqlType::Text | SqlType::Enum(_) => add(to, values, |value| match value {
            Value::Text(v) => without_nul(v),
            other => Err(otherwise(other)),
        }),
        SqlType::Bytes => add(to, values, |value| match value {
            Value::Bytes(v) => Ok(&**v),
            other => Err(otherwise(other)),
        }),
        #[cfg(feature = "chrono")]
        SqlType::Date => add(to, values, |value| match value {
            Value::Date(v) => date(*v),
            other => Err(otherwise(other)),
        }),
        #[cfg(feature = "chrono")]
        SqlType::Time => add(to, values, |value| match value {
            Value::Time(v) => text::server_time(*v),
            other => Err(otherwise(other)),
        }),
        #[cfg(feature = "chrono")]
        SqlType::DateTime => add(to, values, |value| match value {
            Value::DateTime(v) => datetime(*v),
            other => Err(otherwise(other)),
        }),
        #[cfg(feature = "chrono")]
        SqlType::Timestamp => add(to, values, |value| match value {
            Value::Timestamp(v) => Ok(datetime(v.naive_utc())?.and_utc()),
            other => Err(otherwise(other)),
        }),
        #[cfg(feature = "uuid")]
        SqlType::Uuid => add(to, values, |value| match value {
            Value::Uuid(v) => Ok(*v),
            other => Err(otherwise(other)),
        }),
        #[cfg(feature = "decimal")]
        SqlType::Decimal => add(to, values, |value| match value {
            Value::Decimal(v) => Ok(*v),
            Value::Int(v) => Ok((*v).into()),
            other => Err(otherwise(other)),
        }),
        SqlType::Json => add(to, values, |value| match value {
            Value::Json(v) => json_without_nul(v).map(Json),
            other => Err(otherwise(other)),
        }),
        #[allow(unreachable_patterns)] // with all the features
        other => Err(crate::engine::row::not_compiled_in(other).into()),
    }
}

fn add<'v, T>(
    to: &mut PgArguments,
    values: &'v [Value<'_>],
    element: impl Fn(&'v Value<'_>) -> Result<T, ValueError>,
) -> Result<(), Misfit>
where
    T: Encode<'v, Postgres> + Type<Postgres> + PgHasArrayType,
    Vec<Option<T>>: Encode<'v, Postgres> + Type<Postgres>,
{
    let mut elements = Vec::with_capacity(values.len());
    for (n, value) in values.iter().enumerate() {
        let element = || element(value).map_err(|reason| Misfit(n, reason));
        elements.push(if value.is_null() { None } else { Some(element()?) });
    }
    to.add(elements).map_err(|error| unencodable(error).into())
}
