//! Rows that were written by others and do not fit the model.

use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_core::value::Text;
use retro_tests::{Capability, Db, on_every_backend};

use super::{Kind, Label, Note, assert_names};

/// Its table, made by hand, takes any text for all but the keys.
#[derive(Model, Debug, Clone)]
#[retro(table = "odds")]
struct Odd {
    #[retro(primary_key)]
    id: i32,
    flag: bool,
    small: i16,
    whole: i32,
    large: i64,
    single: f32,
    ratio: f64,
    uid: Uuid,
    day: NaiveDate,
    clock: NaiveTime,
    moment: NaiveDateTime,
    instant: DateTime<Utc>,
    #[retro(default = time::Date::MIN)]
    other_day: time::Date,
    price: Decimal,
    kind: Kind,
    data: Json<Vec<u8>>,
    #[retro(default = Text(std::net::Ipv4Addr::LOCALHOST))]
    address: Text<std::net::Ipv4Addr>,
    name: String,
    maybe: Option<i32>,
}

const GOOD: [(&str, &str); 18] = [
    ("flag", "1"),
    ("small", "1"),
    ("whole", "1"),
    ("large", "1"),
    ("single", "0.5"),
    ("ratio", "0.5"),
    ("uid", "a1a2a3a4b1b2c1c2d1d2d3d4d5d6d7d8"),
    ("day", "1982-08-01"),
    ("clock", "12:30:00"),
    ("moment", "1982-08-01 12:30:00"),
    ("instant", "1982-08-01 12:30:00"),
    ("other_day", "1982-08-01"),
    ("price", "9.50"),
    ("kind", "Rare"),
    ("data", "[1, 2]"),
    ("address", "127.0.0.1"),
    ("name", "C64"),
    ("maybe", "1"),
];

/// What stands in a column instead.
const BAD: [(&str, &str); 60] = [
    ("flag", "NULL"),
    ("flag", "'hunter2'"),
    ("flag", "''"),
    ("small", "NULL"),
    ("small", "'hunter2'"),
    ("small", "'40000'"),
    ("small", "'1.5'"),
    ("small", "''"),
    ("whole", "NULL"),
    ("whole", "'hunter2'"),
    ("whole", "'2147483648'"),
    ("whole", "'1e3'"),
    ("large", "'9223372036854775808'"),
    ("large", "'hunter2'"),
    ("single", "NULL"),
    ("single", "'1e300'"),
    ("single", "'-1e39'"),
    ("single", "'1e-300'"),
    ("single", "'hunter2'"),
    ("ratio", "NULL"),
    ("ratio", "'1e400'"),
    ("ratio", "'1e-400'"),
    ("ratio", "'hunter2'"),
    ("ratio", "'infinity'"),
    ("uid", "NULL"),
    ("uid", "'hunter2'"),
    ("uid", "'a1a2a3a4b1b2c1c2d1d2d3d4d5d6d7'"),
    ("day", "NULL"),
    ("day", "'hunter2'"),
    ("day", "'1983-02-29'"),
    ("day", "'1982-08-01 12:00:00'"),
    ("day", "'0000-00-00'"),
    ("clock", "'25:00:00'"),
    ("clock", "'-01:00:00'"),
    ("clock", "'hunter2'"),
    ("moment", "NULL"),
    ("moment", "'1982-08-01 24:00:00'"),
    ("moment", "'hunter2'"),
    ("instant", "'1982-08-01 12:00:00+99:99'"),
    ("instant", "'hunter2'"),
    ("other_day", "NULL"),
    ("other_day", "'hunter2'"),
    ("price", "NULL"),
    ("price", "'79228162514264337593543950336'"),
    ("price", "'0.00000000000000000000000000001'"),
    ("price", "'hunter2'"),
    ("price", "'1e400'"),
    ("kind", "NULL"),
    ("kind", "'hunter2'"),
    ("kind", "'rare'"),
    ("data", "NULL"),
    ("data", "'hunter2'"),
    ("data", "'[1, 300]'"),
    ("data", "'{\"hunter2\": 1}'"),
    ("data", "'[1, \"hunter2\"]'"),
    ("address", "NULL"),
    ("address", "'hunter2'"),
    ("name", "NULL"),
    ("maybe", "'hunter2'"),
    ("maybe", "'2147483648'"),
];

async fn loose(db: &Db) {
    let columns: Vec<String> = GOOD.iter().map(|(column, _)| format!("{column} VARCHAR(40)")).collect();
    db.execute(&format!("CREATE TABLE odds (id INTEGER PRIMARY KEY, {})", columns.join(", "))).await;
    let values: Vec<String> = GOOD.iter().map(|(_, value)| format!("'{value}'")).collect();
    for id in 1..=3 {
        db.execute(&format!("INSERT INTO odds VALUES ({id}, {})", values.join(", "))).await;
    }
}

fn good(column: &str) -> &'static str {
    GOOD.iter().find(|(name, _)| *name == column).unwrap().1
}

/// By every way to an entity. What was read before the bad row is whole, and the session goes on.
#[tokio::test]
async fn entities() {
    on_every_backend(async |db| {
        loose(&db).await;
        for (column, bad) in BAD {
            let names = |error: &Error| {
                assert_names(error, "Odd", column, &["hunter2", "2147483648", "1e300"]);
                assert_eq!(error.entity(), Some("Odd (id = 2)"), "{column} = {bad}: {error}");
            };
            let mut session = db.session();
            let known = session.get::<Odd>(2).await.unwrap().unwrap();
            let was = format!("{:?}", session[known]);
            session.rollback().await.unwrap();
            db.execute(&format!("UPDATE odds SET {column} = {bad} WHERE id = 2")).await;

            names(&session.refresh(known).await.unwrap_err());
            assert_eq!(format!("{:?}", session[known]), was, "{column} = {bad}");
            names(&session.all(select(Odd).order_by(Odd::id).populate_existing()).await.unwrap_err());
            assert_eq!(format!("{:?}", session[known]), was, "{column} = {bad}");

            let mut session = db.session();
            names(&session.all(select(Odd).order_by(Odd::id)).await.unwrap_err());
            names(&session.get::<Odd>(2).await.unwrap_err());
            names(&session.all(select(Odd.owned())).await.unwrap_err());
            names(&session.all(text("SELECT * FROM odds ORDER BY id").entities::<Odd>()).await.unwrap_err());
            let mut rows = session.stream(select(Odd).order_by(Odd::id)).await.unwrap();
            assert!(rows.next().await.unwrap().is_some(), "{column} = {bad}: the row before it");
            names(&rows.next().await.unwrap_err());
            assert!(rows.next().await.unwrap().is_none());
            drop(rows);

            // It is one entity still, and can be written; the bad row is none.
            let first = session.get::<Odd>(1).await.unwrap().unwrap();
            assert_eq!(session[first].name, "C64");
            session[first].whole += 1;
            session.commit().await.unwrap();
            db.execute(&format!("UPDATE odds SET {column} = '{}' WHERE id = 2", good(column))).await;
            let all = session.all(select(Odd).order_by(Odd::id)).await.unwrap();
            assert_eq!((all.len(), all[0]), (3, first), "{column} = {bad}");
            assert_eq!(format!("{:?}", session[all[1]]), was, "{column} = {bad}");
        }
    })
    .await;
}

#[derive(FromRow, Debug)]
#[allow(dead_code)] // never read
struct Numbers {
    id: i32,
    whole: i32,
    single: f32,
}

/// Values that are no entity's are named by their columns, or by their places.
#[tokio::test]
async fn plain_rows() {
    on_every_backend(async |db| {
        loose(&db).await;
        for (column, bad, place) in [("whole", "'hunter2'", 2), ("whole", "NULL", 2), ("single", "'1e300'", 3)] {
            db.execute(&format!("UPDATE odds SET {column} = {bad} WHERE id = 2")).await;
            let mut session = db.session();
            let selected = || select((Odd::id, Odd::whole, Odd::single)).order_by(Odd::id);
            let by_place = [
                session.all(selected()).await.unwrap_err(),
                session.all(selected().into::<Numbers>()).await.unwrap_err(),
                session.all(text("SELECT id, whole, single FROM odds").rows::<(i32, i32, f32)>()).await.unwrap_err(),
            ];
            let by_name = session.all(text("SELECT single, whole, id FROM odds").into::<Numbers>()).await.unwrap_err();
            for error in &by_place {
                assert!(error.to_string().contains(&format!("value {place} of the selection")), "{error}");
            }
            assert!(by_name.to_string().contains(&format!("the column `{column}`")), "{by_name}");
            for error in by_place.iter().chain([&by_name]) {
                assert_eq!(error.kind(), ErrorKind::Conversion);
                assert!(!error.to_string().contains("hunter2") && !error.to_string().contains("1e300"), "{error}");
            }
            assert_eq!(session.one(select(Odd::id).filter(Odd::id.eq(3))).await.unwrap(), 3, "the session goes on");
            db.execute(&format!("UPDATE odds SET {column} = '{}' WHERE id = 2", good(column))).await;
        }
    })
    .await;
}

/// Rows that come with others, whichever way.
#[tokio::test]
async fn related_rows() {
    on_every_backend(async |db| {
        db.execute("CREATE TABLE labels (name VARCHAR(8) PRIMARY KEY, count VARCHAR(20))").await;
        db.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, count VARCHAR(20), label_name VARCHAR(8))").await;
        db.execute("INSERT INTO labels VALUES ('a', '1'), ('b', '2')").await;
        db.execute("INSERT INTO notes VALUES (1, '1', 'a'), (2, 'hunter2', 'b'), (3, '3', 'a')").await;
        let names = |error: Error| {
            assert_names(&error, "Note", "count", &["hunter2"]);
            assert_eq!(error.entity(), Some("Note (id = 2)"), "{error}");
        };
        let labels = || select(Label).order_by(Label::name);
        let mut session = db.session();
        names(session.all(labels().options(joined(Label::notes))).await.unwrap_err());
        names(session.all(labels().options(selectin(Label::notes))).await.unwrap_err());
        let all = session.all(labels()).await.unwrap();
        names(session.load(all[0], Label::notes).await.unwrap_err());
        // The label whose notes are good has them all the same.
        session.load_only(all[0], Label::notes).await.unwrap();
        assert_eq!(session.entities(all[0], Label::notes).len(), 2);
        session.commit().await.unwrap();

        db.execute("UPDATE notes SET count = '2'").await;
        db.execute("UPDATE labels SET count = 'hunter2' WHERE name = 'b'").await;
        let mut session = db.session();
        let error = session.all(select(Note).order_by(Note::id).options(joined(Note::label))).await.unwrap_err();
        assert_names(&error, "Label", "count", &["hunter2"]);
        assert_eq!(error.entity(), Some(r#"Label (name = "b")"#));
        let notes = session.all(select(Note).order_by(Note::id)).await.unwrap();
        assert_eq!(notes.len(), 3);
    })
    .await;
}

/// A text column of SQLite holds any bytes, and a number column any text.
#[tokio::test]
async fn bytes_that_are_no_text() {
    on_every_backend(async |db| {
        if !db.can(Capability::AnyBytesInText) {
            return;
        }
        loose(&db).await;
        let mut session = db.session();
        for (column, bad) in
            [("name", "CAST(x'68ff' AS TEXT)"), ("name", "x'68ff'"), ("kind", "x'ff'"), ("day", "x'00'")]
        {
            db.execute(&format!("UPDATE odds SET {column} = {bad} WHERE id = 2")).await;
            let error = session.get::<Odd>(2).await.unwrap_err();
            assert_names(&error, "Odd", column, &[]);
            db.execute(&format!("UPDATE odds SET {column} = '{}' WHERE id = 2", good(column))).await;
        }
    })
    .await;
}
