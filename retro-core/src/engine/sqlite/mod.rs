//! SQLite.

mod batch;
mod bind;
mod link;
mod row;
mod step;

pub(crate) use batch::Batch;
pub(super) use link::{Done, SqliteLink};
pub(super) use row::get;

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, future};
use sqlx::sqlite::{SqliteConnectOptions, SqliteError, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Either, Executor, SqliteConnection};

use super::Facts;
use super::builder::Settings;
use super::driver::{Executed, Fault, Rows, refusal as refusal_of};
use super::row::Row;
use crate::dialect::{Dialect, Refusal};
use crate::sql::Statement;

/// Rows that wait between SQLite's thread and ours. The driver's default of 50 spends a fifth of
/// the time of a large read on waking threads; more than this gains nothing.
const ROW_BUFFER: usize = 512;

const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) fn connect_options(settings: &Settings) -> Result<SqliteConnectOptions, sqlx::Error> {
    let location = &settings.location;
    let mut options = SqliteConnectOptions::from_str(&location.url)?
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .row_buffer_size(ROW_BUFFER)
        .statement_cache_capacity(settings.statement_cache);
    if location.is_private {
        if location.parameter("cache").is_none() {
            // There is one connection; sharing would only add a layer of locks.
            options = options.shared_cache(false);
        }
        return Ok(options);
    }
    if location.parameter("mode").is_none() {
        options = options.create_if_missing(true);
    }
    let is_read_only = location.parameter("mode") == Some("ro") || location.parameter("immutable").is_some();
    if !is_read_only {
        // Readers and the writer do not wait for each other, and a commit needs no sync of its own:
        // after a power failure the last transactions may be gone, and the database is whole.
        options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Normal);
    }
    Ok(options)
}

pub(super) async fn execute(
    connection: &mut SqliteConnection,
    sql: Arc<str>,
    statement: &Statement<'_>,
) -> Result<Executed, Fault> {
    let arguments = bind::arguments(&statement.binds)?;
    let query = sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(statement.cache);
    let done = query.execute(connection).await?;
    Ok(Executed { rows: done.rows_affected(), last_key: Some(done.last_insert_rowid()) })
}

pub(super) fn stream<'c>(
    connection: &'c mut SqliteConnection,
    sql: Arc<str>,
    statement: &Statement<'_>,
) -> Result<Rows<'c>, Fault> {
    let arguments = bind::arguments(&statement.binds)?;
    let query = sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(statement.cache);
    let rows = connection.fetch_many(query);
    Ok(rows.try_filter_map(|item| future::ok(item.right().map(Row::Sqlite))).boxed())
}

pub(super) async fn batch(connection: &mut SqliteConnection, script: &str) -> Result<(), sqlx::Error> {
    drain(connection.fetch_many(AssertSqlSafe(script))).await
}

pub(super) async fn roll_back(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    match batch(connection, "ROLLBACK").await {
        // SQLite itself may have rolled back, or a BEGIN was dropped before it was sent.
        Err(error) if refusal_of(&error).is_some_and(|it| it.message.contains("no transaction is active")) => Ok(()),
        result => result,
    }
}

pub(super) async fn facts(_: &mut SqliteConnection) -> Result<Facts, sqlx::Error> {
    Ok(Facts { capabilities: Dialect::Sqlite.capabilities(), key_step: 1 })
}

pub(super) fn refusal(error: &SqliteError) -> Refusal<'_> {
    use sqlx::error::DatabaseError;
    let number = error.code().and_then(|code| code.parse().ok()).unwrap_or(0);
    Refusal { number, message: error.message(), ..Refusal::default() }
}

/// Lets statements run to their end. Their rows are of no interest.
async fn drain<D, R>(
    results: impl futures::Stream<Item = Result<Either<D, R>, sqlx::Error>> + Unpin,
) -> Result<(), sqlx::Error> {
    results.try_for_each(|_| future::ok(())).await
}
