//! [`Collection`]: the members of one collection of one entity, and what changed in it.

use rustc_hash::FxHashSet;

use crate::model::EntityRef;

/// Above this many members a set is kept beside the list, so that looking for one is not linear.
const INDEXED_ABOVE: usize = 32;

/// A list without duplicates that keeps its order. Adding and removing cost the same however long it
/// is, at either end; in its middle a removal looks for the member and closes the gap.
#[derive(Debug, Clone, Default)]
pub(crate) struct RefSet {
    /// The members, after `gone` places whose members were removed. Whoever moves or deletes all
    /// members goes through them from the first one on, and a rollback brings them back there.
    list: Vec<EntityRef>,
    gone: usize,
    index: Option<Box<FxHashSet<EntityRef>>>,
}

impl RefSet {
    pub(crate) fn as_slice(&self) -> &[EntityRef] {
        &self.list[self.gone..]
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    pub(crate) fn contains(&self, member: EntityRef) -> bool {
        match &self.index {
            Some(index) => index.contains(&member),
            None => self.as_slice().contains(&member),
        }
    }

    /// Appends a member; false if it was there.
    pub(crate) fn push(&mut self, member: EntityRef) -> bool {
        self.insert(usize::MAX, member)
    }

    /// Inserts a member at a position or, if there are fewer, at the end; false if it was there.
    pub(crate) fn insert(&mut self, position: usize, member: EntityRef) -> bool {
        if self.contains(member) {
            return false;
        }
        self.put(position, member);
        if let Some(index) = &mut self.index {
            index.insert(member);
        } else if self.as_slice().len() > INDEXED_ABOVE {
            self.index = Some(Box::new(self.as_slice().iter().copied().collect()));
        }
        true
    }

    fn put(&mut self, position: usize, member: EntityRef) {
        if position == 0 && self.gone > 0 {
            self.gone -= 1;
            self.list[self.gone] = member;
            return;
        }
        // A list that is filled at one end and emptied at the other must not grow for ever.
        if self.list.len() == self.list.capacity() && self.gone > self.list.len() / 2 {
            self.list.drain(..self.gone);
            self.gone = 0;
        }
        let place = self.gone.saturating_add(position).min(self.list.len());
        self.list.insert(place, member);
    }

    /// Removes a member and tells where it was.
    pub(crate) fn remove(&mut self, member: EntityRef) -> Option<usize> {
        if self.index.as_mut().is_some_and(|index| !index.remove(&member)) {
            return None;
        }
        let position = from_both_ends(self.as_slice(), member)?;
        if position == 0 {
            self.gone += 1;
        } else {
            self.list.remove(self.gone + position);
        }
        Some(position)
    }

    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.gone = 0;
        self.index = None;
    }
}

/// Where a member is. What was added last is what is most often taken back, and what is taken apart
/// is taken from the beginning.
fn from_both_ends(list: &[EntityRef], member: EntityRef) -> Option<usize> {
    let mirrored = |place: usize| list.len() - 1 - place;
    (0..list.len().div_ceil(2)).find_map(|place| {
        if list[mirrored(place)] == member {
            return Some(mirrored(place));
        }
        (list[place] == member).then_some(place)
    })
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

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    fn member(slot: u32) -> EntityRef {
        EntityRef { slot, generation: NonZeroU32::MIN }
    }

    /// Any sequence of changes does to a `RefSet` what it does to a plain list.
    #[test]
    fn a_set_is_a_list_without_duplicates() {
        let (mut set, mut list) = (RefSet::default(), Vec::new());
        let mut random = 1_u32;
        for _ in 0..20_000 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (member, choice, place) = (member((random >> 8) % 80), random >> 28, (random >> 16) as usize % 90);
            let found = list.iter().position(|&other| other == member);
            match choice {
                0..4 => {
                    assert_eq!(set.remove(member), found);
                    found.map(|place| list.remove(place));
                }
                4..8 if !list.is_empty() => {
                    let first = list.remove(0);
                    assert_eq!(set.remove(first), Some(0));
                }
                8..10 => {
                    assert_eq!(set.insert(place, member), found.is_none());
                    if found.is_none() {
                        list.insert(place.min(list.len()), member);
                    }
                }
                10 => {
                    assert_eq!(set.insert(0, member), found.is_none());
                    if found.is_none() {
                        list.insert(0, member);
                    }
                }
                _ => {
                    assert_eq!(set.push(member), found.is_none());
                    if found.is_none() {
                        list.push(member);
                    }
                }
            }
            assert_eq!(set.as_slice(), list);
            assert_eq!(set.contains(member), list.contains(&member));
        }
    }

    #[test]
    fn a_queue_does_not_grow() {
        let mut set = RefSet::default();
        for slot in 0..10_000 {
            set.push(member(slot));
            if slot >= 10 {
                assert_eq!(set.remove(member(slot - 10)), Some(0));
            }
        }
        assert!(set.list.capacity() < 100, "{}", set.list.capacity());
    }
}
