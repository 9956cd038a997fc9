//! The databases that the tests run on.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use retro_core::{Dialect, Engine, EngineBuilder};

use crate::database::Db;

/// Names the servers to test on: URLs, separated by commas. SQLite needs no server and is always
/// tested. A server that is named must be there: a test never passes by not running.
const SERVERS: &str = "RETRO_TEST_DATABASES";

/// No test of one backend takes this long unless it hangs.
const TIMEOUT: Duration = Duration::from_secs(180);

/// A database to test on, and the way it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Backend {
    /// A file, removed afterwards.
    Sqlite,
    /// A server, on which every test gets a database of its own.
    Server(String),
    /// A server of the MySQL family, used as if it had no `RETURNING`: the way of MySQL 8.
    WithoutReturning(String),
}

/// What databases do differently, as far as tests can see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capability {
    /// An INSERT returns what server defaults filled in; without it that costs a SELECT.
    InsertReturning,
    /// Foreign keys are checked at the end of a statement, so that parents and children of one
    /// table can be deleted together.
    ChecksAtStatementEnd,
    /// `FOR UPDATE` and writers that do not wait for readers or each other.
    RowLocks,
    /// `FULL JOIN`.
    FullJoin,
    /// Subqueries in FROM that see what stands before them.
    Lateral,
    /// `SELECT DISTINCT ON`.
    DistinctOn,
    /// The character NUL in text.
    NulInText,
    /// The error of a foreign key says which one it was.
    NamesForeignKey,
}

impl Backend {
    /// All backends of this run.
    pub fn all() -> Vec<Backend> {
        let named = std::env::var(SERVERS).unwrap_or_default();
        let mut all = vec![Backend::Sqlite];
        for url in named.split(',').map(str::trim).filter(|url| !url.is_empty() && !url.starts_with("sqlite")) {
            all.push(Backend::Server(url.to_owned()));
            if url.starts_with("mysql") || url.starts_with("mariadb") {
                all.push(Backend::WithoutReturning(url.to_owned()));
            }
        }
        all
    }

    /// The name that failures carry.
    pub fn name(&self) -> String {
        match self {
            Backend::Sqlite => "SQLite".into(),
            Backend::Server(url) => url.split(':').next().unwrap_or("?").to_owned(),
            Backend::WithoutReturning(url) => format!("{} without RETURNING", url.split(':').next().unwrap_or("?")),
        }
    }

    pub(crate) fn can(&self, dialect: Dialect, capability: Capability) -> bool {
        match capability {
            Capability::InsertReturning => !matches!(self, Backend::WithoutReturning(_)),
            Capability::ChecksAtStatementEnd | Capability::FullJoin => dialect != Dialect::MySql,
            Capability::Lateral | Capability::DistinctOn => dialect == Dialect::Postgres,
            Capability::NulInText => dialect != Dialect::Postgres,
            Capability::RowLocks | Capability::NamesForeignKey => dialect != Dialect::Sqlite,
        }
    }

    pub(crate) fn engine(&self, url: &str) -> EngineBuilder {
        let builder = Engine::builder(url).max_connections(4).acquire_timeout(Duration::from_secs(20));
        match self {
            Backend::WithoutReturning(_) => builder.without_returning(),
            Backend::Sqlite | Backend::Server(_) => builder,
        }
    }
}

/// Runs a test on every backend, each time with an empty database of its own. All backends are
/// tried even if the test fails on one; the failure says on which.
pub async fn on_every_backend(test: impl AsyncFn(Db)) {
    let mut failed = Vec::new();
    for backend in Backend::all() {
        let name = backend.name();
        let db = Db::create(backend).await;
        let run = tokio::time::timeout(TIMEOUT, test(db.clone()));
        match AssertUnwindSafe(run).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => failed.push(format!("on {name}: not done after {TIMEOUT:?}")),
            Err(panic) => failed.push(format!("on {name}: {}", message(&*panic))),
        }
        db.remove().await;
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "a panic without a message",
    }
}
