//! Any value that SQLite can hold, read as any type: what a naive look at it says, or an error.

use std::fmt::Debug;

use proptest::prelude::*;
use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_core::value::ColumnType;
use retro_tests::Db;

use super::Kind;
use crate::cases;

/// A value of one of SQLite's storage classes.
#[derive(Debug, Clone)]
enum Cell {
    Null,
    Int(i64),
    Real(f64),
    /// Text may hold any bytes.
    Text(Vec<u8>),
    Blob(Vec<u8>),
}

impl Cell {
    fn sql(&self) -> String {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        match self {
            Cell::Null => "NULL".into(),
            Cell::Int(i64::MIN) => "(-9223372036854775807 - 1)".into(),
            Cell::Int(value) => value.to_string(),
            // Bound, for SQLite reads the digits of a float inexactly.
            Cell::Real(_) => ":real".into(),
            Cell::Text(bytes) => format!("CAST(x'{}' AS TEXT)", hex(bytes)),
            Cell::Blob(bytes) => format!("x'{}'", hex(bytes)),
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Cell::Text(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    fn text_or_blob(&self) -> Option<&str> {
        match self {
            Cell::Text(bytes) | Cell::Blob(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    /// A whole number, in whatever form.
    fn whole(&self) -> Option<i64> {
        match self {
            Cell::Int(value) => Some(*value),
            // A float that is cast and comes back as it was, in a type that holds them all.
            Cell::Real(value) if value.fract() == 0.0 => i64::try_from(*value as i128).ok(),
            _ => {
                let text = self.text()?.trim();
                let whole = match text.split_once('.') {
                    Some((whole, fraction)) if fraction.chars().all(|c| c == '0') => whole,
                    Some(_) => return None,
                    None => text,
                };
                whole.parse::<i128>().ok().and_then(|value| value.try_into().ok())
            }
        }
    }

    fn float(&self) -> Option<f64> {
        match self {
            Cell::Int(value) => Some(*value as f64),
            Cell::Real(value) => Some(*value),
            _ => match self.text()?.trim() {
                "NaN" => Some(f64::NAN),
                "inf" => Some(f64::INFINITY),
                "-inf" => Some(f64::NEG_INFINITY),
                text => {
                    let value = text.parse::<f64>().ok().filter(|value| value.is_finite())?;
                    let mantissa = text.split(['e', 'E']).next()?;
                    let is_nothing = !mantissa.contains(|c: char| ('1'..='9').contains(&c));
                    ((value == 0.0) == is_nothing).then_some(value)
                }
            },
        }
    }

    fn single(&self) -> Option<f32> {
        let value = self.float()?;
        let single = value as f32;
        (single.is_infinite() == value.is_infinite() && (single == 0.0) == (value == 0.0)).then_some(single)
    }

    fn boolean(&self) -> Option<bool> {
        match self.text().map(str::trim) {
            Some("1" | "t" | "T" | "true" | "TRUE" | "True") => Some(true),
            Some("0" | "f" | "F" | "false" | "FALSE" | "False") => Some(false),
            Some(_) => None,
            None => self.whole().map(|value| value != 0),
        }
    }

    fn string(&self) -> Option<String> {
        match self {
            Cell::Int(value) => Some(value.to_string()),
            Cell::Real(value) => Some(value.to_string()),
            _ => self.text_or_blob().map(str::to_owned),
        }
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            // The driver takes text for text.
            Cell::Text(_) => self.text().map(|text| text.as_bytes().to_vec()),
            Cell::Blob(bytes) => Some(bytes.clone()),
            _ => None,
        }
    }

    fn uuid(&self) -> Option<Uuid> {
        match self {
            Cell::Blob(bytes) => Uuid::from_slice(bytes).ok(),
            _ => Uuid::try_parse(self.text()?.trim()).ok(),
        }
    }

    fn json(&self) -> Option<serde_json::Value> {
        match self {
            Cell::Int(value) => Some((*value).into()),
            Cell::Real(value) => serde_json::Number::from_f64(*value).map(Into::into),
            _ => serde_json::from_str(self.text_or_blob()?).ok(),
        }
    }

    fn kind(&self) -> Option<Kind> {
        match self.text_or_blob()? {
            "Plain" => Some(Kind::Plain),
            "Rare" => Some(Kind::Rare),
            _ => None,
        }
    }

    /// Whether a decimal is this number. Floats have some 15 digits.
    fn is_decimal(&self, found: Decimal) -> bool {
        let near = |value: f64| {
            let found: f64 = found.to_string().parse().unwrap();
            (found - value).abs() <= value.abs() * 1e-14 + 1e-28 && (found == 0.0) == (value == 0.0)
        };
        match self {
            Cell::Int(value) => found == Decimal::from(*value),
            Cell::Real(value) => near(*value),
            _ => self.text().is_some_and(|text| {
                let text = text.trim().trim_start_matches('+');
                let plain = |text: &str| match text.contains('.') {
                    true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
                    false => text.to_owned(),
                };
                let digits = |text: &str| plain(text).trim_start_matches(['-', '0', '_']).replace('_', "");
                text.contains(['e', 'E']) || digits(text) == digits(&found.to_string())
            }),
        }
    }

    /// Whether a moment is the one that the text begins with.
    fn is_moment(&self, found: NaiveDateTime) -> bool {
        let day = found.format("%Y-%m-%d").to_string();
        self.text().is_some_and(|text| {
            let (date, time) = text.trim().split_at_checked(10).unwrap_or_default();
            let parts = |date: &str| date.split('-').map(|part| part.parse::<u32>().ok()).collect::<Vec<_>>();
            let same_day = parts(date) == parts(&day);
            let numbers: Vec<u32> =
                time.split([' ', 'T', 't', ':', '.', 'Z', 'z']).filter_map(|n| n.parse().ok()).collect();
            let clock = found.format("%H %M").to_string();
            let clock: Vec<u32> = clock.split(' ').filter_map(|n| n.parse().ok()).collect();
            same_day && (numbers.is_empty() && clock == [0, 0] || numbers.starts_with(&clock))
        })
    }
}

fn cells() -> BoxedStrategy<Cell> {
    let int = prop_oneof![any::<i64>(), -3i64..3, Just(i64::MIN), Just(i64::MAX), 32_766i64..32_770, Just(1 << 31)];
    let real = prop_oneof![
        any::<f64>().prop_filter("SQLite has no NaN", |value| !value.is_nan()),
        (-10i64..10).prop_map(|value| value as f64),
        prop::sample::select(vec![1e300, -1e39, 1e-300, 9.3e18, i64::MIN as f64, 0.1, -0.0, f64::INFINITY]),
    ];
    let text = prop_oneof![
        any::<i64>().prop_map(|value| value.to_string()),
        any::<f64>().prop_map(|value| format!("{value:e}")),
        "[ +-]?[0-9]{0,12}(\\.[0-9]{0,30})?(e-?[0-9]{1,4})? ?",
        "[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2}([ Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{0,10})?)?Z?)?",
        "(19|20)[0-9]{2}-0[1-9]-[012][0-9]([ T][01][0-9]:[0-5][0-9](:[0-6][0-9](\\.[0-9]{1,9})?)?)?",
        "[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "true|f|NaN|inf|-inf|infinity|nan|Rare|Plain|rare|null|\\[1, 2\\]|\\{\"a\": [1]\\}|\"x\"|\\[",
        ".{0,12}",
    ];
    let bytes = prop_oneof![proptest::collection::vec(any::<u8>(), 0..20), proptest::collection::vec(any::<u8>(), 16)];
    prop_oneof![
        1 => Just(Cell::Null),
        3 => int.prop_map(Cell::Int),
        3 => real.prop_map(Cell::Real),
        8 => text.prop_map(|text| Cell::Text(text.into_bytes())),
        1 => bytes.clone().prop_map(Cell::Text),
        2 => bytes.prop_map(Cell::Blob),
    ]
    .boxed()
}

/// What the session makes of a cell; `None` for an error, which has to be one of conversion.
async fn read<T: ColumnType<Base = T>>(session: &mut Session, cell: &Cell) -> Option<Option<T>> {
    let query = text(format!("SELECT {}", cell.sql()));
    let query = if let Cell::Real(value) = cell { query.bind("real", *value) } else { query };
    match session.one(query.rows::<Option<T>>()).await {
        Ok(value) => Some(value),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Conversion, "{error}");
            assert!(error.to_string().contains("value 1 of the selection"), "{error}");
            None
        }
    }
}

/// As a type whose values the reference knows exactly.
async fn exactly<T: ColumnType<Base = T> + Debug>(session: &mut Session, cell: &Cell, expected: Option<T>) {
    let found = read::<T>(session, cell).await;
    let expected = if matches!(cell, Cell::Null) { Some(None) } else { expected.map(Some) };
    // As they are printed: NaN is itself, and -0 is not 0.
    assert_eq!(format!("{found:?}"), format!("{expected:?}"), "as {}", std::any::type_name::<T>());
}

/// As a type of which the reference only knows whether a value is right.
async fn rightly<T: ColumnType<Base = T> + Debug>(session: &mut Session, cell: &Cell, is_right: impl Fn(T) -> bool) {
    match read::<T>(session, cell).await {
        Some(None) => assert!(matches!(cell, Cell::Null)),
        Some(Some(value)) => {
            let shown = format!("{value:?}");
            assert!(is_right(value), "read as {shown}");
        }
        None => assert!(!matches!(cell, Cell::Null)),
    }
}

#[test]
fn any_value_as_any_type() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let db = runtime.block_on(Db::in_memory());
    cases::run("decoding", 300, &cells(), |cell| {
        runtime.block_on(async {
            let mut session = db.session();
            let session = &mut session;
            exactly(session, &cell, cell.boolean()).await;
            exactly(session, &cell, cell.whole().and_then(|value| i16::try_from(value).ok())).await;
            exactly(session, &cell, cell.whole().and_then(|value| i32::try_from(value).ok())).await;
            exactly(session, &cell, cell.whole()).await;
            exactly(session, &cell, cell.single()).await;
            exactly(session, &cell, cell.float()).await;
            exactly(session, &cell, cell.string()).await;
            exactly(session, &cell, cell.bytes()).await;
            exactly(session, &cell, cell.uuid()).await;
            exactly(session, &cell, cell.json().map(Json)).await;
            exactly(session, &cell, cell.kind()).await;
            rightly(session, &cell, |found| cell.is_decimal(found)).await;
            rightly(session, &cell, |found: NaiveDateTime| cell.is_moment(found)).await;
            rightly(session, &cell, |found: NaiveDate| cell.is_moment(found.and_time(NaiveTime::MIN))).await;
        });
    });
}
