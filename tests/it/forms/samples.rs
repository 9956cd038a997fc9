//! Rows with values of every type, `NULL`s and edge cases.

use retro_core::prelude::*;
use serde_json::json;

#[derive(Model, Debug, Clone)]
#[retro(table = "numbers")]
pub struct Number {
    #[retro(primary_key)]
    pub id: i32,
    pub small: i16,
    pub whole: i32,
    pub large: i64,
    pub single: f32,
    pub float: f64,
    pub price: Decimal,
    pub flag: bool,
    pub maybe_whole: Option<i32>,
    pub maybe_float: Option<f64>,
    pub maybe_price: Option<Decimal>,
    pub maybe_flag: Option<bool>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "words")]
pub struct Word {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64)]
    pub text: String,
    #[retro(length = 64)]
    pub maybe: Option<String>,
    pub long: String,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "moments")]
pub struct Moment {
    #[retro(primary_key)]
    pub id: i32,
    pub day: NaiveDate,
    pub clock: NaiveTime,
    pub moment: NaiveDateTime,
    pub instant: DateTime<Utc>,
    pub maybe_day: Option<NaiveDate>,
    pub maybe_clock: Option<NaiveTime>,
    pub maybe_moment: Option<NaiveDateTime>,
    pub maybe_instant: Option<DateTime<Utc>>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "things")]
pub struct Thing {
    #[retro(primary_key, default = Uuid::nil())]
    pub id: Uuid,
    pub bytes: Vec<u8>,
    pub kind: Kind,
    pub data: Json<serde_json::Value>,
    pub maybe_id: Option<Uuid>,
    pub maybe_bytes: Option<Vec<u8>>,
    pub maybe_kind: Option<Kind>,
    pub maybe_data: Option<Json<serde_json::Value>>,
}

#[derive(ColumnType, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Plain,
    Odd,
    Rare,
}

pub fn metadata() -> MetaData {
    metadata![Number, Word, Moment, Thing]
}

pub fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn clock(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

/// A day and a time with a space between them.
pub fn moment(text: &str) -> NaiveDateTime {
    let (date, time) = text.split_once(' ').unwrap();
    day(date).and_time(clock(time))
}

pub fn instant(text: &str) -> DateTime<Utc> {
    moment(text).and_utc()
}

pub const NAMED: Uuid = Uuid::from_u128(0x00112233_4455_6677_8899_aabbccddeeff);

pub async fn numbers(session: &mut Session) {
    let mut number = |small, whole, large, single, float, price, flag, maybe: Option<(i32, f64, &str)>, maybe_flag| {
        session.add(Number {
            small,
            whole,
            large,
            single,
            float,
            price: decimal(price),
            flag,
            maybe_whole: maybe.map(|maybe| maybe.0),
            maybe_float: maybe.map(|maybe| maybe.1),
            maybe_price: maybe.map(|maybe| decimal(maybe.2)),
            maybe_flag,
            ..Default::default()
        });
    };
    number(1, 10, 1 << 40, 1.5, 2.5, "9.50", true, Some((1, 2.5, "10")), Some(true));
    number(-2, -7, -7, -0.25, -2.5, "10", false, None, Some(false));
    number(30, 0, 0, 0.0, 0.0, "100.25", true, Some((0, -1.5, "9.5")), None);
    number(4, 7, 1 << 33, 8.0, 1e10, "0.1", false, Some((7, 0.125, "-0.30")), Some(true));
    session.flush().await.unwrap();
}

pub async fn words(session: &mut Session) {
    for (text, maybe) in [
        ("alpha", Some("Alpha")),
        ("100%_case", None),
        (r#"it's "q" \ back"#, Some("")),
        ("Füße 漢字 🎉", Some("  padded  ")),
        ("", Some("zx")),
    ] {
        session.add(new!(Word { text, maybe: maybe.map(str::to_owned), long: text.repeat(2) }));
    }
    session.flush().await.unwrap();
}

pub async fn moments(session: &mut Session) {
    for (day_, clock_, maybe) in [
        ("2023-01-01", "00:00:00", true),
        ("2024-01-01", "00:00:00.000001", true),
        ("2024-02-29", "12:34:56.789012", false),
        ("2024-12-31", "23:59:59.999999", true),
        ("1999-12-31", "23:59:59.5", true),
        ("1900-03-01", "06:00:00", false),
    ] {
        let (day, clock) = (day(day_), clock(clock_));
        let moment = day.and_time(clock);
        session.add(Moment {
            day,
            clock,
            moment,
            instant: moment.and_utc(),
            maybe_day: maybe.then_some(day),
            maybe_clock: maybe.then_some(clock),
            maybe_moment: maybe.then_some(moment),
            maybe_instant: maybe.then_some(moment.and_utc()),
            ..Default::default()
        });
    }
    session.flush().await.unwrap();
}

pub async fn things(session: &mut Session) {
    let data = json!({
        "name": "C64", "kb": 64, "price": 595.5, "works": true, "broken": false, "none": null, "zero": 0,
        "ports": ["joystick", "joystick", {"name": "user", "pins": [1, 24]}],
        "a.b": "dot", "it's": "quote", "say \"hi\"": "double", "back\\slash": "back", "ключ": "key", "": "empty",
        "1": "one", "big": 9_007_199_254_740_993_i64, "number as text": "42", "day": "1982-08-01",
    });
    session.add(Thing {
        id: Uuid::from_u128(1),
        bytes: b"\x00\xff'\"\\".to_vec(),
        kind: Kind::Odd,
        data: Json(data.clone()),
        maybe_id: Some(NAMED),
        maybe_bytes: Some(vec![]),
        maybe_kind: Some(Kind::Rare),
        maybe_data: Some(Json(json!(null))),
    });
    session.add(Thing {
        id: Uuid::from_u128(2),
        bytes: b"plain".to_vec(),
        kind: Kind::Plain,
        data: Json(json!(["zero", [10, 11], null])),
        maybe_id: None,
        maybe_bytes: None,
        maybe_kind: None,
        maybe_data: None,
    });
    session.add(Thing {
        id: NAMED,
        bytes: vec![],
        kind: Kind::Rare,
        data: Json(json!("text")),
        maybe_id: Some(Uuid::from_u128(2)),
        maybe_bytes: Some(b"plain".to_vec()),
        maybe_kind: Some(Kind::Odd),
        maybe_data: Some(Json(json!({"k": [true]}))),
    });
    session.flush().await.unwrap();
}
