//! Rows from text fields through serde, with errors in plain words that know their column.
//!
//! The csv crate's own deserializer does not say which column an error of a `deserialize_with`
//! came from, and what it says of a number ("invalid digit found in string") helps nobody.

use std::borrow::Cow;
use std::cell::Cell;

use chrono::{Datelike, NaiveDateTime};
use csv::StringRecord;
use serde::de::value::{Error as RowError, MapDeserializer};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use uuid::Uuid;

/// Longer values are cut in messages: a forgotten quote makes one field of half the file.
const SHOWN_CHARS: usize = 60;

/// Makes a row of its fields, or says in which column the first bad one stands and why it is bad.
pub(super) fn row_of_fields<'h, R: DeserializeOwned>(
    headers: &'h StringRecord,
    record: &StringRecord,
) -> Result<R, (&'h str, RowError)> {
    // serde takes one pair at a time, so the last one taken is the one that it complains of.
    let current = Cell::new("");
    let fields = headers.iter().inspect(|column| current.set(column)).zip(record.iter().map(Field));
    R::deserialize(MapDeserializer::new(fields)).map_err(|error| (current.get(), error))
}

/// A field as serde sees it: text, or nothing where an `Option` is wanted and it is empty.
struct Field<'de>(&'de str);

impl<'de> IntoDeserializer<'de, RowError> for Field<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Field<'de> {
    type Error = RowError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        if self.0.is_empty() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Text that must not be empty and has at most `MAX` characters, as its column in the database. This
/// and the functions below are for `deserialize_with`.
pub(super) fn name<'de, const MAX: usize, D: Deserializer<'de>>(field: D) -> Result<String, D::Error> {
    let text = line::<MAX, D>(field)?;
    if text.trim().is_empty() {
        return Err(D::Error::custom("must not be empty"));
    }
    Ok(text)
}

/// Names joined with `/`.
pub(super) fn names<'de, const MAX: usize, D: Deserializer<'de>>(field: D) -> Result<String, D::Error> {
    let names = name::<{ usize::MAX }, D>(field)?;
    for name in names.split('/') {
        check_text(name.trim(), MAX).map_err(D::Error::custom)?;
    }
    Ok(names)
}

/// Text that may be empty.
pub(super) fn line<'de, const MAX: usize, D: Deserializer<'de>>(field: D) -> Result<String, D::Error> {
    let text = text(field)?;
    check_text(&text, MAX).map_err(D::Error::custom)?;
    Ok(text.into_owned())
}

/// Text, or nothing where it is empty.
pub(super) fn optional<'de, const MAX: usize, D: Deserializer<'de>>(field: D) -> Result<Option<String>, D::Error> {
    let text = line::<MAX, D>(field)?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

pub(super) fn whole<'de, D: Deserializer<'de>>(field: D) -> Result<i32, D::Error> {
    let text = text(field)?;
    parse_whole(&text).map_err(D::Error::custom)
}

pub(super) fn rating<'de, D: Deserializer<'de>>(field: D) -> Result<i32, D::Error> {
    let text = text(field)?;
    let rating = parse_whole(&text).map_err(D::Error::custom)?;
    if !(1..=5).contains(&rating) {
        return Err(D::Error::custom(format!("{} is not a rating from 1 to 5", shown(&text))));
    }
    Ok(rating)
}

pub(super) fn quantity<'de, D: Deserializer<'de>>(field: D) -> Result<i32, D::Error> {
    let text = text(field)?;
    let quantity = parse_whole(&text).map_err(D::Error::custom)?;
    if quantity < 0 {
        return Err(D::Error::custom(format!("{} is negative", shown(&text))));
    }
    Ok(quantity)
}

pub(super) fn price<'de, D: Deserializer<'de>>(field: D) -> Result<f64, D::Error> {
    let text = text(field)?;
    match text.parse::<f64>() {
        Ok(price) if price.is_finite() && price >= 0.0 => Ok(price),
        _ => Err(D::Error::custom(format!("{} is not a price, such as 84.24", shown(&text)))),
    }
}

pub(super) fn timestamp<'de, D: Deserializer<'de>>(field: D) -> Result<NaiveDateTime, D::Error> {
    let text = text(field)?;
    let parsed = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").ok();
    // Other years are not in the range of every database.
    parsed.filter(|timestamp| (1000..=9999).contains(&timestamp.year())).ok_or_else(|| {
        let shown = shown(&text);
        D::Error::custom(format!("{shown} is not a timestamp, such as 1982-08-01 09:30:00"))
    })
}

pub(super) fn uuid<'de, D: Deserializer<'de>>(field: D) -> Result<Uuid, D::Error> {
    let text = text(field)?;
    Uuid::try_parse(&text).map_err(|_| {
        let shown = shown(&text);
        D::Error::custom(format!("{shown} is not a UUID, such as 6ba7b810-9dad-41d1-80b4-00c04fd430c8"))
    })
}

fn text<'de, D: Deserializer<'de>>(field: D) -> Result<Cow<'de, str>, D::Error> {
    <Cow<'de, str>>::deserialize(field)
}

/// What SQLite would store and another database refuse, long after the line was read.
fn check_text(text: &str, max: usize) -> Result<(), String> {
    let length = text.chars().count();
    if length > max {
        return Err(format!("{} has {length} characters, at most {max} will do", shown(text)));
    }
    if text.contains('\0') {
        return Err(format!("{} has a NUL character in it", shown(text)));
    }
    Ok(())
}

fn parse_whole(text: &str) -> Result<i32, String> {
    use std::num::IntErrorKind::{NegOverflow, PosOverflow};
    text.parse::<i32>().map_err(|error| match error.kind() {
        PosOverflow => format!("{} is too large, at most {} will do", shown(text), i32::MAX),
        NegOverflow => format!("{} is too small, at least {} will do", shown(text), i32::MIN),
        _ => format!("{} is not a whole number", shown(text)),
    })
}

/// The value in backquotes, on one line and not too long.
pub(super) fn shown(value: &str) -> String {
    let one_line = |c: char| if c.is_control() { ' ' } else { c };
    let start: String = value.chars().take(SHOWN_CHARS).map(one_line).collect();
    let more = if start.len() < value.len() { "…" } else { "" };
    format!("`{start}{more}`")
}
