//! Rows that are not as they were read: which one, and what has become of it.

use std::collections::HashMap;

use super::binds;
use super::plan::Row;
use super::template::Shape;
use super::work::Doomed;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::{IdentityKey, Store};
use crate::mapping::Mapper;
use crate::model::EntityId;
use crate::sql::Statement;
use crate::transaction::Transaction;
use crate::value::Value;

/// How many rows one statement looks for.
const CHUNK: usize = 500;

/// Columns of rows by their keys, as the database has them now; the key's columns come first in
/// `columns`. Rows that are gone are missing from the answer.
pub(super) async fn read_back(
    store: &Store,
    transaction: &mut Transaction,
    mapper: &'static Mapper,
    ids: &[EntityId],
    columns: &[u16],
) -> Result<Vec<(EntityId, Vec<Value<'static>>)>> {
    let by_key: HashMap<IdentityKey, EntityId> =
        ids.iter().filter_map(|&id| Some((store.of(id).committed_key(id.at.slot)?, id))).collect();
    let arrays = transaction.engine().capabilities().array_binds;
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let sql = transaction.engine().templates().text(Shape::Select { mapper, columns, rows: chunk.len() });
        let statement = Statement::once(sql, binds::keys(store, mapper, chunk, arrays));
        for row in transaction.write_fetch(&statement).await? {
            let values: Vec<Value<'static>> = columns
                .iter()
                .enumerate()
                .map(|(n, &column)| row.get(n, mapper.column(column).sql_type).map_or(Value::Null, Value::into_owned))
                .collect();
            let key = IdentityKey::new(&values[..mapper.key().len()]);
            found.extend(key.and_then(|key| by_key.get(&key)).map(|&id| (id, values)));
        }
    }
    Ok(found)
}

/// The error of an UPDATE that met fewer rows than it was for. Names the first of them with what it
/// was, what we want it to be and what it has become.
#[cold]
pub(super) async fn updated(
    store: &Store,
    transaction: &mut Transaction,
    mapper: &'static Mapper,
    rows: &[Row],
    updated: u64,
) -> Error {
    let ids: Vec<EntityId> = rows.iter().map(|row| row.replaces.unwrap_or(row.id)).collect();
    stale(store, transaction, mapper, &ids, updated, "UPDATE").await
}

/// The error of a DELETE of versioned rows that met fewer rows than it was for.
#[cold]
pub(super) async fn deleted(
    store: &Store,
    transaction: &mut Transaction,
    mapper: &'static Mapper,
    rows: &[Doomed],
    deleted: u64,
) -> Error {
    let ids: Vec<EntityId> = rows.iter().map(|doomed| doomed.id).collect();
    stale(store, transaction, mapper, &ids, deleted, "DELETE").await
}

async fn stale(
    store: &Store,
    transaction: &mut Transaction,
    mapper: &'static Mapper,
    ids: &[EntityId],
    met: u64,
    verb: &str,
) -> Error {
    let key = mapper.key();
    let rest = mapper.all_columns.iter().copied().filter(|column| !key.contains(column));
    let columns: Vec<u16> = key.iter().copied().chain(rest).collect();
    let theirs: HashMap<EntityId, Vec<Value<'static>>> =
        match read_back(store, transaction, mapper, ids, &columns).await {
            Ok(found) => found.into_iter().collect(),
            Err(error) => return error.context("looking for the stale row"),
        };
    let version = mapper.def.version;
    // Rows that the statement did meet have been changed by it already; one that it did not meet is
    // gone, or has neither the old nor the new version.
    let is_stale = |id: &&EntityId| match (theirs.get(id), version) {
        (None, _) => true,
        (Some(values), Some(version)) => {
            let theirs = columns.iter().position(|&c| c == version).map(|n| &values[n]);
            let set = store.of(**id);
            let next = binds::next_version(set, **id, version);
            theirs != Some(&next) && (verb == "DELETE" || theirs != Some(&set.committed(id.at.slot, version)))
        }
        (Some(_), None) => false,
    };
    let Some(&id) = ids.iter().find(is_stale) else {
        let message = format!("an {verb} of {} rows of `{}` met {met} rows", ids.len(), mapper.table());
        return Error::new(ErrorKind::StaleData, message).with_model(mapper.name());
    };
    let entity = store.describe(id);
    let what = match theirs.get(&id) {
        None => "its row is gone".to_string(),
        Some(values) => {
            format!("its row was changed by somebody else: {}", differences(store, mapper, id, &columns, values))
        }
    };
    Error::new(
        ErrorKind::StaleData,
        format!("{entity} is stale, the {verb} was not done: {what}; refresh it and try again"),
    )
    .with_model(mapper.name())
    .with_entity(entity)
}

/// Column by column: what it was, what we have, what they have.
fn differences(store: &Store, mapper: &Mapper, id: EntityId, columns: &[u16], theirs: &[Value<'_>]) -> String {
    let set = store.of(id);
    let mut lines = Vec::new();
    for (&column, theirs) in columns.iter().zip(theirs) {
        let definition = mapper.column(column);
        let original = set.committed(id.at.slot, column);
        let ours = set.rows.value(id.at.slot, column);
        if *theirs == original && ours == original {
            continue;
        }
        lines.push(match definition.sensitive {
            true => format!("{} differs", definition.field),
            false => format!("{}: original {original}, ours {ours}, theirs {theirs}", definition.field),
        });
    }
    lines.join("; ")
}
