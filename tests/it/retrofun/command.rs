//! `retrofun` as somebody calls it, on the data of the book: all reports, against what SQLAlchemy has
//! found.

use std::process::{Command, Stdio};

use retro_tests::on_every_backend;
use serde::Deserialize;
use serde_json::Value;

use super::{book, golden_queries, same};

#[derive(Deserialize)]
struct Report {
    id: String,
    columns: Vec<String>,
    #[serde(default)]
    types: Vec<String>,
    rows: Vec<Vec<Value>>,
}

#[tokio::test]
async fn all_reports_are_what_sqlalchemy_finds() {
    let mut expected: Vec<Report> = serde_json::from_slice(&golden_queries()).unwrap();
    expected.sort_by(|a, b| a.id.cmp(&b.id));
    on_every_backend(async |db| {
        let book = book();
        retrofun(db.url(), &["import", "--data", book.to_str().unwrap()]);
        let found: Vec<Report> =
            serde_json::from_slice(&retrofun(db.url(), &["report", "all", "--format", "json"])).unwrap();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!((&found.id, &found.columns), (&expected.id, &expected.columns));
            let sizes = (expected.columns.len(), expected.rows.len());
            assert_eq!((expected.types.len(), found.rows.len()), sizes, "{}", found.id);
            let digits = |kind: &str| kind.strip_prefix("float").map_or(2, |digits| digits.parse().unwrap());
            let digits: Vec<i32> = expected.types.iter().map(|kind| digits(kind)).collect();
            for (row, expected) in found.rows.iter().zip(&expected.rows) {
                let mut cells = row.iter().zip(expected).zip(&digits);
                let fits = row.len() == expected.len() && cells.all(|((a, b), &digits)| same(a, b, digits));
                assert!(fits, "{}: {row:?}\n    instead of {expected:?}", found.id);
            }
        }
    })
    .await;
}

/// Builds it if need be, and gives what it prints.
fn retrofun(database: &str, arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    command.args(["run", "-q", "-p", "retro-examples", "--bin", "retrofun", "--", "--database", database]);
    let output = command.args(arguments).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", output.status);
    output.stdout
}
