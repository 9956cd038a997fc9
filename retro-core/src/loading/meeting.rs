//! Which entities' rows meet a condition.

use std::sync::Arc;

use super::by_key::committed_key;
use super::hydrate::key;
use super::keys;
use crate::engine::Columns;
use crate::error::Result;
use crate::identity::{RowRef, Store};
use crate::mapping::Mapper;
use crate::model::EntityId;
use crate::sql::ast::{ColumnRef, From, Lock, Output, Query, Source, Wait};
use crate::sql::node::Node;
use crate::sql::render;
use crate::transaction::Transaction;

/// Those of some entities of one model whose rows meet a condition, as the database has them. The rows
/// are locked until the transaction ends, where the database has such locks.
pub(crate) async fn meeting(
    store: &Store,
    transaction: &mut Transaction,
    mapper: &'static Mapper,
    ids: &[EntityId],
    condition: &Arc<Node>,
) -> Result<Vec<EntityId>> {
    let dialect = transaction.engine().dialect();
    let capabilities = transaction.engine().capabilities();
    let source = Source::of(mapper);
    let columns = source.columns(mapper, mapper.key());
    let output = |column: &ColumnRef| Output::Node { node: Arc::new(column.node()), label: None };
    let places = key_places(mapper);
    let keys = ids.iter().map(|&id| committed_key(store, id)).collect();
    let mut met = Vec::new();
    for keys in keys::lists(keys, &capabilities, mapper, mapper.key()) {
        let among = Arc::new(Node::InKeys { columns: columns.clone(), keys });
        let query = Query {
            outputs: columns.iter().map(output).collect(),
            from: vec![From::Table(source)],
            filter: Some(Node::and(Some(condition.clone()), among)),
            lock: capabilities.row_locks.then_some(Lock { exclusive: true, wait: Wait::Block }),
            ..Query::default()
        };
        let statement = render(&query, dialect, &capabilities, store)?.into_statement();
        for row in transaction.write_fetch(&statement).await? {
            let key = key(mapper, RowRef { row: &row, columns: &places }, mapper.key())?;
            let at = key.and_then(|key| store.find(mapper, &key));
            met.extend(at.map(|at| EntityId { mapper: mapper.id, at }));
        }
    }
    Ok(met)
}

/// The places of a key's columns in a row of nothing else.
fn key_places(mapper: &Mapper) -> Columns {
    let place = |column| mapper.key().iter().position(|key| key == column).unwrap_or_default();
    Columns::At(mapper.all_columns.iter().map(place).collect())
}
