//! Ending what was begun: commit, rollback, savepoints.

use super::Session;
use crate::dialect::{Isolation, TransactionOptions};
use crate::error::{Error, ErrorKind, Result};
use crate::transaction::Outcome;

impl Session {
    /// The isolation level of the transactions that this session will begin.
    #[must_use = "gives back the session with the setting"]
    pub fn with_isolation(mut self, isolation: Isolation) -> Session {
        self.transaction
            .set_options(TransactionOptions { isolation: Some(isolation), ..TransactionOptions::default() });
        self
    }

    /// Flushes and commits: what the session did is durable when this returns `Ok`, and entities
    /// keep their values. Sends nothing if nothing was changed or read.
    ///
    /// # Errors
    /// Of the flush, or of the COMMIT itself: then the session waits for
    /// [`rollback`](Session::rollback). If the connection breaks while the COMMIT is under way, or the
    /// future is dropped, nobody knows whether it happened:
    /// [`is_outcome_unknown`](Error::is_outcome_unknown) holds for the error, and for those that follow,
    /// and the `rollback` expires everything in memory.
    pub async fn commit(&mut self) -> Result<()> {
        self.flush().await?;
        self.transaction.commit().await?;
        self.store.committed();
        if self.expire_on_commit {
            self.store.expire_everything();
        }
        Ok(())
    }

    /// Rolls back the transaction, savepoints included, and takes memory back to where it began:
    /// values, links and identity are as they were, without a SELECT. Entities added since are
    /// detached; [`take`](Session::take) gives their structs back. The session can be used again.
    pub async fn rollback(&mut self) -> Result<()> {
        let outcome = self.transaction.rollback().await;
        self.store.rewind_all();
        if outcome == Outcome::Unknown {
            self.store.expire_everything();
        }
        Ok(())
    }

    /// Flushes and opens a savepoint. What follows can be taken back alone with
    /// [`rollback_nested`](Session::rollback_nested), or kept with
    /// [`commit_nested`](Session::commit_nested). Savepoints nest.
    pub async fn begin_nested(&mut self) -> Result<()> {
        self.flush().await?;
        self.transaction.savepoint().await?;
        self.store.mark();
        Ok(())
    }

    /// Flushes and releases the innermost savepoint: its changes belong to the outer one.
    ///
    /// # Errors
    /// [`InvalidState`](ErrorKind::InvalidState) if no savepoint is open.
    pub async fn commit_nested(&mut self) -> Result<()> {
        self.expect_savepoint("commit_nested")?;
        self.flush().await?;
        self.transaction.release().await?;
        self.store.release_mark();
        Ok(())
    }

    /// Rolls back to the innermost savepoint and closes it, in the database and in memory. After a
    /// flush that failed within it, the outer transaction can go on.
    ///
    /// # Errors
    /// [`InvalidState`](ErrorKind::InvalidState) if no savepoint is open;
    /// [`RolledBack`](ErrorKind::RolledBack) if the connection was lost, and
    /// [`Interrupted`](ErrorKind::Interrupted) if a future was dropped before it finished: then only
    /// [`rollback`](Session::rollback) helps.
    pub async fn rollback_nested(&mut self) -> Result<()> {
        self.expect_savepoint("rollback_nested")?;
        self.transaction.rollback_to_savepoint().await?;
        self.store.rewind_mark();
        Ok(())
    }

    /// Runs `work` in a savepoint: released if it returns `Ok`, rolled back if `Err`. If the future
    /// is dropped before that, the session waits for [`rollback`](Session::rollback), so that work
    /// done by half is never committed.
    ///
    /// # Errors
    /// What `work` returns, or what opening or releasing the savepoint meets. If the savepoint cannot
    /// be rolled back afterwards, because the connection broke, the first error is returned all the
    /// same, and the session waits for [`rollback`](Session::rollback).
    pub async fn nested<T, E: From<Error>>(
        &mut self,
        work: impl AsyncFnOnce(&mut Session) -> Result<T, E>,
    ) -> Result<T, E> {
        let depth = self.transaction.savepoints();
        self.begin_nested().await?;
        let result = {
            let mut scope = NestedScope { session: self, ended: false };
            let result = work(scope.session).await;
            scope.ended = true;
            result
        };
        let result = match result {
            Ok(value) => self.commit_nested_to(depth).await.map(|()| value).map_err(E::from),
            Err(error) => Err(error),
        };
        if result.is_err() {
            // Where this fails too, the session refuses to go on and says why.
            let _ = self.rollback_nested_to(depth).await;
        }
        result
    }

    /// Releases the savepoint of `nested`, and those that its work has left open.
    async fn commit_nested_to(&mut self, depth: usize) -> Result<()> {
        if self.transaction.savepoints() <= depth {
            let message = "the work of `nested` has ended the savepoint that it runs in, which is for `nested` to do";
            return Err(Error::new(ErrorKind::InvalidState, message));
        }
        while self.transaction.savepoints() > depth {
            self.commit_nested().await?;
        }
        Ok(())
    }

    async fn rollback_nested_to(&mut self, depth: usize) -> Result<()> {
        while self.transaction.savepoints() > depth {
            self.rollback_nested().await?;
        }
        Ok(())
    }

    /// Whether the session has an open transaction in the database.
    pub fn in_transaction(&self) -> bool {
        self.transaction.is_open()
    }

    fn expect_savepoint(&self, what: &str) -> Result<()> {
        if self.transaction.savepoints() > 0 {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::InvalidState,
            format!("{what} without an open savepoint; open one with `begin_nested`"),
        ))
    }
}

/// The work within a savepoint. If it goes before its end, nobody will release the savepoint or roll
/// it back.
struct NestedScope<'s> {
    session: &'s mut Session,
    ended: bool,
}

impl Drop for NestedScope<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.session.transaction.abandon();
        }
    }
}
