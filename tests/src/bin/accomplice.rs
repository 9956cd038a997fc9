//! Another process, for tests that kill it or are kept waiting by it.
//!
//! `accomplice write <url> <seed>` adds batches for ever and prints the number of each one that was
//! committed. `accomplice lock <url> <statements>` keeps a SQLite file locked until its input ends.
//! `accomplice import <url> <directory> <rows>` imports the views of the store, with a commit whenever so
//! many rows are sent, and prints how many rows it imported and how many were there.

use std::io::{BufRead, Write};

use indicatif::ProgressBar;
use retro_core::prelude::*;
use retro_examples::import::{Data, import_views};
use retro_tests::Random;
use retro_tests::models::ledger::add_batch;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["write", url, seed] => write(url, seed.parse().unwrap()).await,
        ["lock", url, sql] => lock(url, sql).await,
        ["import", url, directory, rows] => import(url, directory, rows.parse().unwrap()).await,
        _ => panic!("unknown arguments {arguments:?}"),
    }
}

/// Ends when the database does.
async fn write(url: &str, seed: u64) {
    let mut random = Random::new(seed);
    let engine = Engine::connect(url).await.unwrap();
    let mut session = Session::new(&engine);
    loop {
        match add_batch(&mut session, 1 + random.below(8) as i32).await {
            Ok(number) => say(&number.to_string()),
            Err(error) => return say(&format!("{error:?}")),
        }
    }
}

async fn lock(url: &str, sql: &str) {
    let mut connection = SqliteConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    say("locked");
    // Nothing is ever written to the input; it ends when the test lets go of it.
    let _ = std::io::stdin().lock().lines().next();
    connection.close().await.unwrap();
    say("released");
}

async fn import(url: &str, directory: &str, rows: usize) {
    let engine = Engine::connect(url).await.unwrap();
    say("started");
    let imported = import_views(&engine, &Data::Directory(directory.into()), rows, &ProgressBar::hidden()).await;
    let imported = imported.unwrap_or_else(|error| panic!("{error}"));
    say(&format!("{} {}", imported.rows, imported.skipped));
    engine.close().await;
}

/// A line that is out at once, because there may be no later.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).unwrap();
}
