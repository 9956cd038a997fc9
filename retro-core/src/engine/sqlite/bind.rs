//! From values to SQLite's five storage classes.

use std::borrow::Cow;
use std::fmt::Write;

use sqlx::Arguments;
use sqlx::sqlite::SqliteArguments;

use crate::engine::driver::{Fault, bind_all, unbindable, unencodable};
#[cfg(feature = "chrono")]
use crate::engine::text;
use crate::sql::{Bind, BindData};
use crate::value::{SqlType, Value, ValueError};

/// A value as SQLite keeps it. What a bind has in this form is lent.
pub(super) enum Stored<'b> {
    Null,
    Integer(i64),
    Real(f64),
    Text(Cow<'b, str>),
    Blob(&'b [u8]),
}

pub(super) fn arguments(binds: &[Bind<'_>]) -> Result<SqliteArguments, Fault> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(binds.len(), 0);
    bind_all(binds, |bind| {
        let added = match stored(bind)? {
            Stored::Null => arguments.add(None::<i64>),
            Stored::Integer(v) => arguments.add(v),
            Stored::Real(v) => arguments.add(v),
            Stored::Text(v) => arguments.add(v.into_owned()),
            Stored::Blob(v) => arguments.add(v),
        };
        added.map_err(unencodable)
    })?;
    Ok(arguments)
}

pub(super) fn stored<'b>(bind: &'b Bind<'_>) -> Result<Stored<'b>, ValueError> {
    let BindData::One(value) = &bind.data else {
        return Err(ValueError::new("SQLite takes no arrays as parameters"));
    };
    Ok(match (bind.sql_type, value) {
        (_, Value::Null) => Stored::Null,
        (_, Value::Bool(v)) => Stored::Integer((*v).into()),
        (SqlType::F32 | SqlType::F64, Value::Int(v)) => Stored::Real(*v as f64),
        (_, Value::Int(v)) => Stored::Integer(*v),
        // SQLite would store NULL.
        (_, Value::Float(v)) if v.is_nan() => return Err(ValueError::new("SQLite cannot store NaN")),
        (_, Value::Float(v)) => Stored::Real(*v),
        (_, Value::Text(v)) => Stored::Text(Cow::Borrowed(v)),
        (_, Value::Bytes(v)) => Stored::Blob(v),
        #[cfg(feature = "chrono")]
        (_, Value::Date(v)) => written(10, |text| text::write_date(text, *v))?,
        #[cfg(feature = "chrono")]
        (_, Value::Time(v)) => written(15, |text| {
            text::write_time(text, *v);
            Ok(())
        })?,
        #[cfg(feature = "chrono")]
        (_, Value::DateTime(v)) => written(26, |text| text::write_datetime(text, *v))?,
        #[cfg(feature = "chrono")]
        (_, Value::Timestamp(v)) => written(26, |text| text::write_datetime(text, v.naive_utc()))?,
        #[cfg(feature = "uuid")]
        (_, Value::Uuid(v)) => {
            Stored::Text(v.simple().encode_lower(&mut uuid::Uuid::encode_buffer()).to_owned().into())
        }
        #[cfg(feature = "decimal")]
        (_, Value::Decimal(v)) => displayed(16, v),
        (_, Value::Json(v)) => displayed(64, &**v),
        (_, Value::Invalid(_)) => return Err(unbindable(value, bind)),
    })
}

#[cfg(feature = "chrono")]
fn written(
    length: usize,
    write: impl FnOnce(&mut String) -> Result<(), ValueError>,
) -> Result<Stored<'static>, ValueError> {
    let mut text = String::with_capacity(length);
    write(&mut text)?;
    Ok(Stored::Text(text.into()))
}

fn displayed(length: usize, value: impl std::fmt::Display) -> Stored<'static> {
    let mut text = String::with_capacity(length);
    // Writing to a string does not fail.
    let _ = write!(text, "{value}");
    Stored::Text(text.into())
}
