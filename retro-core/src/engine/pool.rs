//! The driver's pool, for whichever database.

use std::sync::Arc;

#[cfg(any(feature = "postgres", feature = "mysql"))]
use sqlx::Connection;
#[cfg(feature = "mysql")]
use sqlx::MySql;
#[cfg(feature = "postgres")]
use sqlx::Postgres;
#[cfg(feature = "sqlite")]
use sqlx::Sqlite;
use sqlx::pool::PoolOptions;
use sqlx::{ConnectOptions, Database};
use tokio::runtime::Handle;

use super::PoolStatus;
use super::builder::Settings;
use super::driver::{Link, Pooled, Raw};
use super::hook::{self, Hooks};
#[cfg(feature = "sqlite")]
use super::sqlite::SqliteLink;
use crate::dialect::Dialect;
use crate::error::{Error, Result};

pub(super) enum Pool {
    #[cfg(feature = "sqlite")]
    Sqlite(sqlx::Pool<Sqlite>),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::Pool<Postgres>),
    #[cfg(feature = "mysql")]
    MySql(sqlx::Pool<MySql>),
}

/// Opens the pool of one driver. A macro and not a generic function, because the hook must be given
/// the connection in the driver's own type.
macro_rules! open {
    ($driver:ident, $database:ident, $settings:expr, $hooks:expr) => {{
        let options = super::$driver::connect_options($settings).map_err(|error| misconfigured(error, $settings))?;
        let hooks = Arc::new($hooks);
        let pool = pool_options::<$database>($settings).after_connect(move |connection, _| {
            let hooks = Arc::clone(&hooks);
            Box::pin(async move { hook::prepare(Raw::$database(connection), &hooks).await })
        });
        Ok(Pool::$database(pool.connect_lazy_with(options.disable_statement_logging())))
    }};
}

impl Pool {
    /// Opens no connection yet.
    pub(super) fn open(settings: &Settings, hooks: Hooks) -> Result<Pool> {
        match settings.location.dialect {
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => open!(sqlite, Sqlite, settings, hooks),
            #[cfg(feature = "postgres")]
            Dialect::Postgres => open!(postgres, Postgres, settings, hooks),
            #[cfg(feature = "mysql")]
            Dialect::MySql => open!(mysql, MySql, settings, hooks),
            #[allow(unreachable_patterns)] // with all the features
            other => Err(Error::configuration(format!("{other} is not compiled in"))),
        }
    }

    #[cfg_attr(not(feature = "sqlite"), allow(unused_variables))]
    pub(super) async fn acquire(&self, settings: &Settings, runtime: &Handle) -> Result<Link, sqlx::Error> {
        Ok(Link::new(match self {
            #[cfg(feature = "sqlite")]
            Pool::Sqlite(pool) => {
                let connection = pool.acquire().await?;
                Pooled::Sqlite(SqliteLink::new(connection, runtime, settings))
            }
            #[cfg(feature = "postgres")]
            Pool::Postgres(pool) => Pooled::Postgres(pool.acquire().await?),
            #[cfg(feature = "mysql")]
            Pool::MySql(pool) => Pooled::MySql(pool.acquire().await?),
        }))
    }

    /// Connects once beside the pool, to see whether there is a server. SQLite has none.
    pub(super) async fn probe(&self) -> Result<(), sqlx::Error> {
        match self {
            #[cfg(feature = "sqlite")]
            Pool::Sqlite(_) => Ok(()),
            #[cfg(feature = "postgres")]
            Pool::Postgres(pool) => pool.connect_options().connect().await?.close().await,
            #[cfg(feature = "mysql")]
            Pool::MySql(pool) => pool.connect_options().connect().await?.close().await,
        }
    }

    pub(super) fn status(&self) -> PoolStatus {
        match self {
            #[cfg(feature = "sqlite")]
            Pool::Sqlite(pool) => status(pool),
            #[cfg(feature = "postgres")]
            Pool::Postgres(pool) => status(pool),
            #[cfg(feature = "mysql")]
            Pool::MySql(pool) => status(pool),
        }
    }

    pub(super) async fn close(&self) {
        match self {
            #[cfg(feature = "sqlite")]
            Pool::Sqlite(pool) => pool.close().await,
            #[cfg(feature = "postgres")]
            Pool::Postgres(pool) => pool.close().await,
            #[cfg(feature = "mysql")]
            Pool::MySql(pool) => pool.close().await,
        }
    }
}

fn status<DB: Database>(pool: &sqlx::Pool<DB>) -> PoolStatus {
    PoolStatus {
        size: pool.size(),
        idle: u32::try_from(pool.num_idle()).unwrap_or(u32::MAX),
        max: pool.options().get_max_connections(),
    }
}

fn pool_options<DB: Database>(settings: &Settings) -> PoolOptions<DB> {
    PoolOptions::new()
        .max_connections(settings.max_connections())
        .min_connections(settings.min_connections)
        .acquire_timeout(settings.acquire_timeout)
        .max_lifetime(settings.max_lifetime)
        .idle_timeout(settings.idle_timeout)
        .test_before_acquire(settings.pre_ping)
}

fn misconfigured(error: sqlx::Error, settings: &Settings) -> Error {
    // A driver quotes what it takes for a parameter. That may be part of a password with a `?` in it.
    if settings.location.holds_secret() && error.to_string().contains(['`', '"', '\'']) {
        return Error::configuration(format!(
            "{}: a part of the URL is not understood; special characters in a user's name or password must be escaped, \
             as `%3F` for `?`",
            settings.location
        ));
    }
    Error::configuration(format!("{}: {error}", settings.location)).with_source(error)
}
