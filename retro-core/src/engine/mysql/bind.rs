//! From values to MySQL's binary protocol.

use sqlx::Arguments;
use sqlx::mysql::MySqlArguments;
use sqlx::types::Json;

use crate::engine::driver::{Fault, bind_all, unbindable, unencodable};
#[cfg(feature = "chrono")]
use crate::engine::text;
use crate::sql::{Bind, BindData};
use crate::value::{SqlType, Value, ValueError};

/// The server counts the days of the year 0 in its own way.
#[cfg(feature = "chrono")]
const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

pub(super) fn arguments(binds: &[Bind<'_>]) -> Result<MySqlArguments, Fault> {
    let mut arguments = MySqlArguments::default();
    arguments.reserve(binds.len(), binds.len() * 8);
    bind_all(binds, |bind| bind_one(&mut arguments, bind))?;
    Ok(arguments)
}

fn bind_one(to: &mut MySqlArguments, bind: &Bind<'_>) -> Result<(), ValueError> {
    let BindData::One(value) = &bind.data else {
        return Err(ValueError::new("MySQL takes no arrays as parameters"));
    };
    let added = match (bind.sql_type, value) {
        // The server converts a NULL of any type.
        (_, Value::Null) => to.add(None::<i64>),
        (_, Value::Bool(v)) => to.add(*v),
        (SqlType::F32 | SqlType::F64, Value::Int(v)) => to.add(*v as f64),
        (_, Value::Int(v)) => to.add(*v),
        (_, Value::Float(v)) if !v.is_finite() => {
            return Err(ValueError::new("MySQL can store neither NaN nor infinity"));
        }
        (SqlType::F32, Value::Float(v)) => to.add(*v as f32),
        (_, Value::Float(v)) => to.add(*v),
        (_, Value::Text(v)) => to.add(&**v),
        (_, Value::Bytes(v)) => to.add(&**v),
        #[cfg(feature = "chrono")]
        (_, Value::Date(v)) => {
            text::require_years(*v, &YEARS)?;
            to.add(*v)
        }
        #[cfg(feature = "chrono")]
        (_, Value::Time(v)) => to.add(text::server_time(*v)?),
        #[cfg(feature = "chrono")]
        (_, Value::DateTime(v)) => to.add(datetime(*v)?),
        // The column is a DATETIME in UTC: a TIMESTAMP would end in 2038.
        #[cfg(feature = "chrono")]
        (_, Value::Timestamp(v)) => to.add(datetime(v.naive_utc())?),
        #[cfg(feature = "uuid")]
        (_, Value::Uuid(v)) => to.add(&*v.simple().encode_lower(&mut uuid::Uuid::encode_buffer())),
        #[cfg(feature = "decimal")]
        (_, Value::Decimal(v)) => to.add(*v),
        (_, Value::Json(v)) => to.add(Json(&**v)),
        (_, Value::Invalid(_)) => return Err(unbindable(value, bind)),
    };
    added.map_err(unencodable)
}

#[cfg(feature = "chrono")]
fn datetime(datetime: chrono::NaiveDateTime) -> Result<chrono::NaiveDateTime, ValueError> {
    text::require_years(datetime.date(), &YEARS)?;
    Ok(datetime.date().and_time(text::server_time(datetime.time())?))
}
