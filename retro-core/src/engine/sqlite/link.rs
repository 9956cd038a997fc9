//! [`SqliteLink`]: what of a connection's work runs where.
//!
//! The driver has a thread for each connection, and hands it every statement and back every row. Here
//! the same connection is used directly, under the lock that the driver lends:
//!
//! * **Reading.** A statement that only reads is begun on the thread of whoever asks. What is short ends
//!   there; after so many rows, or about a millisecond, the rest is read by one of the runtime's threads for
//!   blocking work. The connection goes with it and comes back through a channel, also if
//!   the future that waited was dropped.
//! * **Flushes.** Their statements take about as long as they have binds, so they run where they are, and so
//!   do `BEGIN`, savepoints, and the `COMMIT` of a transaction that has written little. Not so DELETEs, and
//!   UPDATEs of keys: SQLite looks for rows that refer to theirs, if need be through whole tables.
//! * **Everything else** goes through the driver: other statements that write and may take any time, DDL,
//!   PRAGMAs, streams, and what would have to wait for a lock of another connection, which SQLite does on
//!   the thread that asks it. Here it is asked not to.

use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::{Connection, Sqlite};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::batch::Gather;
use super::step::{Held, Locked, Ran, Read, is_thread_safe};
use crate::engine::builder::Settings;
use crate::engine::driver::{Executed, Fault, Take};
use crate::engine::row::Row;
use crate::sql::Statement;

/// Rows that are read where the statement was begun: about half a millisecond.
const FEW_ROWS: usize = 2048;

/// Binds that a transaction may have written whose COMMIT runs where it is: what it puts into the file is
/// about as long.
const FEW_BINDS: usize = 4096;

/// Rows that are handed over at a time, and how often before one is taken.
const PART: usize = 1024;
const PARTS_AHEAD: usize = 8;

pub(in crate::engine) struct SqliteLink {
    place: Place,
    /// Whether to step statements here, and not leave them to the driver.
    is_direct: bool,
    may_be_spare: bool,
    /// Whether the lock was ever taken.
    was_locked: bool,
    /// How many binds the transaction has written, as far as that is known.
    binds: usize,
}

enum Place {
    Here(Held),
    /// Where its rows are read. Whatever they are, it comes back.
    Away(oneshot::Receiver<Back>),
    /// The runtime ended, and the connection with it.
    Gone,
}

struct Back {
    held: Held,
    read: Result<(), Fault>,
}

/// What is said of a statement that the driver has to do.
pub(in crate::engine) enum Done<T> {
    Here(T),
    Unfit,
}

impl SqliteLink {
    pub(in crate::engine) fn new(
        connection: PoolConnection<Sqlite>,
        runtime: &Handle,
        settings: &Settings,
    ) -> SqliteLink {
        let held = Held::new(connection, runtime.clone(), settings.statement_cache);
        SqliteLink {
            place: Place::Here(held),
            is_direct: settings.direct_sqlite && is_thread_safe(),
            may_be_spare: settings.keeps_spare(),
            was_locked: false,
            binds: 0,
        }
    }

    pub(in crate::engine) fn may_be_spare(&self) -> bool {
        self.may_be_spare && matches!(self.place, Place::Here(_))
    }

    /// The connection for the driver to use; `None` while it is away.
    pub(in crate::engine) fn connection(&mut self) -> Option<&mut PoolConnection<Sqlite>> {
        // It may write any number of rows.
        self.binds = usize::MAX;
        match &mut self.place {
            Place::Here(held) => Some(held.connection()),
            Place::Away(_) | Place::Gone => None,
        }
    }

    /// The connection for good; `None` if it is away, where it will be closed.
    pub(in crate::engine) fn into_connection(self) -> Option<PoolConnection<Sqlite>> {
        match self.place {
            Place::Here(held) => held.into_connection(),
            Place::Away(_) | Place::Gone => None,
        }
    }

    /// Waits until the connection is back.
    pub(in crate::engine) async fn come_home(&mut self) {
        if let Place::Away(back) = &mut self.place {
            self.place = match back.await {
                Ok(Back { held, .. }) => Place::Here(held),
                Err(_) => Place::Gone,
            };
        }
    }

    /// Runs a statement that takes about as long as it has binds.
    pub(in crate::engine) async fn run(
        &mut self,
        sql: &Arc<str>,
        statement: &Statement<'_>,
    ) -> Result<Done<Executed>, Fault> {
        if !self.is_direct || !statement.bounded {
            return Ok(Done::Unfit);
        }
        self.binds = self.binds.saturating_add(statement.binds.len());
        let locked = self.lock().await?;
        Ok(match locked.run(sql, statement.cache, &statement.binds, None)? {
            Ran::Done(executed) => Done::Here(executed),
            Ran::Blocked | Ran::Unfit => Done::Unfit,
        })
    }

    /// Runs one of the texts that begin and end transactions.
    pub(in crate::engine) async fn command(&mut self, sql: &str) -> Result<Done<()>, Fault> {
        if !self.is_direct || !is_of_transaction(sql) || (sql == "COMMIT" && self.binds > FEW_BINDS) {
            return Ok(Done::Unfit);
        }
        let locked = self.lock().await?;
        Ok(match locked.run(&sql.into(), true, &[], None)? {
            Ran::Done(_) => {
                if sql.starts_with("BEGIN") {
                    self.binds = 0;
                }
                Done::Here(())
            }
            Ran::Blocked | Ran::Unfit => Done::Unfit,
        })
    }

    /// The rows of a statement, as many at a time as are there, until they are no longer taken.
    pub(in crate::engine) async fn fetch(
        &mut self,
        sql: &Arc<str>,
        statement: &Statement<'_>,
        take: Take<'_>,
    ) -> Result<Done<()>, Fault> {
        if !self.is_direct || !(statement.bounded || is_query(sql)) {
            return Ok(Done::Unfit);
        }
        if statement.bounded {
            self.binds = self.binds.saturating_add(statement.binds.len());
        }
        let locked = self.lock().await?;
        let mut rows = Gather::new();
        if statement.bounded {
            return Ok(match locked.run(sql, statement.cache, &statement.binds, Some(&mut rows))? {
                Ran::Done(_) => {
                    take(rows.take());
                    Done::Here(())
                }
                Ran::Blocked | Ran::Unfit => Done::Unfit,
            });
        }
        if !locked.begin_reading(sql, statement.cache, &statement.binds)? {
            return Ok(Done::Unfit);
        }
        let read = locked.read_briefly(&mut rows, FEW_ROWS)?;
        match read {
            Read::All | Read::Some => {
                let is_wanted = take(rows.take());
                if matches!(read, Read::All) || !is_wanted {
                    locked.end_reading();
                    return Ok(Done::Here(()));
                }
            }
            Read::Anew => rows.clear(),
        }
        self.read_elsewhere(rows, take).await.map(Done::Here)
    }

    async fn lock(&mut self) -> Result<&mut Locked, Fault> {
        // What follows may never have to wait for anything.
        tokio::task::coop::consume_budget().await;
        let Place::Here(held) = &mut self.place else { return Err(sqlx::Error::WorkerCrashed.into()) };
        if held.locked().is_none() {
            if std::mem::replace(&mut self.was_locked, true) {
                // See `Held::lock`. What was sent since may have failed before it was.
                held.connection().ping().await?;
            }
            held.lock().await?;
        }
        held.locked().ok_or(Fault::Driver(sqlx::Error::WorkerCrashed))
    }

    /// Goes on reading on a thread that may be blocked, while the rows before are taken here.
    async fn read_elsewhere(&mut self, rows: Gather, take: Take<'_>) -> Result<(), Fault> {
        let (here, back) = oneshot::channel();
        let Place::Here(held) = std::mem::replace(&mut self.place, Place::Away(back)) else {
            return Err(sqlx::Error::WorkerCrashed.into());
        };
        let (ahead, mut parts) = mpsc::channel(PARTS_AHEAD);
        let runtime = held.runtime().clone();
        runtime.spawn_blocking(move || {
            let mut held = held;
            let read = match held.locked() {
                Some(locked) => read_all(locked, rows, &ahead),
                None => Err(sqlx::Error::WorkerCrashed.into()),
            };
            drop(ahead);
            if let Err(Back { held, .. }) = here.send(Back { held, read }) {
                // Nobody will have it again, so it is closed, which rolls back.
                drop(held.into_connection().map(PoolConnection::detach));
            }
        });
        while let Some(part) = parts.recv().await {
            if !take(part) {
                break;
            }
        }
        // It stops when nobody takes its rows.
        drop(parts);
        let Place::Away(back) = &mut self.place else { return Err(sqlx::Error::WorkerCrashed.into()) };
        match back.await {
            Ok(Back { held, read }) => {
                self.place = Place::Here(held);
                read
            }
            Err(_) => {
                self.place = Place::Gone;
                Err(sqlx::Error::WorkerCrashed.into())
            }
        }
    }
}

fn read_all(locked: &mut Locked, mut rows: Gather, ahead: &mpsc::Sender<Vec<Row>>) -> Result<(), Fault> {
    locked.wait_for_locks(true);
    let mut read = Ok(true);
    while matches!(read, Ok(true)) {
        read = locked.read(&mut rows, PART, ahead);
        if ahead.is_closed() || (read.is_ok() && ahead.blocking_send(rows.take()).is_err()) {
            // Nobody takes them, and nobody asks why it has stopped.
            read = Ok(false);
        }
    }
    locked.end_reading();
    locked.wait_for_locks(false);
    read.map(|_| ())
}

/// Whether a text reads rows, by its first word. Others are the driver's: a PRAGMA may change what is
/// known of the connection.
fn is_query(sql: &str) -> bool {
    let first = sql.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    ["SELECT", "WITH", "VALUES"].iter().any(|word| first.eq_ignore_ascii_case(word))
}

fn is_of_transaction(sql: &str) -> bool {
    let is_plain = !sql.contains(';');
    is_plain
        && (sql == "COMMIT"
            || ["BEGIN", "SAVEPOINT ", "RELEASE ", "ROLLBACK TO "].iter().any(|beginning| sql.starts_with(beginning)))
}
