//! Keys as loaders ask for them: collected, without duplicates, in lists of a size that the
//! database takes.

use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use crate::dialect::Capabilities;
use crate::identity::{IdentityKey, KeyMap, Store};
use crate::mapping::Mapper;
use crate::model::{EntityId, EntityRef, KeyValues};
use crate::sql::KeyList;
use crate::value::Value;

/// The most keys in one array. An array of any length is one parameter; this bounds the memory.
const ARRAY: usize = 50_000;
/// The most keys in one list of parameters: longer ones make planning slow on every database.
const LIST: usize = 8_192;

/// Keys and who has them.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) keys: Vec<KeyValues<'static>>,
    /// Usually one entity has a key; many entities share a foreign key.
    owners: KeyMap<SmallVec<[EntityRef; 2]>>,
}

impl Wanted {
    /// Adds the owner of a collection, by the columns that its members name: as the database has
    /// them. False if any is `NULL`.
    pub(super) fn add_owner(&mut self, store: &Store, id: EntityId, columns: &[u16]) -> bool {
        let set = store.of(id);
        self.add(id.at, columns.iter().map(|&column| set.committed(id.at.slot, column)).collect())
    }

    /// Adds the holder of a foreign key, as its struct has it now. False if any part is `NULL`.
    pub(super) fn add_holder(&mut self, store: &Store, id: EntityId, columns: &[u16]) -> bool {
        let set = store.of(id);
        self.add(id.at, columns.iter().map(|&column| set.rows.value(id.at.slot, column)).collect())
    }

    fn add(&mut self, at: EntityRef, values: KeyValues<'_>) -> bool {
        let Some(key) = IdentityKey::new(&values) else { return false };
        let (owners, is_new) = self.owners.or_insert(key, smallvec![at]);
        if is_new {
            self.keys.push(values.into_iter().map(Value::into_owned).collect());
        } else {
            owners.push(at);
        }
        true
    }

    pub(super) fn is_empty(&self) -> bool {
        self.owners.values().next().is_none()
    }

    /// All that were added.
    pub(super) fn all(&self) -> impl Iterator<Item = EntityRef> + '_ {
        self.owners.values().flatten().copied()
    }

    pub(super) fn owners(&self, key: &IdentityKey) -> &[EntityRef] {
        self.owners.get(key).map_or(&[], SmallVec::as_slice)
    }

    /// The keys in lists, for columns that have the types of some columns of a model.
    pub(super) fn lists(&mut self, capabilities: &Capabilities, mapper: &Mapper, columns: &[u16]) -> Vec<Arc<KeyList>> {
        lists(std::mem::take(&mut self.keys), capabilities, mapper, columns)
    }
}

/// Keys in lists.
pub(super) fn lists(
    keys: Vec<KeyValues<'static>>,
    capabilities: &Capabilities,
    mapper: &Mapper,
    columns: &[u16],
) -> Vec<Arc<KeyList>> {
    let most = match capabilities.array_binds {
        true => ARRAY,
        false => power_of_two_below(capabilities.max_binds / columns.len().max(1)).min(LIST),
    };
    let mut lists = Vec::with_capacity(keys.len().div_ceil(most));
    let mut keys = keys.into_iter();
    while keys.len() > 0 {
        lists.push(Arc::new(KeyList {
            types: columns.iter().map(|&column| mapper.column(column).sql_type).collect(),
            // Into lists of their own: cutting the front off would move the rest for each list, and leave each
            // with the room for all of it.
            keys: keys.by_ref().take(most).collect(),
            sensitive: columns.iter().any(|&column| mapper.column(column).sensitive),
        }));
    }
    lists
}

/// Lists are padded to powers of two, so the longest one must be one too.
fn power_of_two_below(limit: usize) -> usize {
    match limit {
        0 | 1 => 1,
        limit => 1 << (usize::BITS - 1 - limit.leading_zeros()),
    }
}
