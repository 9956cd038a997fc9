//! The error of a conversion between a value and a Rust type.

use std::fmt;

use super::{SqlType, Value};

/// Why a value cannot be read as a type. The crate adds the model, the column and the row's key
/// before a user sees it. The value itself is not quoted: it may be sensitive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ValueError(String);

impl ValueError {
    /// An error with a reason, for implementations of [`ColumnType`](super::ColumnType).
    pub fn new(reason: impl fmt::Display) -> Self {
        ValueError(reason.to_string())
    }

    /// A value of a kind that the type does not take.
    pub fn mismatch(found: &Value<'_>, expected: SqlType) -> Self {
        match found {
            Value::Null => {
                ValueError(format!("the database holds NULL where the model says a {expected} is always there"))
            }
            other => ValueError(format!("the database holds {} where the model says {expected}", other.kind())),
        }
    }

    pub(crate) fn out_of_range(_: i64, expected: SqlType) -> Self {
        ValueError(format!("the integer does not fit a {expected}"))
    }
}
