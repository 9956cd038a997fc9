//! [`Listed`]: a list in order from which anything can be taken at once.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// What a flush has to look at, in the order in which it was noted. Most lists are only appended to;
/// where each entry is becomes known with the first removal.
#[derive(Debug)]
pub(crate) struct Listed<T> {
    /// The entries, with gaps where some were removed.
    list: Vec<Option<T>>,
    gaps: usize,
    places: Option<FxHashMap<T, usize>>,
}

impl<T: Copy + Eq + Hash> Listed<T> {
    pub(crate) fn new() -> Self {
        Listed { list: Vec::new(), gaps: 0, places: None }
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len() - self.gaps
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries in order.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.list.iter().flatten()
    }

    /// The entries after the first so many.
    pub(crate) fn after(&self, first: usize) -> Vec<T> {
        let mut last: Vec<T> = self.iter().rev().take(self.len().saturating_sub(first)).copied().collect();
        last.reverse();
        last
    }

    pub(crate) fn push(&mut self, entry: T) {
        // A list that is filled and emptied again and again must not grow for ever.
        if self.gaps > self.list.len() / 2 {
            self.retain(|_| true);
        }
        if let Some(places) = &mut self.places {
            if places.contains_key(&entry) {
                return;
            }
            places.insert(entry, self.list.len());
        }
        self.list.push(Some(entry));
    }

    pub(crate) fn remove(&mut self, entry: T) {
        if self.list.is_empty() {
            return;
        }
        let (list, gaps) = (&mut self.list, &mut self.gaps);
        let places = self.places.get_or_insert_with(|| {
            let mut places = FxHashMap::default();
            for (place, slot) in list.iter_mut().enumerate() {
                if slot.is_some_and(|entry| *places.entry(entry).or_insert(place) != place) {
                    *slot = None;
                    *gaps += 1;
                }
            }
            places
        });
        if let Some(place) = places.remove(&entry) {
            self.list[place] = None;
            self.gaps += 1;
        }
    }

    pub(crate) fn retain(&mut self, stays: impl Fn(&T) -> bool) {
        self.list.retain(|entry| entry.as_ref().is_some_and(&stays));
        self.gaps = 0;
        self.places = None;
    }

    pub(crate) fn clear(&mut self) {
        *self = Listed::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Any sequence of changes does to it what it does to a plain list without duplicates.
    #[test]
    fn it_is_a_list_without_duplicates() {
        let (mut listed, mut list) = (Listed::new(), Vec::new());
        let mut random = 1_u32;
        for _ in 0..20_000 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let entry = (random >> 8) % 80;
            match random >> 28 {
                0..8 => {
                    listed.remove(entry);
                    list.retain(|&other| other != entry);
                }
                8 if random.is_multiple_of(7) => {
                    listed.retain(|entry| entry % 2 == 0);
                    list.retain(|entry| entry % 2 == 0);
                }
                9 if random.is_multiple_of(9) => {
                    listed.clear();
                    list.clear();
                }
                _ if !list.contains(&entry) => {
                    listed.push(entry);
                    list.push(entry);
                }
                _ => {}
            }
            assert_eq!(listed.iter().copied().collect::<Vec<_>>(), list);
            assert_eq!(listed.len(), list.len());
            assert_eq!(listed.after(3), list.get(3..).unwrap_or_default());
        }
    }

    #[test]
    fn a_removal_takes_an_entry_that_was_noted_twice() {
        let mut listed = Listed::new();
        [1, 2, 1].into_iter().for_each(|entry| listed.push(entry));
        listed.remove(1);
        assert_eq!(listed.after(0), [2]);
    }

    #[test]
    fn it_does_not_grow_with_what_was_removed() {
        let mut listed = Listed::new();
        for entry in 0..10_000 {
            listed.push(entry);
            listed.remove(entry);
        }
        assert!(listed.list.capacity() < 100, "{}", listed.list.capacity());
    }
}
