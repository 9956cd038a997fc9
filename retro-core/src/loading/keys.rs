//! Keys as loaders ask for them: collected, without duplicates, in lists of a size that the
//! database takes.

use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use crate::dialect::Capabilities;
use crate::identity::{IdentityKey, KeyMap, Store};
use crate::mapping::Mapper;
use crate::model::{EntityId, EntityRef, KeyValues};
use crate::sql::{self, KeyList};
use crate::value::{SqlType, Value};

/// The most keys in one array. An array of any length is one parameter; this bounds the memory.
const ARRAY: usize = 50_000;
/// The most keys in one list of parameters: longer ones make planning slow on every database.
const LIST: usize = 8_192;

/// Keys and who has them.
#[derive(Default)]
pub(super) struct Wanted {
    keys: Vec<KeyValues<'static>>,
    places: KeyMap<usize>,
    /// Who has each key. Usually one entity has it; many entities share a foreign key.
    pub(super) owners: Vec<SmallVec<[EntityRef; 2]>>,
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
        let (&mut place, is_new) = self.places.or_insert(key, self.owners.len());
        if is_new {
            self.owners.push(smallvec![at]);
            self.keys.push(values.into_iter().map(Value::into_owned).collect());
        } else {
            self.owners[place].push(at);
        }
        true
    }

    pub(super) fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    /// The place of a key among those that were added.
    pub(super) fn place(&self, key: &IdentityKey) -> Option<usize> {
        self.places.get(key).copied()
    }

    /// The keys in lists, for columns that have the types of some columns of a model.
    pub(super) fn lists(&mut self, capabilities: &Capabilities, mapper: &Mapper, columns: &[u16]) -> Vec<Arc<KeyList>> {
        lists(std::mem::take(&mut self.keys), capabilities, mapper, columns)
    }
}

/// Keys in lists. Integers are sorted: an index is read in its order, and those without a gap between them
/// make a range.
pub(super) fn lists(
    mut keys: Vec<KeyValues<'static>>,
    capabilities: &Capabilities,
    mapper: &Mapper,
    columns: &[u16],
) -> Vec<Arc<KeyList>> {
    if keys.iter().all(|key| sql::integer(key).is_some()) {
        keys.sort_unstable_by_key(sql::integer);
    }
    let most = match capabilities.array_binds {
        true => ARRAY,
        false => power_of_two_below(capabilities.max_binds / columns.len().max(1)).min(LIST),
    };
    let types: Vec<SqlType> = columns.iter().map(|&column| mapper.column(column).sql_type).collect();
    let sensitive = columns.iter().any(|&column| mapper.column(column).sensitive);
    let mut lists = Vec::with_capacity(keys.len().div_ceil(most));
    let mut keys = keys.into_iter();
    while keys.len() > 0 {
        // Into lists of their own: cutting off the front would move the rest for each list, and leave each
        // with room for all of it.
        lists.push(Arc::new(KeyList::new(types.clone(), keys.by_ref().take(most).collect(), sensitive)));
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
