//! The pages of orders through the JSON API, against what SQLAlchemy has found for the data of the book.

use std::collections::BTreeMap;

use retro_examples::import::Data;
use retro_tests::on_every_backend;
use serde::Deserialize;
use serde_json::Value;

use super::{PATIENCE, Server, store};
use crate::retrofun::{book, golden_queries, same};

#[derive(Deserialize)]
struct Expected {
    id: String,
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

#[tokio::test]
async fn the_orders_are_those_of_sqlalchemy() {
    let expected: Vec<Expected> = serde_json::from_slice(&golden_queries()).unwrap();
    let expected: BTreeMap<&str, &Expected> = expected.iter().map(|query| (&query.id[..3], query)).collect();
    on_every_backend(async |db| {
        let db = store(db, &Data::Directory(book())).await;
        let server = Server::start(&db.engine, PATIENCE).await;
        for (id, query) in [
            ("Q48", "start=0&length=10&sort=-timestamp&search="),
            ("Q50", "start=10&length=8&sort=%2Bcustomer,-timestamp&search=amiga"),
            ("Q52", "start=0&length=10&sort=-total,%2Btimestamp&search="),
        ] {
            let Expected { columns, rows, .. } = expected[id];
            let found = server.json(&format!("/api/orders?{query}")).await;
            let found = found["data"].as_array().unwrap();
            assert_eq!(found.len(), rows.len(), "{id}");
            for (found, row) in found.iter().zip(rows) {
                let found: Vec<Value> = columns.iter().map(|column| found[column].clone()).collect();
                assert!(same(&found.clone().into(), &row.clone().into(), 2), "{id}: {found:?}\n    instead of {row:?}");
            }
        }
        for (id, search) in [("Q49", ""), ("Q51", "amiga")] {
            let found = server.json(&format!("/api/orders?length=0&search={search}")).await;
            assert_eq!((&found["total"], &found["data"]), (&expected[id].rows[0][0], &Value::Array(vec![])), "{id}");
        }
        server.stop().await;
    })
    .await;
}
