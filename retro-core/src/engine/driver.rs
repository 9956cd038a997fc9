//! The three drivers behind one face.

use std::sync::Arc;

#[cfg(feature = "sqlite")]
use sqlx::SqliteConnection;
#[cfg(feature = "mysql")]
use sqlx::{MySql, MySqlConnection};
#[cfg(feature = "postgres")]
use sqlx::{PgConnection, Postgres};

use futures::TryStreamExt;
use futures::stream::BoxStream;
use sqlx::pool::PoolConnection;

use super::row::Row;
#[cfg(feature = "sqlite")]
use super::sqlite::{Done, SqliteLink};
use super::{Facts, InUse};
use crate::dialect::{Dialect, Refusal};
use crate::error::Result;
use crate::sql::{Bind, BindData, Statement};
use crate::value::{ValueError, check_fit};

/// A connection out of the pool. Whoever [gives it back](Link::give_back), or drops it, must know that
/// it is clean; [`discard`](Link::discard) is the other way.
pub(super) struct Link {
    pooled: Pooled,
    /// Counted until the pool has the connection back.
    _in_use: Option<InUse>,
}

pub(super) enum Pooled {
    #[cfg(feature = "sqlite")]
    Sqlite(SqliteLink),
    #[cfg(feature = "postgres")]
    Postgres(PoolConnection<Postgres>),
    #[cfg(feature = "mysql")]
    MySql(PoolConnection<MySql>),
}

/// A borrowed connection.
pub(super) enum Raw<'c> {
    #[cfg(feature = "sqlite")]
    Sqlite(&'c mut SqliteConnection),
    #[cfg(feature = "postgres")]
    Postgres(&'c mut PgConnection),
    #[cfg(feature = "mysql")]
    MySql(&'c mut MySqlConnection),
}

/// What a statement without rows did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Executed {
    /// Rows inserted, found by an UPDATE (changed or not), or deleted. Says nothing about DDL.
    pub(crate) rows: u64,
    /// The generated key that the driver reports: the last row's on SQLite, the first row's on
    /// MySQL. Not a key of this statement unless it is an INSERT that generates some.
    pub(crate) last_key: Option<i64>,
}

/// Why a statement has no result.
pub(super) enum Fault {
    /// A bind cannot be sent. Nothing was.
    Bind(Unsendable),
    Driver(sqlx::Error),
}

/// The bind that cannot be sent.
pub(super) struct Unsendable {
    /// Which one it is.
    pub(super) bind: usize,
    /// Of an array, which of its elements.
    pub(super) element: usize,
    pub(super) reason: ValueError,
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Fault::Driver(error)
    }
}

/// Rows of a server that are handed over at a time. While they are taken it sends others.
const PART: usize = 256;

/// Takes rows as they come, many at a time, and says whether more are wanted.
pub(super) type Take<'t> = &'t mut (dyn FnMut(Vec<Row>) -> bool + Send);

/// A stream of rows as the driver sends them.
pub(super) type Rows<'c> = BoxStream<'c, Result<Row, sqlx::Error>>;

/// Calls the same function of whichever driver it is.
macro_rules! on_driver {
    ($value:expr, $of:ident, |$driver:ident, $connection:ident| $call:expr) => {
        match $value {
            #[cfg(feature = "sqlite")]
            $of::Sqlite($connection) => {
                use super::sqlite as $driver;
                $call
            }
            #[cfg(feature = "postgres")]
            $of::Postgres($connection) => {
                use super::postgres as $driver;
                $call
            }
            #[cfg(feature = "mysql")]
            $of::MySql($connection) => {
                use super::mysql as $driver;
                $call
            }
        }
    };
}

impl Link {
    pub(super) fn new(pooled: Pooled) -> Self {
        Link { pooled, _in_use: None }
    }

    pub(super) fn counted(self, in_use: InUse) -> Self {
        Link { _in_use: Some(in_use), ..self }
    }

    pub(super) fn uncounted(self) -> Self {
        Link { _in_use: None, ..self }
    }

    /// Whether it may be used again as it is, if it is clean.
    pub(super) fn may_be_spare(&self) -> bool {
        match &self.pooled {
            #[cfg(feature = "sqlite")]
            Pooled::Sqlite(link) => link.may_be_spare(),
            #[cfg(feature = "postgres")]
            Pooled::Postgres(_) => false,
            #[cfg(feature = "mysql")]
            Pooled::MySql(_) => false,
        }
    }

    /// The connection as the driver knows it.
    pub(super) fn raw(&mut self) -> Result<Raw<'_>, sqlx::Error> {
        Ok(match &mut self.pooled {
            #[cfg(feature = "sqlite")]
            Pooled::Sqlite(link) => Raw::Sqlite(link.connection().ok_or(sqlx::Error::WorkerCrashed)?),
            #[cfg(feature = "postgres")]
            Pooled::Postgres(connection) => Raw::Postgres(connection),
            #[cfg(feature = "mysql")]
            Pooled::MySql(connection) => Raw::MySql(connection),
        })
    }

    /// Sends a statement under the given text, which means the same as its own.
    pub(super) async fn execute(&mut self, sql: Arc<str>, statement: &Statement<'_>) -> Result<Executed, Fault> {
        #[cfg(feature = "sqlite")]
        #[allow(irrefutable_let_patterns)] // with SQLite alone
        if let Pooled::Sqlite(link) = &mut self.pooled
            && let Done::Here(executed) = link.run(&sql, statement).await?
        {
            return Ok(executed);
        }
        self.raw()?.execute(sql, statement).await
    }

    /// As [`execute`](Link::execute), and hands over the rows.
    pub(super) async fn fetch(
        &mut self,
        sql: Arc<str>,
        statement: &Statement<'_>,
        take: Take<'_>,
    ) -> Result<(), Fault> {
        #[cfg(feature = "sqlite")]
        #[allow(irrefutable_let_patterns)] // with SQLite alone
        if let Pooled::Sqlite(link) = &mut self.pooled
            && let Done::Here(()) = link.fetch(&sql, statement, take).await?
        {
            return Ok(());
        }
        let mut rows = self.raw()?.stream(sql, statement)?;
        let (mut part, mut is_wanted) = (Vec::new(), true);
        // What is not wanted is read all the same: the server sends it.
        while let Some(row) = rows.try_next().await? {
            if !is_wanted {
                continue;
            }
            part.push(row);
            if part.len() == PART {
                is_wanted = take(std::mem::replace(&mut part, Vec::with_capacity(PART)));
            }
        }
        if is_wanted {
            take(part);
        }
        Ok(())
    }

    /// Runs statements as they are, unprepared.
    pub(super) async fn batch(&mut self, script: &str) -> Result<(), Fault> {
        #[cfg(feature = "sqlite")]
        #[allow(irrefutable_let_patterns)] // with SQLite alone
        if let Pooled::Sqlite(link) = &mut self.pooled
            && let Done::Here(()) = link.command(script).await?
        {
            return Ok(());
        }
        Ok(self.raw()?.batch(script).await?)
    }

    /// Waits until a future that was dropped has let go of the connection.
    pub(super) async fn settle(&mut self) {
        #[cfg(feature = "sqlite")]
        #[allow(irrefutable_let_patterns)] // with SQLite alone
        if let Pooled::Sqlite(link) = &mut self.pooled {
            link.come_home().await;
        }
    }

    /// Whether commands that were sent before a future was dropped run to their end, in order, and
    /// the next command finds the connection in a state that a `ROLLBACK` makes clean. SQLite's
    /// worker thread does so; a server's protocol may have been left in the middle of a message.
    pub(super) fn survives_interruption(&self) -> bool {
        match self.pooled {
            #[cfg(feature = "sqlite")]
            Pooled::Sqlite(_) => true,
            #[cfg(feature = "postgres")]
            Pooled::Postgres(_) => false,
            #[cfg(feature = "mysql")]
            Pooled::MySql(_) => false,
        }
    }

    /// Gives the connection back to the pool, which asks it for a sign of life first. What dropping
    /// does in a task of the driver's, where nobody can set a limit to it: if this future is dropped the
    /// connection is closed.
    pub(super) async fn give_back(mut self) {
        match &mut self.pooled {
            #[cfg(feature = "sqlite")]
            Pooled::Sqlite(link) => {
                if let Some(connection) = link.connection() {
                    connection.return_to_pool().await;
                }
            }
            #[cfg(feature = "postgres")]
            Pooled::Postgres(connection) => connection.return_to_pool().await,
            #[cfg(feature = "mysql")]
            Pooled::MySql(connection) => connection.return_to_pool().await,
        }
    }

    /// Closes the connection now, without a word to a server that may be busy with an abandoned
    /// statement. It rolls back when it notices. The pool may open another one at once.
    pub(super) fn discard(self) {
        match self.pooled {
            #[cfg(feature = "sqlite")]
            Pooled::Sqlite(link) => drop(link.into_connection().map(PoolConnection::detach)),
            #[cfg(feature = "postgres")]
            Pooled::Postgres(connection) => drop(connection.detach()),
            #[cfg(feature = "mysql")]
            Pooled::MySql(connection) => drop(connection.detach()),
        }
    }
}

impl<'c> Raw<'c> {
    pub(super) fn reborrow(&mut self) -> Raw<'_> {
        match self {
            #[cfg(feature = "sqlite")]
            Raw::Sqlite(connection) => Raw::Sqlite(connection),
            #[cfg(feature = "postgres")]
            Raw::Postgres(connection) => Raw::Postgres(connection),
            #[cfg(feature = "mysql")]
            Raw::MySql(connection) => Raw::MySql(connection),
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        match self {
            #[cfg(feature = "sqlite")]
            Raw::Sqlite(_) => Dialect::Sqlite,
            #[cfg(feature = "postgres")]
            Raw::Postgres(_) => Dialect::Postgres,
            #[cfg(feature = "mysql")]
            Raw::MySql(_) => Dialect::MySql,
        }
    }

    /// Sends a statement under the given text, which means the same as its own.
    pub(super) async fn execute(self, sql: Arc<str>, statement: &Statement<'_>) -> Result<Executed, Fault> {
        on_driver!(self, Raw, |driver, connection| driver::execute(connection, sql, statement).await)
    }

    /// As [`execute`](Raw::execute). Nothing is sent before the stream is polled.
    pub(super) fn stream(self, sql: Arc<str>, statement: &Statement<'_>) -> Result<Rows<'c>, Fault> {
        on_driver!(self, Raw, |driver, connection| driver::stream(connection, sql, statement))
    }

    /// Runs statements as they are, unprepared.
    pub(super) async fn batch(self, script: &str) -> Result<(), sqlx::Error> {
        on_driver!(self, Raw, |driver, connection| driver::batch(connection, script).await)
    }

    /// Rolls back; does nothing if there is no transaction.
    pub(super) async fn roll_back(self) -> Result<(), sqlx::Error> {
        on_driver!(self, Raw, |driver, connection| driver::roll_back(connection).await)
    }

    /// What the driver itself leaves to be set on a new connection.
    pub(super) fn session_setup(&self) -> Option<&'static str> {
        match self {
            #[cfg(feature = "sqlite")]
            Raw::Sqlite(_) => None,
            #[cfg(feature = "postgres")]
            Raw::Postgres(_) => None,
            #[cfg(feature = "mysql")]
            Raw::MySql(_) => Some(super::mysql::SESSION_SETUP),
        }
    }

    /// Asks the server what it is.
    pub(super) async fn facts(self) -> Result<Facts, sqlx::Error> {
        on_driver!(self, Raw, |driver, connection| driver::facts(connection).await)
    }
}

/// What the database said, if it was the database that said something.
pub(super) fn refusal(error: &sqlx::Error) -> Option<Refusal<'_>> {
    let sqlx::Error::Database(error) = error else { return None };
    #[cfg(feature = "postgres")]
    if let Some(error) = error.try_downcast_ref() {
        return Some(super::postgres::refusal(error));
    }
    #[cfg(feature = "mysql")]
    if let Some(error) = error.try_downcast_ref() {
        return Some(super::mysql::refusal(error));
    }
    #[cfg(feature = "sqlite")]
    if let Some(error) = error.try_downcast_ref() {
        return Some(super::sqlite::refusal(error));
    }
    None
}

/// An element of an array that cannot be sent; 0 for a value of its own.
pub(super) struct Misfit(pub(super) usize, pub(super) ValueError);

impl From<ValueError> for Misfit {
    fn from(reason: ValueError) -> Self {
        Misfit(0, reason)
    }
}

/// Binds values one after the other, and says which one could not be bound, or would not fit its column.
pub(super) fn bind_all<E: Into<Misfit>>(
    binds: &[Bind<'_>],
    mut bind_one: impl FnMut(&Bind<'_>) -> Result<(), E>,
) -> Result<(), Fault> {
    for (index, bind) in binds.iter().enumerate() {
        check_fits(bind)
            .and_then(|()| bind_one(bind).map_err(E::into))
            .map_err(|Misfit(element, reason)| Fault::Bind(Unsendable { bind: index, element, reason }))?;
    }
    Ok(())
}

fn check_fits(bind: &Bind<'_>) -> Result<(), Misfit> {
    let Some(column) = bind.column else { return Ok(()) };
    match &bind.data {
        BindData::One(value) => check_fit(column, value).map_err(Misfit::from),
        BindData::Array(values) => values
            .iter()
            .enumerate()
            .try_for_each(|(element, value)| check_fit(column, value).map_err(|reason| Misfit(element, reason))),
    }
}

/// A value that the drivers cannot send as the type that it is bound as.
pub(super) fn unbindable(value: &crate::value::Value<'_>, bind: &Bind<'_>) -> ValueError {
    match value {
        crate::value::Value::Invalid(reason) => ValueError::new(reason),
        other => ValueError::new(format!("{} cannot be bound as {}", other.kind(), bind.sql_type)),
    }
}

/// What the driver's own encoders refuse.
pub(super) fn unencodable(error: sqlx::error::BoxDynError) -> ValueError {
    ValueError::new(error)
}
