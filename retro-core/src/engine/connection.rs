//! [`Connection`]: one connection out of the pool, which knows its own state.
//!
//! Every operation marks the connection as in flight before its first await and clears the mark
//! when the answer is there. A future that is dropped in between leaves the mark, whatever the
//! statement was, `BEGIN` and `COMMIT` included; then nobody can tell what the server did or will
//! still send, so the connection takes no more statements and never goes back to the pool as it is.

use std::time::{Duration, Instant};

use futures::future::BoxFuture;

use super::driver::{Executed, Fault, Link};
use super::row::Row;
use super::stream::RowStream;
use super::{Engine, Facts, InUse, error};
use crate::dialect::{Capabilities, Dialect};
use crate::error::{Error, ErrorKind, Result};
use crate::sql::{Bind, Statement};

/// How long a server may take to roll back a transaction that was left open, or to give a sign of life
/// when its connection goes back to the pool, before the connection is closed instead.
const PATIENCE: Duration = Duration::from_secs(5);

// The futures of statements are boxed here: the driver's are deeply nested types, which would make
// every caller's future large and its layout slow to compute.

/// A connection that somebody uses. Dropping it is always safe: what is not known to be clean is
/// rolled back or closed.
pub(crate) struct Connection {
    engine: Engine,
    /// Gone only while it is dropped.
    link: Option<Link>,
    pub(super) status: Status,
}

/// What is known about a connection.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Status {
    /// An operation was begun and its answer has not been seen.
    pub(super) in_flight: bool,
    pub(super) transaction: Transaction,
    /// A stream was dropped before its last row. The driver reads the rest before it sends the next
    /// statement, and swallows an error in it.
    pub(super) undrained: bool,
    /// The next user of the connection would suffer from it.
    pub(super) spent: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Transaction {
    #[default]
    None,
    Open,
    /// Can only be rolled back, wholly or to a savepoint.
    Failed,
}

impl Connection {
    pub(super) fn new(engine: Engine, link: Link) -> Self {
        let in_use = InUse::new(engine.clone());
        Connection { engine, link: Some(link.counted(in_use)), status: Status::default() }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.engine.dialect()
    }

    pub(crate) fn capabilities(&self) -> Capabilities {
        self.engine.capabilities()
    }

    /// Whether a transaction was begun and not ended, be it failed.
    pub(crate) fn in_transaction(&self) -> bool {
        self.status.transaction != Transaction::None
    }

    /// False once a future of it was dropped before it finished, or the link broke. Nothing can be
    /// done with the connection then but to drop it, which also ends its transaction.
    pub(crate) fn is_usable(&self) -> bool {
        !self.status.in_flight
    }

    /// Sends a statement that returns no rows.
    pub(crate) fn execute<'c>(&'c mut self, statement: &'c Statement<'_>) -> BoxFuture<'c, Result<Executed>> {
        Box::pin(async move {
            self.require_sound_transaction()?;
            let started = self.engine.observers().clock();
            let sql = self.engine.text(statement);
            let result = self.depart()?.execute(sql, statement).await;
            interruptible(&self.engine).await;
            self.arrive(started, &statement.sql, &statement.binds, result, |done| done.rows)
        })
    }

    /// Sends a statement and collects the rows that it returns.
    pub(crate) fn fetch<'c>(&'c mut self, statement: &'c Statement<'_>) -> BoxFuture<'c, Result<Vec<Row>>> {
        Box::pin(async move {
            let mut all = Vec::new();
            let mut collect = |mut rows: Vec<Row>| {
                match all.is_empty() {
                    true => all = rows,
                    false => all.append(&mut rows),
                }
                Ok(())
            };
            self.fetch_parts(statement, &mut collect).await?;
            Ok(all)
        })
    }

    /// Sends a statement and hands over the rows that it returns, many at a time, while the database may
    /// go on to read others. When they are refused it stops, and the error is that of the refusal.
    pub(crate) fn fetch_parts<'c>(
        &'c mut self,
        statement: &'c Statement<'_>,
        take: &'c mut (dyn FnMut(Vec<Row>) -> Result<()> + Send),
    ) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            self.require_sound_transaction()?;
            let started = self.engine.observers().clock();
            let sql = self.engine.text(statement);
            let (mut count, mut refused) = (0, None);
            let mut counted = |rows: Vec<Row>| {
                count += rows.len() as u64;
                refused = take(rows).err();
                refused.is_none()
            };
            let result = self.depart()?.fetch(sql, statement, &mut counted).await;
            interruptible(&self.engine).await;
            self.arrive(started, &statement.sql, &statement.binds, result, |()| count)?;
            refused.map_or(Ok(()), Err)
        })
    }

    /// Sends a statement whose rows are fetched one by one, in bounded memory. The stream may be
    /// dropped between two rows at any time.
    pub(crate) fn stream(&mut self, statement: Statement<'static>) -> Result<RowStream<'_>> {
        self.require_sound_transaction()?;
        let dialect = self.dialect();
        let Connection { engine, link, status } = self;
        let started = engine.observers().clock();
        let link = usable(link, status)?;
        match link.raw().map_err(Fault::from).and_then(|raw| raw.stream(engine.text(&statement), &statement)) {
            Ok(rows) => Ok(RowStream::new(engine, status, rows, statement, started)),
            Err(fault) => Err(error::explain(fault, dialect, &statement.sql, &statement.binds).error),
        }
    }

    /// Runs several statements at once, as they are: DDL. What it does to a transaction is the
    /// database's affair; MySQL commits it.
    pub(crate) async fn batch(&mut self, script: &str) -> Result<()> {
        self.require_sound_transaction()?;
        self.command(script).await
    }

    /// Sends a text without binds, whatever the state of the transaction.
    pub(super) fn command<'c>(&'c mut self, sql: &'c str) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            let started = self.engine.observers().clock();
            let result = self.depart()?.batch(sql).await;
            interruptible(&self.engine).await;
            self.arrive(started, sql, &[], result, |()| 0)
        })
    }

    /// As [`command`](Connection::command), and no error if there is nothing to roll back.
    pub(super) fn roll_back(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let started = self.engine.observers().clock();
            let link = self.depart()?;
            let result = roll_back(link).await.map_err(Fault::from);
            interruptible(&self.engine).await;
            self.arrive(started, "ROLLBACK", &[], result, |()| 0)
        })
    }

    /// Asks the server what it is.
    pub(super) async fn learn(&mut self) -> Result<Facts> {
        let link = self.depart()?;
        let result = match link.raw() {
            Ok(raw) => raw.facts().await,
            Err(error) => Err(error),
        };
        let result = result.map_err(Fault::from);
        interruptible(&self.engine).await;
        let facts = self.arrive(None, "", &[], result, |_| 0)?;
        Ok(Facts { capabilities: self.engine.settings().capabilities(facts.capabilities), ..facts })
    }

    /// Marks the connection as in flight; [`arrive`](Connection::arrive) clears the mark.
    fn depart(&mut self) -> Result<&mut Link> {
        let link = usable(&mut self.link, &self.status)?;
        self.status.in_flight = true;
        Ok(link)
    }

    /// Takes note of the answer, and tells the observers.
    fn arrive<T>(
        &mut self,
        started: Option<Instant>,
        sql: &str,
        binds: &[Bind<'_>],
        result: Result<T, Fault>,
        rows: impl FnOnce(&T) -> u64,
    ) -> Result<T> {
        match result {
            Ok(value) => {
                self.status.in_flight = false;
                self.status.undrained = false;
                self.engine.observers().tell(started, sql, binds, Ok(rows(&value)));
                Ok(value)
            }
            Err(fault) => {
                let failure = error::explain(fault, self.engine.dialect(), sql, binds);
                self.status.note(&failure);
                self.engine.observers().tell(started, sql, binds, Err(&failure.error));
                Err(failure.error)
            }
        }
    }

    /// A database would refuse the statement, or worse: run it outside the transaction that it has
    /// already rolled back.
    fn require_sound_transaction(&self) -> Result<()> {
        if self.status.transaction != Transaction::Failed {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::RolledBack,
            "the transaction has failed and takes no more statements: roll it back, wholly or to a savepoint",
        ))
    }
}

impl Status {
    pub(super) fn note(&mut self, failure: &error::Failure) {
        self.in_flight = !failure.answered;
        self.spent |= failure.connection_spent;
        if failure.transaction_lost && self.transaction == Transaction::Open {
            self.transaction = Transaction::Failed;
        }
    }
}

async fn roll_back(link: &mut Link) -> Result<(), sqlx::Error> {
    link.raw()?.roll_back().await
}

/// A point where the tests, which drop futures at every await, can be sure to meet one: the database
/// has answered and nobody has taken note. Its answer may be there before it is waited for.
async fn interruptible(engine: &Engine) {
    if cfg!(test) || engine.settings().pauses {
        tokio::task::yield_now().await;
    }
}

fn usable<'c>(link: &'c mut Option<Link>, status: &Status) -> Result<&'c mut Link> {
    match link {
        Some(link) if !status.in_flight => Ok(link),
        _ => Err(Error::new(
            ErrorKind::Interrupted,
            "an operation on this connection was interrupted, so its state is unknown: roll the session back, or drop \
             the connection",
        )),
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Some(link) = self.link.take() else { return };
        // The pool's own clean-up spawns tasks and panics where there is no runtime.
        let _runtime = self.engine.runtime().enter();
        let Status { in_flight, transaction, undrained, spent } = self.status;
        let unknown = in_flight || undrained || spent;
        let link = match !unknown && transaction == Transaction::None && link.may_be_spare() {
            true => self.engine.spare().keep(link.uncounted()),
            false => Some(link),
        };
        let Some(link) = link else { return };
        if unknown && !link.survives_interruption() {
            link.discard();
        } else {
            let returning = Returning { engine: self.engine.clone(), link: Some(link) };
            self.engine.runtime().spawn(returning.run(unknown || transaction != Transaction::None));
        }
    }
}

/// A connection on its way back to the pool, through a `ROLLBACK` if it needs one. If it does not get
/// there, because the server does not answer or the runtime ends, it is closed.
struct Returning {
    engine: Engine,
    link: Option<Link>,
}

impl Returning {
    async fn run(mut self, needs_rollback: bool) {
        if let Some(link) = &mut self.link {
            link.settle().await;
        }
        if needs_rollback && !self.roll_back().await {
            return;
        }
        // By itself, and not with `Returning`, which would close it.
        let Some(link) = self.link.take() else { return };
        let is_local = link.survives_interruption();
        within_patience(is_local, link.give_back()).await;
    }

    async fn roll_back(&mut self) -> bool {
        let Some(link) = &mut self.link else { return false };
        let is_local = link.survives_interruption();
        matches!(within_patience(is_local, roll_back(link)).await, Some(Ok(())))
    }
}

/// What a server does within the time that it is given. Where there is no server there is nobody who
/// might not answer, and closing a database in memory would lose it.
async fn within_patience<T>(is_local: bool, work: impl Future<Output = T>) -> Option<T> {
    if is_local { Some(work.await) } else { tokio::time::timeout(PATIENCE, work).await.ok() }
}

impl Drop for Returning {
    fn drop(&mut self) {
        if let Some(link) = self.link.take() {
            let _runtime = self.engine.runtime().enter();
            link.discard();
        }
    }
}
