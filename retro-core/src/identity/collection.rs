//! [`Collection`]: the members of one collection of one entity, and what changed in it.

use rustc_hash::FxHashSet;

use super::ref_set::{Place, RefSet};
use crate::model::EntityRef;

/// A collection as the session knows it. Before it is loaded it is only a queue: what was added and
/// removed since the last flush, which is merged with the rows when they are loaded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Collection {
    pub(crate) loaded: bool,
    /// The members, in order; empty unless loaded.
    pub(crate) members: RefSet,
    /// Members added since the last flush.
    pub(crate) added: RefSet,
    /// Members removed since the last flush.
    pub(crate) removed: RefSet,
}

impl Collection {
    pub(crate) fn new(loaded: bool) -> Self {
        Collection { loaded, ..Collection::default() }
    }

    /// The members that are known, each once: those added are among the others if it is loaded.
    pub(crate) fn known(&self) -> &[EntityRef] {
        if self.loaded { self.members.as_slice() } else { self.added.as_slice() }
    }

    /// Whether a member is known to be in it.
    pub(crate) fn contains(&self, member: EntityRef) -> bool {
        if self.loaded { self.members.contains(member) } else { self.added.contains(member) }
    }

    /// Adds a member; false if it is known to be there.
    pub(crate) fn add(&mut self, member: EntityRef) -> bool {
        if self.contains(member) {
            return false;
        }
        if self.loaded {
            self.members.push(member);
        }
        if self.removed.remove(member).is_none() {
            self.added.push(member);
        }
        true
    }

    /// Removes a member. `None` if it is known not to be there, else where it stood if it was
    /// loaded.
    pub(crate) fn remove(&mut self, member: EntityRef) -> Option<Option<Place>> {
        if self.loaded {
            let place = self.members.remove(member)?;
            if self.added.remove(member).is_none() {
                self.removed.push(member);
            }
            return Some(Some(place));
        }
        if self.added.remove(member).is_some() {
            return Some(None);
        }
        self.removed.push(member).then_some(None)
    }

    /// Takes back an `add` that the database has forgotten too.
    pub(crate) fn undo_add(&mut self, member: EntityRef) {
        self.members.remove(member);
        self.added.remove(member);
    }

    /// Takes back a `remove` that the database has forgotten too.
    pub(crate) fn undo_remove(&mut self, member: EntityRef, place: Option<Place>) {
        match place {
            _ if !self.loaded => {}
            Some(place) => {
                self.members.restore(place, member);
            }
            None => {
                self.members.push(member);
            }
        }
        self.removed.remove(member);
    }

    /// A member that the database has is not in the session any more.
    pub(crate) fn unload(&mut self, member: EntityRef) {
        self.added.remove(member);
        self.removed.remove(member);
        self.members.clear();
        self.loaded = false;
    }

    /// Whether the database has something that is queued already: a row that was added is there, or one
    /// that was removed is not.
    pub(crate) fn queues_known(&self, rows: &[EntityRef]) -> bool {
        if !self.is_changed() {
            return false;
        }
        let rows: FxHashSet<EntityRef> = rows.iter().copied().collect();
        self.added.as_slice().iter().any(|member| rows.contains(member))
            || self.removed.as_slice().iter().any(|member| !rows.contains(member))
    }

    /// Merges the rows that were loaded with what is queued.
    pub(crate) fn load(&mut self, rows: impl IntoIterator<Item = EntityRef>) {
        let removed = std::mem::take(&mut self.removed);
        let mut members: RefSet = rows.into_iter().filter(|row| !removed.contains(*row)).collect();
        for &member in self.added.as_slice() {
            members.push(member);
        }
        self.removed = removed;
        self.members = members;
        self.loaded = true;
    }

    /// What is known is now what the database has.
    pub(crate) fn flushed(&mut self) {
        self.added.clear();
        self.removed.clear();
    }

    pub(crate) fn is_changed(&self) -> bool {
        !self.added.is_empty() || !self.removed.is_empty()
    }
}
