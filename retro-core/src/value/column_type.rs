//! [`ColumnType`]: what a Rust type must say to stand in a column.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{SqlType, Value, ValueError};

/// A Rust type that can be the type of a column.
///
/// Implemented for the primitive types, `String`, `Vec<u8>`, dates and times, `Uuid`, `Decimal`,
/// [`Json`], and `Option` of each of these, which makes the column nullable. Newtypes and unit-only
/// enums get it from `#[derive(ColumnType)]`; a type of your own implements it by hand:
///
/// ```
/// use retro_core::prelude::*;
/// use retro_core::value::{ColumnType, SqlType, Value, ValueError};
///
/// /// An RGB colour, stored as text.
/// #[derive(Debug, Clone, PartialEq)]
/// struct Colour(u8, u8, u8);
///
/// impl ColumnType for Colour {
///     const SQL_TYPE: SqlType = SqlType::Text;
///     type Base = Colour;
///     type View<'a> = &'a Colour;
///     fn to_value(&self) -> Value<'_> {
///         Value::Text(format!("{:02x}{:02x}{:02x}", self.0, self.1, self.2).into())
///     }
///     fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
///         let text = String::from_value(value)?;
///         let rgb = u32::from_str_radix(&text, 16).map_err(ValueError::new)?;
///         Ok(Colour((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8))
///     }
///     fn view(&self) -> &Colour {
///         self
///     }
/// }
/// assert_eq!(Colour::from_value(Colour(1, 2, 255).to_value()).unwrap(), Colour(1, 2, 255));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored in a database column",
    label = "not a column type",
    note = "columns take bool, i16, i32, i64, f32, f64, String, Vec<u8>, dates and times, Uuid, Decimal, Json<T>, and Option of these",
    note = "derive `ColumnType` for a newtype or a unit-only enum, or implement it by hand"
)]
pub trait ColumnType: Sized + Send + Sync + 'static {
    /// The column's type in the database.
    const SQL_TYPE: SqlType;
    /// Whether the column admits `NULL`. Only `Option` says so.
    const NULLABLE: bool = false;
    /// The type without `Option`: what an expression over the column compares with.
    type Base: ColumnType;
    /// What a view's accessor returns: the value for `Copy` types, `&str` for `String`, a
    /// reference otherwise.
    type View<'a>;

    /// Lends the value to the database's side. Must not copy where it can borrow.
    fn to_value(&self) -> Value<'_>;
    /// Takes a value from the database's side.
    fn from_value(value: Value<'_>) -> Result<Self, ValueError>;
    /// The value as a view returns it.
    fn view(&self) -> Self::View<'_>;
}

impl<T: ColumnType<Base = T>> ColumnType for Option<T> {
    const SQL_TYPE: SqlType = T::SQL_TYPE;
    const NULLABLE: bool = true;
    type Base = T;
    type View<'a> = Option<T::View<'a>>;

    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
    fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }
    fn view(&self) -> Self::View<'_> {
        self.as_ref().map(T::view)
    }
}

/// Integers of every width travel as `i64`; reading checks the range.
macro_rules! integer {
    ($($t:ty => $sql:ident),*) => {$(
        impl ColumnType for $t {
            const SQL_TYPE: SqlType = SqlType::$sql;
            type Base = $t;
            type View<'a> = $t;
            fn to_value(&self) -> Value<'_> {
                Value::Int(i64::from(*self))
            }
            fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
                match value {
                    Value::Int(v) => <$t>::try_from(v).map_err(|_| ValueError::out_of_range(v, Self::SQL_TYPE)),
                    other => Err(ValueError::mismatch(&other, Self::SQL_TYPE)),
                }
            }
            fn view(&self) -> $t {
                *self
            }
        }
    )*};
}
integer!(i16 => I16, i32 => I32, i64 => I64);

/// Types that are `Copy` and have a variant of their own.
macro_rules! copy_type {
    ($($t:ty => $variant:ident, $sql:ident;)*) => {$(
        impl ColumnType for $t {
            const SQL_TYPE: SqlType = SqlType::$sql;
            type Base = $t;
            type View<'a> = $t;
            fn to_value(&self) -> Value<'_> {
                Value::$variant(*self)
            }
            fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
                match value {
                    Value::$variant(v) => Ok(v),
                    other => Err(ValueError::mismatch(&other, Self::SQL_TYPE)),
                }
            }
            fn view(&self) -> $t {
                *self
            }
        }
    )*};
}
copy_type! { bool => Bool, Bool; }
#[cfg(feature = "chrono")]
copy_type! {
    chrono::NaiveDate => Date, Date;
    chrono::NaiveTime => Time, Time;
    chrono::NaiveDateTime => DateTime, DateTime;
    chrono::DateTime<chrono::Utc> => Timestamp, Timestamp;
}
#[cfg(feature = "uuid")]
copy_type! { uuid::Uuid => Uuid, Uuid; }
#[cfg(feature = "decimal")]
copy_type! { rust_decimal::Decimal => Decimal, Decimal; }

impl ColumnType for f64 {
    const SQL_TYPE: SqlType = SqlType::F64;
    type Base = f64;
    type View<'a> = f64;
    fn to_value(&self) -> Value<'_> {
        Value::Float(*self)
    }
    fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
        match value {
            Value::Float(v) => Ok(v),
            other => Err(ValueError::mismatch(&other, Self::SQL_TYPE)),
        }
    }
    fn view(&self) -> f64 {
        *self
    }
}

impl ColumnType for f32 {
    const SQL_TYPE: SqlType = SqlType::F32;
    type Base = f32;
    type View<'a> = f32;
    fn to_value(&self) -> Value<'_> {
        Value::Float(f64::from(*self))
    }
    fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
        // The column itself may be 64 bits wide, as on SQLite.
        match value {
            Value::Float(v) => super::fit::single(v),
            other => Err(ValueError::mismatch(&other, Self::SQL_TYPE)),
        }
    }
    fn view(&self) -> f32 {
        *self
    }
}

impl ColumnType for String {
    const SQL_TYPE: SqlType = SqlType::Text;
    type Base = String;
    type View<'a> = &'a str;
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }
    fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
        match value {
            Value::Text(v) => Ok(v.into_owned()),
            other => Err(ValueError::mismatch(&other, Self::SQL_TYPE)),
        }
    }
    fn view(&self) -> &str {
        self
    }
}

impl ColumnType for Vec<u8> {
    const SQL_TYPE: SqlType = SqlType::Bytes;
    type Base = Vec<u8>;
    type View<'a> = &'a [u8];
    fn to_value(&self) -> Value<'_> {
        Value::Bytes(Cow::Borrowed(self))
    }
    fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
        match value {
            Value::Bytes(v) => Ok(v.into_owned()),
            other => Err(ValueError::mismatch(&other, Self::SQL_TYPE)),
        }
    }
    fn view(&self) -> &[u8] {
        self
    }
}

/// A JSON column that holds any serde type. Dereferences to the value.
///
/// ```
/// # use retro_core::value::Json;
/// let mut tags = Json(vec!["8-bit", "home"]);
/// tags.push("6510");
/// assert_eq!(tags.len(), 3);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Json(value)
    }
}

impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> ColumnType for Json<T> {
    const SQL_TYPE: SqlType = SqlType::Json;
    type Base = Json<T>;
    type View<'a> = &'a T;
    fn to_value(&self) -> Value<'_> {
        match serde_json::to_value(&self.0) {
            Ok(json) => Value::Json(Cow::Owned(json)),
            Err(error) => Value::Invalid(Cow::Borrowed(super::json::unwritable(&error))),
        }
    }
    fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
        match value {
            Value::Json(v) => {
                serde_json::from_value(v.into_owned()).map(Json).map_err(|error| super::json::unreadable(&error))
            }
            other => Err(ValueError::mismatch(&other, Self::SQL_TYPE)),
        }
    }
    fn view(&self) -> &T {
        &self.0
    }
}

/// A column of any type that has `Display` and `FromStr`, stored as text: addresses, URLs,
/// versions. Dereferences to the value.
///
/// ```
/// # use retro_core::value::{ColumnType, Text};
/// let host: Text<std::net::IpAddr> = Text("10.0.0.1".parse().unwrap());
/// assert_eq!(Text::from_value(host.to_value()).unwrap(), host);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Text<T>(pub T);

impl<T> Deref for Text<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> ColumnType for Text<T>
where
    T: fmt::Display + std::str::FromStr + Send + Sync + 'static,
{
    const SQL_TYPE: SqlType = SqlType::Text;
    type Base = Text<T>;
    type View<'a> = &'a T;
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Owned(self.0.to_string()))
    }
    fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
        let text = String::from_value(value)?;
        // What the type says about it may quote the text, which may be sensitive.
        text.parse().map(Text).map_err(|_| {
            ValueError::new(format!("the database holds a text that is no `{}`", std::any::type_name::<T>()))
        })
    }
    fn view(&self) -> &T {
        &self.0
    }
}
