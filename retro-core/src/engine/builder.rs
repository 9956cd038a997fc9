//! [`EngineBuilder`]: the settings of an engine.

use std::sync::atomic::AtomicU32;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::runtime::Handle;

use super::hook::{ConnectHook, Hooks};
use super::observe::{Echo, Observers, StatementObserver};
use super::pool::Pool;
use super::signature::Signatures;
use super::spare::Spare;
use super::url::Location;
use super::{Engine, Inner};
use crate::dialect::{Capabilities, Dialect, GeneratedKeys};
use crate::error::{Error, Result};

/// Longer waits overflow the clock of the driver, which panics.
const FOREVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The settings of an [`Engine`].
///
/// ```
/// # use std::time::Duration;
/// # use retro_core::{Engine, Error};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// let engine = Engine::builder("sqlite::memory:")
///     .acquire_timeout(Duration::from_secs(3))
///     .echo(true)
///     .connect()
///     .await?;
/// # Ok(()) }
/// ```
#[must_use = "a builder does nothing until `connect` or `connect_lazy`"]
pub struct EngineBuilder {
    url: String,
    options: Options,
    observers: Vec<Arc<dyn StatementObserver>>,
    hooks: Hooks,
}

/// What was asked for; `None` stands for a default that depends on the database.
#[derive(Clone)]
struct Options {
    max_connections: u32,
    min_connections: u32,
    acquire_timeout: Duration,
    max_lifetime: Option<Option<Duration>>,
    idle_timeout: Option<Option<Duration>>,
    pre_ping: Option<bool>,
    statement_cache: usize,
    echo: bool,
    without_returning: bool,
    direct_sqlite: bool,
    pauses: bool,
}

/// The settings as they are used, for one database.
pub(super) struct Settings {
    pub(super) location: Location,
    max_connections: u32,
    pub(super) min_connections: u32,
    pub(super) acquire_timeout: Duration,
    pub(super) max_lifetime: Option<Duration>,
    pub(super) idle_timeout: Option<Duration>,
    pub(super) pre_ping: bool,
    pub(super) statement_cache: usize,
    without_returning: bool,
    /// Whether SQLite is called directly, where the driver can be left out.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))]
    pub(super) direct_sqlite: bool,
    /// Whether every statement is followed by a point at which its future can be dropped.
    pub(super) pauses: bool,
}

impl EngineBuilder {
    pub(super) fn new(url: &str) -> Self {
        EngineBuilder {
            url: url.to_owned(),
            options: Options {
                max_connections: 10,
                min_connections: 0,
                acquire_timeout: Duration::from_secs(30),
                max_lifetime: None,
                idle_timeout: None,
                pre_ping: None,
                statement_cache: 100,
                echo: false,
                without_returning: false,
                direct_sqlite: true,
                pauses: false,
            },
            observers: Vec::new(),
            hooks: Hooks::default(),
        }
    }

    /// The most connections that are open at a time, 10 unless said otherwise. There is no
    /// overflow beyond it. A database in memory always has exactly one.
    pub fn max_connections(mut self, max: u32) -> Self {
        self.options.max_connections = max;
        self
    }

    /// Connections that are kept open even when nobody needs them; 0 by default.
    pub fn min_connections(mut self, min: u32) -> Self {
        self.options.min_connections = min;
        self
    }

    /// How long to wait for a connection before giving up with an error; 30 seconds by default.
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.options.acquire_timeout = timeout.min(FOREVER);
        self
    }

    /// The age at which a connection is replaced; 30 minutes by default on a server, never on
    /// SQLite. `None` for never.
    pub fn max_lifetime(mut self, lifetime: impl Into<Option<Duration>>) -> Self {
        self.options.max_lifetime = Some(lifetime.into().map(|lifetime| lifetime.min(FOREVER)));
        self
    }

    /// How long a connection may be idle before it is closed; 10 minutes by default on a server,
    /// never on SQLite. `None` for ever.
    pub fn idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.options.idle_timeout = Some(timeout.into().map(|timeout| timeout.min(FOREVER)));
        self
    }

    /// Whether a connection is asked for a sign of life before it is handed out, so that one that a
    /// firewall or a restart has cut is replaced and not met as an error. Costs a round trip each
    /// time; on by default on a server, off on SQLite.
    pub fn pre_ping(mut self, ping: bool) -> Self {
        self.options.pre_ping = Some(ping);
        self
    }

    /// How many prepared statements each connection keeps; 100 by default, 0 for none. Where SQLite is called
    /// directly it keeps so many of its own, beside the driver's.
    pub fn statement_cache(mut self, capacity: usize) -> Self {
        self.options.statement_cache = capacity;
        self
    }

    /// Writes every statement with its binds to the log, through `tracing` at level INFO with the
    /// target `retro::statement`. Values of sensitive columns are masked.
    pub fn echo(mut self, echo: bool) -> Self {
        self.options.echo = echo;
        self
    }

    /// Prepares each new connection before anybody uses it. Hooks run in the order in which they
    /// were added; if one fails the connection is closed and whoever waited for it gets the error.
    ///
    /// A text is a hook that runs it:
    ///
    /// ```
    /// # use retro_core::{Engine, Error};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// let engine = Engine::builder("sqlite::memory:")
    ///     .on_connect("PRAGMA cache_size = -64000")
    ///     .connect()
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub fn on_connect(mut self, hook: impl ConnectHook + 'static) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// Shows every statement to an observer after it has run.
    pub fn observe(mut self, observer: Arc<dyn StatementObserver>) -> Self {
        self.observers.push(observer);
        self
    }

    /// Works without `RETURNING` even where the database has it, as on MySQL 8, which has none.
    /// There is no way around it on PostgreSQL: connecting is a configuration error there.
    pub fn without_returning(mut self) -> Self {
        self.options.without_returning = true;
        self
    }

    /// Leaves every statement on SQLite to the driver, which has a thread for each connection. Otherwise
    /// whole results are read, and flushes written, by calling SQLite directly, which is several times
    /// faster and sends the same. For comparing the two; other databases take no notice.
    ///
    /// ```
    /// # use retro_core::{Engine, Error};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// let engine = Engine::builder("sqlite::memory:").without_direct_sqlite().connect().await?;
    /// # Ok(()) }
    /// ```
    pub fn without_direct_sqlite(mut self) -> Self {
        self.options.direct_sqlite = false;
        self
    }

    /// Has the futures of all statements wait once after they were answered.
    pub(crate) fn pausing(mut self) -> Self {
        self.options.pauses = true;
        self
    }

    /// Connects, so that a wrong URL, a missing server and a failing hook are met here.
    ///
    /// # Errors
    ///
    /// As [`Engine::connect`], and [`Configuration`](crate::ErrorKind::Configuration) if settings
    /// contradict each other.
    pub async fn connect(self) -> Result<Engine> {
        let engine = self.connect_lazy()?;
        engine.probe().await?;
        drop(engine.acquire().await?);
        Ok(engine)
    }

    /// Makes the engine without connecting: the first session does. What the server can do is not
    /// known before that.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) if the URL or the settings are wrong, or
    /// if there is no Tokio runtime.
    pub fn connect_lazy(self) -> Result<Engine> {
        let runtime = Handle::try_current()
            .map_err(|_| Error::configuration("an engine is made inside a Tokio runtime, and there is none here"))?;
        let EngineBuilder { url, options, mut observers, hooks } = self;
        let location = Location::parse(&url)?;
        let echo = options.echo;
        let settings = options.settle(location)?;
        let pool = Pool::open(&settings, hooks)?;
        if echo {
            observers.insert(0, Arc::new(Echo));
        }
        Ok(Engine(Arc::new(Inner {
            pool,
            spare: Spare::default(),
            settings,
            observers: Observers::new(observers),
            runtime,
            facts: OnceLock::new(),
            signatures: Signatures::default(),
            templates: OnceLock::new(),
            in_use: AtomicU32::new(0),
        })))
    }
}

impl Options {
    fn settle(self, location: Location) -> Result<Settings> {
        if self.max_connections == 0 {
            return Err(Error::configuration("max_connections is 0: a pool needs at least one connection"));
        }
        if self.min_connections > self.max_connections {
            return Err(Error::configuration(format!(
                "min_connections is {}, more than max_connections, which is {}",
                self.min_connections, self.max_connections
            )));
        }
        if self.without_returning && location.dialect == Dialect::Postgres {
            return Err(Error::configuration("without_returning: PostgreSQL reports generated keys in no other way"));
        }
        let is_server = location.dialect != Dialect::Sqlite;
        let by_default = |minutes: u64| is_server.then(|| Duration::from_secs(minutes * 60));
        let max_lifetime = self.max_lifetime.unwrap_or_else(|| by_default(30));
        let idle_timeout = self.idle_timeout.unwrap_or_else(|| by_default(10));
        let is_private = location.is_private;
        Ok(Settings {
            max_connections: if is_private { 1 } else { self.max_connections },
            // Closing the only connection of a database in memory would lose the data.
            min_connections: if is_private { 0 } else { self.min_connections },
            max_lifetime: max_lifetime.filter(|_| !is_private),
            idle_timeout: idle_timeout.filter(|_| !is_private),
            pre_ping: self.pre_ping.unwrap_or(is_server) && !is_private,
            acquire_timeout: self.acquire_timeout,
            statement_cache: self.statement_cache,
            without_returning: self.without_returning,
            direct_sqlite: self.direct_sqlite,
            pauses: self.pauses,
            location,
        })
    }
}

impl Settings {
    pub(super) fn max_connections(&self) -> u32 {
        self.max_connections
    }

    /// Whether a connection may be used again without the pool, which would have looked at its age.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))]
    pub(super) fn keeps_spare(&self) -> bool {
        self.direct_sqlite && !self.pre_ping && self.max_lifetime.is_none() && self.idle_timeout.is_none()
    }

    /// What the server can do, less what the user switched off.
    pub(super) fn capabilities(&self, server: Capabilities) -> Capabilities {
        if !self.without_returning {
            return server;
        }
        let generated_keys = match server.generated_keys {
            GeneratedKeys::Returning => GeneratedKeys::FirstRow,
            other => other,
        };
        Capabilities {
            generated_keys,
            insert_returning: false,
            update_returning: false,
            delete_returning: false,
            ..server
        }
    }
}
