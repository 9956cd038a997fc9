//! [`Entity`]: the handle of a struct that a session owns.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::NonZeroU32;

use crate::mapping::MapperId;

/// The handle of an entity: a row that a session knows, or a new struct that it will insert.
///
/// It is `Copy`, 12 bytes, and works only with the session that gave it. `session[entity]` is the
/// struct; `session.view(entity)` reads the graph around it. A handle of another session, or of an
/// entity that left its session, is detected and never reads another entity's data.
pub struct Entity<M> {
    pub(crate) slot: u32,
    /// Odd while the slot is in use; never zero, so that `Option<Entity<M>>` is as small.
    pub(crate) generation: NonZeroU32,
    pub(crate) session: u32,
    model: PhantomData<fn() -> M>,
}

/// An entity of a known session and mapper: slot and generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct EntityRef {
    pub(crate) slot: u32,
    pub(crate) generation: NonZeroU32,
}

/// An entity of a known session: mapper, slot and generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct EntityId {
    pub(crate) mapper: MapperId,
    pub(crate) at: EntityRef,
}

impl<M> Entity<M> {
    pub(crate) fn new(session: u32, at: EntityRef) -> Self {
        Entity { slot: at.slot, generation: at.generation, session, model: PhantomData }
    }

    pub(crate) fn at(self) -> EntityRef {
        EntityRef { slot: self.slot, generation: self.generation }
    }
}

impl<M> Clone for Entity<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Entity<M> {}

impl<M> PartialEq for Entity<M> {
    fn eq(&self, other: &Self) -> bool {
        self.slot == other.slot && self.generation == other.generation && self.session == other.session
    }
}

impl<M> Eq for Entity<M> {}

impl<M> Hash for Entity<M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.session, self.slot, self.generation).hash(state);
    }
}

impl<M> fmt::Debug for Entity<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = std::any::type_name::<M>().rsplit("::").next().unwrap_or("?");
        write!(f, "Entity<{name}>#{}.{} of session {}", self.slot, self.generation, self.session)
    }
}
