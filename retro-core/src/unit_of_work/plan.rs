//! [`Plan`]: the ordered statements of a flush, as a value.
//!
//! A step is one statement. Its text is final; its binds are read from the entities when it is
//! sent, because keys that earlier steps generate are not known before.

use std::collections::HashMap;
use std::sync::Arc;

use super::collect::mappers;
use super::dependency::{components, delete_levels, insert_levels};
use super::handover::handover;
use super::template::{Shape, Templates};
use super::work::{AssociationChange, AssociationKind, ColumnSources, Doomed, RowChange, Why, Work};
use crate::dialect::Capabilities;
use crate::error::Result;
use crate::identity::Store;
use crate::mapping::{Mapper, Secondary};
use crate::model::EntityId;

/// The statements of a flush, in order.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    /// Children whose link to a deleted parent ends with the flush.
    pub(crate) nulled: Vec<(EntityId, u16)>,
    /// New entities that take over a row without changing it, and the entities that give it up.
    pub(crate) taken_over: Vec<(EntityId, EntityId)>,
    /// New entities that a delete takes along: they leave the unit of work with the flush.
    pub(crate) unborn: Vec<EntityId>,
}

/// One statement.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) sql: Arc<str>,
    pub(crate) action: Action,
}

/// What a statement does.
#[derive(Debug)]
pub(crate) enum Action {
    Insert {
        mapper: &'static Mapper,
        columns: Arc<[u16]>,
        rows: Vec<Row>,
    },
    Update {
        mapper: &'static Mapper,
        columns: Arc<[u16]>,
        rows: Vec<Row>,
        why: UpdateWhy,
    },
    Delete {
        mapper: &'static Mapper,
        rows: Vec<Doomed>,
    },
    Associate {
        kind: AssociationKind,
        secondary: &'static Secondary,
        local: &'static [u16],
        remote: &'static [u16],
        pairs: Vec<(EntityId, EntityId)>,
    },
}

/// A row of an INSERT or UPDATE.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: EntityId,
    pub(crate) sources: ColumnSources,
    pub(crate) replaces: Option<EntityId>,
}

/// Why a row is updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UpdateWhy {
    Changed,
    PostUpdate,
    BeforeDelete,
}

impl UpdateWhy {
    /// A foreign key that is written apart belongs to the same change as the row's INSERT, UPDATE or
    /// DELETE; the version counts the change once.
    pub(crate) fn counts_version(self) -> bool {
        self == UpdateWhy::Changed
    }
}

/// Puts the work into order and cuts it into statements. Pure.
pub(crate) fn plan(store: &Store, work: Work, capabilities: Capabilities, templates: &Templates) -> Result<Plan> {
    let mut planner = Planner { store, capabilities, templates, plan: Plan { nulled: work.nulled, ..Plan::default() } };
    let written = work.inserts.iter().chain(&work.updates).map(|row| row.id);
    let deleted = work.deletes.iter().map(|doomed| doomed.id);
    let order = components(store, &mappers(written.chain(deleted)));

    let mut inserts = by_mapper(&work.inserts);
    let mut updates = by_mapper(&work.updates);
    for component in &order {
        let mut later = Vec::new();
        for mapper in &component.mappers {
            let rows = planner.in_order_of_keys(updates.remove(&mapper.id).unwrap_or_default());
            let sorted = handover(store, mapper, &component.mappers, &work.inserts, rows);
            planner.one_by_one(mapper, &sorted.before);
            later.push((mapper, sorted));
        }
        let rows: Vec<&RowChange> = match component.mappers[..] {
            [mapper] => inserts.remove(&mapper.id).unwrap_or_default(),
            _ => {
                let mut rows: Vec<&RowChange> = component
                    .mappers
                    .iter()
                    .flat_map(|mapper| inserts.remove(&mapper.id).unwrap_or_default())
                    .collect();
                let position: HashMap<EntityId, usize> =
                    work.inserts.iter().enumerate().map(|(n, r)| (r.id, n)).collect();
                rows.sort_by_key(|row| position[&row.id]);
                rows
            }
        };
        if component.cyclic {
            for level in insert_levels(store, &rows)? {
                for mapper in &component.mappers {
                    planner.inserts(mapper, level.iter().copied().filter(|row| row.id.mapper == mapper.id));
                }
            }
        } else {
            planner.inserts(component.mappers[0], rows.into_iter());
        }
        for (mapper, sorted) in later {
            planner.one_by_one(mapper, &sorted.after);
            planner.updates(mapper, sorted.rest, UpdateWhy::Changed);
        }
    }
    planner.post_updates(&work.post_updates, UpdateWhy::PostUpdate);
    for kind in [AssociationKind::Remove, AssociationKind::Clear, AssociationKind::Add] {
        for change in work.associations.iter().filter(|change| change.kind == kind) {
            planner.associate(change);
        }
    }
    planner.post_updates(&work.pre_deletes, UpdateWhy::BeforeDelete);
    for component in order.iter().rev() {
        planner.deletes(&component.mappers, component.cyclic, &work.deletes)?;
    }
    Ok(planner.plan)
}

fn by_mapper(rows: &[RowChange]) -> HashMap<crate::mapping::MapperId, Vec<&RowChange>> {
    let mut grouped: HashMap<_, Vec<&RowChange>> = HashMap::new();
    for row in rows {
        grouped.entry(row.id.mapper).or_default().push(row);
    }
    grouped
}

struct Planner<'p> {
    store: &'p Store,
    capabilities: Capabilities,
    templates: &'p Templates,
    plan: Plan,
}

impl Planner<'_> {
    fn push(&mut self, shape: Shape<'_>, action: Action) {
        let sql = self.templates.text(shape);
        self.plan.steps.push(Step { sql, action });
    }

    /// Consecutive rows of one shape share a statement; the order of adding is kept.
    fn inserts<'w>(&mut self, mapper: &'static Mapper, rows: impl Iterator<Item = &'w RowChange>) {
        let rows: Vec<&RowChange> = rows.collect();
        for run in rows.chunk_by(|a, b| a.columns == b.columns) {
            let columns: Arc<[u16]> = run[0].columns.as_slice().into();
            let most = self.capabilities.rows_per_statement(columns.len(), self.capabilities.rows_per_insert);
            for chunk in run.chunks(most) {
                let shape = Shape::Insert { mapper, columns: &columns, rows: chunk.len() };
                self.push(
                    shape,
                    Action::Insert { mapper, columns: columns.clone(), rows: chunk.iter().map(|r| row(r)).collect() },
                );
            }
        }
    }

    /// Updates go in the order of their keys, so that two sessions that update the same rows do not lock
    /// each other out. A row that is taken over as it is needs none.
    fn in_order_of_keys<'w>(&mut self, mut rows: Vec<&'w RowChange>) -> Vec<&'w RowChange> {
        rows.retain(|row| {
            if let (Some(old), true) = (row.replaces, row.columns.is_empty()) {
                self.plan.taken_over.push((row.id, old));
            }
            !row.columns.is_empty()
        });
        rows.sort_by_cached_key(|row| self.sort_key(row.replaces.unwrap_or(row.id)));
        rows
    }

    fn one_by_one(&mut self, mapper: &'static Mapper, rows: &[&RowChange]) {
        for row in rows {
            self.update(mapper, &row.columns, &[row], UpdateWhy::Changed);
        }
    }

    /// Rows that change the same columns share a statement.
    fn updates(&mut self, mapper: &'static Mapper, rows: Vec<&RowChange>, why: UpdateWhy) {
        let mut groups: Vec<(&[u16], Vec<&RowChange>)> = Vec::new();
        let mut number: HashMap<&[u16], usize> = HashMap::new();
        for change in rows {
            let n = *number.entry(&change.columns).or_insert_with(|| {
                groups.push((&change.columns, Vec::new()));
                groups.len() - 1
            });
            groups[n].1.push(change);
        }
        for (columns, changes) in groups {
            let binds = columns.len() + mapper.key().len() + 2 * usize::from(mapper.def.version.is_some());
            let most = self.capabilities.rows_per_statement(binds, self.capabilities.rows_per_update);
            for chunk in changes.chunks(most) {
                self.update(mapper, columns, chunk, why);
            }
        }
    }

    fn update(&mut self, mapper: &'static Mapper, columns: &[u16], rows: &[&RowChange], why: UpdateWhy) {
        let columns: Arc<[u16]> = columns.into();
        let shape = Shape::Update { mapper, columns: &columns, rows: rows.len(), versioned: why.counts_version() };
        self.push(
            shape,
            Action::Update { mapper, columns: columns.clone(), rows: rows.iter().map(|r| row(r)).collect(), why },
        );
    }

    fn post_updates(&mut self, rows: &[RowChange], why: UpdateWhy) {
        let rows_by_mapper = by_mapper(rows);
        for id in mappers(rows.iter().map(|row| row.id)) {
            if let (Some(set), Some(rows)) = (self.store.set(id), rows_by_mapper.get(&id)) {
                let rows = self.in_order_of_keys(rows.clone());
                self.updates(set.mapper, rows, why);
            }
        }
    }

    /// A sortable form of a row's committed key.
    fn sort_key(&self, id: EntityId) -> Vec<SortKey> {
        let set = self.store.of(id);
        set.mapper.key().iter().map(|&column| SortKey::of(&set.committed(id.at.slot, column))).collect()
    }

    fn associate(&mut self, change: &AssociationChange) {
        let binds = match change.kind {
            AssociationKind::Clear => change.local.len(),
            _ => change.local.len() + change.remote.len(),
        };
        let most = match change.kind {
            AssociationKind::Add => self.capabilities.rows_per_statement(binds, self.capabilities.rows_per_insert),
            _ => self.capabilities.rows_per_statement(binds, self.capabilities.rows_per_delete),
        };
        for chunk in change.pairs.chunks(most) {
            let shape = Shape::Associate { change, mappers: self.ends(change), rows: chunk.len() };
            let action = Action::Associate {
                kind: change.kind,
                secondary: change.secondary,
                local: change.local,
                remote: change.remote,
                pairs: chunk.to_vec(),
            };
            self.push(shape, action);
        }
    }

    /// The models on both sides of an association.
    fn ends(&self, change: &AssociationChange) -> (&'static Mapper, &'static Mapper) {
        let (local, remote) = change.pairs[0];
        (self.store.mapper(local), self.store.mapper(remote))
    }

    fn deletes(&mut self, mappers: &[&'static Mapper], cyclic: bool, doomed: &[Doomed]) -> Result<()> {
        let is_here = |doomed: &&Doomed| mappers.iter().any(|mapper| mapper.id == doomed.id.mapper);
        let mut rows: Vec<Doomed> = doomed.iter().filter(is_here).copied().collect();
        rows.sort_by_cached_key(|doomed| {
            let model = mappers.iter().position(|mapper| mapper.id == doomed.id.mapper);
            (model, self.sort_key(doomed.id))
        });
        if !cyclic {
            self.delete_runs(&rows);
            return Ok(());
        }
        let why: HashMap<EntityId, Why> = rows.iter().map(|doomed| (doomed.id, doomed.why)).collect();
        let ids: Vec<EntityId> = rows.iter().map(|doomed| doomed.id).collect();
        for level in delete_levels(self.store, &ids, !self.capabilities.checks_at_statement_end)? {
            let level: Vec<Doomed> = level.into_iter().map(|id| Doomed { id, why: why[&id] }).collect();
            self.delete_runs(&level);
        }
        Ok(())
    }

    fn delete_runs(&mut self, rows: &[Doomed]) {
        for run in rows.chunk_by(|a, b| a.id.mapper == b.id.mapper) {
            let mapper = self.store.mapper(run[0].id);
            let binds = mapper.key().len() + usize::from(mapper.def.version.is_some());
            for chunk in run.chunks(self.capabilities.rows_per_statement(binds, self.capabilities.rows_per_delete)) {
                self.push(Shape::Delete { mapper, rows: chunk.len() }, Action::Delete { mapper, rows: chunk.to_vec() });
            }
        }
    }
}

fn row(change: &RowChange) -> Row {
    Row { id: change.id, sources: change.sources.clone(), replaces: change.replaces }
}

/// A value of a key in an order of its own: by kind, then by value. Any order serves, if only all
/// sessions agree on it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Int(i64),
    Text(String),
}

impl SortKey {
    fn of(value: &crate::value::Value<'_>) -> SortKey {
        match value {
            crate::value::Value::Int(v) => SortKey::Int(*v),
            crate::value::Value::Text(v) => SortKey::Text(v.to_string()),
            other => SortKey::Text(other.to_string()),
        }
    }
}
