//! From values to SQLite's five storage classes.

use std::fmt::Write;

use sqlx::Arguments;
use sqlx::sqlite::SqliteArguments;

use crate::engine::driver::{Fault, bind_all, unbindable, unencodable};
#[cfg(feature = "chrono")]
use crate::engine::text;
use crate::sql::{Bind, BindData};
use crate::value::{SqlType, Value, ValueError};

pub(super) fn arguments(binds: &[Bind<'_>]) -> Result<SqliteArguments, Fault> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(binds.len(), 0);
    bind_all(binds, |bind| bind_one(&mut arguments, bind))?;
    Ok(arguments)
}

fn bind_one(to: &mut SqliteArguments, bind: &Bind<'_>) -> Result<(), ValueError> {
    let BindData::One(value) = &bind.data else {
        return Err(ValueError::new("SQLite takes no arrays as parameters"));
    };
    let added = match (bind.sql_type, value) {
        (_, Value::Null) => to.add(None::<i64>),
        (_, Value::Bool(v)) => to.add(*v),
        (SqlType::F32 | SqlType::F64, Value::Int(v)) => to.add(*v as f64),
        (_, Value::Int(v)) => to.add(*v),
        // SQLite would store NULL.
        (_, Value::Float(v)) if v.is_nan() => return Err(ValueError::new("SQLite cannot store NaN")),
        (_, Value::Float(v)) => to.add(*v),
        (_, Value::Text(v)) => to.add(&**v),
        (_, Value::Bytes(v)) => to.add(&**v),
        #[cfg(feature = "chrono")]
        (_, Value::Date(v)) => to.add(written(10, |text| text::write_date(text, *v))?),
        #[cfg(feature = "chrono")]
        (_, Value::Time(v)) => to.add(written(15, |text| {
            text::write_time(text, *v);
            Ok(())
        })?),
        #[cfg(feature = "chrono")]
        (_, Value::DateTime(v)) => to.add(written(26, |text| text::write_datetime(text, *v))?),
        #[cfg(feature = "chrono")]
        (_, Value::Timestamp(v)) => to.add(written(26, |text| text::write_datetime(text, v.naive_utc()))?),
        #[cfg(feature = "uuid")]
        (_, Value::Uuid(v)) => to.add(displayed(32, v.simple())),
        #[cfg(feature = "decimal")]
        (_, Value::Decimal(v)) => to.add(displayed(16, v)),
        (_, Value::Json(v)) => to.add(displayed(64, &**v)),
        (_, Value::Invalid(_)) => return Err(unbindable(value, bind)),
    };
    added.map_err(unencodable)
}

#[cfg(feature = "chrono")]
fn written(length: usize, write: impl FnOnce(&mut String) -> Result<(), ValueError>) -> Result<String, ValueError> {
    let mut text = String::with_capacity(length);
    write(&mut text)?;
    Ok(text)
}

fn displayed(length: usize, value: impl std::fmt::Display) -> String {
    let mut text = String::with_capacity(length);
    // Writing to a string does not fail.
    let _ = write!(text, "{value}");
    text
}
