//! [`Row`]: one row of a result, decoded by position.

use std::sync::Arc;

#[cfg(feature = "mysql")]
use sqlx::mysql::MySqlRow;
#[cfg(feature = "postgres")]
use sqlx::postgres::PgRow;
#[cfg(feature = "sqlite")]
use sqlx::sqlite::SqliteRow;
use sqlx::{Column, Row as _};

#[cfg(feature = "sqlite")]
use super::sqlite::Batch;
use crate::value::{SqlType, Value, ValueError};

/// One row of a result. Text and bytes are borrowed from it.
pub(crate) enum Row {
    #[cfg(feature = "sqlite")]
    Sqlite(SqliteRow),
    /// Of SQLite as well, not through the driver.
    #[cfg(feature = "sqlite")]
    Stepped(Arc<Batch>, u32),
    #[cfg(feature = "postgres")]
    Postgres(PgRow),
    #[cfg(feature = "mysql")]
    MySql(MySqlRow),
}

impl Row {
    /// How many columns there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            #[cfg(feature = "sqlite")]
            Row::Sqlite(row) => row.len(),
            #[cfg(feature = "sqlite")]
            Row::Stepped(batch, _) => batch.width(),
            #[cfg(feature = "postgres")]
            Row::Postgres(row) => row.len(),
            #[cfg(feature = "mysql")]
            Row::MySql(row) => row.len(),
        }
    }

    /// The name of a column.
    pub(crate) fn name(&self, index: usize) -> &str {
        match self {
            #[cfg(feature = "sqlite")]
            Row::Sqlite(row) => row.columns().get(index).map_or("", Column::name),
            #[cfg(feature = "sqlite")]
            Row::Stepped(batch, _) => batch.name(index),
            #[cfg(feature = "postgres")]
            Row::Postgres(row) => row.columns().get(index).map_or("", Column::name),
            #[cfg(feature = "mysql")]
            Row::MySql(row) => row.columns().get(index).map_or("", Column::name),
        }
    }

    /// The value of a column, as the type that is expected of it. What the database sends may be of
    /// another type, for a sum is a DECIMAL and SQLite has five types in all; it is converted where
    /// nothing is lost.
    #[inline]
    pub(crate) fn get(&self, index: usize, sql_type: SqlType) -> Result<Value<'_>, ValueError> {
        if index >= self.len() {
            return Err(ValueError::new(format!(
                "the row has {} columns, and number {} was asked for",
                self.len(),
                index + 1
            )));
        }
        match self {
            #[cfg(feature = "sqlite")]
            Row::Sqlite(row) => super::sqlite::get(row, index, sql_type),
            #[cfg(feature = "sqlite")]
            Row::Stepped(batch, row) => batch.get(*row, index, sql_type),
            #[cfg(feature = "postgres")]
            Row::Postgres(row) => super::postgres::get(row, index, sql_type),
            #[cfg(feature = "mysql")]
            Row::MySql(row) => super::mysql::get(row, index, sql_type),
        }
    }
}

/// Where in a row the columns of something are that has several.
#[derive(Debug, Clone)]
pub(crate) enum Columns {
    /// Side by side from here on: where the crate has written the query.
    From(usize),
    /// One by one: where the user has.
    At(Arc<[usize]>),
}

impl Columns {
    /// The place of a column in the row.
    pub(crate) fn place(&self, column: usize) -> usize {
        match self {
            Columns::From(first) => first + column,
            Columns::At(places) => places.get(column).copied().unwrap_or(column),
        }
    }
}

/// What the database sends cannot be read as the type that is expected.
pub(super) fn unreadable(found: &str, expected: SqlType) -> ValueError {
    ValueError::new(format!("the database holds {found} where the model says {expected}"))
}

/// A value that the type would hold if it were smaller, or well-formed. It is not quoted, for it
/// may be sensitive.
pub(super) fn malformed(expected: SqlType) -> ValueError {
    ValueError::new(format!("the database holds a value that is not a valid {expected}"))
}

/// The driver's own decoders failed.
#[cfg(any(feature = "sqlite", feature = "mysql"))]
pub(super) fn undecodable(expected: SqlType) -> impl FnOnce(sqlx::error::BoxDynError) -> ValueError {
    move |_| malformed(expected)
}

/// A type whose feature is not enabled.
#[allow(dead_code)] // with all the features
pub(super) fn not_compiled_in(expected: SqlType) -> ValueError {
    ValueError::new(format!("columns of type {expected} need a feature of retro that is not enabled"))
}

/// A number as a database sends it, before it is made what the model expects.
pub(super) enum Number<'r> {
    Int(i64),
    /// Beyond `i64`. Only MySQL has them.
    #[cfg(feature = "mysql")]
    Unsigned(u64),
    Float(f64),
    /// A decimal number in digits.
    Digits(std::borrow::Cow<'r, str>),
}

impl Number<'_> {
    /// The number as a value of one of the numeric types, if it can be one exactly.
    pub(super) fn into_value(self, expected: SqlType) -> Result<Value<'static>, ValueError> {
        match expected {
            SqlType::Bool => self.integer().map(|v| Value::Bool(v != 0)).ok_or_else(|| malformed(expected)),
            SqlType::I16 | SqlType::I32 | SqlType::I64 => {
                self.integer().map(Value::Int).ok_or_else(|| malformed(expected))
            }
            SqlType::F32 | SqlType::F64 => self.float().map(Value::Float).ok_or_else(|| malformed(expected)),
            #[cfg(feature = "decimal")]
            SqlType::Decimal => self.decimal().map(Value::Decimal).ok_or_else(|| malformed(expected)),
            SqlType::Json => {
                self.json().map(|v| Value::Json(std::borrow::Cow::Owned(v))).ok_or_else(|| malformed(expected))
            }
            SqlType::Text => Ok(Value::Text(self.into_text().into())),
            other => Err(unreadable("a number", other)),
        }
    }

    fn integer(&self) -> Option<i64> {
        match self {
            Number::Int(v) => Some(*v),
            #[cfg(feature = "mysql")]
            Number::Unsigned(v) => i64::try_from(*v).ok(),
            Number::Float(v) => super::text::exact_integer(*v),
            Number::Digits(digits) => super::text::integer(digits),
        }
    }

    fn float(&self) -> Option<f64> {
        match self {
            Number::Int(v) => Some(*v as f64),
            #[cfg(feature = "mysql")]
            Number::Unsigned(v) => Some(*v as f64),
            Number::Float(v) => Some(*v),
            Number::Digits(digits) => super::text::float(digits),
        }
    }

    #[cfg(feature = "decimal")]
    fn decimal(&self) -> Option<rust_decimal::Decimal> {
        match self {
            Number::Int(v) => Some((*v).into()),
            #[cfg(feature = "mysql")]
            Number::Unsigned(v) => Some((*v).into()),
            // What is too small for the type would become nothing.
            Number::Float(v) => {
                rust_decimal::Decimal::try_from(*v).ok().filter(|decimal| decimal.is_zero() == (*v == 0.0))
            }
            Number::Digits(digits) => super::text::decimal(digits),
        }
    }

    fn json(&self) -> Option<serde_json::Value> {
        match self {
            Number::Int(v) => Some((*v).into()),
            #[cfg(feature = "mysql")]
            Number::Unsigned(v) => Some((*v).into()),
            Number::Float(v) => serde_json::Number::from_f64(*v).map(serde_json::Value::Number),
            Number::Digits(digits) => serde_json::from_str(digits).ok(),
        }
    }

    fn into_text(self) -> String {
        match self {
            Number::Int(v) => v.to_string(),
            #[cfg(feature = "mysql")]
            Number::Unsigned(v) => v.to_string(),
            Number::Float(v) => v.to_string(),
            Number::Digits(digits) => digits.into_owned(),
        }
    }
}
