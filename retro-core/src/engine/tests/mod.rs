//! The engine against real databases: SQLite in memory and in a file always, directly and through the driver, and whatever the
//! variable `RETRO_TEST_DATABASES` names, separated by commas.

#[cfg(feature = "sqlite")]
mod direct;
mod errors;
mod guard;
mod pool;
mod transactions;
mod values;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Connection, Engine, EngineBuilder, Row};
use crate::dialect::Placeholder;
use crate::sql::{Bind, Statement};
use crate::value::{SqlType, Value};

/// One database to test against. A file is removed at the end.
struct Database {
    url: String,
    file: Option<PathBuf>,
    /// Of SQLite: whether it is called directly.
    is_direct: bool,
}

impl Database {
    fn all() -> Vec<Database> {
        let mut all = Vec::new();
        if cfg!(feature = "sqlite") {
            for is_direct in [true, false] {
                all.push(Database { url: "sqlite::memory:".into(), file: None, is_direct });
                let mut file = Database::file();
                file.is_direct = is_direct;
                all.push(file);
            }
        }
        let named = std::env::var("RETRO_TEST_DATABASES").unwrap_or_default();
        let named = named.split(',').filter(|url| !url.trim().is_empty() && !url.starts_with("sqlite"));
        all.extend(named.map(|url| Database { url: url.trim().to_owned(), file: None, is_direct: false }));
        all
    }

    fn file() -> Database {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("retro-{}-{}.sqlite", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let file = std::env::temp_dir().join(name);
        Database { url: format!("sqlite://{}", file.display()), file: Some(file), is_direct: true }
    }

    fn builder(&self) -> EngineBuilder {
        let builder = Engine::builder(&self.url);
        if self.is_direct { builder } else { builder.without_direct_sqlite() }
    }

    async fn engine(&self) -> Engine {
        self.builder().connect().await.unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some(file) = &self.file else { return };
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
        }
    }
}

/// Makes a table anew, with one column of each definition.
async fn create(connection: &mut Connection, table: &str, columns: &str) {
    connection.batch(&format!("DROP TABLE IF EXISTS {table}")).await.unwrap();
    let engine = if connection.capabilities().transactional_ddl { "" } else { " ENGINE = InnoDB" };
    connection.batch(&format!("CREATE TABLE {table} ({columns}){engine}")).await.unwrap();
}

/// A statement with `?` for parameters, in the dialect's spelling.
fn statement<'a>(connection: &Connection, sql: &str, binds: Vec<Bind<'a>>) -> Statement<'a> {
    let mut text = String::new();
    let mut number = 0;
    for c in sql.chars() {
        match c {
            '?' if connection.capabilities().placeholder == Placeholder::Numbered => {
                number += 1;
                text.push_str(&format!("${number}"));
            }
            c => text.push(c),
        }
    }
    Statement::cached(text.into(), binds)
}

async fn fetch(connection: &mut Connection, sql: &str) -> Vec<Row> {
    let statement = statement(connection, sql, Vec::new());
    connection.fetch(&statement).await.unwrap()
}

async fn fetch_int(connection: &mut Connection, sql: &str) -> i64 {
    match fetch(connection, sql).await[0].get(0, SqlType::I64) {
        Ok(Value::Int(v)) => v,
        other => panic!("{other:?}"),
    }
}

fn int(value: i64) -> Bind<'static> {
    Bind::new(SqlType::I32, Value::Int(value))
}

fn text(value: &str) -> Bind<'_> {
    Bind::new(SqlType::Text, Value::Text(value.into()))
}
