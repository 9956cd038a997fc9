//! [`Store`]: everything a session holds in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{EntitySet, IdentityKey, Instance, Journal, Lifecycle, LinkState, Listed, TypedRows, Undo};
use crate::error::Error;
use crate::mapping::{Mapper, MapperId};
use crate::model::{EntityId, EntityRef, Mapped};
use crate::value::{Value, ValueError};

/// The entities of a session, what changed in them, and how to take it back.
///
/// The lists name what a flush has to look at, so that its cost is that of what changed; an entry
/// whose entity has left, or that is there twice, is harmless. Entries are made by the `note_` methods
/// (`dirty.rs`), which keep what a query asks before it looks through the lists.
pub(crate) struct Store {
    session: u32,
    sets: Vec<Option<Box<EntitySet>>>,
    pub(crate) journal: Journal,
    /// Entities that may have been assigned through `session[e]` since the session last looked.
    pub(super) unsettled: Vec<EntityId>,
    /// Entities whose columns may differ from the database's.
    pub(crate) touched: Vec<EntityId>,
    /// New entities, in the order of `add`.
    pub(crate) pending: Listed<EntityId>,
    /// Entities to be deleted, in the order of `delete`.
    pub(crate) marked: Vec<EntityId>,
    /// Relationships that changed.
    pub(crate) relinked: Vec<(EntityId, u16)>,
    /// Members that lost a parent that deletes its orphans: child, parent's mapper, relationship.
    pub(crate) orphans: Listed<(EntityId, MapperId, u16)>,
    /// Collections that were replaced without being loaded: the flush has to learn the old members.
    pub(crate) overwritten: Vec<(EntityId, u16)>,
    /// Misuse that a method without a `Result` met; the next flush reports it.
    pub(crate) problems: Vec<Error>,
}

impl Store {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        Store {
            session: NEXT.fetch_add(1, Ordering::Relaxed),
            sets: Vec::new(),
            journal: Journal::default(),
            unsettled: Vec::new(),
            touched: Vec::new(),
            pending: Listed::new(),
            marked: Vec::new(),
            relinked: Vec::new(),
            orphans: Listed::new(),
            overwritten: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// The number of the session, which its handles carry.
    pub(crate) fn session(&self) -> u32 {
        self.session
    }

    pub(crate) fn set(&self, mapper: MapperId) -> Option<&EntitySet> {
        self.sets.get(mapper.0 as usize)?.as_deref()
    }

    /// The set of a mapper, made if this is the first of its entities.
    pub(crate) fn set_of(&mut self, mapper: &'static Mapper) -> &mut EntitySet {
        let index = mapper.id.0 as usize;
        if index >= self.sets.len() {
            self.sets.resize_with(index + 1, || None);
        }
        self.sets[index].get_or_insert_with(|| Box::new(EntitySet::new(mapper)))
    }

    pub(crate) fn sets(&self) -> impl Iterator<Item = &EntitySet> {
        self.sets.iter().filter_map(|set| set.as_deref())
    }

    pub(super) fn sets_mut(&mut self) -> impl Iterator<Item = &mut EntitySet> {
        self.sets.iter_mut().filter_map(|set| set.as_deref_mut())
    }

    /// The set that an entity of this session is in. Every `EntityId` comes from one.
    pub(crate) fn of(&self, id: EntityId) -> &EntitySet {
        match self.set(id.mapper) {
            Some(set) => set,
            None => unreachable!("an entity without its set"),
        }
    }

    pub(crate) fn of_mut(&mut self, id: EntityId) -> &mut EntitySet {
        match self.sets.get_mut(id.mapper.0 as usize).and_then(|set| set.as_deref_mut()) {
            Some(set) => set,
            None => unreachable!("an entity without its set"),
        }
    }

    pub(crate) fn mapper(&self, id: EntityId) -> &'static Mapper {
        self.of(id).mapper
    }

    pub(crate) fn is_alive(&self, id: EntityId) -> bool {
        self.set(id.mapper).is_some_and(|set| set.is_alive(id.at))
    }

    pub(crate) fn instance(&self, id: EntityId) -> &Instance {
        self.of(id).instance(id.at.slot)
    }

    pub(crate) fn instance_mut(&mut self, id: EntityId) -> &mut Instance {
        self.of_mut(id).instance_mut(id.at.slot)
    }

    pub(crate) fn lifecycle(&self, id: EntityId) -> Lifecycle {
        self.instance(id).lifecycle
    }

    pub(crate) fn link(&self, id: EntityId, relationship: u16) -> &LinkState {
        self.of(id).link(id.at.slot, relationship)
    }

    pub(crate) fn link_mut(&mut self, id: EntityId, relationship: u16) -> &mut LinkState {
        self.of_mut(id).link_mut(id.at.slot, relationship)
    }

    pub(crate) fn value(&self, id: EntityId, column: u16) -> Value<'_> {
        self.of(id).rows.value(id.at.slot, column)
    }

    /// The entity that has a key, if the session has it.
    pub(crate) fn find(&self, mapper: &Mapper, key: &IdentityKey) -> Option<EntityRef> {
        let set = self.set(mapper.id)?;
        set.at(set.identity.get(key)?)
    }

    pub(crate) fn typed<M: Mapped>(&self) -> Option<(&EntitySet, &TypedRows<M>)> {
        let set = self.set(M::mapper().id)?;
        Some((set, set.rows.as_any().downcast_ref()?))
    }

    /// The struct of a live entity.
    pub(crate) fn get<M: Mapped>(&self, at: EntityRef) -> Option<&M> {
        let (set, rows) = self.typed::<M>()?;
        if set.is_alive(at) { rows.get(at.slot) } else { None }
    }

    /// The struct of a live entity, to be changed: saves what the flush and a rollback need.
    pub(crate) fn get_mut<M: Mapped>(&mut self, at: EntityRef) -> Option<&mut M> {
        let id = EntityId { mapper: M::mapper().id, at };
        if !self.is_alive(id) {
            return None;
        }
        self.save(id);
        self.unsettle(id);
        let rows: &mut TypedRows<M> = self.of_mut(id).rows.as_any_mut().downcast_mut()?;
        rows.get_mut(at.slot)
    }

    /// Puts a new struct into the session as a pending entity, without following its relationships.
    pub(crate) fn place<M: Mapped>(&mut self, model: M) -> EntityId {
        let set = self.set_of(M::mapper());
        let at = set.allocate(Lifecycle::Pending);
        if let Some(rows) = set.rows.as_any_mut().downcast_mut::<TypedRows<M>>() {
            rows.put(at.slot, model);
        }
        let id = set.id(at);
        self.begin_pending(id);
        id
    }

    /// Makes an entity pending: one just placed, or one that had left the unit of work.
    pub(crate) fn begin_pending(&mut self, id: EntityId) {
        let level = self.journal.level();
        let instance = self.instance_mut(id);
        instance.lifecycle = Lifecycle::Pending;
        instance.flags.expired = false;
        instance.saved_in = level;
        instance.born_in = level;
        self.note_pending(id);
        self.journal.push(Undo::Added(id));
        self.unsettle(id);
    }

    fn unsettle(&mut self, id: EntityId) {
        let flags = &mut self.instance_mut(id).flags;
        if !flags.unsettled {
            flags.unsettled = true;
            self.unsettled.push(id);
        }
    }

    /// Whether a change of the entity needs an entry in the journal. The undo of an entity that was
    /// added in the same transaction or savepoint forgets everything about it anyway.
    pub(crate) fn is_journaled(&self, id: EntityId) -> bool {
        self.instance(id).born_in != self.journal.level()
    }

    /// Saves the columns of a persistent entity before they change: for the flush, which compares,
    /// and for the rollback, which restores.
    pub(crate) fn save(&mut self, id: EntityId) {
        let level = self.journal.level();
        let instance = self.instance(id);
        // Of a deleted entity there is nothing to flush, but a rollback brings it back as it was.
        let flushes = match instance.lifecycle {
            Lifecycle::Persistent if instance.committed.is_none() => true,
            Lifecycle::Deleted if instance.saved_in != level => false,
            _ => return,
        };
        let saved = self.note_values(id);
        if flushes {
            let saved = saved.unwrap_or_else(|| self.stored_values(id));
            self.instance_mut(id).committed = Some(saved);
            self.note_touched(id);
        }
    }

    /// Notes the values that a rollback restores, unless they were noted in the same transaction or
    /// savepoint before.
    pub(crate) fn note_values(&mut self, id: EntityId) -> Option<Arc<[Value<'static>]>> {
        let level = self.journal.level();
        if self.instance(id).saved_in == level {
            return None;
        }
        let stored = self.stored_values(id);
        self.instance_mut(id).saved_in = level;
        self.journal.push(Undo::Values(id, stored.clone()));
        Some(stored)
    }

    /// All columns of an entity as the database has them.
    fn stored_values(&self, id: EntityId) -> Arc<[Value<'static>]> {
        let set = self.of(id);
        if let Some(committed) = &set.instance(id.at.slot).committed {
            return committed.clone();
        }
        let mut values = Vec::with_capacity(set.mapper.all_columns.len());
        set.rows.values(id.at.slot, &set.mapper.all_columns, &mut values);
        values.into_iter().map(Value::into_owned).collect()
    }

    /// Sets a column as a user would: the flush writes it.
    pub(crate) fn write(&mut self, id: EntityId, column: u16, value: Value<'_>) -> Result<(), ValueError> {
        if self.value(id, column) == value {
            return Ok(());
        }
        self.save(id);
        self.of_mut(id).rows.set_value(id.at.slot, column, value)
    }

    /// Sets a column to what the database has: the flush does not write it again.
    pub(crate) fn fill(&mut self, id: EntityId, column: u16, value: Value<'_>) -> Result<(), ValueError> {
        if self.is_journaled(id) {
            let old = self.value(id, column).into_owned();
            self.journal.push(Undo::Filled(id, column, old));
        }
        self.of_mut(id).rows.set_value(id.at.slot, column, value)
    }

    /// Marks a relationship as changed, for the flush.
    pub(crate) fn relink(&mut self, id: EntityId, relationship: u16) {
        let bit = link_bit(relationship);
        let instance = self.instance_mut(id);
        if instance.changed_links & bit == 0 {
            instance.changed_links |= bit;
            self.note_relinked(id, relationship);
        }
    }

    pub(crate) fn is_relinked(&self, id: EntityId, relationship: u16) -> bool {
        self.instance(id).changed_links & link_bit(relationship) != 0
    }

    /// A row's name in messages: model and key.
    pub(crate) fn describe(&self, id: EntityId) -> String {
        let set = self.of(id);
        let mapper = set.mapper;
        if !set.is_alive(id.at) {
            return format!("a {} that left the session", mapper.name());
        }
        if set.instance(id.at.slot).lifecycle == Lifecycle::Pending && mapper.generated_key.is_some() {
            return format!("new {} #{}", mapper.name(), id.at.slot);
        }
        let key: Vec<String> = mapper
            .key()
            .iter()
            .map(|&column| {
                let masked = mapper.column(column).sensitive;
                let value = set.committed(id.at.slot, column);
                let shown = if masked { "***".into() } else { value.to_string() };
                format!("{} = {shown}", mapper.column(column).field)
            })
            .collect();
        format!("{} ({})", mapper.name(), key.join(", "))
    }
}

/// A model has 64 relationships at most: the derive refuses more.
pub(super) fn link_bit(relationship: u16) -> u64 {
    1 << (relationship % 64)
}
