//! Reading and changing entities, and asking about their state.

use std::ops::{Index, IndexMut};

use super::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::{Lifecycle, Store};
use crate::model::{Column, Entity, EntityId, Mapped, Model};
use crate::value::{ColumnType, Value};

/// Where an entity stands in its life. A plain struct that no session owns is *transient*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// Added, not yet written.
    Pending,
    /// A row of the database.
    Persistent,
    /// Its row was deleted by a flush; the transaction is still open.
    Deleted,
    /// No longer part of the unit of work: added by a transaction that was rolled back, orphaned
    /// before it was written, taken out, or deleted and committed.
    Detached,
}

/// A column's value before and after the changes that the next flush will write.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The field's name.
    pub field: &'static str,
    /// What the database has. For a new entity there is nothing old.
    pub old: Option<Value<'static>>,
    /// What will be written.
    pub new: Value<'static>,
}

impl Session {
    /// The identity of a handle, if it is this session's and its entity is still here.
    pub(crate) fn id<M: Mapped>(&self, entity: Entity<M>) -> Result<EntityId> {
        let id = EntityId { mapper: M::mapper().id, at: entity.at() };
        if entity.session == self.store.session() && self.store.is_alive(id) {
            return Ok(id);
        }
        Err(stale(&self.store, entity))
    }

    /// The identity of a handle that must be good.
    #[track_caller]
    pub(crate) fn expect_id<M: Mapped>(&self, entity: Entity<M>) -> EntityId {
        match self.id(entity) {
            Ok(id) => id,
            Err(error) => panic!("{error}"),
        }
    }

    /// The struct of an entity, or an error if the handle is another session's or its entity has
    /// left.
    pub fn try_get<M: Model>(&self, entity: Entity<M>) -> Result<&M> {
        struct_of(&self.store, entity)
    }

    /// The struct of an entity, to be changed, or an error as [`try_get`](Session::try_get) gives.
    pub fn try_get_mut<M: Model>(&mut self, entity: Entity<M>) -> Result<&mut M> {
        self.id(entity)?;
        let stale = stale(&self.store, entity);
        self.store.get_mut(entity.at()).ok_or(stale)
    }

    /// Whether the handle is this session's and its entity is part of the unit of work.
    pub fn contains<M: Model>(&self, entity: Entity<M>) -> bool {
        !matches!(self.state(entity), State::Detached)
    }

    /// Where the entity stands in its life. Never fails: a handle that is not this session's is
    /// detached.
    pub fn state<M: Model>(&self, entity: Entity<M>) -> State {
        match self.id(entity) {
            Err(_) => State::Detached,
            Ok(id) => match self.store.lifecycle(id) {
                Lifecycle::Pending => State::Pending,
                Lifecycle::Persistent => State::Persistent,
                Lifecycle::Deleted => State::Deleted,
                Lifecycle::Detached => State::Detached,
            },
        }
    }

    /// Whether the next flush would write a column of the entity: a field that was set to a value
    /// that equals the stored one is no change.
    pub fn is_modified<M: Model>(&self, entity: Entity<M>) -> bool {
        !self.history(entity).is_empty()
    }

    /// The columns that the next flush would write, with old and new values, in the order of the
    /// fields. Foreign keys of linked parents whose keys are not known yet are not among them.
    ///
    /// # Panics
    /// If the handle is stale, as indexing does.
    #[track_caller]
    pub fn history<M: Model>(&self, entity: Entity<M>) -> Vec<Change> {
        let id = self.expect_id(entity);
        let set = self.store.of(id);
        let instance = set.instance(id.at.slot);
        let is_new = instance.lifecycle == Lifecycle::Pending;
        if instance.committed.is_none() && !is_new {
            return Vec::new();
        }
        let mut changes = Vec::new();
        for &column in &set.mapper.all_columns {
            let new = set.rows.value(id.at.slot, column);
            let old = set.committed(id.at.slot, column);
            if is_new || old != new {
                let field = set.mapper.column(column).field;
                let old = (!is_new).then(|| old.into_owned());
                changes.push(Change { field, old, new: new.into_owned() });
            }
        }
        changes
    }

    /// The value that the database has for a column, as far as the session knows: the value before
    /// the changes that the next flush will write.
    pub fn committed<M: Model, T: ColumnType>(&self, entity: Entity<M>, column: Column<M, T>) -> Result<T> {
        let id = self.id(entity)?;
        let value = self.store.of(id).committed(id.at.slot, column.index());
        T::from_value(value).map_err(|error| {
            Error::new(ErrorKind::Conversion, format!("{column:?}: {error}")).with_model(M::mapper().name())
        })
    }

    /// Whether the entity's values may be out of date; the next query that meets it reads them
    /// anew, and [`fresh`](Session::fresh) does so now.
    pub fn is_expired<M: Model>(&self, entity: Entity<M>) -> bool {
        self.id(entity).is_ok_and(|id| self.store.instance(id).flags.expired)
    }

    /// Whether a flush would have nothing to write.
    pub fn is_clean(&mut self) -> bool {
        self.store.settle();
        !self.has_changes()
    }

    /// The new entities of a model, in the order in which they were added.
    pub fn pending<M: Model>(&self) -> Vec<Entity<M>> {
        let mapper = M::mapper().id;
        let is_pending = |id: &&EntityId| {
            id.mapper == mapper && self.store.is_alive(**id) && self.store.lifecycle(**id) == Lifecycle::Pending
        };
        self.store.pending.iter().filter(is_pending).map(|id| Entity::new(self.store.session(), id.at)).collect()
    }

    /// All entities of a model that are part of the unit of work.
    pub fn known<M: Model>(&self) -> Vec<Entity<M>> {
        let Some(set) = self.store.set(M::mapper().id) else { return Vec::new() };
        let part = |at: &crate::model::EntityRef| {
            matches!(set.instance(at.slot).lifecycle, Lifecycle::Pending | Lifecycle::Persistent)
        };
        set.entities().filter(part).map(|at| Entity::new(self.store.session(), at)).collect()
    }
}

/// The struct of an entity, or an error if there is none.
pub(super) fn struct_of<M: Mapped>(store: &Store, entity: Entity<M>) -> Result<&M> {
    let found = if entity.session == store.session() { store.get(entity.at()) } else { None };
    found.ok_or_else(|| stale(store, entity))
}

#[cold]
fn stale<M: Mapped>(store: &Store, entity: Entity<M>) -> Error {
    let name = M::mapper().name();
    let message = if entity.session != store.session() {
        format!("this {name} belongs to another session; load it with this one, or `merge` a copy of it")
    } else {
        format!("this {name} has left the session: it was taken, expunged, or deleted and committed")
    };
    Error::new(ErrorKind::Detached, message).with_model(name)
}

/// Where there is no session there are no entities.
#[cold]
pub(super) fn unknown<M: Mapped>() -> Error {
    let name = M::mapper().name();
    Error::new(ErrorKind::Detached, format!("this {name} belongs to a session, and these rows to none"))
        .with_model(name)
}

/// The struct of an entity.
///
/// # Panics
/// If the handle is another session's, or its entity has left the session. [`Session::try_get`]
/// gives an error instead.
impl<M: Model> Index<Entity<M>> for Session {
    type Output = M;

    #[track_caller]
    fn index(&self, entity: Entity<M>) -> &M {
        match self.try_get(entity) {
            Ok(model) => model,
            Err(error) => panic!("{error}"),
        }
    }
}

/// The struct of an entity, to be changed: what changes is written by the next flush.
///
/// # Panics
/// As reading does.
impl<M: Model> IndexMut<Entity<M>> for Session {
    #[track_caller]
    fn index_mut(&mut self, entity: Entity<M>) -> &mut M {
        self.expect_id(entity);
        match self.store.get_mut(entity.at()) {
            Some(model) => model,
            // The handle was just found good, and every live entity has its struct.
            None => unreachable!("a live entity without its struct"),
        }
    }
}
