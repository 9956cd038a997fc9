//! Replays a plan on a small model of what databases check: foreign keys, unique values, and that no
//! row is written for nothing.
//!
//! A fault is a mistake of the planner: something that is wrong at one step and right at the end, so
//! that another order of the same statements would have done. What is wrong at the end too is the
//! user's affair, and the database says so.
//!
//! This module knows entities by their identity only; [`check`](super::check) makes a [`Script`] of a
//! plan.

use std::collections::HashMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::plan::UpdateWhy;
use super::work::AssociationKind;
use crate::identity::IdentityKey;
use crate::mapping::MapperId;
use crate::model::EntityId;

/// What is known of the rows that a plan writes, and what it does to them.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// The rows that are there before, with their foreign keys and unique values.
    pub(super) before: Vec<(EntityId, Values)>,
    /// In the order in which they are sent.
    pub(super) writes: Vec<Write>,
    /// Whether foreign keys are checked after each row, and not at the end of a statement.
    pub(super) row_by_row: bool,
}

/// Foreign keys and unique values of a row, by the number that they have in its model. A foreign key
/// that names no row of the script is of no interest.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    pub(super) references: Vec<(usize, Option<EntityId>)>,
    pub(super) uniques: Vec<(usize, Option<IdentityKey>)>,
}

/// What one statement does to one row.
#[derive(Debug, Clone)]
pub(super) struct Write {
    pub(super) step: usize,
    pub(super) row: EntityId,
    pub(super) change: Change,
}

/// What is done.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// With all of its values.
    Insert(Values),
    /// With those that are written.
    Update(UpdateWhy, Values),
    Delete,
    /// An association row of one side of a relationship, to another entity; of `Clear` to itself.
    Associate(AssociationKind, Side, EntityId),
}

/// An association table seen from one side.
pub(super) type Side = *const crate::mapping::Secondary;

/// What is wrong with a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It names a row that is written later.
    Early { step: usize, row: EntityId, parent: EntityId },
    /// A row that names it is changed or deleted later.
    Orphaned { step: usize, row: EntityId, child: EntityId },
    /// Another row has its unique value, and gives it up later.
    Clash { step: usize, row: EntityId, holder: EntityId },
    /// It was written so before, or is written for nothing.
    Twice { step: usize, row: EntityId },
}

impl Fault {
    pub(super) fn step(self) -> usize {
        match self {
            Fault::Early { step, .. }
            | Fault::Orphaned { step, .. }
            | Fault::Clash { step, .. }
            | Fault::Twice { step, .. } => step,
        }
    }

    /// What is wrong, with names for entities.
    pub(super) fn describe(self, name: impl Fn(EntityId) -> String) -> String {
        match self {
            Fault::Early { row, parent, .. } => format!("{} names {}, which is written later", name(row), name(parent)),
            Fault::Orphaned { row, child, .. } => {
                format!("{} goes while {} names it, which is written later", name(row), name(child))
            }
            Fault::Clash { row, holder, .. } => {
                format!("{} takes a unique value of {}, which gives it up later", name(row), name(holder))
            }
            Fault::Twice { row, .. } => format!("{} is written more often than it has to be", name(row)),
        }
    }
}

/// Finds the first fault of a script.
pub(super) fn replay(script: &Script) -> Result<(), Fault> {
    let mut replay = Replay::new(script);
    for statement in script.writes.chunk_by(|a, b| a.step == b.step) {
        replay.statement(statement)?;
        replay.now += statement.len();
    }
    Ok(())
}

struct Replay<'s> {
    script: &'s Script,
    here: FxHashMap<EntityId, Row>,
    /// Who names a row.
    children: FxHashMap<EntityId, FxHashSet<(EntityId, usize)>>,
    /// Who has a unique value now, and who had it before.
    holders: HashMap<Unique, EntityId>,
    before: HashMap<Unique, EntityId>,
    /// The writes of each row.
    of: FxHashMap<EntityId, Vec<usize>>,
    /// The first write of the statement at hand.
    now: usize,
    done: FxHashSet<(EntityId, Kind)>,
}

/// A value of a set of unique columns.
type Unique = (MapperId, usize, IdentityKey);

#[derive(Default)]
struct Row {
    references: FxHashMap<usize, EntityId>,
    uniques: FxHashMap<usize, IdentityKey>,
}

/// What may be done to a row once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Insert,
    Update,
    PostUpdate,
    BeforeDelete,
    Delete,
    Associate(AssociationKind, Side, EntityId),
}

impl Change {
    fn kind(&self) -> Kind {
        match *self {
            Change::Insert(_) => Kind::Insert,
            Change::Update(UpdateWhy::Changed, _) => Kind::Update,
            Change::Update(UpdateWhy::PostUpdate, _) => Kind::PostUpdate,
            Change::Update(UpdateWhy::BeforeDelete, _) => Kind::BeforeDelete,
            Change::Delete => Kind::Delete,
            Change::Associate(kind, side, other) => Kind::Associate(kind, side, other),
        }
    }

    fn values(&self) -> Option<&Values> {
        match self {
            Change::Insert(values) | Change::Update(_, values) => Some(values),
            Change::Delete | Change::Associate(..) => None,
        }
    }
}

impl<'s> Replay<'s> {
    fn new(script: &'s Script) -> Self {
        let mut replay = Replay {
            script,
            here: FxHashMap::default(),
            children: FxHashMap::default(),
            holders: HashMap::new(),
            before: HashMap::new(),
            of: FxHashMap::default(),
            now: 0,
            done: FxHashSet::default(),
        };
        for (row, values) in &script.before {
            replay.here.insert(*row, Row::default());
            replay.set(*row, values);
        }
        replay.before = replay.holders.clone();
        for (place, write) in script.writes.iter().enumerate() {
            replay.of.entry(write.row).or_default().push(place);
        }
        replay
    }

    fn statement(&mut self, writes: &[Write]) -> Result<(), Fault> {
        for write in writes {
            self.once(write)?;
        }
        match writes[0].change {
            Change::Insert(_) => self.inserts(writes),
            Change::Update(..) => self.updates(writes),
            Change::Delete => self.deletes(writes),
            Change::Associate(..) => writes.iter().try_for_each(|write| self.associate(write)),
        }
    }

    fn once(&mut self, write: &Write) -> Result<(), Fault> {
        let kind = write.change.kind();
        let is_new = self.done.insert((write.row, kind));
        let has = |kind: Kind| self.done.contains(&(write.row, kind));
        let is_needed = match kind {
            Kind::Insert => !has(Kind::Update) && !has(Kind::Delete),
            Kind::Update | Kind::PostUpdate => !has(Kind::Delete) && self.is_here(write.row),
            Kind::BeforeDelete => self.later(write.row).any(|write| matches!(write.change, Change::Delete)),
            // Who is deleted need not have been inserted or changed.
            Kind::Delete => !has(Kind::Insert) && !has(Kind::Update) && !has(Kind::PostUpdate),
            Kind::Associate(..) => true,
        };
        if is_new && is_needed { Ok(()) } else { Err(Fault::Twice { step: write.step, row: write.row }) }
    }

    fn is_here(&self, row: EntityId) -> bool {
        self.here.contains_key(&row)
    }

    fn inserts(&mut self, writes: &[Write]) -> Result<(), Fault> {
        for write in writes {
            self.here.insert(write.row, Row::default());
            self.check_uniques(write)?;
            self.apply(write);
            if self.script.row_by_row {
                self.check_references(write)?;
            }
        }
        writes.iter().try_for_each(|write| self.check_references(write))
    }

    /// The rows of one UPDATE come in no order.
    fn updates(&mut self, writes: &[Write]) -> Result<(), Fault> {
        writes.iter().try_for_each(|write| self.check_uniques(write))?;
        writes.iter().for_each(|write| self.apply(write));
        writes.iter().try_for_each(|write| self.check_references(write))
    }

    /// Nor do those of a DELETE.
    fn deletes(&mut self, writes: &[Write]) -> Result<(), Fault> {
        if self.script.row_by_row {
            writes.iter().try_for_each(|write| self.check_children(write))?;
        }
        for write in writes {
            self.set(write.row, &self.nothing(write.row));
            self.here.remove(&write.row);
        }
        writes.iter().try_for_each(|write| self.check_children(write))
    }

    fn associate(&mut self, write: &Write) -> Result<(), Fault> {
        let Change::Associate(kind, _, other) = write.change else { return Ok(()) };
        for end in [write.row, other] {
            let gone = self.done.contains(&(end, Kind::Delete));
            if gone {
                return Err(Fault::Orphaned { step: write.step, row: end, child: write.row });
            }
            if kind == AssociationKind::Add && !self.is_here(end) && self.comes(end) {
                return Err(Fault::Early { step: write.step, row: write.row, parent: end });
            }
        }
        Ok(())
    }

    fn apply(&mut self, write: &Write) {
        if let Some(values) = write.change.values() {
            self.set(write.row, values);
        }
    }

    fn set(&mut self, id: EntityId, values: &Values) {
        let Some(row) = self.here.get_mut(&id) else { return };
        for &(number, parent) in &values.references {
            let old = row.references.remove(&number);
            if let Some(children) = old.and_then(|old| self.children.get_mut(&old)) {
                children.remove(&(id, number));
            }
            if let Some(parent) = parent {
                row.references.insert(number, parent);
                self.children.entry(parent).or_default().insert((id, number));
            }
        }
        for (number, key) in &values.uniques {
            if let Some(old) = row.uniques.remove(number).map(|key| (id.mapper, *number, key))
                && self.holders.get(&old) == Some(&id)
            {
                self.holders.remove(&old);
            }
            if let Some(key) = key {
                row.uniques.insert(*number, key.clone());
                self.holders.insert((id.mapper, *number, key.clone()), id);
            }
        }
    }

    /// Values that name nothing and hold nothing.
    fn nothing(&self, id: EntityId) -> Values {
        let Some(row) = self.here.get(&id) else { return Values::default() };
        Values {
            references: row.references.keys().map(|&number| (number, None)).collect(),
            uniques: row.uniques.keys().map(|&number| (number, None)).collect(),
        }
    }

    fn check_references(&self, write: &Write) -> Result<(), Fault> {
        let Some(row) = self.here.get(&write.row) else { return Ok(()) };
        match row.references.values().find(|&&parent| !self.is_here(parent) && self.comes(parent)) {
            Some(&parent) => Err(Fault::Early { step: write.step, row: write.row, parent }),
            None => Ok(()),
        }
    }

    fn check_children(&self, write: &Write) -> Result<(), Fault> {
        let children = self.children.get(&write.row).into_iter().flatten();
        let is_fault = |(child, number): &&(EntityId, usize)| {
            *child != write.row && self.is_here(*child) && self.lets_go(*child, *number)
        };
        match children.filter(is_fault).min() {
            Some(&(child, _)) => Err(Fault::Orphaned { step: write.step, row: write.row, child }),
            None => Ok(()),
        }
    }

    fn check_uniques(&self, write: &Write) -> Result<(), Fault> {
        for (number, key) in write.change.values().into_iter().flat_map(|values| &values.uniques) {
            let Some(key) = key else { continue };
            let holder = self.holders.get(&(write.row.mapper, *number, key.clone())).copied();
            let is_old = |holder: &EntityId| {
                *holder != write.row && self.before.get(&(write.row.mapper, *number, key.clone())) == Some(holder)
            };
            if let Some(holder) = holder.filter(is_old).filter(|&holder| self.hands_over(holder, *number, write)) {
                return Err(Fault::Clash { step: write.step, row: write.row, holder });
            }
        }
        Ok(())
    }

    fn writes(&self, row: EntityId) -> impl Iterator<Item = &'s Write> + '_ {
        self.of.get(&row).into_iter().flatten().map(|&place| &self.script.writes[place])
    }

    /// The writes of a row that are still to come, the statement's own among them.
    fn later(&self, row: EntityId) -> impl Iterator<Item = &'s Write> + '_ {
        let places = self.of.get(&row).into_iter().flatten();
        places.filter(|&&place| place >= self.now).map(|&place| &self.script.writes[place])
    }

    /// Whether a row will be inserted.
    fn comes(&self, row: EntityId) -> bool {
        self.later(row).any(|write| matches!(write.change, Change::Insert(_)))
    }

    /// Whether a row will name another parent, or go.
    fn lets_go(&self, row: EntityId, number: usize) -> bool {
        let lets_go = |write: &Write| match &write.change {
            Change::Delete => true,
            change => change.values().is_some_and(|values| values.references.iter().any(|(n, _)| *n == number)),
        };
        self.later(row).any(lets_go)
    }

    /// Whether a row gives up a unique value by an UPDATE that could come before the one at hand: it is
    /// not waiting for a new row, nor, however far one looks, for what the row at hand has itself.
    fn hands_over(&self, holder: EntityId, number: usize, taker: &Write) -> bool {
        let mut holder = holder;
        for _ in 0..self.script.writes.len() {
            let Some(values) = self.exchange(holder, number) else { return false };
            let is_new =
                |parent: &EntityId| self.writes(*parent).any(|write| matches!(write.change, Change::Insert(_)));
            if values.references.iter().filter_map(|(_, parent)| parent.as_ref()).any(is_new) {
                return false;
            }
            let taken = values.uniques.iter().find(|(n, _)| *n == number).and_then(|(_, key)| key.clone());
            match taken.and_then(|key| self.before.get(&(holder.mapper, number, key))) {
                None => return true,
                Some(&next) if next == holder => return true,
                Some(&next) if next == taker.row => return false,
                Some(&next) => holder = next,
            }
        }
        false
    }

    /// The UPDATE by which a row exchanges a unique value.
    fn exchange(&self, row: EntityId, number: usize) -> Option<&'s Values> {
        self.writes(row).find_map(|write| match &write.change {
            Change::Update(_, values) if values.uniques.iter().any(|(n, _)| *n == number) => Some(values),
            _ => None,
        })
    }
}
