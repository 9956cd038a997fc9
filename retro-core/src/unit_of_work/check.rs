//! The flush checker: in builds with debug assertions every plan is replayed before it is sent.
//!
//! Here a plan becomes the [`Script`] that `replay` understands. Only rows that the plan writes count:
//! what it does not touch is as right or wrong afterwards as it was before.

use rustc_hash::FxHashMap;

use super::plan::{Action, Plan, Row};
use super::replay::{Change, Fault, Script, Values, Write, replay};
use super::work::{AssociationKind, Source, future_key};
use crate::dialect::Capabilities;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::{IdentityKey, Lifecycle, Store};
use crate::mapping::{Mapper, MapperId};
use crate::model::{EntityId, ForeignKeyAction, ForeignKeyDef, KeyValues};

/// An internal error if the order of a plan is wrong, naming the step.
pub(super) fn check(store: &Store, plan: &Plan, capabilities: &Capabilities) -> Result<()> {
    replay(&script(store, plan, !capabilities.checks_at_statement_end)).map_err(|fault| internal(store, plan, fault))
}

#[cold]
fn internal(store: &Store, plan: &Plan, fault: Fault) -> Error {
    let sql = plan.steps.get(fault.step()).map_or("", |step| &*step.sql);
    let message = format!(
        "this is a mistake in retro, please report it: statement {} of the flush, `{sql}`, is in the wrong place: {}",
        fault.step() + 1,
        fault.describe(|id| store.describe(id)),
    );
    Error::new(ErrorKind::Internal, message)
}

/// A plan, as far as its order matters.
pub(super) fn script(store: &Store, plan: &Plan, row_by_row: bool) -> Script {
    let reader = Reader::new(store, plan);
    let mut script = Script { row_by_row, ..Script::default() };
    for (step, planned) in plan.steps.iter().enumerate() {
        reader.step(step, &planned.action, &mut script.writes);
    }
    let mut seen = rustc_hash::FxHashSet::default();
    for write in &script.writes {
        if seen.insert(write.row) && store.lifecycle(write.row) == Lifecycle::Persistent {
            script.before.push((write.row, reader.before(write.row)));
        }
    }
    script
}

struct Reader<'s> {
    store: &'s Store,
    /// The entity that has a row before the flush, of those that take rows over.
    replaced: FxHashMap<EntityId, EntityId>,
    /// New rows by the keys that are known.
    new: std::collections::HashMap<(MapperId, IdentityKey), EntityId>,
}

impl<'s> Reader<'s> {
    fn new(store: &'s Store, plan: &Plan) -> Self {
        let mut reader = Reader { store, replaced: plan.taken_over.iter().copied().collect(), new: Default::default() };
        for step in &plan.steps {
            match &step.action {
                Action::Insert { mapper, columns, rows } => {
                    let is_known = mapper.key().iter().all(|column| columns.contains(column));
                    for row in rows.iter().filter(|_| is_known) {
                        let key = reader.columns(row, mapper.key());
                        reader.new.extend(key.map(|key| ((mapper.id, key), row.id)));
                    }
                }
                Action::Update { rows, .. } => {
                    reader.replaced.extend(rows.iter().filter_map(|row| Some((row.id, row.replaces?))));
                }
                Action::Delete { .. } | Action::Associate { .. } => {}
            }
        }
        reader
    }

    /// A row by the entity that has it before the flush.
    fn row(&self, id: EntityId) -> EntityId {
        self.replaced.get(&id).copied().unwrap_or(id)
    }

    fn step(&self, step: usize, action: &Action, writes: &mut Vec<Write>) {
        match action {
            Action::Insert { mapper, columns, rows } => writes.extend(rows.iter().map(|row| {
                let change = Change::Insert(self.written(mapper, row, columns));
                Write { step, row: row.id, change }
            })),
            Action::Update { mapper, columns, rows, why } => writes.extend(rows.iter().map(|row| {
                let change = Change::Update(*why, self.written(mapper, row, columns));
                Write { step, row: self.row(row.id), change }
            })),
            Action::Delete { rows, .. } => {
                writes.extend(rows.iter().map(|doomed| Write { step, row: doomed.id, change: Change::Delete }));
            }
            Action::Associate { kind, secondary, pairs, .. } => writes.extend(pairs.iter().map(|&(left, right)| {
                // What is removed is that of the entities that are there before.
                let row = |id: EntityId| if *kind == AssociationKind::Add { self.row(id) } else { id };
                Write { step, row: row(left), change: Change::Associate(*kind, *secondary, row(right)) }
            })),
        }
    }

    /// The foreign keys that the order of rows follows, with their models, by number.
    fn keys(mapper: &'static Mapper) -> impl Iterator<Item = (usize, &'static ForeignKeyDef, &'static Mapper)> {
        let with_target = |(number, key): (usize, &'static ForeignKeyDef)| (number, key, ((key.target)().mapper)());
        let all = mapper.def.foreign_keys.iter().enumerate().map(with_target);
        all.filter(|(_, key, target)| {
            let checked = matches!(key.on_delete, ForeignKeyAction::NoAction | ForeignKeyAction::Restrict);
            checked && *key.references == *target.key()
        })
    }

    /// What a row has before the flush.
    fn before(&self, id: EntityId) -> Values {
        let set = self.store.of(id);
        let committed = |columns: &[u16]| -> Option<IdentityKey> {
            let values: KeyValues<'_> = columns.iter().map(|&column| set.committed(id.at.slot, column)).collect();
            IdentityKey::new(&values)
        };
        let references = Reader::keys(set.mapper)
            .filter_map(|(number, key, target)| Some((number, Some(self.stored(target, &committed(key.columns)?)?))));
        let uniques = set.mapper.unique_columns().enumerate();
        Values {
            references: references.collect(),
            uniques: uniques.map(|(number, columns)| (number, committed(columns))).collect(),
        }
    }

    /// What a row will have of what is written.
    fn written(&self, mapper: &'static Mapper, row: &Row, columns: &[u16]) -> Values {
        let is_written = |wanted: &[u16]| wanted.iter().any(|column| columns.contains(column));
        let keys = Reader::keys(mapper).filter(|(_, key, _)| is_written(key.columns));
        let uniques = mapper.unique_columns().enumerate().filter(|(_, unique)| is_written(unique));
        Values {
            references: keys.map(|(number, key, target)| (number, self.named(row, key, target))).collect(),
            uniques: uniques.map(|(number, unique)| (number, self.columns(row, unique))).collect(),
        }
    }

    /// The row that a foreign key will name.
    fn named(&self, row: &Row, key: &ForeignKeyDef, target: &Mapper) -> Option<EntityId> {
        let source = row.sources.iter().find(|(column, _)| key.columns.contains(column));
        match source {
            Some((_, Source::Of(parent, _))) => Some(self.row(*parent)),
            Some((_, Source::Null)) => None,
            _ => {
                let value = self.columns(row, key.columns)?;
                self.new.get(&(target.id, value.clone())).copied().or_else(|| self.stored(target, &value))
            }
        }
    }

    fn stored(&self, target: &Mapper, key: &IdentityKey) -> Option<EntityId> {
        self.store.find(target, key).map(|at| EntityId { mapper: target.id, at })
    }

    /// The values that a row will have, if all of them are known before the flush.
    fn columns(&self, row: &Row, columns: &[u16]) -> Option<IdentityKey> {
        future_key(self.store, row.id, &row.sources, columns)
    }
}
