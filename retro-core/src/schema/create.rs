//! Creating and dropping tables in a database.

use std::collections::HashSet;

use super::order::is_forward;
use super::{Table, ddl};
use crate::dialect::{Dialect, TransactionOptions};
use crate::engine::{Connection, Engine};
use crate::error::Result;
use crate::sql::Statement;
use crate::value::{SqlType, Value};

pub(super) async fn create_all(engine: &Engine, schema: &[Table]) -> Result<()> {
    let mut connection = engine.acquire().await?;
    begin(&mut connection).await?;
    let created = create_missing(&mut connection, schema).await;
    finish(&mut connection, created).await.map_err(|error| error.context("create_all"))
}

pub(super) async fn drop_all(engine: &Engine, schema: &[Table]) -> Result<()> {
    let mut connection = engine.acquire().await?;
    begin(&mut connection).await?;
    let dropped = drop_existing(&mut connection, schema).await;
    finish(&mut connection, dropped).await.map_err(|error| error.context("drop_all"))
}

async fn begin(connection: &mut Connection) -> Result<()> {
    match connection.capabilities().transactional_ddl {
        true => connection.begin(TransactionOptions::default()).await,
        false => Ok(()),
    }
}

/// Ends the transaction, if there is one. An error stays the first one: a connection that cannot
/// roll back is closed when it is dropped.
async fn finish(connection: &mut Connection, done: Result<()>) -> Result<()> {
    if !connection.in_transaction() {
        return done;
    }
    match done {
        Ok(()) => connection.commit().await,
        Err(error) => {
            let _ = connection.rollback().await;
            Err(error)
        }
    }
}

async fn create_missing(connection: &mut Connection, schema: &[Table]) -> Result<()> {
    let dialect = connection.dialect();
    if let Some(statement) = dialect.ddl().before_create {
        connection.batch(statement).await?;
    }
    let existing = Existing::find(connection).await?;
    let missing: Vec<Table> = schema.iter().filter(|table| !existing.has(&table.name)).cloned().collect();
    for statement in ddl::create(dialect, schema, &missing) {
        connection.batch(&statement).await?;
    }
    Ok(())
}

async fn drop_existing(connection: &mut Connection, schema: &[Table]) -> Result<()> {
    let dialect = connection.dialect();
    if let Some(statement) = dialect.ddl().before_drop {
        connection.batch(statement).await?;
    }
    let existing = Existing::find(connection).await?;
    drop_circles(connection, schema).await?;
    for table in schema.iter().rev().filter(|table| existing.has(&table.name)) {
        connection.batch(&ddl::drop_table(dialect, &table.name)).await?;
    }
    Ok(())
}

/// Drops the foreign keys that keep tables from being dropped one after the other. They are found
/// in the database, where they may have other names than the models give them.
async fn drop_circles(connection: &mut Connection, schema: &[Table]) -> Result<()> {
    let dialect = connection.dialect();
    let ddl = dialect.ddl();
    let is_circular = |table: &Table| table.foreign_keys.iter().any(|key| is_forward(schema, &table.name, &key.target));
    if ddl.foreign_keys_are_fixed || !schema.iter().any(is_circular) {
        return Ok(());
    }
    for row in strings(connection, ddl.foreign_keys).await? {
        let [table, name] = &row[..] else { continue };
        if schema.iter().any(|circular| circular.name == *table && is_circular(circular)) {
            connection.batch(&ddl::drop_foreign_key(dialect, table, name)).await?;
        }
    }
    Ok(())
}

/// The tables and views that a database has.
struct Existing {
    dialect: Dialect,
    names: HashSet<String>,
}

impl Existing {
    async fn find(connection: &mut Connection) -> Result<Existing> {
        let dialect = connection.dialect();
        let rows = strings(connection, dialect.ddl().tables).await?;
        let names = rows.into_iter().flatten().map(|name| key(dialect, &name)).collect();
        Ok(Existing { dialect, names })
    }

    fn has(&self, table: &str) -> bool {
        self.names.contains(&key(self.dialect, table))
    }
}

fn key(dialect: Dialect, table: &str) -> String {
    if dialect.ddl().folds_table_names { table.to_lowercase() } else { table.to_string() }
}

/// The rows of a query of the catalog, whose columns are all text.
async fn strings(connection: &mut Connection, query: &str) -> Result<Vec<Vec<String>>> {
    let rows = connection.fetch(&Statement::once(query, Vec::new())).await?;
    let text = |value| match value {
        Value::Text(text) => text.into_owned(),
        other => other.to_string(),
    };
    rows.iter()
        .map(|row| (0..row.len()).map(|column| row.get(column, SqlType::Text).map(text)).collect::<Result<_, _>>())
        .collect::<Result<_, _>>()
        .map_err(|error| {
            crate::Error::new(crate::ErrorKind::Conversion, format!("the database's catalog: {error}"))
                .with_source(error)
        })
}
