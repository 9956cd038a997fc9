//! [`EntitySet`]: all entities of one model in a session.

use std::num::NonZeroU32;

use super::{IdentityKey, Instance, KeyMap, Lifecycle, LinkState, Rows};
use crate::mapping::Mapper;
use crate::model::{EntityId, EntityRef};
use crate::value::Value;

/// The entities of one model: parallel vectors by slot.
pub(crate) struct EntitySet {
    pub(crate) mapper: &'static Mapper,
    pub(crate) rows: Box<dyn Rows>,
    /// Odd while the slot is in use. In a vector of their own: checking a handle touches one word.
    generations: Vec<u32>,
    instances: Vec<Instance>,
    /// `relationships.len()` for each slot.
    links: Vec<LinkState>,
    free: Vec<u32>,
    pub(crate) identity: IdentityMap,
    pub(super) changed: Changed,
}

/// What the lists of changes may say about the entities of one model. Nothing said: no list need be
/// looked through.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Changed {
    /// Some are new, changed or orphans.
    pub(super) rows: bool,
    /// Some are to be deleted.
    pub(super) marked: bool,
    /// The relationships that changed, a bit each.
    pub(super) links: u64,
}

/// One row, one entity.
#[derive(Default)]
pub(crate) struct IdentityMap(KeyMap<u32>);

impl IdentityMap {
    pub(crate) fn get(&self, key: &IdentityKey) -> Option<u32> {
        self.0.get(key).copied()
    }

    /// Maps a key to a slot and gives the slot that it was mapped to.
    pub(crate) fn insert(&mut self, key: IdentityKey, slot: u32) -> Option<u32> {
        self.0.insert(key, slot)
    }

    /// Unmaps a key, if it is this slot's.
    pub(crate) fn remove(&mut self, key: &IdentityKey, slot: u32) {
        if self.get(key) == Some(slot) {
            self.0.remove(key);
        }
    }
}

impl EntitySet {
    pub(crate) fn new(mapper: &'static Mapper) -> Self {
        EntitySet {
            mapper,
            rows: mapper.new_rows(),
            generations: Vec::new(),
            instances: Vec::new(),
            links: Vec::new(),
            free: Vec::new(),
            identity: IdentityMap::default(),
            changed: Changed::default(),
        }
    }

    /// Makes room for more entities.
    pub(crate) fn reserve(&mut self, additional: usize) {
        self.rows.reserve(additional);
        self.generations.reserve(additional);
        self.instances.reserve(additional);
        self.links.reserve(additional * self.mapper.relationships.len());
    }

    /// Takes a slot. The struct is to be put into `rows` by the caller.
    pub(crate) fn allocate(&mut self, lifecycle: Lifecycle) -> EntityRef {
        let stride = self.mapper.relationships.len();
        if let Some(slot) = self.free.pop() {
            let index = slot as usize;
            self.generations[index] += 1;
            self.instances[index] = Instance::new(lifecycle);
            self.links[index * stride..(index + 1) * stride].fill(LinkState::Unloaded);
            return self.at(slot).unwrap_or(EntityRef { slot, generation: NonZeroU32::MIN });
        }
        let slot = self.generations.len() as u32;
        self.generations.push(1);
        self.instances.push(Instance::new(lifecycle));
        self.links.resize(self.links.len() + stride, LinkState::Unloaded);
        EntityRef { slot, generation: NonZeroU32::MIN }
    }

    /// Gives a slot back. Handles of it are stale from now on.
    pub(crate) fn release(&mut self, slot: u32) {
        let index = slot as usize;
        let stride = self.mapper.relationships.len();
        self.rows.clear(slot);
        self.links[index * stride..(index + 1) * stride].fill(LinkState::Unloaded);
        self.instances[index] = Instance::new(Lifecycle::Detached);
        self.generations[index] += 1;
        // A slot whose generations are used up is retired: a handle must never come alive again.
        if self.generations[index] < u32::MAX - 2 {
            self.free.push(slot);
        }
    }

    /// The slot with its present generation, if it is in use.
    pub(crate) fn at(&self, slot: u32) -> Option<EntityRef> {
        let generation = *self.generations.get(slot as usize)?;
        if generation % 2 == 0 {
            return None;
        }
        Some(EntityRef { slot, generation: NonZeroU32::new(generation)? })
    }

    pub(crate) fn is_alive(&self, at: EntityRef) -> bool {
        self.generations.get(at.slot as usize) == Some(&at.generation.get())
    }

    pub(crate) fn id(&self, at: EntityRef) -> EntityId {
        EntityId { mapper: self.mapper.id, at }
    }

    pub(crate) fn instance(&self, slot: u32) -> &Instance {
        &self.instances[slot as usize]
    }

    pub(crate) fn instance_mut(&mut self, slot: u32) -> &mut Instance {
        &mut self.instances[slot as usize]
    }

    pub(crate) fn link(&self, slot: u32, relationship: u16) -> &LinkState {
        &self.links[slot as usize * self.mapper.relationships.len() + usize::from(relationship)]
    }

    pub(crate) fn link_mut(&mut self, slot: u32, relationship: u16) -> &mut LinkState {
        &mut self.links[slot as usize * self.mapper.relationships.len() + usize::from(relationship)]
    }

    /// All entities in use, in the order of their slots.
    pub(crate) fn entities(&self) -> impl Iterator<Item = EntityRef> + '_ {
        (0..self.generations.len() as u32).filter_map(|slot| self.at(slot))
    }

    /// A column as the database has it, as far as the session knows.
    pub(crate) fn committed(&self, slot: u32, column: u16) -> Value<'_> {
        match &self.instance(slot).committed {
            Some(values) => values[usize::from(column)].borrowed(),
            None => self.rows.value(slot, column),
        }
    }

    /// The entity's key as its struct has it.
    pub(crate) fn current_key(&self, slot: u32) -> Option<IdentityKey> {
        self.columns_key(slot, self.mapper.key())
    }

    /// The entity's key as the database has it.
    pub(crate) fn committed_key(&self, slot: u32) -> Option<IdentityKey> {
        let values: crate::model::KeyValues<'_> = self.mapper.key().iter().map(|&c| self.committed(slot, c)).collect();
        IdentityKey::new(&values)
    }

    /// The values of some columns as a key: a foreign key, to be looked up in another set.
    pub(crate) fn columns_key(&self, slot: u32, columns: &[u16]) -> Option<IdentityKey> {
        let values: crate::model::KeyValues<'_> = columns.iter().map(|&c| self.rows.value(slot, c)).collect();
        IdentityKey::new(&values)
    }
}
