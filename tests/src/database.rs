//! [`Db`]: the database of one test on one backend.

use std::path::Path;
use std::sync::Arc;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use retro_core::Dialect;
use retro_core::prelude::*;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, Row, SqliteConnection};

use crate::backend::{Backend, Capability};
use crate::log::StatementLog;
use crate::proxy::Proxy;

/// The names of databases that tests make begin with this, followed by the time and the process.
const PREFIX: &str = "retro_it_";

/// What is older was left behind by a run that was killed.
const LEFT_BEHIND: Duration = Duration::from_secs(60 * 60);

/// An empty database of a test's own, and the engine on it.
#[derive(Clone)]
pub struct Db {
    /// The engine. Its statements go to the log.
    pub engine: Engine,
    /// What the engine has sent.
    pub log: StatementLog,
    place: Arc<Place>,
}

struct Place {
    backend: Backend,
    name: String,
    url: String,
}

impl Db {
    /// Makes a database on a backend.
    ///
    /// # Panics
    /// If the server is not there or refuses.
    pub async fn create(backend: Backend) -> Db {
        let name = fresh_name();
        let url = match &backend {
            Backend::Sqlite => return Db::in_directory(&std::env::temp_dir()).await,
            Backend::Server(server) | Backend::WithoutReturning(server) => {
                clean_up(server).await;
                for sql in create_database(server, &name) {
                    run(server, &sql).await.unwrap_or_else(|error| panic!("{server} for {sql}: {error}"));
                }
                sibling(server, &name)
            }
        };
        Db::connect(Place { backend, name, url }).await
    }

    /// A SQLite database in a file in a directory.
    pub async fn in_directory(directory: &Path) -> Db {
        let name = fresh_name();
        let url = format!("sqlite://{}", directory.join(format!("{name}.sqlite")).display());
        Db::connect(Place { backend: Backend::Sqlite, name, url }).await
    }

    /// A SQLite database in memory, gone with its engine.
    pub async fn in_memory() -> Db {
        Db::connect(Place { backend: Backend::Sqlite, name: fresh_name(), url: "sqlite::memory:".into() }).await
    }

    async fn connect(place: Place) -> Db {
        let log = StatementLog::default();
        let engine = place.backend.engine(&place.url).observe(Arc::new(log.clone())).connect().await;
        let engine = engine.unwrap_or_else(|error| panic!("{}: {error}", place.url));
        Db { engine, log, place: Arc::new(place) }
    }

    /// Makes tables; what that sends is not logged.
    pub async fn with(self, metadata: MetaData) -> Db {
        metadata.create_all(&self.engine).await.unwrap();
        self.log.clear();
        self
    }

    /// A session on this database.
    pub fn session(&self) -> Session {
        Session::new(&self.engine)
    }

    /// Whether the database can do something, as it is used here.
    pub fn can(&self, capability: Capability) -> bool {
        self.place.backend.can(self.engine.dialect(), capability)
    }

    /// A statement that makes the server hang up on whoever does nothing in a transaction, and how long
    /// that takes.
    pub fn hangs_up_on_the_idle(&self) -> Option<(&'static str, Duration)> {
        match self.engine.dialect() {
            Dialect::Postgres => {
                Some(("SET idle_in_transaction_session_timeout = '100ms'", Duration::from_millis(400)))
            }
            Dialect::MySql => Some(("SET SESSION idle_transaction_timeout = 1", Duration::from_millis(1800))),
            _ => None,
        }
    }

    /// The name of the backend, for messages.
    pub fn backend(&self) -> String {
        self.place.backend.name()
    }

    /// The URL of the database.
    pub fn url(&self) -> &str {
        &self.place.url
    }

    /// Another engine on the same database, with its own connections.
    pub fn engine_builder(&self) -> retro_core::EngineBuilder {
        self.place.backend.engine(&self.place.url)
    }

    /// Another engine on the same database, whose connections go through a proxy.
    pub fn engine_through(&self, proxy: &Proxy) -> retro_core::EngineBuilder {
        self.place.backend.engine(&proxy.url(&self.place.url))
    }

    /// Sends SQL behind retro's back, on a connection of its own, and commits it.
    pub async fn execute(&self, sql: &str) {
        run(&self.place.url, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The rows of a query sent behind retro's back, as the database writes them: values separated
    /// by `|`, and `NULL`.
    pub async fn rows(&self, sql: &str) -> Vec<String> {
        run(&self.place.url, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Removes the database.
    pub async fn remove(self) {
        // A test that failed may hold a connection still; the database goes anyway.
        let _ = tokio::time::timeout(Duration::from_secs(5), self.engine.close()).await;
        match &self.place.backend {
            Backend::Sqlite => {
                let file = self.place.url.trim_start_matches("sqlite://");
                for suffix in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(format!("{file}{suffix}"));
                }
            }
            Backend::Server(server) | Backend::WithoutReturning(server) => {
                let dropped = run(server, &drop_database(server, &self.place.name)).await;
                dropped.unwrap_or_else(|error| panic!("dropping {}: {error}", self.place.name));
            }
        }
    }
}

fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    format!("{PREFIX}{now}_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The URL of another database on the same server.
fn sibling(server: &str, name: &str) -> String {
    let (address, parameters) = server.split_once('?').map_or((server, None), |(a, p)| (a, Some(p)));
    let base = address.rsplit_once('/').map_or(address, |(base, _)| base);
    parameters.map_or(format!("{base}/{name}"), |parameters| format!("{base}/{name}?{parameters}"))
}

fn is_postgres(server: &str) -> bool {
    server.starts_with("postgres")
}

/// Text compares by code point on every database, as it does on SQLite.
fn create_database(server: &str, name: &str) -> Vec<String> {
    vec![match is_postgres(server) {
        true => format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"),
        false => format!("CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
    }]
}

fn drop_database(server: &str, name: &str) -> String {
    match is_postgres(server) {
        true => format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        false => format!("DROP DATABASE IF EXISTS {name}"),
    }
}

/// Drops what runs that were killed have left on a server, once in this process.
async fn clean_up(server: &str) {
    static POSTGRES: Once = Once::new();
    static MYSQL: Once = Once::new();
    let mut first = false;
    if is_postgres(server) { &POSTGRES } else { &MYSQL }.call_once(|| first = true);
    if !first {
        return;
    }
    let list = match is_postgres(server) {
        true => "SELECT datname::text FROM pg_database",
        false => "SELECT schema_name FROM information_schema.schemata",
    };
    let names = run(server, list).await.unwrap_or_else(|error| panic!("{server} cannot be tested on: {error}"));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    for name in names {
        let made =
            name.strip_prefix(PREFIX).and_then(|rest| rest.split('_').next()).and_then(|at| at.parse::<u64>().ok());
        if made.is_some_and(|made| now.saturating_sub(made) > LEFT_BEHIND.as_secs()) {
            // Another process may be doing the same.
            let _ = run(server, &drop_database(server, &name)).await;
        }
    }
}

/// Sends SQL and gives the rows as text.
pub(crate) async fn run(url: &str, sql: &str) -> sqlx::Result<Vec<String>> {
    let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    if url.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(url).await?;
        let rows = sql.fetch_all(&mut connection).await?;
        connection.close().await?;
        rows.iter().map(|row| line(row.len(), |n| row.try_get_unchecked(n))).collect()
    } else if is_postgres(url) {
        let mut connection = PgConnection::connect(url).await?;
        let rows = sql.fetch_all(&mut connection).await?;
        connection.close().await?;
        rows.iter().map(|row| line(row.len(), |n| row.try_get_unchecked(n))).collect()
    } else {
        let mut connection = MySqlConnection::connect(url).await?;
        let rows = sql.fetch_all(&mut connection).await?;
        connection.close().await?;
        rows.iter().map(|row| line(row.len(), |n| row.try_get_unchecked(n))).collect()
    }
}

fn line(columns: usize, value: impl Fn(usize) -> sqlx::Result<Option<String>>) -> sqlx::Result<String> {
    let values: sqlx::Result<Vec<String>> =
        (0..columns).map(|n| Ok(value(n)?.unwrap_or_else(|| "NULL".into()))).collect();
    Ok(values?.join("|"))
}
