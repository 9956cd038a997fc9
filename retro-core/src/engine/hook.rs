//! [`ConnectHook`]: what prepares each new connection.

use std::cell::RefCell;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use async_trait::async_trait;

use super::driver::Raw;
use super::error;
use crate::dialect::Dialect;
use crate::error::{Error, Result};

/// Prepares each new connection, before anybody uses it: session settings, extensions, a role.
///
/// Every `&'static str` and `String` is a hook that runs its text.
///
/// ```
/// use retro_core::{ConnectHook, Engine, Error, HookConnection};
///
/// struct SearchPath(String);
///
/// #[async_trait::async_trait]
/// impl ConnectHook for SearchPath {
///     async fn connected(&self, connection: &mut HookConnection<'_>) -> Result<(), Error> {
///         connection.execute(&format!("SET search_path TO {}", self.0)).await
///     }
/// }
///
/// let builder = Engine::builder("postgres://localhost/shop").on_connect(SearchPath("shop".into()));
/// ```
#[async_trait]
pub trait ConnectHook: Send + Sync {
    /// Called once for each new connection.
    async fn connected(&self, connection: &mut HookConnection<'_>) -> Result<()>;
}

#[async_trait]
impl ConnectHook for &'static str {
    async fn connected(&self, connection: &mut HookConnection<'_>) -> Result<()> {
        connection.execute(self).await
    }
}

#[async_trait]
impl ConnectHook for String {
    async fn connected(&self, connection: &mut HookConnection<'_>) -> Result<()> {
        connection.execute(self).await
    }
}

/// A new connection in the hands of a [`ConnectHook`].
pub struct HookConnection<'c>(Raw<'c>);

impl HookConnection<'_> {
    /// The SQL that the database speaks.
    pub fn dialect(&self) -> Dialect {
        self.0.dialect()
    }

    /// Runs statements, separated by semicolons, without binds.
    ///
    /// # Errors
    ///
    /// What the database refuses, and [`Disconnected`](crate::ErrorKind::Disconnected).
    pub async fn execute(&mut self, sql: &str) -> Result<()> {
        let dialect = self.dialect();
        let done = self.0.reborrow().batch(sql).await;
        done.map_err(|fault| error::explain(fault.into(), dialect, sql, &[]).error)
    }
}

impl fmt::Debug for HookConnection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HookConnection").field(&self.dialect()).finish()
    }
}

pub(super) type Hooks = Vec<Arc<dyn ConnectHook>>;

tokio::task_local! {
    /// The error of a hook, on its way past the driver: the pool swallows it and tries again until
    /// the acquire timeout. It opens a connection inside the future of whoever asked for one, so a
    /// task local leads straight back there.
    static SETUP_ERROR: RefCell<Option<Error>>;
}

/// Why there is no connection.
pub(super) enum AcquireError {
    Setup(Error),
    Driver(sqlx::Error),
}

/// Runs what the driver needs on a new connection, and then the hooks.
pub(super) async fn prepare(raw: Raw<'_>, hooks: &Hooks) -> Result<(), sqlx::Error> {
    let mut connection = HookConnection(raw);
    let prepared = async {
        if let Some(setup) = connection.0.session_setup() {
            connection.execute(setup).await?;
        }
        for hook in hooks {
            hook.connected(&mut connection).await?;
        }
        Ok(())
    };
    prepared.await.map_err(|error: Error| {
        let told = sqlx::Error::Protocol(error.to_string());
        // Outside an acquire, when the pool opens a connection for `min_connections`, there is
        // nobody to tell but the driver's log.
        let _ = SETUP_ERROR.try_with(|slot| slot.replace(Some(error)));
        told
    })
}

/// Polls an acquire until it is done or a hook has failed in it.
pub(super) async fn first_error<T>(acquire: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, AcquireError> {
    let raced = async {
        let mut acquire = pin!(acquire);
        poll_fn(|context| {
            let polled = acquire.as_mut().poll(context);
            match SETUP_ERROR.with(RefCell::take) {
                Some(error) => Poll::Ready(Err(AcquireError::Setup(error))),
                None => polled.map_err(AcquireError::Driver),
            }
        })
        .await
    };
    SETUP_ERROR.scope(RefCell::new(None), raced).await
}
