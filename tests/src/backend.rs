//! The databases that the tests run on.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use retro_core::{Dialect, Engine, EngineBuilder};

use crate::database::Db;

/// Names the servers to test on: URLs, separated by commas. SQLite needs no server and is always
/// tested. A server that is named must be there: a test never passes by not running.
const SERVERS: &str = "RETRO_TEST_DATABASES";

/// Set for runs that may take long: every fault at every message, many more rounds.
const LONG: &str = "RETRO_LONG";

/// Set for runs on SQLite through the driver, and not directly.
const THROUGH_DRIVER: &str = "RETRO_TEST_SQLITE_DRIVER";

/// No test of one backend takes this long unless it hangs.
const TIMEOUT: Duration = Duration::from_secs(300);

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

/// A kind of server, for tests that need one of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    MySql,
}

impl Kind {
    /// The kinds of servers that this run tests on.
    pub fn all() -> Vec<Kind> {
        let tests_on = |kind: Kind| {
            let is_postgres = kind == Kind::Postgres;
            let of_kind = |backend: &Backend| match backend {
                Backend::Server(url) => url.starts_with("postgres") == is_postgres,
                Backend::Sqlite | Backend::WithoutReturning(_) => false,
            };
            Backend::all().iter().any(of_kind)
        };
        [Kind::Postgres, Kind::MySql].into_iter().filter(|&kind| tests_on(kind)).collect()
    }
}

/// What databases do differently, as far as tests can see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capability {
    /// It is reached over a line, which can break.
    Server,
    /// An INSERT returns what server defaults filled in; without it that costs a SELECT.
    InsertReturning,
    /// An UPDATE returns rows.
    UpdateReturning,
    /// A DELETE returns rows.
    DeleteReturning,
    /// An upsert says which key it is about, and may have a condition.
    ConflictTarget,
    /// Foreign keys are checked at the end of a statement, so that parents and children of one
    /// table can be deleted together.
    ChecksAtStatementEnd,
    /// `FOR UPDATE` and writers that do not wait for readers or each other.
    RowLocks,
    /// A foreign key can wait for the COMMIT.
    DefersChecks,
    /// `FULL JOIN`.
    FullJoin,
    /// Subqueries in FROM that see what stands before them.
    Lateral,
    /// `SELECT DISTINCT ON`.
    DistinctOn,
    /// The character NUL in text.
    NulInText,
    /// Floats that are not a number.
    StoresNan,
    /// Floats that are infinite.
    StoresInfinity,
    /// Years before 1 and after 9999.
    LongYears,
    /// The 61st second of a minute, and the year 0: times are text.
    LeapSeconds,
    /// Bytes that are no text in columns of text.
    AnyBytesInText,
    /// The error of a foreign key says which one it was.
    NamesForeignKey,
    /// Exact decimals are numbers; without it they are text, and calculated with as floats.
    Decimals,
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
            Backend::Sqlite if is_set(THROUGH_DRIVER) => "SQLite through the driver".into(),
            Backend::Sqlite => "SQLite".into(),
            Backend::Server(url) => url.split(':').next().unwrap_or("?").to_owned(),
            Backend::WithoutReturning(url) => format!("{} without RETURNING", url.split(':').next().unwrap_or("?")),
        }
    }

    pub(crate) fn can(&self, dialect: Dialect, capability: Capability) -> bool {
        match capability {
            Capability::InsertReturning | Capability::DeleteReturning => !matches!(self, Backend::WithoutReturning(_)),
            Capability::UpdateReturning
            | Capability::ConflictTarget
            | Capability::ChecksAtStatementEnd
            | Capability::DefersChecks
            | Capability::FullJoin => dialect != Dialect::MySql,
            Capability::Lateral | Capability::DistinctOn => dialect == Dialect::Postgres,
            Capability::NulInText => dialect != Dialect::Postgres,
            Capability::StoresNan | Capability::LongYears => dialect == Dialect::Postgres,
            Capability::StoresInfinity => dialect != Dialect::MySql,
            Capability::LeapSeconds | Capability::AnyBytesInText => dialect == Dialect::Sqlite,
            Capability::Server | Capability::RowLocks | Capability::NamesForeignKey | Capability::Decimals => {
                dialect != Dialect::Sqlite
            }
        }
    }

    pub(crate) fn engine(&self, url: &str) -> EngineBuilder {
        let builder = Engine::builder(url).max_connections(4).acquire_timeout(Duration::from_secs(20));
        match self {
            Backend::WithoutReturning(_) => builder.without_returning(),
            Backend::Sqlite if is_set(THROUGH_DRIVER) => builder.without_direct_sqlite(),
            Backend::Sqlite => retro_core::private::pausing(builder),
            Backend::Server(_) => builder,
        }
    }
}

/// Whether this run may take long.
pub fn long() -> bool {
    is_set(LONG)
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value != "0")
}

/// Runs a test on every backend, each time with an empty database of its own. All backends are
/// tried even if the test fails on one; the failure says on which.
pub async fn on_every_backend(test: impl AsyncFn(Db)) {
    let mut failed = Vec::new();
    for backend in Backend::all() {
        let name = backend.name();
        let db = Db::create(backend).await;
        let run = tokio::time::timeout(if long() { TIMEOUT * 10 } else { TIMEOUT }, test(db.clone()));
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
