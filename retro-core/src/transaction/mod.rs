//! [`Transaction`]: the session's connection, taken when it is needed, begun lazily, and guarded.
//!
//! It knows at every moment whether the database is in a known state. Each step that may be
//! cancelled is announced before its first await; if the announcement still stands when the next
//! operation comes, the future was dropped on the way and the transaction is over.

use futures::stream::{BoxStream, StreamExt, TryStreamExt};

use crate::dialect::TransactionOptions;
use crate::engine::{Connection, Engine, Executed, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::sql::{Access, Statement};

/// The connection of a session and the state of its transaction.
pub(crate) struct Transaction {
    engine: Engine,
    connection: Option<Connection>,
    state: State,
    options: TransactionOptions,
    /// Open savepoints.
    savepoints: usize,
    /// Whether anything was written or locked, which goes with the connection.
    holds: bool,
    /// The error with which the connection broke.
    broken_by: Option<Error>,
    /// Whether the database has reported a conflict with another transaction.
    conflict: bool,
}

#[derive(Debug, Clone)]
enum State {
    /// All is well.
    Good,
    /// A flush, a savepoint command or a rollback is under way, or was abandoned.
    Busy,
    /// A COMMIT is under way: whether it happened is unknown until it returns.
    Committing,
    /// A step failed and was rolled back in the database, or nobody knows.
    Failed(Error, Outcome),
}

/// What a rollback has to do in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The transaction did not happen: memory goes back to its beginning.
    RolledBack,
    /// The COMMIT was cancelled or its answer lost: it may have happened, so nothing in memory can be trusted.
    Unknown,
}

impl Transaction {
    pub(crate) fn new(engine: Engine) -> Self {
        Transaction {
            engine,
            connection: None,
            state: State::Good,
            options: TransactionOptions::default(),
            savepoints: 0,
            holds: false,
            broken_by: None,
            conflict: false,
        }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn set_options(&mut self, options: TransactionOptions) {
        self.options = options;
    }

    /// Whether the database has an open transaction for this session.
    pub(crate) fn is_open(&self) -> bool {
        self.connection.as_ref().is_some_and(Connection::in_transaction)
    }

    pub(crate) fn savepoints(&self) -> usize {
        self.savepoints
    }

    /// `Ok` if the session may talk to the database.
    pub(crate) fn check(&self) -> Result<()> {
        match &self.state {
            State::Good if self.is_lost() => Err(self.lost()),
            State::Good => Ok(()),
            State::Failed(first, _) => Err(rolled_back_by(first)),
            State::Busy => Err(interrupted()),
            State::Committing => Err(commit_interrupted()),
        }
    }

    /// Whether the connection was left in an unknown state, and with it is lost what another one cannot
    /// give: what the transaction had written or locked, or the one view of the data that it was to have.
    fn is_lost(&self) -> bool {
        let Some(connection) = self.connection.as_ref().filter(|connection| !connection.is_usable()) else {
            return false;
        };
        let one_view = connection.in_transaction() && self.options.promises_one_view();
        self.holds || self.savepoints > 0 || one_view
    }

    fn lost(&self) -> Error {
        self.broken_by.as_ref().map_or_else(interrupted, rolled_back_by)
    }

    /// Announces a step that must run to its end: until `finish_step` the transaction counts as
    /// interrupted.
    pub(crate) fn begin_step(&mut self) -> Result<()> {
        self.check()?;
        self.state = State::Busy;
        Ok(())
    }

    pub(crate) fn finish_step(&mut self) {
        self.state = State::Good;
    }

    /// What the transaction has done is half of something, whose other half will not come: only a
    /// rollback of the whole makes the session usable again.
    pub(crate) fn abandon(&mut self) {
        if !matches!(self.state, State::Committing | State::Failed(_, Outcome::Unknown)) {
            self.state = State::Busy;
        }
    }

    /// Ends a step that failed: the database's transaction, or its innermost savepoint, is rolled
    /// back, and everything but `rollback` is refused from now on.
    pub(crate) async fn fail_step(&mut self, error: Error) -> Error {
        let undone = match (&mut self.connection, self.savepoints) {
            (None, _) => Ok(()),
            (Some(connection), 0) => connection.rollback().await,
            (Some(connection), depth) => connection.rollback_to(&savepoint_name(depth)).await,
        };
        if undone.is_err() || self.savepoints == 0 {
            self.connection = None;
        }
        self.state = State::Failed(error.clone(), Outcome::RolledBack);
        error
    }

    /// Sends a statement and collects its rows. Where reading needs no transaction none is begun for
    /// it, and the connection goes back.
    pub(crate) async fn fetch(&mut self, statement: &Statement<'_>, access: Access) -> Result<Vec<Row>> {
        self.check()?;
        self.fetch_in_step(statement, access).await
    }

    /// As [`fetch`](Transaction::fetch), within a step that was announced: what a flush has to know.
    pub(crate) async fn fetch_in_step(&mut self, statement: &Statement<'_>, access: Access) -> Result<Vec<Row>> {
        let rows = self.connect_for(access).await?.fetch(statement).await;
        if !self.is_open() {
            self.connection = None;
        }
        self.note(rows)
    }

    /// As [`fetch`](Transaction::fetch), and hands over the rows, many at a time, while others may be read.
    pub(crate) async fn fetch_parts(
        &mut self,
        statement: &Statement<'_>,
        access: Access,
        take: &mut (dyn FnMut(Vec<Row>) -> Result<()> + Send),
    ) -> Result<()> {
        self.check()?;
        let done = self.connect_for(access).await?.fetch_parts(statement, take).await;
        if !self.is_open() {
            self.connection = None;
        }
        self.note(done)
    }

    /// Sends a statement whose rows are taken one by one. The transaction is the stream's for as long
    /// as it lives; a connection that is in none goes back with it.
    pub(crate) async fn stream(
        &mut self,
        statement: Statement<'static>,
        access: Access,
    ) -> Result<BoxStream<'_, Result<Row>>> {
        self.check()?;
        self.connect_for(access).await?;
        let Transaction { connection, conflict, broken_by, .. } = self;
        let rows = match connection.take_if(|connection| !connection.in_transaction()) {
            Some(free) => free.into_stream(statement),
            None => match connection {
                Some(connection) => connection.stream(statement)?.boxed(),
                None => return Err(interrupted()),
            },
        };
        let note = |error: &Error| {
            *conflict |= error.is_serialization_failure();
            if error.is_disconnected() {
                *broken_by = Some(error.clone());
            }
        };
        Ok(rows.inspect_err(note).boxed())
    }

    async fn connect_for(&mut self, access: Access) -> Result<&mut Connection> {
        self.holds |= access != Access::Read;
        let lazily = self.engine.capabilities().begins_on_write && !self.options.promises_one_view();
        self.connect(access != Access::Read || !lazily).await
    }

    /// Reads rows and locks them until the transaction ends, which is begun if need be. Who waits for a
    /// lock may be told that it will not get it: that ends the transaction.
    pub(crate) async fn fetch_locked(&mut self, statement: &Statement<'_>) -> Result<Vec<Row>> {
        self.begin_step()?;
        match self.write_fetch(statement).await {
            Ok(rows) => {
                self.finish_step();
                Ok(rows)
            }
            Err(error) => Err(self.fail_step(error).await),
        }
    }

    /// Writes, and reads what the statement returns.
    pub(crate) async fn write_fetch(&mut self, statement: &Statement<'_>) -> Result<Vec<Row>> {
        self.fetch_in_step(statement, Access::Write).await
    }

    /// Writes.
    pub(crate) async fn execute(&mut self, statement: &Statement<'_>) -> Result<Executed> {
        let executed = self.connect_for(Access::Write).await?.execute(statement).await;
        self.note(executed)
    }

    /// Remembers that the database reported a conflict with another transaction, or that the
    /// connection broke.
    fn note<T>(&mut self, result: Result<T>) -> Result<T> {
        if let Err(error) = &result {
            self.conflict |= error.is_serialization_failure();
            if error.is_disconnected() {
                self.broken_by = Some(error.clone());
            }
        }
        result
    }

    /// Whether the transaction failed because of another one, and may succeed when tried again.
    pub(crate) fn met_conflict(&self) -> bool {
        self.conflict
    }

    /// The connection, in a transaction if `begin`.
    ///
    /// One whose last operation was cancelled is closed. If the transaction had only read, a new one
    /// takes its place unnoticed, unless all reads were to see the same; if it had written or locked
    /// anything, that is lost and the session must be rolled back.
    async fn connect(&mut self, begin: bool) -> Result<&mut Connection> {
        if self.is_lost() {
            return Err(self.lost());
        }
        if self.connection.as_ref().is_some_and(|connection| !connection.is_usable()) {
            self.connection = None;
            self.broken_by = None;
        }
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.engine.acquire().await?,
        };
        if begin
            && !connection.in_transaction()
            && let Err(error) = connection.begin(self.options).await
        {
            self.conflict |= error.is_serialization_failure();
            return Err(error);
        }
        Ok(self.connection.insert(connection))
    }

    /// Commits, if there is a transaction, and lets the connection go. One that has only read and lost
    /// its connection has nothing to commit.
    pub(crate) async fn commit(&mut self) -> Result<()> {
        self.check()?;
        let open = |connection: &&mut Connection| connection.is_usable() && connection.in_transaction();
        if let Some(connection) = self.connection.as_mut().filter(open) {
            self.state = State::Committing;
            if let Err(error) = connection.commit().await {
                self.conflict |= error.is_serialization_failure();
                let (outcome, what) = match error.is_outcome_unknown() {
                    true => (Outcome::Unknown, "commit, which may have happened or not"),
                    false => (Outcome::RolledBack, "commit"),
                };
                let error = error.context(what);
                self.connection = None;
                self.state = State::Failed(error.clone(), outcome);
                return Err(error);
            }
        }
        self.end();
        Ok(())
    }

    /// Rolls back, whatever the state. Never fails: a connection that cannot roll back is closed,
    /// which ends its transaction too.
    pub(crate) async fn rollback(&mut self) -> Outcome {
        let outcome = match self.state {
            State::Committing | State::Failed(_, Outcome::Unknown) => Outcome::Unknown,
            _ => Outcome::RolledBack,
        };
        // If this future is dropped the session still waits for a rollback, of the same outcome. The
        // connection is out of `self` while it is awaited, so then it is dropped too.
        self.state = State::Failed(interrupted(), outcome);
        if let Some(mut connection) = self.connection.take()
            && connection.is_usable()
            && connection.in_transaction()
        {
            // An error leaves the connection unclean, and dropping it closes it.
            let _ = connection.rollback().await;
        }
        self.end();
        outcome
    }

    fn end(&mut self) {
        self.connection = None;
        self.state = State::Good;
        self.savepoints = 0;
        self.holds = false;
        self.broken_by = None;
        self.conflict = false;
    }

    /// Opens a savepoint, in a transaction that is begun if need be.
    pub(crate) async fn savepoint(&mut self) -> Result<()> {
        self.begin_step()?;
        let name = savepoint_name(self.savepoints + 1);
        let opened = match self.connect(true).await {
            Ok(connection) => connection.savepoint(&name).await,
            Err(error) => Err(error),
        };
        if let Err(error) = opened {
            return Err(self.fail_step(error).await.context("savepoint"));
        }
        self.savepoints += 1;
        self.finish_step();
        Ok(())
    }

    /// Releases the innermost savepoint.
    pub(crate) async fn release(&mut self) -> Result<()> {
        self.begin_step()?;
        let name = savepoint_name(self.savepoints);
        let released = match self.connect(true).await {
            Ok(connection) => connection.release(&name).await,
            Err(error) => Err(error),
        };
        if let Err(error) = released {
            return Err(self.fail_step(error).await.context("release of a savepoint"));
        }
        self.savepoints -= 1;
        self.finish_step();
        Ok(())
    }

    /// Rolls back to the innermost savepoint and closes it. Heals a transaction whose flush failed
    /// within the savepoint.
    pub(crate) async fn rollback_to_savepoint(&mut self) -> Result<()> {
        if matches!(self.state, State::Busy | State::Committing) {
            return self.check();
        }
        let Some(connection) = self.connection.as_mut().filter(|connection| connection.is_usable()) else {
            self.check()?;
            return Err(interrupted());
        };
        self.state = State::Busy;
        let name = savepoint_name(self.savepoints);
        let mut done = connection.rollback_to(&name).await;
        if done.is_ok() {
            done = connection.release(&name).await;
        }
        if let Err(error) = done {
            return Err(self.fail_step(error).await.context("rollback to a savepoint"));
        }
        self.savepoints -= 1;
        self.finish_step();
        Ok(())
    }
}

fn savepoint_name(depth: usize) -> String {
    format!("retro_{depth}")
}

fn rolled_back_by(first: &Error) -> Error {
    first.clone().recast(
        ErrorKind::RolledBack,
        format!("the transaction was rolled back by an earlier error; call `session.rollback()` before going on. The error was: {first}"),
    )
}

/// What is refused after a COMMIT that was not waited for.
fn commit_interrupted() -> Error {
    Error::new(
        ErrorKind::Interrupted,
        "the future of a commit was dropped before it finished, so that nobody knows whether it happened; call `session.rollback()`, which expires everything in memory, before going on",
    )
    .with_outcome_unknown()
}

fn interrupted() -> Error {
    Error::new(
        ErrorKind::Interrupted,
        "a future of this session was dropped before it finished, and its transaction is over; call `session.rollback()` before going on",
    )
}
