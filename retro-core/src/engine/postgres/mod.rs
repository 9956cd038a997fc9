//! PostgreSQL.

mod array;
mod bind;
mod numeric;
mod row;

pub(super) use row::get;

use std::str::FromStr;
use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, future};
use sqlx::postgres::{PgConnectOptions, PgDatabaseError, PgSeverity};
use sqlx::{AssertSqlSafe, Executor, PgConnection};

use super::Facts;
use super::builder::Settings;
use super::driver::{Executed, Fault, Rows};
use super::row::Row;
use crate::dialect::{Dialect, Refusal};
use crate::sql::Statement;

/// The driver sets UTF-8 and the time zone UTC.
pub(super) fn connect_options(settings: &Settings) -> Result<PgConnectOptions, sqlx::Error> {
    Ok(PgConnectOptions::from_str(&settings.location.url)?.statement_cache_capacity(settings.statement_cache))
}

pub(super) async fn execute(
    connection: &mut PgConnection,
    sql: Arc<str>,
    statement: &Statement<'_>,
) -> Result<Executed, Fault> {
    let arguments = bind::arguments(&statement.binds)?;
    let query = sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(statement.cache);
    let done = query.execute(connection).await?;
    Ok(Executed { rows: done.rows_affected(), last_key: None })
}

pub(super) fn stream<'c>(
    connection: &'c mut PgConnection,
    sql: Arc<str>,
    statement: &Statement<'_>,
) -> Result<Rows<'c>, Fault> {
    let arguments = bind::arguments(&statement.binds)?;
    let query = sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(statement.cache);
    let rows = connection.fetch_many(query);
    Ok(rows.try_filter_map(|item| future::ok(item.right().map(Row::Postgres))).boxed())
}

/// One message of the simple protocol: one round trip, no statement prepared.
pub(super) async fn batch(connection: &mut PgConnection, script: &str) -> Result<(), sqlx::Error> {
    connection.fetch_many(AssertSqlSafe(script)).try_for_each(|_| future::ok(())).await
}

/// The server only warns if there is no transaction.
pub(super) async fn roll_back(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    batch(connection, "ROLLBACK").await
}

pub(super) async fn facts(_: &mut PgConnection) -> Result<Facts, sqlx::Error> {
    Ok(Facts { capabilities: Dialect::Postgres.capabilities(), key_step: 1 })
}

pub(super) fn refusal(error: &PgDatabaseError) -> Refusal<'_> {
    Refusal {
        number: 0,
        state: error.code(),
        fatal: matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic),
        message: error.message(),
        detail: error.detail(),
        table: error.table(),
        column: error.column(),
        constraint: error.constraint(),
    }
}
