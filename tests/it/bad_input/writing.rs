//! Values that are written: kept as they are, or refused before they are sent.

use retro_core::prelude::*;
use retro_core::query::Assignment;
use retro_tests::{Capability, Db, Verb, on_every_backend};
use serde_json::json;

use super::{Kind, Label, Narrow, Serial, Specimen, assert_names, good, metadata, seen};

/// Who keeps a value as it is.
#[derive(Debug, Clone, Copy)]
enum Kept {
    Everywhere,
    Nowhere,
    Where(Capability),
    /// Where any of these can.
    Any([Capability; 2]),
}

struct Case {
    what: &'static str,
    column: &'static str,
    kept: Kept,
    set: fn(&mut Specimen),
}

const HUNTER: &str = "hunter2";

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn leap_second() -> NaiveTime {
    NaiveTime::from_hms_micro_opt(23, 59, 59, 1_500_000).unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A case per line: the column, who keeps the value, the value.
macro_rules! cases {
    ($($column:ident, $kept:expr, $value:expr;)*) => {
        vec![$(Case {
            what: stringify!($value),
            column: stringify!($column),
            kept: $kept,
            set: |specimen| specimen.$column = $value,
        }),*]
    };
}

fn cases() -> Vec<Case> {
    use Capability::{LeapSeconds, LongYears, NulInText, StoresInfinity, StoresNan};
    use Kept::{Any, Everywhere, Nowhere, Where};
    cases! {
        flag, Everywhere, false;
        small, Everywhere, i16::MIN;
        small, Everywhere, i16::MAX;
        whole, Everywhere, i32::MIN;
        whole, Everywhere, i32::MAX;
        large, Everywhere, i64::MIN;
        large, Everywhere, i64::MAX;
        narrow, Everywhere, Narrow(32_767);
        narrow, Nowhere, Narrow(32_768);
        narrow, Nowhere, Narrow(i64::MAX);
        narrow, Nowhere, Narrow(-1);

        single, Everywhere, f32::MAX;
        single, Everywhere, f32::MIN_POSITIVE;
        single, Everywhere, 0.1;
        single, Where(StoresNan), f32::NAN;
        single, Where(StoresInfinity), f32::INFINITY;
        float, Everywhere, f64::MAX;
        float, Everywhere, f64::MIN_POSITIVE;
        float, Everywhere, 0.1 + 0.2;
        float, Where(StoresNan), f64::NAN;
        float, Where(StoresInfinity), f64::INFINITY;
        float, Where(StoresInfinity), f64::NEG_INFINITY;
        maybe_float, Where(StoresNan), Some(f64::NAN);
        maybe_float, Where(StoresInfinity), Some(f64::NEG_INFINITY);

        name, Everywhere, String::new();
        name, Everywhere, "12345678".into();
        name, Everywhere, "ÄÖÜäöü🎉🎉".into();
        name, Everywhere, "a       ".into();
        name, Nowhere, "hunter2!!".into();
        name, Nowhere, "🎉🎉🎉🎉🎉🎉🎉🎉🎉".into();
        // A database that cuts spaces off would not give it back.
        name, Nowhere, "hunter2      ".into();
        name, Where(NulInText), "hunter2\0".into();
        maybe_name, Nowhere, Some("hunter2!!".into());
        maybe_name, Where(NulInText), Some("\0".into());
        serial, Nowhere, Serial("hunter2!!".into());
        serial, Where(NulInText), Serial("hunter2\0".into());
        text, Everywhere, "x".repeat(100_000);
        text, Everywhere, "\u{1}\u{7f}\u{85}\u{2028}\u{feff}\u{fffd}\u{10ffff}\r\n\t'\"\\%_`;--".into();
        text, Where(NulInText), "hunter2\0hunter2".into();
        text, Where(NulInText), "\0".into();
        code, Everywhere, vec![];
        code, Everywhere, vec![0, 255, 0, 255, 0, 255, 0, 255];
        code, Nowhere, b"hunter2!!".to_vec();
        bytes, Everywhere, vec![0; 70_000];
        uid, Everywhere, Uuid::nil();
        uid, Everywhere, Uuid::max();
        kind, Everywhere, Kind::Plain;

        day, Everywhere, day(1, 1, 1);
        day, Everywhere, day(1582, 10, 10);
        day, Everywhere, day(9999, 12, 31);
        day, Where(LongYears), day(10_000, 1, 1);
        day, Any([LongYears, LeapSeconds]), day(0, 2, 29);
        day, Where(LongYears), day(-1, 3, 1);
        day, Where(LongYears), day(-4713, 11, 24);
        day, Nowhere, day(-4713, 11, 23);
        day, Nowhere, NaiveDate::MIN;
        day, Where(LongYears), NaiveDate::MAX;
        maybe_day, Nowhere, Some(NaiveDate::MIN);
        other_day, Everywhere, Some(time::Date::from_ordinal_date(1982, 1).unwrap());
        other_day, Nowhere, Some(time::Date::MIN);
        other_instant, Everywhere, Some(time::OffsetDateTime::UNIX_EPOCH);
        other_instant, Nowhere, Some(time::Date::MIN.midnight().assume_utc());
        clock, Everywhere, NaiveTime::MIN;
        clock, Everywhere, NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap();
        clock, Where(LeapSeconds), leap_second();
        moment, Everywhere, day(1, 1, 1).and_time(NaiveTime::MIN);
        moment, Everywhere, day(9999, 12, 31).and_hms_micro_opt(23, 59, 59, 999_999).unwrap();
        moment, Everywhere, day(1900, 1, 1).and_hms_micro_opt(0, 0, 0, 1).unwrap();
        moment, Where(LongYears), day(10_000, 1, 1).and_time(NaiveTime::MIN);
        moment, Where(LeapSeconds), day(2016, 12, 31).and_time(leap_second());
        moment, Nowhere, NaiveDateTime::MIN;
        moment, Where(LongYears), day(200_000, 1, 1).and_time(NaiveTime::MIN);
        instant, Everywhere, day(2100, 1, 1).and_time(NaiveTime::MIN).and_utc();
        instant, Everywhere, day(1, 1, 1).and_time(NaiveTime::MIN).and_utc();
        instant, Where(LeapSeconds), day(2016, 12, 31).and_time(leap_second()).and_utc();
        instant, Nowhere, DateTime::<Utc>::MIN_UTC;

        price, Everywhere, decimal("9999.99");
        price, Everywhere, decimal("-9999.9900");
        price, Nowhere, decimal("0.001");
        price, Nowhere, decimal("-9999.999");
        price, Nowhere, decimal("10000");
        price, Nowhere, Decimal::MAX;
        maybe_price, Nowhere, Some(decimal("0.005"));
        exact, Everywhere, Decimal::MAX;
        exact, Everywhere, Decimal::MIN;
        exact, Everywhere, decimal("0.0000000000000000000000000001");
        exact, Everywhere, decimal("7.9228162514264337593543950335");

        data, Everywhere, Json(json!(null));
        data, Everywhere, Json(json!({"": ["🎉", -1.5, i64::MIN, u64::MAX, true, null, {"é\u{1}": {}}]}));
        data, Where(NulInText), Json(json!("hunter2\0"));
        data, Where(NulInText), Json(json!({"a": [{"hunter2\0": 1}]}));
    }
}

fn is_kept(db: &Db, kept: Kept) -> bool {
    match kept {
        Kept::Everywhere => true,
        Kept::Nowhere => false,
        Kept::Where(capability) => db.can(capability),
        Kept::Any(capabilities) => capabilities.into_iter().any(|capability| db.can(capability)),
    }
}

/// What the database has, or that it has nothing.
async fn stored(db: &Db, id: i32) -> Option<String> {
    db.session().get::<Specimen>(id).await.unwrap().map(|_| ())?;
    let found = db.engine.connection().await.unwrap().all(select(Specimen.owned()).filter(Specimen::id.eq(id))).await;
    Some(seen(&found.unwrap()[0]))
}

fn written(db: &Db) -> usize {
    [Verb::Insert, Verb::Update].into_iter().map(|verb| succeeded(db, verb)).sum()
}

fn succeeded(db: &Db, verb: Verb) -> usize {
    db.log.take().iter().filter(|statement| statement.verb == verb && !statement.failed).count()
}

/// Tries a way of writing on every case and backend. It is given a session, a specimen with the value, and
/// the number of a row that is there and good.
async fn on_every_case(write: impl AsyncFn(&mut Session, Specimen, i32) -> Result<i32, Error>, place: &str) {
    on_every_backend(async |db| {
        let db = db.with(metadata()).await;
        let mut failures = Vec::new();
        for case in cases() {
            let mut session = db.session();
            let row = session.add(good());
            session.commit().await.unwrap();
            let there = session[row].id;
            let mut bad = good();
            (case.set)(&mut bad);
            let rows = db.rows("SELECT COUNT(*) FROM specimens").await;
            db.log.clear();
            let what = format!("{} = {}", case.column, case.what);
            match write(&mut session, bad.clone(), there).await {
                Ok(id) => {
                    if !is_kept(&db, case.kept) {
                        failures.push(format!("{what}: was not refused"));
                    }
                    let found = stored(&db, id).await;
                    if found.as_deref() != Some(&*seen(&bad)) {
                        failures.push(format!("{what}: went in as {}, came out as {found:?}", seen(&bad)));
                    }
                }
                Err(error) => {
                    if is_kept(&db, case.kept) {
                        failures.push(format!("{what}: {error}"));
                    }
                    assert_names(&error, "Specimen", case.column, &[HUNTER, "0.001", "32768"]);
                    assert!(error.to_string().contains(place), "{error}");
                    assert_eq!(written(&db), 0, "{what}: something was written");
                    session.rollback().await.unwrap();
                    assert_eq!(seen(&session[row]), seen(&good()), "{what}: memory is as before");
                    assert_eq!(stored(&db, there).await, Some(seen(&good())), "{what}");
                    assert_eq!(db.rows("SELECT COUNT(*) FROM specimens").await, rows, "{what}");
                    session[row].whole = 77;
                    session.commit().await.unwrap();
                }
            }
        }
        assert!(failures.is_empty(), "\n  {}", failures.join("\n  "));
    })
    .await;
}

#[tokio::test]
async fn new_entities() {
    let write = async |session: &mut Session, bad: Specimen, _: i32| {
        let entity = session.add(bad);
        session.commit().await?;
        Ok(session[entity].id)
    };
    on_every_case(write, "of new Specimen #").await;
}

/// The one of many that is bad is named.
#[tokio::test]
async fn one_new_entity_of_many() {
    let write = async |session: &mut Session, bad: Specimen, _: i32| {
        session.add(good());
        let entity = session.add(bad);
        session.add(good());
        session.commit().await?;
        Ok(session[entity].id)
    };
    on_every_case(write, "of new Specimen #2 ").await;
}

#[tokio::test]
async fn changed_entities() {
    let write = async |session: &mut Session, bad: Specimen, there: i32| {
        let entity = session.get::<Specimen>(there).await?.unwrap();
        session[entity] = Specimen { id: there, ..bad };
        session.commit().await?;
        Ok(there)
    };
    on_every_case(write, "of Specimen (id = ").await;
}

#[tokio::test]
async fn rows_without_entities() {
    let write = async |session: &mut Session, bad: Specimen, there: i32| {
        let (first, second) = (-2 * there, 1 - 2 * there);
        let rows = [Specimen { id: first, ..good() }, Specimen { id: second, ..bad }];
        session.execute(insert(Specimen).values(rows)).await?;
        session.commit().await?;
        Ok(second)
    };
    on_every_case(write, "of row 2 cannot be written").await;
}

/// A column at a time, by `update`, `insert(..).set` and an upsert.
#[tokio::test]
async fn assignments() {
    on_every_backend(async |db| {
        let db = db.with(metadata()).await;
        let mut session = db.session();
        session.add(new!(Label { name: "there", count: 1 }));
        let there = session.add(good());
        session.commit().await.unwrap();
        let long = || "hunter2!!";
        let of_specimen = |set: Vec<Assignment<Specimen>>| update(Specimen).set(set);
        for (statement, column) in [
            (of_specimen(vec![Specimen::whole.to(1), Specimen::name.to(long())]), "name"),
            (of_specimen(vec![Specimen::price.to(decimal("0.001"))]), "price"),
            (of_specimen(vec![Specimen::day.to(NaiveDate::MIN)]), "day"),
            (of_specimen(vec![Specimen::serial.to(Serial(long().into()))]), "serial"),
            (of_specimen(vec![Specimen::narrow.to(Narrow(40_000))]), "narrow"),
        ] {
            assert_names(&session.execute(statement).await.unwrap_err(), "Specimen", column, &[HUNTER]);
            session.rollback().await.unwrap();
        }
        let inserted = session.execute(insert(Label).set((Label::name.to(long()), Label::count.to(1)))).await;
        assert_names(&inserted.unwrap_err(), "Label", "name", &[HUNTER]);
        session.rollback().await.unwrap();
        let key = insert(Label).value(new!(Label { name: "there", count: 1 })).on_conflict(Label::name);
        // Another session: this one would not have the keys of its entities changed.
        let updated = db.session().execute(key.update(Label::name.to(long()))).await;
        assert_names(&updated.unwrap_err(), "Label", "name", &[HUNTER]);
        // What is only compared may be longer than any that there is.
        let compared = select(Specimen).filter(Specimen::name.eq(long()));
        assert_eq!(session.all(compared).await.unwrap(), []);
        let others = update(Specimen).set(Specimen::whole.to(9)).filter(Specimen::name.ne(long()));
        assert_eq!(session.execute(others).await.unwrap().rows, 1);
        assert_eq!(session[there].whole, 9);
    })
    .await;
}

/// A key that is bad is not quoted.
#[tokio::test]
async fn keys() {
    on_every_backend(async |db| {
        let db = db.with(metadata()).await;
        let mut session = db.session();
        session.add(new!(Label { name: "hunter2!!" }));
        let error = session.commit().await.unwrap_err();
        assert_names(&error, "Label", "name", &[HUNTER]);
        assert_eq!(error.entity(), Some("a Label"));
        session.rollback().await.unwrap();
        let label = session.add(new!(Label { name: "a" }));
        session.commit().await.unwrap();
        session[label].name = "hunter2!!".into();
        assert_names(&session.commit().await.unwrap_err(), "Label", "name", &[HUNTER]);
        session.rollback().await.unwrap();
        assert_eq!(session[label].name, "a");
    })
    .await;
}

/// What is finer than a microsecond is cut off, before and after the time from which a server counts.
#[tokio::test]
async fn times_are_kept_to_the_microsecond() {
    on_every_backend(async |db| {
        let db = db.with(metadata()).await;
        for year in [1, 1969, 1999, 2000, 2024] {
            let fine = |nanos| day(year, 12, 31).and_hms_nano_opt(23, 59, 59, nanos).unwrap();
            let mut specimen = good();
            (specimen.moment, specimen.instant) = (fine(123_456_789), fine(999_999_999).and_utc());
            specimen.clock = fine(1_999).time();
            let mut session = db.session();
            let added = session.add(specimen);
            session.commit().await.unwrap();
            session.refresh(added).await.unwrap();
            let read = &session[added];
            assert_eq!(
                (read.moment, read.instant, read.clock),
                (fine(123_456_000), fine(999_999_000).and_utc(), fine(1_000).time()),
            );
        }
    })
    .await;
}
