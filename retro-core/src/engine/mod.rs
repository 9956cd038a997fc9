//! The engine: the only part of the crate that names the driver.
//!
//! [`Engine`] is a pool and a dialect. A [`Connection`] leaves the pool for a session and comes
//! back only if it is known to be clean. Each driver has a folder with the same functions in it,
//! called through [`Raw`](driver::Raw), so that everything else here is written once.

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
compile_error!("retro needs a database: enable at least one of the features `sqlite`, `postgres`, `mysql`");

mod builder;
mod connection;
mod driver;
mod error;
mod hook;
#[cfg(feature = "mysql")]
mod mysql;
mod observe;
mod pool;
#[cfg(feature = "postgres")]
mod postgres;
mod row;
mod signature;
mod spare;
#[cfg(feature = "sqlite")]
mod sqlite;
mod stream;
#[cfg(test)]
mod tests;
mod text;
mod transaction;
mod url;

pub use builder::EngineBuilder;
pub(crate) use connection::Connection;
pub(crate) use driver::Executed;
pub use hook::{ConnectHook, HookConnection};
pub use observe::{Binds, StatementEvent, StatementObserver};
pub(crate) use row::{Columns, Row};

use futures::future::BoxFuture;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use crate::dialect::{Capabilities, Dialect};
use crate::error::{Error, ErrorKind, Result};
use crate::sql::Statement;
use crate::unit_of_work::Templates;
use builder::Settings;
use driver::Link;
use observe::Observers;
use pool::Pool;
use signature::Signatures;
use spare::Spare;

/// Between two attempts at a file that is locked while it is being opened.
const LOCKED_PAUSE: Duration = Duration::from_millis(10);

/// A pool of connections to one database, and the dialect that the database speaks.
///
/// Cheap to clone: the clones share the pool. Make one when the program starts and keep it.
///
/// ```
/// # use retro_core::{Engine, Error};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// let engine = Engine::connect("sqlite::memory:").await?;
/// assert_eq!(engine.dialect().to_string(), "SQLite");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    pool: Pool,
    spare: Spare,
    settings: Settings,
    observers: Observers,
    /// Where connections that are dropped anywhere, even outside the runtime, are cleaned up.
    runtime: Handle,
    /// What the first connection learns about the server.
    facts: OnceLock<Facts>,
    signatures: Signatures,
    /// The texts of flushes, which depend on the facts.
    templates: OnceLock<Templates>,
    /// Connections that somebody holds. Tells a pool that is exhausted from a server that does not
    /// answer, which the driver's timeout does not.
    in_use: AtomicU32,
}

/// What can only be known by asking the server.
#[derive(Debug, Clone, Copy)]
struct Facts {
    capabilities: Capabilities,
    key_step: i64,
}

/// How many connections a pool has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStatus {
    /// Connections that are open, or being opened.
    pub size: u32,
    /// Those of them that wait for somebody to take them.
    pub idle: u32,
    /// The most that the pool opens.
    pub max: u32,
}

impl Engine {
    /// Connects with the default settings.
    ///
    /// * `sqlite://path/to/file.sqlite`: creates the file if it is missing, unless `?mode=rw` or
    ///   `?mode=ro` says otherwise. Foreign keys are on, the journal is a write-ahead log, and a
    ///   locked database is waited for (5 seconds).
    /// * `sqlite::memory:`: a database that lives as long as the engine. It has one connection, so
    ///   a second session waits until the first one ends its transaction.
    /// * `postgres://user:password@host:port/database`
    /// * `mysql://user:password@host:port/database`, also `mariadb://`: strict mode, UTC, utf8mb4.
    ///
    /// # Errors
    ///
    /// [`Configuration`](ErrorKind::Configuration) if the URL is wrong or its database is not
    /// compiled in, or if the server refuses the user; [`Disconnected`](ErrorKind::Disconnected) if
    /// nobody answers.
    pub async fn connect(url: &str) -> Result<Engine> {
        Engine::builder(url).connect().await
    }

    /// Settings first, then [`connect`](EngineBuilder::connect).
    pub fn builder(url: &str) -> EngineBuilder {
        EngineBuilder::new(url)
    }

    /// The SQL that the database speaks.
    pub fn dialect(&self) -> Dialect {
        self.0.settings.location.dialect
    }

    /// How many connections are open, and how many of them are idle.
    pub fn status(&self) -> PoolStatus {
        let mut status = self.0.pool.status();
        status.idle += u32::try_from(self.0.spare.len()).unwrap_or(u32::MAX);
        status
    }

    /// Waits until all connections are back, and closes them. Whoever asks for a connection
    /// afterwards gets an error.
    pub async fn close(&self) {
        for link in self.0.spare.close() {
            link.give_back().await;
        }
        self.0.pool.close().await;
    }

    /// What the database can do. Until a first connection has asked the server this is what the
    /// dialect can do at its best.
    pub(crate) fn capabilities(&self) -> Capabilities {
        match self.0.facts.get() {
            Some(facts) => facts.capabilities,
            None => self.0.settings.capabilities(self.dialect().capabilities()),
        }
    }

    /// The texts of flushes. To be asked for when a first connection has been made.
    pub(crate) fn templates(&self) -> &Templates {
        self.0.templates.get_or_init(|| Templates::new(self.dialect(), self.capabilities()))
    }

    /// Makes sure that the server was asked what it can do.
    pub(crate) async fn learn(&self) -> Result<()> {
        if self.0.facts.get().is_none() {
            self.acquire().await?;
        }
        Ok(())
    }

    /// The distance between the generated keys of one statement, for `GeneratedKeys::FirstRow`.
    pub(crate) fn key_step(&self) -> i64 {
        self.0.facts.get().map_or(1, |facts| facts.key_step)
    }

    /// Takes a connection from the pool, or opens one. Waits while all of them are in use.
    pub(crate) fn acquire(&self) -> BoxFuture<'_, Result<Connection>> {
        Box::pin(async move {
            let link = self.take_link().await.map_err(|error| self.explain_acquire(error))?;
            let mut connection = Connection::new(self.clone(), link);
            if self.0.facts.get().is_none() {
                let facts = connection.learn().await?;
                // Another task may have learnt the same at the same time.
                let _ = self.0.facts.set(facts);
            }
            Ok(connection)
        })
    }

    /// A new SQLite file may be locked by another connection, perhaps of another process, that is
    /// switching the write-ahead log on. SQLite waits for any lock but this one.
    async fn take_link(&self) -> Result<Link, hook::AcquireError> {
        let _waiting = match self.0.spare.take() {
            Ok(link) => return Ok(link),
            Err(waiting) => waiting,
        };
        let started = Instant::now();
        loop {
            match hook::first_error(self.0.pool.acquire(&self.0.settings, &self.0.runtime)).await {
                Err(hook::AcquireError::Driver(error))
                    if self.is_locked(&error) && started.elapsed() < self.0.settings.acquire_timeout =>
                {
                    tokio::time::sleep(LOCKED_PAUSE).await;
                }
                acquired => return acquired,
            }
        }
    }

    fn is_locked(&self, error: &sqlx::Error) -> bool {
        let kind = driver::refusal(error).map(|refusal| self.dialect().diagnose(&refusal).kind);
        kind == Some(ErrorKind::SerializationFailure)
    }

    /// Fails at once, and not after the acquire timeout, if the server is not there: the pool would
    /// keep trying, because a server may be about to start.
    async fn probe(&self) -> Result<()> {
        let timeout = self.0.settings.acquire_timeout;
        match tokio::time::timeout(timeout, self.0.pool.probe()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.explain_acquire(hook::AcquireError::Driver(error))),
            Err(_) => Err(self.explain_acquire(hook::AcquireError::Driver(sqlx::Error::PoolTimedOut))),
        }
    }

    fn explain_acquire(&self, error: hook::AcquireError) -> Error {
        let settings = &self.0.settings;
        let place = &settings.location;
        let error = match error {
            hook::AcquireError::Setup(error) => return error.context(format!("preparing a connection to {place}")),
            hook::AcquireError::Driver(error) => error,
        };
        match error {
            sqlx::Error::PoolTimedOut if self.0.in_use.load(Ordering::Relaxed) >= settings.max_connections() => {
                Error::new(ErrorKind::PoolTimeout, exhausted(settings))
            }
            sqlx::Error::PoolTimedOut => error::explain_silence(place, &seconds(settings.acquire_timeout)),
            sqlx::Error::PoolClosed => {
                Error::new(ErrorKind::Disconnected, format!("the engine of {place} has been closed"))
            }
            other => error::explain_connect(other, place),
        }
    }

    /// The text to send a statement under.
    fn text(&self, statement: &Statement<'_>) -> Arc<str> {
        match self.dialect() {
            Dialect::Postgres => self.0.signatures.text(statement),
            _ => Arc::clone(&statement.sql),
        }
    }

    fn spare(&self) -> &Spare {
        &self.0.spare
    }

    fn observers(&self) -> &Observers {
        &self.0.observers
    }

    fn runtime(&self) -> &Handle {
        &self.0.runtime
    }

    fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

fn exhausted(settings: &Settings) -> String {
    let waited = seconds(settings.acquire_timeout);
    if settings.location.is_private {
        return format!(
            "an in-memory database has one connection, and another session still holds it after {waited}: commit, roll \
             back or drop that session first, or use a file"
        );
    }
    format!(
        "no connection became free within {waited}, all {} are in use: end or drop sessions sooner, or raise \
         max_connections",
        settings.max_connections()
    )
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}

/// Counts a connection as held for as long as it lives.
struct InUse(Engine);

impl InUse {
    fn new(engine: Engine) -> Self {
        engine.0.in_use.fetch_add(1, Ordering::Relaxed);
        InUse(engine)
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        self.0.0.in_use.fetch_sub(1, Ordering::Relaxed);
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("url", &self.0.settings.location.to_string())
            .field("status", &self.status())
            .finish()
    }
}
