//! [`KeyMap`]: something for each key.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::IdentityKey;
use super::key::KeyPart;

/// A map by keys. Integers and UUIDs are hashed fast; textual keys may be an attacker's choice and are
/// hashed with the standard library's keyed hasher.
pub(crate) struct KeyMap<T> {
    integers: FxHashMap<i64, T>,
    #[cfg(feature = "uuid")]
    uuids: FxHashMap<uuid::Uuid, T>,
    others: HashMap<Box<[KeyPart]>, T>,
}

impl<T> Default for KeyMap<T> {
    fn default() -> Self {
        KeyMap {
            integers: FxHashMap::default(),
            #[cfg(feature = "uuid")]
            uuids: FxHashMap::default(),
            others: HashMap::new(),
        }
    }
}

impl<T> KeyMap<T> {
    pub(crate) fn get(&self, key: &IdentityKey) -> Option<&T> {
        match key {
            IdentityKey::Int(key) => self.integers.get(key),
            #[cfg(feature = "uuid")]
            IdentityKey::Uuid(key) => self.uuids.get(key),
            IdentityKey::Other(key) => self.others.get(key),
        }
    }

    /// Gives what the key had before.
    pub(crate) fn insert(&mut self, key: IdentityKey, value: T) -> Option<T> {
        match key {
            IdentityKey::Int(key) => self.integers.insert(key, value),
            #[cfg(feature = "uuid")]
            IdentityKey::Uuid(key) => self.uuids.insert(key, value),
            IdentityKey::Other(key) => self.others.insert(key, value),
        }
    }

    pub(crate) fn remove(&mut self, key: &IdentityKey) -> Option<T> {
        match key {
            IdentityKey::Int(key) => self.integers.remove(key),
            #[cfg(feature = "uuid")]
            IdentityKey::Uuid(key) => self.uuids.remove(key),
            IdentityKey::Other(key) => self.others.remove(key),
        }
    }

    /// What a key has, which is this if it has nothing yet; and whether that is so.
    pub(crate) fn or_insert(&mut self, key: IdentityKey, new: T) -> (&mut T, bool) {
        match key {
            IdentityKey::Int(key) => entry(self.integers.entry(key), new),
            #[cfg(feature = "uuid")]
            IdentityKey::Uuid(key) => entry(self.uuids.entry(key), new),
            IdentityKey::Other(key) => entry(self.others.entry(key), new),
        }
    }
}

fn entry<K, T>(entry: Entry<'_, K, T>, new: T) -> (&mut T, bool) {
    match entry {
        Entry::Occupied(entry) => (entry.into_mut(), false),
        Entry::Vacant(entry) => (entry.insert(new), true),
    }
}
