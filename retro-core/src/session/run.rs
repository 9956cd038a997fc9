//! [`Engine::transaction`]: a unit of work that commits or rolls back, and tries again if told to.

use std::time::Duration;

use super::Session;
use crate::dialect::Isolation;
use crate::engine::Engine;
use crate::error::Error;

/// Transactions that are tried again; see [`Engine::retry`].
#[derive(Debug, Clone, Copy)]
#[must_use = "says how transactions are run; run one with `transaction`"]
pub struct Retry<'e> {
    engine: &'e Engine,
    times: u32,
    isolation: Option<Isolation>,
}

impl Engine {
    /// Runs `work` with a session of its own: commits if it returns `Ok`, rolls back if `Err`.
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "counters")]
    /// # struct Counter { #[retro(primary_key, generated = false)] id: i32, value: i32 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # metadata![Counter].create_all(&engine).await?;
    /// let value = engine
    ///     .transaction(async |session| {
    ///         let counter = session.add(Counter { id: 1, value: 41 });
    ///         session[counter].value += 1;
    ///         Ok::<_, Error>(session[counter].value)
    ///     })
    ///     .await?;
    /// assert_eq!(value, 42);
    /// # Ok(()) }
    /// ```
    pub async fn transaction<T, E: From<Error>>(
        &self,
        work: impl AsyncFnOnce(&mut Session) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut session = Session::new(self);
        let result = match work(&mut session).await {
            Ok(value) => session.commit().await.map(|()| value).map_err(E::from),
            Err(error) => Err(error),
        };
        if result.is_err() {
            session.rollback().await?;
        }
        result
    }

    /// Runs transactions that are tried again, up to `times` times, with a fresh session and after
    /// a growing pause, when the database reports a serialization failure or a deadlock. Their work
    /// must not do anything outside the session that may not be done twice.
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// let answer = engine.retry(3).transaction(async |_session| Ok::<_, Error>(42)).await?;
    /// assert_eq!(answer, 42);
    /// # Ok(()) }
    /// ```
    pub fn retry(&self, times: u32) -> Retry<'_> {
        Retry { engine: self, times, isolation: None }
    }
}

impl Retry<'_> {
    /// The isolation level of each attempt. [`Serializable`](Isolation::Serializable) is what makes
    /// trying again worth while: whatever the work reads and decides, transactions have the effect that
    /// they have one after the other.
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # use retro_core::Isolation;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "counters")]
    /// # struct Counter { #[retro(primary_key, generated = false)] id: i32, value: i32 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # metadata![Counter].create_all(&engine).await?;
    /// let count = async |session: &mut Session| {
    ///     let counter = match session.get::<Counter>(1).await? {
    ///         Some(counter) => counter,
    ///         None => session.add(Counter { id: 1, value: 0 }),
    ///     };
    ///     session[counter].value += 1;
    ///     Ok::<_, Error>(session[counter].value)
    /// };
    /// let value = engine.retry(3).with_isolation(Isolation::Serializable).transaction(count).await?;
    /// assert_eq!(value, 1);
    /// # Ok(()) }
    /// ```
    pub fn with_isolation(self, isolation: Isolation) -> Self {
        Retry { isolation: Some(isolation), ..self }
    }

    /// Runs `work` as [`Engine::transaction`] does, as often as it takes and is allowed. Each attempt
    /// runs a clone of it, so it cannot change what it has captured.
    // `AsyncFnMut` would do without the clone, but the compiler cannot prove that the future of one
    // that borrows anything is `Send`, so that it could not run in a spawned task.
    pub async fn transaction<T, E: From<Error>>(
        self,
        work: impl AsyncFnOnce(&mut Session) -> Result<T, E> + Clone,
    ) -> Result<T, E> {
        let mut tried = 0;
        loop {
            let mut session = Session::new(self.engine);
            if let Some(isolation) = self.isolation {
                session = session.with_isolation(isolation);
            }
            let result = match work.clone()(&mut session).await {
                Ok(value) => session.commit().await.map(|()| value).map_err(E::from),
                Err(error) => Err(error),
            };
            if result.is_ok() {
                return result;
            }
            // The session knows what the database said, whatever `work` made of the error.
            let again = session.transaction.met_conflict() && tried < self.times;
            session.rollback().await?;
            drop(session);
            if !again {
                return result;
            }
            tokio::time::sleep(pause(tried)).await;
            tried += 1;
        }
    }
}

/// Twice as long each time, and a little different for everybody, so that those who clashed do not
/// clash again.
fn pause(tried: u32) -> Duration {
    let base = Duration::from_millis(5 << tried.min(7));
    let spread = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |now| now.subsec_nanos());
    base + base.mul_f64(f64::from(spread % 1000) / 1000.0)
}
