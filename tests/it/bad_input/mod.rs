//! Values that a column cannot hold, and rows that do not fit the model: either what went in comes out,
//! or there is an error that names the model, the column and the row, and quotes no value.

mod decoding;
mod reading;
mod urls;
mod writing;

use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_core::value::{SqlType, Value, ValueError};
use serde_json::json;

/// A column of every type, and of those that say more about their values.
#[derive(Model, Debug, Clone)]
#[retro(table = "specimens")]
pub struct Specimen {
    #[retro(primary_key)]
    pub id: i32,
    pub flag: bool,
    pub small: i16,
    pub whole: i32,
    pub large: i64,
    pub single: f32,
    pub float: f64,
    #[retro(length = 8)]
    pub name: String,
    pub text: String,
    #[retro(length = 8)]
    pub code: Vec<u8>,
    pub bytes: Vec<u8>,
    pub day: NaiveDate,
    pub clock: NaiveTime,
    pub moment: NaiveDateTime,
    pub instant: DateTime<Utc>,
    pub other_day: Option<time::Date>,
    pub other_instant: Option<time::OffsetDateTime>,
    pub uid: Uuid,
    #[retro(precision = (6, 2))]
    pub price: Decimal,
    pub exact: Decimal,
    pub data: Json<serde_json::Value>,
    pub kind: Kind,
    pub port: Json<u16>,
    #[retro(length = 8)]
    pub serial: Serial,
    pub narrow: Narrow,
    #[retro(length = 8)]
    pub maybe_name: Option<String>,
    pub maybe_float: Option<f64>,
    #[retro(precision = (6, 2))]
    pub maybe_price: Option<Decimal>,
    pub maybe_day: Option<NaiveDate>,
}

#[derive(ColumnType, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Plain,
    Rare,
}

#[derive(ColumnType, Debug, Clone, Default, PartialEq, Eq)]
pub struct Serial(pub String);

/// Says that it is narrower than its values are, and has none for some of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Narrow(pub i64);

impl ColumnType for Narrow {
    const SQL_TYPE: SqlType = SqlType::I16;
    type Base = Narrow;
    type View<'a> = Narrow;

    fn to_value(&self) -> Value<'_> {
        if self.0 < 0 { Value::Invalid("it is negative".into()) } else { Value::Int(self.0) }
    }

    fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
        i64::from_value(value).map(Narrow)
    }

    fn view(&self) -> Narrow {
        *self
    }
}

/// A key that may itself be bad, and a parent of specimens in its own right.
#[derive(Model, Debug, Clone)]
#[retro(table = "labels")]
pub struct Label {
    #[retro(primary_key, length = 8)]
    pub name: String,
    pub count: i32,
    #[retro(back_populates = label)]
    pub notes: HasMany<Note>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "notes")]
pub struct Note {
    #[retro(primary_key)]
    pub id: i32,
    pub count: i32,
    #[retro(foreign_key = Label::name, length = 8)]
    pub label_name: String,
    #[retro(key = label_name, back_populates = notes)]
    pub label: BelongsTo<Label>,
}

pub fn metadata() -> MetaData {
    metadata![Specimen, Label, Note]
}

/// One that every database takes.
pub fn good() -> Specimen {
    let day = NaiveDate::from_ymd_opt(1982, 8, 1).unwrap();
    let moment = day.and_hms_micro_opt(12, 30, 59, 123_456).unwrap();
    Specimen {
        id: 0,
        flag: true,
        small: 1,
        whole: 2,
        large: 3,
        single: 0.5,
        float: 0.25,
        name: "C64".into(),
        text: "text".into(),
        code: vec![1],
        bytes: vec![2],
        day,
        clock: moment.time(),
        moment,
        instant: moment.and_utc(),
        other_day: None,
        other_instant: None,
        uid: Uuid::from_u128(1),
        price: "9.50".parse().unwrap(),
        exact: "0.125".parse().unwrap(),
        data: Json(json!({"a": 1})),
        kind: Kind::Rare,
        port: Json(6510),
        serial: Serial("s".into()),
        narrow: Narrow(4),
        maybe_name: None,
        maybe_float: None,
        maybe_price: None,
        maybe_day: None,
    }
}

/// All values but the key, in a form in which equal ones are the same. Databases keep times to the
/// microsecond, as the documentation says.
pub fn seen(specimen: &Specimen) -> String {
    let mut specimen = specimen.clone();
    specimen.id = 0;
    specimen.price = specimen.price.normalize();
    specimen.exact = specimen.exact.normalize();
    specimen.maybe_price = specimen.maybe_price.map(|price| price.normalize());
    format!("{specimen:#?}")
}

/// The error says where it was and why, and does not say what it was.
#[track_caller]
pub fn assert_names(error: &Error, model: &str, column: &str, secrets: &[&str]) {
    assert_eq!(error.kind(), ErrorKind::Conversion, "{error}");
    assert_eq!((error.model(), error.columns()), (Some(model), &[column][..]), "{error}");
    let mut told = format!("{error}");
    assert!(told.contains(&format!("{model}::{column}")), "{told}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        told = format!("{told}\n{cause}");
        source = cause.source();
    }
    for secret in secrets {
        assert!(!told.contains(secret), "{secret:?} stands in: {told}");
    }
}
