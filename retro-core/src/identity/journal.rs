//! [`Journal`]: how memory goes back to where a transaction or savepoint began, without a SELECT.
//!
//! Every change of the session's memory appends its inverse. A savepoint is a position in the list;
//! rolling back takes entries from the end and applies them, releasing forgets the position, a
//! commit forgets the list. Savepoints and transactions begin right after a flush or with nothing
//! pending, so a position never lies between a change and the flush that writes it.

use std::sync::Arc;

use super::{IdentityKey, LinkState, Place};
use crate::model::{EntityId, EntityRef};
use crate::value::Value;

/// The inverse of one change.
#[derive(Debug)]
pub(crate) enum Undo {
    /// The entity was added: it leaves the unit of work.
    Added(EntityId),
    /// Its columns were about to change: they had these values.
    Values(EntityId, Arc<[Value<'static>]>),
    /// The flush wrote a column.
    Filled(EntityId, u16, Value<'static>),
    /// It was inserted under a key; `generated` if the database made the key.
    Inserted { id: EntityId, key: IdentityKey, generated: bool },
    /// Its row was deleted.
    Deleted { id: EntityId, key: Option<IdentityKey> },
    /// Its row took another key.
    Rekeyed { id: EntityId, from: IdentityKey, to: IdentityKey },
    /// Its relationship to one had this state.
    Link(EntityId, u16, LinkState),
    /// A member was added to a collection.
    MemberAdded(EntityId, u16, EntityRef),
    /// A member was removed from a collection, from this place if it was loaded.
    MemberRemoved(EntityId, u16, EntityRef, Option<Place>),
    /// A collection was overwritten or unloaded as a whole.
    Members(EntityId, u16, LinkState),
    /// A relationship was loaded while the transaction had written: what it shows may be undone.
    LinkLoaded(EntityId, u16),
    /// A row was read while the transaction had written, likewise.
    RowLoaded(EntityId),
}

/// The changes since the transaction began, and the savepoints among them.
#[derive(Debug)]
pub(crate) struct Journal {
    pub(super) entries: Vec<Undo>,
    /// Position and number of each open savepoint.
    marks: Vec<(usize, u32)>,
    /// The number of the innermost open transaction or savepoint.
    level: u32,
    last_level: u32,
    /// Whether the transaction has written to the database.
    pub(crate) wrote: bool,
}

impl Default for Journal {
    fn default() -> Self {
        Journal { entries: Vec::new(), marks: Vec::new(), level: 1, last_level: 1, wrote: false }
    }
}

impl Journal {
    pub(crate) fn push(&mut self, undo: Undo) {
        self.entries.push(undo);
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The number of the innermost open transaction or savepoint, unique in the session.
    pub(crate) fn level(&self) -> u32 {
        self.level
    }

    fn enter(&mut self) -> u32 {
        self.last_level += 1;
        self.last_level
    }

    /// Opens a savepoint.
    pub(crate) fn mark(&mut self) {
        self.marks.push((self.entries.len(), self.level));
        self.level = self.enter();
    }

    /// Closes the innermost savepoint; its changes become the outer one's.
    pub(crate) fn release(&mut self) {
        if let Some((_, outer)) = self.marks.pop() {
            self.level = outer;
        }
    }

    /// Closes the innermost savepoint and gives the position that its changes begin at.
    pub(super) fn rewind_mark(&mut self) -> usize {
        let Some((position, _)) = self.marks.pop() else { return 0 };
        // A fresh number: entities saved within the savepoint must be saved again when they change.
        self.level = self.enter();
        position
    }

    /// Closes everything and begins the next transaction.
    pub(super) fn finish(&mut self) -> Vec<Undo> {
        self.marks.clear();
        self.level = self.enter();
        self.wrote = false;
        std::mem::take(&mut self.entries)
    }

    pub(super) fn pop_to(&mut self, position: usize) -> Option<Undo> {
        if self.entries.len() > position { self.entries.pop() } else { None }
    }
}

impl Undo {
    /// The entity that was loaded, or a relationship of it, if that is what the entry is about.
    pub(super) fn loaded(&self) -> Option<EntityId> {
        match self {
            Undo::RowLoaded(id) | Undo::LinkLoaded(id, _) => Some(*id),
            _ => None,
        }
    }

    /// The entity whose row was deleted, if that is what the entry is about.
    pub(crate) fn deleted(&self) -> Option<EntityId> {
        match self {
            Undo::Deleted { id, .. } => Some(*id),
            _ => None,
        }
    }
}
