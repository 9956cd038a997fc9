//! Entities by their keys.

use std::collections::HashSet;

use super::children::Children;
use super::hydrate::{Renew, unreadable};
use super::keys;
use super::loader::{Loader, Work};
use super::plan::{Plan, Reach};
use crate::engine::Row;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::{IdentityKey, Store};
use crate::mapping::Mapper;
use crate::model::{EntityId, EntityRef, KeyValues};
use crate::sql::ast::{Lock, Wait};
use crate::sql::{Filters, render};
use crate::transaction::Transaction;
use crate::value::Value;

/// The entity that has a key: from the identity map, else from the database.
pub(crate) async fn by_key(
    store: &mut Store,
    transaction: &mut Transaction,
    mapper: &'static Mapper,
    key: &IdentityKey,
) -> Result<Option<EntityRef>> {
    if store.find(mapper, key).is_none() {
        let values = key.values().into_iter().map(Value::into_owned).collect();
        get(store, transaction, mapper, vec![values], &Filters::default()).await?;
    }
    Ok(store.find(mapper, key))
}

/// Those of some keys whose entities the session does not have, or has expired.
pub(crate) fn unknown_keys(
    store: &Store,
    mapper: &'static Mapper,
    keys: &[KeyValues<'static>],
) -> Vec<KeyValues<'static>> {
    let mut seen = HashSet::new();
    let is_unknown = |values: &&KeyValues<'static>| {
        let Some(key) = IdentityKey::new(values) else { return false };
        let id = store.find(mapper, &key).map(|at| EntityId { mapper: mapper.id, at });
        id.is_none_or(|id| store.instance(id).flags.expired) && seen.insert(key)
    };
    keys.iter().filter(is_unknown).cloned().collect()
}

/// The entities that have these keys, after all were asked for. One that is still expired has lost
/// its row: it leaves the session, and comes back if the transaction is rolled back.
pub(crate) fn known_keys(
    store: &mut Store,
    mapper: &'static Mapper,
    keys: &[KeyValues<'static>],
) -> Vec<Option<EntityRef>> {
    let mut find = |values: &KeyValues<'static>| {
        let at = store.find(mapper, &IdentityKey::new(values)?)?;
        let id = EntityId { mapper: mapper.id, at };
        if store.instance(id).flags.expired {
            store.deleted(id);
            return None;
        }
        Some(at)
    };
    keys.iter().map(&mut find).collect()
}

/// Reads the rows that have these keys into the identity map, and what their model loads with them.
/// One that the identity map has already is read whatever the filters say.
pub(crate) async fn get(
    store: &mut Store,
    transaction: &mut Transaction,
    mapper: &'static Mapper,
    keys: Vec<KeyValues<'static>>,
    filters: &Filters,
) -> Result<()> {
    let plan = Plan::new(mapper, &[], Reach::Statements)?;
    let is_known =
        |key: &KeyValues<'static>| IdentityKey::new(key).is_some_and(|key| store.find(mapper, &key).is_some());
    let (known, keys) = match filters.is_empty() {
        true => (Vec::new(), keys),
        false => keys.into_iter().partition(is_known),
    };
    let mut loader = Loader::new(store, transaction);
    let mut found = loader.rows_by_key(mapper, &plan, known).await?;
    let mut loader = loader.filtered(filters.clone());
    found.extend(loader.rows_by_key(mapper, &plan, keys).await?);
    super::loader::remember(loader.intake.store, mapper, &found, &plan.later);
    loader.follow(Work::new(plan, mapper, found)).await
}

/// Reads the row that has a key and locks it until the transaction ends. An entity that the session has
/// takes its values, save those that were changed in it; one whose version is not the row's is stale.
/// An entity whose row is gone is left expired.
pub(crate) async fn get_locked(
    store: &mut Store,
    transaction: &mut Transaction,
    mapper: &'static Mapper,
    key: KeyValues<'static>,
    filters: &Filters,
) -> Result<()> {
    let Some(identity) = IdentityKey::new(&key) else { return Ok(()) };
    let known = store.find(mapper, &identity).map(|at| EntityId { mapper: mapper.id, at });
    let capabilities = transaction.engine().capabilities();
    let Some(list) = keys::lists(vec![key], &capabilities, mapper, mapper.key()).pop() else { return Ok(()) };
    // What its model joins to it would be locked too.
    let mut prepared = Children::by_key(mapper, &Plan::default(), list).prepared;
    prepared.query.lock = Some(Lock { exclusive: true, wait: Wait::Block });
    if known.is_none() {
        filters.narrow(&mut prepared.query);
    }
    let rendered = render(&prepared.query, transaction.engine().dialect(), &capabilities, &*store)?;
    let rows = transaction.fetch_locked(&rendered.into_statement()).await?;
    if let Some(id) = known {
        if let (Some(row), Some(version)) = (rows.first(), mapper.def.version) {
            check_version(store, id, version, row)?;
        }
        store.instance_mut(id).flags.expired = true;
    }
    Loader::new(store, transaction).intake.absorb(&prepared, &rows)?;
    Ok(())
}

fn check_version(store: &Store, id: EntityId, version: u16, row: &Row) -> Result<()> {
    let set = store.of(id);
    let definition = set.mapper.column(version);
    let theirs = row.get(usize::from(version), definition.sql_type);
    let theirs = theirs.map_err(|cause| unreadable(set.mapper, definition, cause))?;
    let ours = set.committed(id.at.slot, version);
    if set.instance(id.at.slot).flags.expired || theirs == ours {
        return Ok(());
    }
    let entity = store.describe(id);
    let message = format!(
        "{entity} is stale: its row is at version {theirs}, it was read at version {ours}; refresh it and try again"
    );
    Err(Error::new(ErrorKind::StaleData, message).with_model(set.mapper.name()).with_entity(entity))
}

/// Reads the rows of entities anew, one statement for each model and list. An entity whose row is
/// gone stays expired.
pub(crate) async fn reload(store: &mut Store, transaction: &mut Transaction, ids: &[EntityId]) -> Result<()> {
    let mut rest = ids.to_vec();
    while let Some(&first) = rest.first() {
        let (same, others): (Vec<EntityId>, Vec<EntityId>) = rest.iter().partition(|id| id.mapper == first.mapper);
        rest = others;
        let mapper = store.mapper(first);
        let keys = same.iter().map(|&id| committed_key(store, id)).collect();
        Loader::new(store, transaction).rows_by_key(mapper, &Plan::default(), keys).await?;
    }
    Ok(())
}

/// Reads the rows of entities of one model anew after a statement that wrote them, within its step.
/// What was changed and not flushed stays.
pub(crate) async fn renew(
    store: &mut Store,
    transaction: &mut Transaction,
    mapper: &'static Mapper,
    ids: &[EntityId],
) -> Result<()> {
    let keys = ids.iter().map(|&id| committed_key(store, id)).collect();
    Loader::after_write(store, transaction, Renew::All).rows_by_key(mapper, &Plan::default(), keys).await?;
    Ok(())
}

/// The key of an entity as the database has it.
pub(super) fn committed_key(store: &Store, id: EntityId) -> KeyValues<'static> {
    let set = store.of(id);
    set.mapper.key().iter().map(|&column| set.committed(id.at.slot, column).into_owned()).collect()
}

impl Loader<'_> {
    pub(super) async fn rows_by_key(
        &mut self,
        mapper: &'static Mapper,
        plan: &Plan,
        keys: Vec<KeyValues<'static>>,
    ) -> Result<Vec<EntityRef>> {
        let mut found = Vec::with_capacity(keys.len());
        let capabilities = self.transaction.engine().capabilities();
        for list in keys::lists(keys, &capabilities, mapper, mapper.key()) {
            let mut children = Children::by_key(mapper, plan, list);
            self.fetch_children(&mut children, &mut |_, _, entities| {
                found.extend(entities.iter().flatten());
                Ok(())
            })
            .await?;
        }
        Ok(super::loader::distinct(found))
    }
}
