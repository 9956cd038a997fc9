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

/// What an UPDATE wrote.
struct Written<'w> {
    columns: &'w [u16],
    rows: &'w [Row],
}

/// The error of an UPDATE that met fewer rows than it was for. Names the first of them with what it
/// was, what we want it to be and what it has become.
#[cold]
pub(super) async fn updated(
    store: &Store,
    transaction: &mut Transaction,
    mapper: &'static Mapper,
    rows: &[Row],
    columns: &[u16],
    updated: u64,
) -> Error {
    let ids: Vec<EntityId> = rows.iter().map(|row| row.replaces.unwrap_or(row.id)).collect();
    stale(store, transaction, mapper, &ids, updated, Some(Written { columns, rows })).await
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
    stale(store, transaction, mapper, &ids, deleted, None).await
}

async fn stale(
    store: &Store,
    transaction: &mut Transaction,
    mapper: &'static Mapper,
    ids: &[EntityId],
    met: u64,
    written: Option<Written<'_>>,
) -> Error {
    let verb = if written.is_some() { "UPDATE" } else { "DELETE" };
    let key = mapper.key();
    let rest = mapper.all_columns.iter().copied().filter(|column| !key.contains(column));
    let columns: Vec<u16> = key.iter().copied().chain(rest).collect();
    let theirs: HashMap<EntityId, Vec<Value<'static>>> =
        match read_back(store, transaction, mapper, ids, &columns).await {
            Ok(found) => found.into_iter().collect(),
            Err(error) => return error.context("looking for the stale row"),
        };
    let Some(id) = culprit(store, mapper, ids, &columns, &theirs, written) else {
        let message = format!("{verb} of {} rows of `{}` met {met} rows", ids.len(), mapper.table());
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

/// The row that the statement did not meet. Rows that it did meet have been changed by it already, or
/// are gone if it was a DELETE, which is when nothing is `written`.
fn culprit(
    store: &Store,
    mapper: &Mapper,
    ids: &[EntityId],
    columns: &[u16],
    theirs: &HashMap<EntityId, Vec<Value<'static>>>,
    written: Option<Written<'_>>,
) -> Option<EntityId> {
    let value = |id: &EntityId, column: u16| {
        let place = columns.iter().position(|&c| c == column)?;
        theirs.get(id).map(|values| &values[place])
    };
    let Some(written) = written else {
        // What is still there was not met. Who else deleted one of those that are gone, nobody knows.
        return ids
            .iter()
            .find(|id| theirs.contains_key(id))
            .or(if ids.len() == 1 { ids.first() } else { None })
            .copied();
    };
    let gone = ids.iter().find(|id| !theirs.contains_key(id));
    let version = mapper.def.version;
    let has_next = |id: &EntityId| {
        version.is_none_or(|column| value(id, column) == Some(&binds::next_version(store.of(*id), *id, column)))
    };
    // Another session may have counted up to the version that we would have written; what it wrote tells.
    let has_ours = |(id, row): &(&EntityId, &Row)| {
        written.columns.iter().all(|&column| value(id, column) == Some(&store.value(row.id, column)))
    };
    let differs = || ids.iter().zip(written.rows).find(|pair| !has_ours(pair)).map(|(id, _)| id);
    let other = || ids.iter().find(|id| !has_next(id)).or_else(differs);
    gone.or_else(|| version.and_then(|_| other())).copied()
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
