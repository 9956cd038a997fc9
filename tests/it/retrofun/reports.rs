//! The reports: what they find on the sample, how they are written, and against the results that
//! SQLAlchemy has given for the data of the book.

use retro_examples::import::{Data, import_all};
use retro_examples::reports::{Cell, Column, Kind, Sheet, catalog, web};
use retro_tests::{Db, on_every_backend};
use serde_json::{Value, json};

use super::tables;

/// The store with the sample that is part of the program.
async fn sample(db: Db) -> Db {
    let db = tables(db).await;
    import_all(&db.engine, &Data::Shipped).await.unwrap();
    db.log.clear();
    db
}

#[tokio::test]
async fn every_report_runs_and_is_one_statement_if_it_is_one_query() {
    let db = sample(Db::in_memory().await).await;
    let reports = catalog();
    assert_eq!(reports.iter().filter(|report| report.is_query()).count(), 48);
    for report in reports {
        let sheet = report.run(&mut db.session()).await.unwrap_or_else(|error| panic!("{}: {error}", report.id()));
        let sent = db.log.take().len();
        assert!(sent == 1 || !report.is_query(), "{} sent {sent} statements", report.id());
        assert!(sheet.rows.iter().all(|row| row.len() == sheet.columns.len()), "{}", report.id());
    }
}

/// The orders themselves, their customers, their items with product and manufacturer, and the
/// countries: however many orders are on the page.
#[tokio::test]
async fn a_page_of_orders_is_four_statements() {
    on_every_backend(async |db| {
        let db = sample(db).await;
        let mut session = db.session();
        let page = web::orders_page(0, 50, "-total", "").unwrap();
        let rows = web::order_rows(&mut session, page).await.unwrap();
        assert_eq!((rows.len(), db.log.take().len()), (50, 4));
    })
    .await;
}

#[tokio::test]
async fn a_page_takes_whatever_its_address_says() {
    let db = sample(Db::in_memory().await).await;
    let mut session = db.session();
    let mut timestamps = async |start, length, sort: &str, search: &str| {
        let page = web::orders_page(start, length, sort, search).unwrap();
        let rows = web::order_rows(&mut session, page).await.unwrap();
        rows.into_iter().map(|row| row.0).collect::<Vec<_>>()
    };
    let latest = timestamps(0, 5, "-timestamp", "").await;
    assert!(latest.is_sorted_by(|a, b| a > b));
    let all = timestamps(0, u64::MAX, "+timestamp", "").await;
    assert_eq!(all.len(), 100, "a page has an end");
    for plus in ["+", " ", "é"] {
        assert_eq!(timestamps(0, 100, &format!("{plus}timestamp,,"), "").await, all);
    }
    assert_eq!(timestamps(u64::MAX, 5, "", "").await, []);
    assert_eq!(timestamps(0, 5, "", "'; DROP TABLE orders; --").await, []);
    for sort in ["-id", "timestamp", "-", "-customer_id", "+timestamp;"] {
        let error = web::orders_page(0, 5, sort, "").map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("only by `customer`, `total` and `timestamp`"), "{error}");
    }
}

fn sheet() -> Sheet {
    let column = |name, kind| Column { name, kind };
    Sheet {
        id: "Q00-of-all-kinds",
        title: "Of all kinds",
        columns: vec![
            column("name", Kind::Text),
            column("units", Kind::Int),
            column("sales", Kind::Float(2)),
            column("at", Kind::Timestamp),
            column("made_in", Kind::Json),
        ],
        rows: vec![
            vec![
                Cell::Text("Atari, \"800\"".into()),
                Cell::Int(7),
                Cell::Float(1.0 / 3.0),
                Cell::Timestamp("2022-12-25T00:00:00.5".parse().unwrap()),
                Cell::Json(json!(["USA"])),
            ],
            vec![Cell::Text("65".into()), Cell::Null, Cell::Float(-1234.0), Cell::Null, Cell::Json(json!([]))],
        ],
    }
}

#[test]
fn a_sheet_is_a_table_csv_or_json() {
    let table = "Of all kinds
  name          units     sales  at                   made_in
  ------------  -----  --------  -------------------  -------
  Atari, \"800\"      7      0.33  2022-12-25 00:00:00  [\"USA\"]
  65                   -1234.00                       []
";
    assert_eq!(sheet().table().to_string(), table);

    let mut csv = Vec::new();
    sheet().write_csv(&mut csv).unwrap();
    let expected = "name,units,sales,at,made_in\n\
                    \"Atari, \"\"800\"\"\",7,0.33,2022-12-25 00:00:00,\"[\"\"USA\"\"]\"\n\
                    65,,-1234.00,,[]\n";
    assert_eq!(String::from_utf8(csv).unwrap(), expected);

    let mut text = Vec::new();
    sheet().write_json(&mut text).unwrap();
    let read: Value = serde_json::from_slice(&text).unwrap();
    let expected = json!({
        "id": "Q00-of-all-kinds",
        "columns": ["name", "units", "sales", "at", "made_in"],
        "rows": [
            ["Atari, \"800\"", 7, 0.33, "2022-12-25 00:00:00", ["USA"]],
            ["65", null, -1234.0, null, []],
        ],
    });
    assert_eq!(read, expected);
}

/// The data and the results are not part of this repository: the feature `golden` says that they lie
/// beside it, or `RETROFUN_DATA` and `RETRO_GOLDEN` name their directories.
#[cfg(feature = "golden")]
mod golden {
    use serde::Deserialize;

    use super::*;
    use crate::retrofun::book;

    #[derive(Deserialize)]
    struct Expected {
        id: String,
        columns: Vec<String>,
        types: Vec<String>,
        rows: Vec<Vec<Value>>,
    }

    #[tokio::test]
    async fn every_report_finds_what_sqlalchemy_finds() {
        let expected = expected();
        on_every_backend(async |db| {
            let db = tables(db).await;
            import_all(&db.engine, &Data::Directory(book())).await.unwrap();
            let mut wrong = Vec::new();
            for expected in &expected {
                let report = retro_examples::reports::find(&expected.id).unwrap();
                db.log.clear();
                match report.run(&mut db.session()).await {
                    Ok(sheet) => wrong.extend(expected.differs_from(&sheet)),
                    Err(error) => wrong.push(format!("{}: {error}", expected.id)),
                }
                assert!(db.log.take().len() == 1 || !report.is_query(), "{}", expected.id);
            }
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        })
        .await;
    }

    fn expected() -> Vec<Expected> {
        let text = crate::retrofun::golden_queries();
        let mut expected: Vec<Expected> = serde_json::from_slice(&text).unwrap();
        assert_eq!(expected.len(), catalog().len());
        expected.sort_by(|a, b| a.id.cmp(&b.id));
        expected
    }

    impl Expected {
        fn differs_from(&self, sheet: &Sheet) -> Option<String> {
            let names: Vec<&str> = sheet.columns.iter().map(|column| column.name).collect();
            let kinds: Vec<String> = sheet.columns.iter().map(|column| kind(column.kind)).collect();
            if (sheet.id, &kinds) != (self.id.as_str(), &self.types) || names != self.columns {
                return Some(format!("{}: {} has columns {names:?} of types {kinds:?}", self.id, sheet.id));
            }
            let same = |found: &Vec<Cell>, expected: &Vec<Value>| {
                found.iter().zip(&sheet.columns).zip(expected).all(|((cell, column), value)| fits(cell, column, value))
            };
            let different = sheet.rows.iter().zip(&self.rows).find(|(found, expected)| !same(found, expected));
            match different {
                Some((found, expected)) => Some(format!("{}: {found:?}\n    instead of {expected:?}", self.id)),
                None if sheet.rows.len() != self.rows.len() => {
                    Some(format!("{}: {} rows instead of {}", self.id, sheet.rows.len(), self.rows.len()))
                }
                None => None,
            }
        }
    }

    /// What the recorded results call it.
    fn kind(kind: Kind) -> String {
        match kind {
            Kind::Int => "int".into(),
            Kind::Float(digits) => format!("float{digits}"),
            Kind::Text => "text".into(),
            Kind::Timestamp => "timestamp".into(),
            Kind::Json => "json".into(),
        }
    }

    fn fits(cell: &Cell, column: &Column, expected: &Value) -> bool {
        match (cell, column.kind) {
            (Cell::Null, _) => expected.is_null(),
            (Cell::Int(number), _) => expected.as_i64() == Some(*number),
            // Databases add floats up in different orders.
            (Cell::Float(number), Kind::Float(digits)) => expected
                .as_f64()
                .is_some_and(|expected| (number - expected).abs() <= 1.01 * 0.1_f64.powi(digits as i32)),
            (Cell::Float(_), _) => false,
            (Cell::Text(text), _) => expected.as_str() == Some(text),
            (Cell::Timestamp(at), _) => expected.as_str() == Some(&at.format("%Y-%m-%d %H:%M:%S%.f").to_string()),
            (Cell::Json(value), _) => rounded(value) == rounded(expected),
        }
    }

    /// With two digits after the point where there are any.
    fn rounded(value: &Value) -> Value {
        match value {
            Value::Array(values) => values.iter().map(rounded).collect(),
            Value::Number(number) if number.is_f64() => json!(format!("{:.2}", number.as_f64().unwrap())),
            other => other.clone(),
        }
    }
}
