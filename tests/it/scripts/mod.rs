//! 300 recorded unit-of-work scripts: retro's session against the results that SQLAlchemy gives.
//!
//! The scripts are beside the repository and not in it, hence the cargo feature `golden`.
//! `RETRO_SCRIPT=D-insert-one` runs one of them and shows its steps.

mod databases;
mod expected_differences;
mod finals;
mod interpreter;
mod links;
mod memory;
mod models;
mod objects;
mod queries;
mod random;

use std::collections::BTreeMap;

use retro_core::Engine;
use serde_json::Value;

use interpreter::{Failure, Interpreter, Manner, Outcome};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/golden/uow_scripts.json");
/// The tables as SQLAlchemy makes them.
const TABLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/golden/uow_schema_");

#[tokio::test]
async fn scripts_on_sqlite_as_sqlalchemy_runs_them() {
    on_sqlite(Manner::Imitated).await;
}

#[tokio::test]
async fn scripts_on_sqlite_as_retro_runs_them() {
    on_sqlite(Manner::Own).await;
}

#[tokio::test]
async fn scripts_on_sqlite_with_nothing_done_for_retro() {
    on_sqlite(Manner::Bare).await;
}

#[tokio::test]
async fn scripts_on_servers_as_sqlalchemy_runs_them() {
    for server in databases::servers() {
        let database = databases::Server::create(&server, "imitated").await;
        run_all(Manner::Imitated, async || database.emptied().await).await;
        database.drop().await;
    }
}

#[tokio::test]
async fn scripts_on_servers_as_retro_runs_them() {
    for server in databases::servers() {
        let database = databases::Server::create(&server, "own").await;
        run_all(Manner::Own, async || database.emptied().await).await;
        database.drop().await;
    }
}

async fn on_sqlite(manner: Manner) {
    run_all(manner, async || databases::memory().await).await;
}

/// Runs all scripts, each on an empty database.
async fn run_all(manner: Manner, empty: impl AsyncFn() -> Engine) {
    let scripts: Value = serde_json::from_str(&std::fs::read_to_string(SCRIPTS).unwrap()).unwrap();
    let only = std::env::var("RETRO_SCRIPT").ok();
    let mut differences = BTreeMap::new();
    for script in scripts["scripts"].as_array().unwrap() {
        let id = script["id"].as_str().unwrap();
        if only.as_ref().is_some_and(|only| only != id) {
            continue;
        }
        let engine = empty().await;
        if let Err(difference) = run(&engine, script, manner, only.is_some()).await {
            differences.insert(id.to_string(), difference);
        }
    }
    if only.is_some() {
        assert!(differences.is_empty(), "{differences:#?}");
        return;
    }
    expected_differences::check(manner, differences);
}

/// Runs one script up to the first difference.
async fn run(engine: &Engine, script: &Value, manner: Manner, shown: bool) -> Result<(), String> {
    let mut interpreter = Interpreter::new(engine, manner);
    // Rows that change under the session are not what it has in memory.
    let is_raw = script["tags"].as_array().unwrap().iter().any(|tag| tag == "raw_update" || tag == "raw_delete");
    for (number, step) in script["steps"].as_array().unwrap().iter().enumerate() {
        let (op, expected) = (&step[0], &step[1]);
        if shown {
            println!("{number:3} {op} -> {expected}");
        }
        let mut outcome = interpreter.step(op).await;
        if !is_expected(expected, &outcome) && manner != Manner::Imitated {
            outcome = interpreter.catch_up(op, outcome).await;
        }
        // Nothing expires, so what leaves the session keeps its values.
        let is_kept =
            manner == Manner::Bare && op["op"] == "read" && expected["error"] == "detached" && outcome.is_ok();
        if !is_kept && !is_expected(expected, &outcome) {
            let got = match outcome {
                Ok(value) => value.to_string(),
                Err(Failure { class, message }) => format!("{class}: {message}"),
            };
            return Err(format!("step {number}: {op}\n    expected {expected}\n    got {got}"));
        }
        if manner == Manner::Bare && !is_raw {
            let checked = memory::check(&mut interpreter.session).await;
            checked.map_err(|difference| format!("step {number}: {op}\n    {difference}"))?;
        }
    }
    drop(interpreter);
    finals::compare(engine, &script["final"]).await
}

fn is_expected(expected: &Value, outcome: &Outcome) -> bool {
    match outcome {
        Ok(value) => expected.get("ok").is_some_and(|expected| equal(expected, value)),
        Err(failure) => expected["error"] == failure.class,
    }
}

/// Whether two values are the same, numbers by their value.
fn equal(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (a, b) => a == b,
    }
}
