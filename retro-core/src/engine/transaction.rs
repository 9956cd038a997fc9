//! Transactions and savepoints of a connection.

use super::Connection;
use super::connection::Transaction;
use crate::dialect::TransactionOptions;
use crate::error::{Error, ErrorKind, Result};

impl Connection {
    /// Begins a transaction.
    pub(crate) async fn begin(&mut self, options: TransactionOptions) -> Result<()> {
        if self.in_transaction() {
            return Err(Error::new(ErrorKind::InvalidState, "a transaction is already open: use a savepoint"));
        }
        let begun = self.command(&self.dialect().begin(&options)).await;
        if begun.is_err() {
            // On MySQL the isolation level may have been set for a transaction that did not begin,
            // and would meet the next one.
            self.status.spent |= options.isolation.is_some();
            return begun;
        }
        self.status.transaction = Transaction::Open;
        Ok(())
    }

    /// Commits. If the error says that the outcome is unknown, or the future is dropped, nobody knows
    /// whether the transaction was committed; after any other error it was not, and waits for
    /// [`rollback`](Connection::rollback).
    pub(crate) async fn commit(&mut self) -> Result<()> {
        match self.status.transaction {
            Transaction::Open => {}
            Transaction::None => return Err(Error::new(ErrorKind::InvalidState, "there is no transaction to commit")),
            // PostgreSQL answers a COMMIT here with a rollback and no error.
            Transaction::Failed => {
                return Err(Error::new(
                    ErrorKind::RolledBack,
                    "the transaction has failed and cannot be committed: roll it back",
                ));
            }
        }
        if self.status.undrained {
            // The rest of a dropped stream may hold an error that nobody has seen.
            self.command("SELECT 1").await?;
        }
        match self.command("COMMIT").await {
            Ok(()) => {
                self.status.transaction = Transaction::None;
                Ok(())
            }
            Err(error) if self.is_usable() => {
                self.status.transaction = Transaction::Failed;
                Err(error)
            }
            Err(error) => Err(error.with_outcome_unknown()),
        }
    }

    /// Rolls back. Nothing happens if no transaction is open.
    pub(crate) async fn rollback(&mut self) -> Result<()> {
        if self.is_usable() && !self.in_transaction() {
            return Ok(());
        }
        self.roll_back().await?;
        self.status.transaction = Transaction::None;
        Ok(())
    }

    /// Sets a savepoint.
    pub(crate) async fn savepoint(&mut self, name: &str) -> Result<()> {
        self.require_open("set a savepoint")?;
        self.command(&format!("SAVEPOINT {}", self.dialect().quote(name))).await
    }

    /// Forgets a savepoint and keeps what was done since.
    pub(crate) async fn release(&mut self, name: &str) -> Result<()> {
        self.require_open("release a savepoint")?;
        self.command(&format!("RELEASE SAVEPOINT {}", self.dialect().quote(name))).await
    }

    /// Undoes what was done since a savepoint, which stays. Mends a transaction that has failed
    /// since, unless the database has rolled all of it back.
    pub(crate) async fn rollback_to(&mut self, name: &str) -> Result<()> {
        if !self.in_transaction() {
            return Err(no_transaction("roll back to a savepoint"));
        }
        self.command(&format!("ROLLBACK TO SAVEPOINT {}", self.dialect().quote(name))).await?;
        self.status.transaction = Transaction::Open;
        Ok(())
    }

    fn require_open(&self, purpose: &str) -> Result<()> {
        match self.status.transaction {
            Transaction::Open => Ok(()),
            Transaction::None => Err(no_transaction(purpose)),
            Transaction::Failed => {
                Err(Error::new(ErrorKind::RolledBack, "the transaction has failed and must be rolled back first"))
            }
        }
    }
}

fn no_transaction(purpose: &str) -> Error {
    Error::new(ErrorKind::InvalidState, format!("there is no transaction to {purpose} in"))
}
