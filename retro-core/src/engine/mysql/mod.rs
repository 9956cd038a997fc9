//! MySQL and MariaDB.

mod bind;
mod row;

pub(super) use row::get;

use std::str::FromStr;
use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, future};
use sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError};
use sqlx::{AssertSqlSafe, Executor, MySqlConnection, Row as _};

use super::Facts;
use super::builder::Settings;
use super::driver::{Executed, Fault, Rows};
use super::row::Row;
use crate::dialect::{Capabilities, Dialect, GeneratedKeys, Refusal};
use crate::sql::Statement;

/// The modes replace the server's, so that statements mean the same everywhere: what does not fit
/// is an error and is not cut, backticks quote names, `||` concatenates as on the other databases.
pub(super) const SESSION_SETUP: &str = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
                                        ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,PIPES_AS_CONCAT', \
                                        group_concat_max_len = 4294967295, div_precision_increment = 16";

/// Every statement is kept prepared, also one that is not expected again. The driver would close it at
/// once, with a message that has no answer, and leaves it to Nagle's algorithm when the next one is sent:
/// 40 ms later. As it is, that happens to statements that push another one out of the cache.
const KEEP: bool = true;

/// The driver asks for affected rows to be those found, whether their values change or not.
pub(super) fn connect_options(settings: &Settings) -> Result<MySqlConnectOptions, sqlx::Error> {
    Ok(MySqlConnectOptions::from_str(&settings.location.url)?
        .charset("utf8mb4")
        .timezone(Some("+00:00".to_owned()))
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .statement_cache_capacity(settings.statement_cache))
}

pub(super) async fn execute(
    connection: &mut MySqlConnection,
    sql: Arc<str>,
    statement: &Statement<'_>,
) -> Result<Executed, Fault> {
    let arguments = bind::arguments(&statement.binds)?;
    let query = sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(KEEP);
    let done = query.execute(connection).await?;
    // 0 says that the statement generated no key.
    let last_key = i64::try_from(done.last_insert_id()).ok().filter(|key| *key != 0);
    Ok(Executed { rows: done.rows_affected(), last_key })
}

pub(super) fn stream<'c>(
    connection: &'c mut MySqlConnection,
    sql: Arc<str>,
    statement: &Statement<'_>,
) -> Result<Rows<'c>, Fault> {
    let arguments = bind::arguments(&statement.binds)?;
    let query = sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(KEEP);
    let rows = connection.fetch_many(query);
    Ok(rows.try_filter_map(|item| future::ok(item.right().map(Row::MySql))).boxed())
}

pub(super) async fn batch(connection: &mut MySqlConnection, script: &str) -> Result<(), sqlx::Error> {
    connection.fetch_many(AssertSqlSafe(script)).try_for_each(|_| future::ok(())).await
}

/// The server does not mind if there is no transaction.
pub(super) async fn roll_back(connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    batch(connection, "ROLLBACK").await
}

pub(super) async fn facts(connection: &mut MySqlConnection) -> Result<Facts, sqlx::Error> {
    let sql = "SELECT VERSION(), CAST(@@auto_increment_increment AS SIGNED)";
    let row = sqlx::query(sql).persistent(KEEP).fetch_one(connection).await?;
    let version: String = row.try_get(0)?;
    let key_step: i64 = row.try_get(1)?;
    Ok(Facts { capabilities: capabilities(&version), key_step: key_step.max(1) })
}

/// MariaDB can return what it inserts since 10.5; MySQL cannot.
fn capabilities(version: &str) -> Capabilities {
    let capabilities = Dialect::MySql.capabilities();
    if is_maria_db_since(version, (10, 5)) {
        return capabilities;
    }
    let is_mysql = !version.contains("MariaDB");
    Capabilities {
        generated_keys: GeneratedKeys::FirstRow,
        insert_returning: false,
        delete_returning: !is_mysql,
        lateral: is_mysql,
        explain_analyze: Some(if is_mysql { "EXPLAIN ANALYZE " } else { "ANALYZE " }),
        share_lock: if is_mysql { "FOR SHARE" } else { capabilities.share_lock },
        ..capabilities
    }
}

/// "10.11.6-MariaDB-0+deb12u1", sometimes with a "5.5.5-" before it for the sake of old clients.
fn is_maria_db_since(version: &str, since: (u32, u32)) -> bool {
    if !version.contains("MariaDB") {
        return false;
    }
    let version = version.strip_prefix("5.5.5-").unwrap_or(version);
    let mut numbers = version.split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= since
}

pub(super) fn refusal(error: &MySqlDatabaseError) -> Refusal<'_> {
    Refusal {
        number: i32::from(error.number()),
        state: error.code().unwrap_or(""),
        message: error.message(),
        ..Refusal::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_decides_about_returning() {
        assert!(capabilities("10.11.6-MariaDB-0+deb12u1").insert_returning);
        assert!(capabilities("5.5.5-11.4.2-MariaDB").insert_returning);
        assert!(!capabilities("10.4.9-MariaDB").insert_returning);
        let mysql = capabilities("8.4.0");
        assert!(!mysql.insert_returning);
        assert_eq!(mysql.generated_keys, GeneratedKeys::FirstRow);
    }
}
