//! Sending a plan: one statement after the other, each followed by what it tells about its rows.

use std::collections::HashMap;

use super::binds;
use super::explain;
use super::plan::{Action, Plan, Row, Step};
use super::stale;
use super::template::returned;
use super::work::{AssociationKind, Doomed, Source};
use crate::dialect::{Capabilities, GeneratedKeys};
use crate::engine::{Executed, Row as DbRow};
use crate::error::{Error, ErrorKind, Result};
use crate::identity::{IdentityKey, Lifecycle, Store};
use crate::mapping::{Direction, Mapper};
use crate::model::{EntityId, EntityRef, ForeignKeyAction, ForeignKeyDef};
use crate::transaction::Transaction;
use crate::value::Value;

/// What a flush did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) statements: usize,
    pub(crate) inserted: usize,
    pub(crate) updated: usize,
    pub(crate) deleted: usize,
}

/// Sends the plan. On an error the database and memory are left between steps: the caller rolls the
/// database back at once, and the journal has what memory needs to follow.
pub(crate) async fn emit(store: &mut Store, transaction: &mut Transaction, plan: &Plan) -> Result<Counts> {
    let capabilities = transaction.engine().capabilities();
    let mut counts = Counts::default();
    for step in &plan.steps {
        store.journal.wrote = true;
        send(store, transaction, step, &capabilities, &mut counts)
            .await
            .map_err(|error| explain::error(store, transaction.engine().dialect(), step, error))?;
        counts.statements += 1;
    }
    Ok(counts)
}

async fn send(
    store: &mut Store,
    transaction: &mut Transaction,
    step: &Step,
    capabilities: &Capabilities,
    counts: &mut Counts,
) -> Result<()> {
    let arrays = capabilities.array_binds;
    match &step.action {
        Action::Insert { mapper, columns, rows } => {
            counts.inserted += rows.len();
            prepare(store, rows)?;
            first_version(store, mapper, rows)?;
            let generated = mapper.generated_key.filter(|key| !columns.contains(key));
            let returned = returned(mapper, columns, capabilities);
            let statement = binds::insert(store, step, mapper, columns, rows, arrays);
            match returned {
                Some(returned) => {
                    let found = transaction.write_fetch(&statement).await?;
                    receive_rows(store, mapper, rows, &returned, generated, found)?;
                }
                None => {
                    let executed = transaction.execute(&statement).await?;
                    expect(mapper, rows.len(), executed.rows)?;
                    if let Some(column) = generated {
                        receive_keys(store, rows, column, &executed, capabilities, transaction)?;
                    }
                }
            }
            for row in rows {
                store.inserted(row.id, generated.is_some());
            }
            server_defaults(store, transaction, mapper, columns, rows, capabilities).await
        }
        Action::Update { mapper, columns, rows, why } => {
            counts.updated += rows.len();
            prepare(store, rows)?;
            let version = mapper.def.version.filter(|_| why.counts_version());
            let statement = binds::update(store, step, mapper, columns, rows, version, arrays);
            let executed = transaction.execute(&statement).await?;
            if executed.rows != rows.len() as u64 {
                return Err(stale::updated(store, transaction, mapper, rows, columns, executed.rows).await);
            }
            rows.iter().try_for_each(|row| updated(store, mapper, columns, row, version))
        }
        Action::Delete { mapper, rows } => {
            counts.deleted += rows.len();
            let statement = binds::delete(store, step, mapper, rows, arrays);
            let executed = transaction.execute(&statement).await?;
            if executed.rows != rows.len() as u64 {
                missing(store, transaction, mapper, rows, executed.rows).await?;
            }
            rows.iter().for_each(|doomed| store.deleted(doomed.id));
            Ok(())
        }
        Action::Associate { kind, secondary, local, remote, pairs } => {
            let statement = binds::associate(store, step, *kind, (local, remote), pairs, arrays);
            let executed = transaction.execute(&statement).await?;
            if *kind == AssociationKind::Remove && executed.rows != pairs.len() as u64 {
                let message = format!(
                    "{} of {} rows to be removed from `{}` were no longer there; refresh the collections and try again",
                    pairs.len() as u64 - executed.rows,
                    pairs.len(),
                    secondary.table
                );
                return Err(Error::new(ErrorKind::StaleData, message));
            }
            Ok(())
        }
    }
}

/// Copies into the structs what comes from elsewhere: keys of parents, which are known by now.
fn prepare(store: &mut Store, rows: &[Row]) -> Result<()> {
    for row in rows {
        for &(column, source) in &row.sources {
            let value = match source {
                Source::Null => Value::Null,
                Source::Of(parent, of) => store.value(parent, of).into_owned(),
                Source::OnUpdate => match store.mapper(row.id).column(column).on_update {
                    Some(value) => value(),
                    None => continue,
                },
            };
            store.write(row.id, column, value).map_err(|cause| {
                let mapper = store.mapper(row.id);
                let field = mapper.column(column).field;
                Error::new(
                    ErrorKind::Conversion,
                    format!("{}::{field} does not take the value of its parent's key: {cause}", mapper.name()),
                )
                .with_model(mapper.name())
                .with_columns([field])
            })?;
        }
    }
    Ok(())
}

/// New rows of a versioned model begin at version 1.
fn first_version(store: &mut Store, mapper: &Mapper, rows: &[Row]) -> Result<()> {
    let Some(column) = mapper.def.version else { return Ok(()) };
    for row in rows {
        if store.value(row.id, column) == Value::Int(0) {
            fill(store, row.id, column, Value::Int(1))?;
        }
    }
    Ok(())
}

fn fill(store: &mut Store, id: EntityId, column: u16, value: Value<'_>) -> Result<()> {
    store.fill(id, column, value).map_err(|cause| {
        let mapper = store.mapper(id);
        let field = mapper.column(column).field;
        Error::new(
            ErrorKind::Conversion,
            format!("{}::{field} does not take the value that the database made: {cause}", mapper.name()),
        )
        .with_model(mapper.name())
        .with_columns([field])
        .with_source(cause)
    })
}

fn expect(mapper: &Mapper, sent: usize, written: u64) -> Result<()> {
    if written == sent as u64 {
        return Ok(());
    }
    let message = format!("the database reports {written} new rows of `{}` where {sent} were sent", mapper.table());
    Err(Error::new(ErrorKind::Database, message).with_model(mapper.name()))
}

/// Gives each row what the statement returned for it.
///
/// Generated keys ascend in the order in which rows are written, and rows are written in the order
/// of the statement; so the returned rows, sorted by key, are the rows of the step. That needs no
/// promise about the order of RETURNING. Rows with keys of their own are found by their keys.
fn receive_rows(
    store: &mut Store,
    mapper: &'static Mapper,
    rows: &[Row],
    returned: &[u16],
    generated: Option<u16>,
    found: Vec<DbRow>,
) -> Result<()> {
    expect(mapper, rows.len(), found.len() as u64)?;
    let mut read = Vec::with_capacity(found.len());
    for row in &found {
        let values: Result<Vec<Value<'static>>> = returned
            .iter()
            .enumerate()
            .map(|(n, &column)| {
                let definition = mapper.column(column);
                row.get(n, definition.sql_type).map(Value::into_owned).map_err(|cause| {
                    Error::new(ErrorKind::Conversion, format!("{}::{}: {cause}", mapper.name(), definition.field))
                        .with_model(mapper.name())
                        .with_columns([definition.field])
                })
            })
            .collect();
        read.push(values?);
    }
    let key_len = mapper.key().len();
    let order: Vec<usize> = match generated {
        Some(_) => {
            let mut order: Vec<usize> = (0..read.len()).collect();
            order.sort_by_key(|&n| match read[n][0] {
                Value::Int(key) => key,
                _ => 0,
            });
            order
        }
        None => {
            let by_key: HashMap<Option<IdentityKey>, usize> =
                read.iter().enumerate().map(|(n, values)| (IdentityKey::new(&values[..key_len]), n)).collect();
            let of = |row: &Row| by_key.get(&store.of(row.id).current_key(row.id.at.slot)).copied();
            rows.iter().enumerate().map(|(n, row)| of(row).unwrap_or(n)).collect()
        }
    };
    for (row, n) in rows.iter().zip(order) {
        for (column, value) in returned.iter().zip(std::mem::take(&mut read[n])) {
            if mapper.key().contains(column) && generated != Some(*column) {
                continue;
            }
            fill(store, row.id, *column, value)?;
        }
    }
    Ok(())
}

/// Gives each row its generated key, counted from the one that the driver reports.
fn receive_keys(
    store: &mut Store,
    rows: &[Row],
    column: u16,
    executed: &Executed,
    capabilities: &Capabilities,
    transaction: &Transaction,
) -> Result<()> {
    let Some(reported) = executed.last_key else {
        return Err(Error::new(ErrorKind::Database, "the driver reports no generated key"));
    };
    let (first, step) = match capabilities.generated_keys {
        GeneratedKeys::FirstRow => (reported, transaction.engine().key_step()),
        GeneratedKeys::LastRow | GeneratedKeys::Returning => (reported - (rows.len() as i64 - 1), 1),
    };
    for (n, row) in rows.iter().enumerate() {
        fill(store, row.id, column, Value::Int(first + n as i64 * step))?;
    }
    Ok(())
}

/// Where an INSERT cannot return what server defaults filled in, the rows are read back.
async fn server_defaults(
    store: &mut Store,
    transaction: &mut Transaction,
    mapper: &'static Mapper,
    columns: &[u16],
    rows: &[Row],
    capabilities: &Capabilities,
) -> Result<()> {
    let filled: Vec<u16> = mapper
        .all_columns
        .iter()
        .copied()
        .filter(|c| mapper.column(*c).server_default.is_some() && !columns.contains(c))
        .collect();
    if capabilities.insert_returning || filled.is_empty() {
        return Ok(());
    }
    let ids: Vec<EntityId> = rows.iter().map(|row| row.id).collect();
    let wanted: Vec<u16> = mapper.key().iter().copied().chain(filled).collect();
    for (id, values) in stale::read_back(store, transaction, mapper, &ids, &wanted).await? {
        for (&column, value) in wanted.iter().zip(values).skip(mapper.key().len()) {
            fill(store, id, column, value)?;
        }
    }
    Ok(())
}

/// A row was updated: its new version and key are what the database has.
fn updated(store: &mut Store, mapper: &Mapper, columns: &[u16], row: &Row, version: Option<u16>) -> Result<()> {
    let from = row.replaces.unwrap_or(row.id);
    if let Some(column) = version {
        let next = binds::next_version(store.of(from), from, column);
        store.save(row.id);
        store.of_mut(row.id).rows.set_value(row.id.at.slot, column, next).map_err(|cause| {
            Error::new(ErrorKind::Conversion, format!("{}::{}: {cause}", mapper.name(), mapper.column(column).field))
        })?;
    }
    if let Some(old) = row.replaces {
        store.deleted(old);
        store.inserted(row.id, false);
        return Ok(());
    }
    if columns.iter().any(|column| mapper.key().contains(column)) {
        let set = store.of(row.id);
        if let (Some(from), Some(to)) = (set.committed_key(row.id.at.slot), set.current_key(row.id.at.slot)) {
            store.rekeyed(row.id, from, to);
        }
        follow_key(store, mapper, row.id, columns)?;
    }
    // Later steps of the same flush match the row by what it has now.
    store.instance_mut(row.id).committed = None;
    Ok(())
}

/// A row's key changed, and the database has changed the foreign keys of its children with it (ON
/// UPDATE CASCADE): the children in memory follow.
fn follow_key(store: &mut Store, mapper: &Mapper, id: EntityId, columns: &[u16]) -> Result<()> {
    for relationship in &mapper.relationships {
        let changed =
            relationship.direction == Direction::OneToMany && relationship.local.iter().any(|c| columns.contains(c));
        let target = relationship.target();
        let cascades =
            |key: &&ForeignKeyDef| *key.columns == *relationship.remote && key.on_update == ForeignKeyAction::Cascade;
        if !changed || !target.def.foreign_keys.iter().any(|key| cascades(&key)) {
            continue;
        }
        let members = store.members(id, relationship).map(<[EntityRef]>::to_vec).unwrap_or_default();
        for child in members.into_iter().map(|at| EntityId { mapper: target.id, at }) {
            let before = store.of(child).current_key(child.at.slot);
            for (&of, &column) in relationship.local.iter().zip(&relationship.remote) {
                let value = store.value(id, of).into_owned();
                fill(store, child, column, value)?;
            }
            let after = store.of(child).current_key(child.at.slot);
            if let (Some(before), Some(after)) = (before, after)
                && before != after
            {
                store.rekeyed(child, before, after);
            }
        }
    }
    Ok(())
}

/// Fewer rows were deleted than asked for. With a version column that is an error; without one the
/// rows are gone, as they should be.
async fn missing(
    store: &mut Store,
    transaction: &mut Transaction,
    mapper: &'static Mapper,
    rows: &[Doomed],
    deleted: u64,
) -> Result<()> {
    if mapper.def.version.is_some() {
        return Err(stale::deleted(store, transaction, mapper, rows, deleted).await);
    }
    tracing::warn!(
        target: "retro::session",
        model = mapper.name(),
        expected = rows.len(),
        deleted,
        "rows to be deleted were gone already"
    );
    Ok(())
}

/// What is known in memory after all steps have been sent.
pub(crate) fn finalize(store: &mut Store, plan: Plan) {
    let taken_over: Vec<EntityId> = plan.taken_over.iter().map(|&(_, old)| old).collect();
    for (new, old) in plan.taken_over {
        store.deleted(old);
        store.inserted(new, false);
    }
    for (child, relationship) in plan.nulled {
        store.unlinked(child, relationship);
    }
    plan.unborn.into_iter().for_each(|id| store.detach_pending(id));
    let mut deleted: Vec<EntityId> = plan.steps.iter().flat_map(gone).chain(taken_over).collect();
    deleted.retain(|&id| store.lifecycle(id) == Lifecycle::Deleted);
    deleted.sort_unstable();
    store.leave_collections(&deleted);
    store.restore_versions();
    store.forget_changes();
}

/// The entities that a step deleted, or whose rows it gave to others.
fn gone(step: &Step) -> Vec<EntityId> {
    match &step.action {
        Action::Delete { rows, .. } => rows.iter().map(|doomed| doomed.id).collect(),
        Action::Update { rows, .. } => rows.iter().filter_map(|row| row.replaces).collect(),
        Action::Insert { .. } | Action::Associate { .. } => Vec::new(),
    }
}
