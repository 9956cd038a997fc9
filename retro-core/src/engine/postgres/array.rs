//! Whole columns of values as one array parameter: `UNNEST($1)`, `= ANY($1)`.

use sqlx::postgres::{PgArguments, PgHasArrayType};
use sqlx::types::Json;
use sqlx::{Arguments, Encode, Postgres, Type};

use super::bind::{narrow, without_nul};
use crate::engine::driver::{unbindable, unencodable};
use crate::sql::Bind;
use crate::value::{SqlType, Value, ValueError};

/// An array of the element type that the column has; its elements may be NULL.
pub(super) fn bind(to: &mut PgArguments, bind: &Bind<'_>, values: &[Value<'_>]) -> Result<(), ValueError> {
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
            Value::Date(v) => Ok(*v),
            other => Err(otherwise(other)),
        }),
        #[cfg(feature = "chrono")]
        SqlType::Time => add(to, values, |value| match value {
            Value::Time(v) => Ok(*v),
            other => Err(otherwise(other)),
        }),
        #[cfg(feature = "chrono")]
        SqlType::DateTime => add(to, values, |value| match value {
            Value::DateTime(v) => Ok(*v),
            other => Err(otherwise(other)),
        }),
        #[cfg(feature = "chrono")]
        SqlType::Timestamp => add(to, values, |value| match value {
            Value::Timestamp(v) => Ok(*v),
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
            Value::Json(v) => Ok(Json(&**v)),
            other => Err(otherwise(other)),
        }),
        #[allow(unreachable_patterns)] // with all the features
        other => Err(crate::engine::row::not_compiled_in(other)),
    }
}

fn add<'v, T>(
    to: &mut PgArguments,
    values: &'v [Value<'_>],
    element: impl Fn(&'v Value<'_>) -> Result<T, ValueError>,
) -> Result<(), ValueError>
where
    T: Encode<'v, Postgres> + Type<Postgres> + PgHasArrayType,
    Vec<Option<T>>: Encode<'v, Postgres> + Type<Postgres>,
{
    let mut elements = Vec::with_capacity(values.len());
    for value in values {
        elements.push(if value.is_null() { None } else { Some(element(value)?) });
    }
    to.add(elements).map_err(unencodable)
}
