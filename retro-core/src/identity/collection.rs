//! [`Collection`]: the members of one collection of one entity, and what changed in it.

use rustc_hash::FxHashSet;

use crate::model::EntityRef;

/// Above this many members a set is kept beside the list, so that looking for one is not linear.
const INDEXED_ABOVE: usize = 32;

/// A list without duplicates that keeps its order.
#[derive(Debug, Clone, Default)]
pub(crate) struct RefSet {
    list: Vec<EntityRef>,
    index: Option<Box<FxHashSet<EntityRef>>>,
}

impl RefSet {
    pub(crate) fn as_slice(&self) -> &[EntityRef] {
        &self.list
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn contains(&self, member: EntityRef) -> bool {
        match &self.index {
            Some(index) => index.contains(&member),
            None => self.list.contains(&member),
        }
    }

    /// Appends a member; false if it was there.
    pub(crate) fn push(&mut self, member: EntityRef) -> bool {
        self.insert(self.list.len(), member)
    }

    /// Inserts a member at a position or, if there are fewer, at the end; false if it was there.
    pub(crate) fn insert(&mut self, position: usize, member: EntityRef) -> bool {
        if self.contains(member) {
            return false;
        }
        self.list.insert(position.min(self.list.len()), member);
        match &mut self.index {
            Some(index) => {
                index.insert(member);
            }
            None if self.list.len() > INDEXED_ABOVE => {
                self.index = Some(Box::new(self.list.iter().copied().collect()));
            }
            None => {}
        }
        true
    }

    /// Removes a member and tells where it was.
    pub(crate) fn remove(&mut self, member: EntityRef) -> Option<usize> {
        if self.index.as_mut().is_some_and(|index| !index.remove(&member)) {
            return None;
        }
        // From the end: what was added last is what is most often taken back.
        let position = self.list.iter().rposition(|&m| m == member)?;
        self.list.remove(position);
        Some(position)
    }

    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.index = None;
    }
}

impl FromIterator<EntityRef> for RefSet {
    fn from_iter<I: IntoIterator<Item = EntityRef>>(members: I) -> Self {
        let mut set = RefSet::default();
        for member in members {
            set.push(member);
        }
        set
    }
}

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
    pub(crate) fn remove(&mut self, member: EntityRef) -> Option<Option<usize>> {
        if self.loaded {
            let position = self.members.remove(member)?;
            if self.added.remove(member).is_none() {
                self.removed.push(member);
            }
            return Some(Some(position));
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
    pub(crate) fn undo_remove(&mut self, member: EntityRef, position: Option<usize>) {
        if self.loaded {
            self.members.insert(position.unwrap_or(usize::MAX), member);
        }
        self.removed.remove(member);
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
