//! [`RefSet`]: a list without duplicates, in order.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::EntityRef;

/// Above this many members a set is kept beside the list, so that looking for one is not linear.
const INDEXED_ABOVE: usize = 32;

/// How often a list may be gone through for removals from its middle before it is given another form,
/// which costs about as much.
const WALKS: usize = 64;

/// A list without duplicates that keeps its order. Adding and removing cost the same, or the logarithm,
/// however long it is.
#[derive(Debug, Clone)]
pub(crate) struct RefSet(Form);

#[derive(Debug, Clone)]
enum Form {
    /// What most are: loaded, read, added to, taken apart from one end.
    List(List),
    /// A long one from whose middle much was removed.
    Labelled(Box<Labelled>),
}

/// Where a removed member was, so that a rollback can bring it back there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// At a position of a list.
    At(usize),
    /// By a label, which no other member gets.
    Label(u64),
}

#[derive(Debug, Clone, Default)]
struct List {
    /// The members, after `gone` places whose members were removed. Whoever moves or deletes all
    /// members goes through them from the first one on, and a rollback brings them back there.
    list: Vec<EntityRef>,
    gone: usize,
    index: Option<Box<FxHashSet<EntityRef>>>,
    /// Members that removals have looked at or moved.
    walked: usize,
}

/// Members by labels that keep their order.
#[derive(Debug, Clone, Default)]
struct Labelled {
    labels: FxHashMap<EntityRef, u64>,
    members: BTreeMap<u64, EntityRef>,
    next: u64,
    /// The members as a list, made when they are read after a removal.
    list: OnceLock<Vec<EntityRef>>,
}

impl Default for RefSet {
    fn default() -> Self {
        RefSet(Form::List(List::default()))
    }
}

impl RefSet {
    pub(crate) fn as_slice(&self) -> &[EntityRef] {
        match &self.0 {
            Form::List(list) => list.as_slice(),
            Form::Labelled(labelled) => labelled.list.get_or_init(|| labelled.members.values().copied().collect()),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        match &self.0 {
            Form::List(list) => list.as_slice().is_empty(),
            Form::Labelled(labelled) => labelled.labels.is_empty(),
        }
    }

    pub(crate) fn contains(&self, member: EntityRef) -> bool {
        match &self.0 {
            Form::List(list) => list.contains(member),
            Form::Labelled(labelled) => labelled.labels.contains_key(&member),
        }
    }

    /// Appends a member; false if it was there.
    pub(crate) fn push(&mut self, member: EntityRef) -> bool {
        match &mut self.0 {
            Form::List(list) => list.insert(usize::MAX, member),
            Form::Labelled(labelled) => labelled.push(member),
        }
    }

    /// Removes a member and tells where it was.
    pub(crate) fn remove(&mut self, member: EntityRef) -> Option<Place> {
        match &mut self.0 {
            Form::List(list) => {
                let position = list.remove(member)?;
                if list.walked > WALKS * list.list.len() && list.index.is_some() {
                    self.0 = Form::Labelled(Box::new(Labelled::new(list.as_slice())));
                }
                Some(Place::At(position))
            }
            Form::Labelled(labelled) => labelled.remove(member).map(Place::Label),
        }
    }

    /// Brings a member back to where it was removed; false if it is there. Changes since the removal
    /// have been taken back, or else the place is only near.
    pub(crate) fn restore(&mut self, place: Place, member: EntityRef) -> bool {
        match (&mut self.0, place) {
            (Form::List(list), Place::At(position)) => list.insert(position, member),
            (Form::Labelled(labelled), Place::Label(label)) => labelled.restore(label, member),
            (Form::Labelled(_), Place::At(position)) => {
                // It was a list when the member was removed, and so it was for all that is yet to come back.
                let mut list: List = self.as_slice().iter().copied().collect();
                let restored = list.insert(position, member);
                self.0 = Form::List(list);
                restored
            }
            (Form::List(_), Place::Label(_)) => self.push(member),
        }
    }

    pub(crate) fn clear(&mut self) {
        match &mut self.0 {
            Form::List(list) => list.clear(),
            Form::Labelled(_) => *self = RefSet::default(),
        }
    }
}

impl FromIterator<EntityRef> for RefSet {
    fn from_iter<I: IntoIterator<Item = EntityRef>>(members: I) -> Self {
        RefSet(Form::List(members.into_iter().collect()))
    }
}

impl List {
    fn as_slice(&self) -> &[EntityRef] {
        &self.list[self.gone..]
    }

    fn contains(&self, member: EntityRef) -> bool {
        match &self.index {
            Some(index) => index.contains(&member),
            None => self.as_slice().contains(&member),
        }
    }

    /// Inserts a member at a position or, if there are fewer, at the end; false if it was there.
    fn insert(&mut self, position: usize, member: EntityRef) -> bool {
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

    fn remove(&mut self, member: EntityRef) -> Option<usize> {
        if self.index.as_mut().is_some_and(|index| !index.remove(&member)) {
            return None;
        }
        let position = from_both_ends(self.as_slice(), member)?;
        let behind = self.as_slice().len() - 1 - position;
        // Looked at from both ends, and what is behind it moved.
        self.walked += 2 * position.min(behind) + if position == 0 { 0 } else { behind };
        if position == 0 {
            self.gone += 1;
        } else {
            self.list.remove(self.gone + position);
        }
        Some(position)
    }

    fn clear(&mut self) {
        self.list.clear();
        self.gone = 0;
        self.index = None;
        self.walked = 0;
    }
}

impl FromIterator<EntityRef> for List {
    fn from_iter<I: IntoIterator<Item = EntityRef>>(members: I) -> Self {
        let mut list = List::default();
        for member in members {
            list.insert(usize::MAX, member);
        }
        list
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

impl Labelled {
    fn new(list: &[EntityRef]) -> Self {
        let mut labelled = Labelled::default();
        for &member in list {
            labelled.push(member);
        }
        labelled
    }

    fn push(&mut self, member: EntityRef) -> bool {
        if self.labels.contains_key(&member) {
            return false;
        }
        let label = self.next;
        self.next += 1;
        self.labels.insert(member, label);
        self.members.insert(label, member);
        if let Some(list) = self.list.get_mut() {
            list.push(member);
        }
        true
    }

    fn remove(&mut self, member: EntityRef) -> Option<u64> {
        let label = self.labels.remove(&member)?;
        self.members.remove(&label);
        self.list.take();
        Some(label)
    }

    fn restore(&mut self, label: u64, member: EntityRef) -> bool {
        // A label is another's if this form was left and made anew in the meantime.
        if self.members.contains_key(&label) || label >= self.next {
            return self.push(member);
        }
        if self.labels.contains_key(&member) {
            return false;
        }
        self.labels.insert(member, label);
        self.members.insert(label, member);
        self.list.take();
        true
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    fn member(slot: u32) -> EntityRef {
        EntityRef { slot, generation: NonZeroU32::MIN }
    }

    struct Random(u32);

    impl Random {
        fn below(&mut self, limit: usize) -> usize {
            self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (self.0 >> 8) as usize % limit
        }
    }

    /// What was done to a set and a plain list, to be taken back.
    enum Done {
        Removed(EntityRef, Place, usize),
        Pushed(EntityRef),
    }

    /// Any sequence of changes, and of taking the last ones back, does to a `RefSet` what it does to a plain
    /// list. Short ones, and long ones that take the other form.
    #[test]
    fn a_set_is_a_list_without_duplicates() {
        let mut random = Random(1);
        let mut labelled = 0;
        for (members, steps) in [(40, 20_000), (400, 60_000)] {
            let (mut set, mut list, mut done) = (RefSet::default(), Vec::new(), Vec::new());
            for step in 0..steps {
                let member = member(random.below(members) as u32);
                let found = list.iter().position(|&other| other == member);
                match random.below(16) {
                    0..4 => {
                        let removed = set.remove(member);
                        assert_eq!(removed.is_some(), found.is_some());
                        if let (Some(place), Some(position)) = (removed, found) {
                            assert_eq!(list.remove(position), member);
                            done.push(Done::Removed(member, place, position));
                        }
                    }
                    4..6 if !list.is_empty() => {
                        let first = list.remove(0);
                        let place = set.remove(first).unwrap();
                        done.push(Done::Removed(first, place, 0));
                    }
                    6..9 => match done.pop() {
                        Some(Done::Removed(member, place, position)) => {
                            list.insert(position, member);
                            assert!(set.restore(place, member));
                        }
                        Some(Done::Pushed(member)) => {
                            assert_eq!(list.pop(), Some(member));
                            assert!(set.remove(member).is_some());
                        }
                        None => {}
                    },
                    _ => {
                        assert_eq!(set.push(member), found.is_none());
                        if found.is_none() {
                            list.push(member);
                            done.push(Done::Pushed(member));
                        }
                    }
                }
                if step % 5_000 == 0 {
                    set.clear();
                    list.clear();
                    done.clear();
                }
                labelled += usize::from(matches!(set.0, Form::Labelled(_)));
                assert_eq!(set.contains(member), list.contains(&member));
                assert_eq!(set.is_empty(), list.is_empty());
                if random.below(3) == 0 {
                    assert_eq!(set.as_slice(), list);
                }
            }
        }
        assert!(labelled > 10_000, "the other form was hardly met: {labelled}");
    }

    /// A place from before a set was given other members is no place in it.
    #[test]
    fn a_place_that_is_not_there_is_near_the_end() {
        let mut set: RefSet = (0..3).map(member).collect();
        assert!(set.restore(Place::Label(1), member(7)));
        assert_eq!(set.as_slice().last(), Some(&member(7)));
        set.0 = Form::Labelled(Box::new(Labelled::new(set.as_slice())));
        assert!(set.restore(Place::Label(1), member(8)));
        assert!(!set.restore(Place::Label(9), member(8)));
        assert!(set.restore(Place::At(1), member(9)));
        assert_eq!(set.as_slice(), [0, 9, 1, 2, 7, 8].map(member));
    }

    #[test]
    fn a_queue_does_not_grow() {
        let mut set = RefSet::default();
        for slot in 0..10_000 {
            set.push(member(slot));
            if slot >= 10 {
                assert_eq!(set.remove(member(slot - 10)), Some(Place::At(0)));
            }
        }
        let Form::List(list) = set.0 else { panic!("another form") };
        assert!(list.list.capacity() < 100, "{}", list.list.capacity());
    }
}
