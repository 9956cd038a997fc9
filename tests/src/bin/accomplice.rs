//! Another process, for tests that kill it or are kept waiting by it.
//!
//! `accomplice write <url> <seed>` adds batches for ever and prints the number of each one that was
//! committed. `accomplice lock <url> <statements>` keeps a SQLite file locked until its input ends.

use std::io::{BufRead, Write};

use retro_core::prelude::*;
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

/// A line that is out at once, because there may be no later.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).unwrap();
}
