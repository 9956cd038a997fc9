//! Copying a detached graph into the session.

use rustc_hash::FxHashMap;

use super::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::{LinkState, RefSet};
use crate::loading;
use crate::mapping::Direction;
use crate::model::{Cascade, Entity, EntityId, EntityRef, Model};
use crate::value::Value;

impl Session {
    /// Copies a struct, with the new structs in its relationship fields, onto the entities that
    /// have the same keys: those in the session, else those in the database, which are loaded. What
    /// has no row yet is added. Gives the handle of the entity that the struct was copied onto.
    ///
    /// One SELECT for each model and level at most; none for structs without a key. Of several
    /// copies with one key the last one wins.
    ///
    /// # Errors
    /// Of the SELECTs, and of values that their columns do not take.
    pub async fn merge<M: Model>(&mut self, model: M) -> Result<Entity<M>> {
        self.store.settle();
        let first = self.store.pending.len();
        let root = self.store.place(model);
        self.store.settle();
        let copies: Vec<EntityId> = self.store.pending[first..].to_vec();
        let originals = {
            let mut unmerged = Unmerged { session: self, copies: &copies };
            let originals = unmerged.session.originals(&copies).await?;
            unmerged.copies = &[];
            originals
        };
        for &copy in &copies {
            if let Some(&original) = originals.get(&copy) {
                self.copy_columns(copy, original)?;
            }
        }
        for &copy in &copies {
            self.copy_links(copy, &originals);
        }
        for copy in copies.into_iter().filter(|copy| originals.contains_key(copy)) {
            self.store.forget(copy);
        }
        self.store.drop_dead();
        let merged = originals.get(&root).copied().unwrap_or(root);
        Ok(Entity::new(self.store.session(), merged.at))
    }

    /// The entity that each copy stands for: of the session, of the database, or the last copy of
    /// the same key.
    async fn originals(&mut self, copies: &[EntityId]) -> Result<FxHashMap<EntityId, EntityId>> {
        let mut originals = FxHashMap::default();
        let mut newest = std::collections::HashMap::new();
        for &copy in copies {
            let set = self.store.of(copy);
            let unset = set.mapper.generated_key.is_some_and(|column| self.store.value(copy, column) == Value::Int(0));
            let Some(key) = set.current_key(copy.at.slot).filter(|_| !unset) else { continue };
            let mapper = set.mapper;
            let found = match self.store.find(mapper, &key) {
                Some(at) => Some(at),
                None => loading::by_key(&mut self.store, &mut self.transaction, mapper, &key).await?,
            };
            match found {
                Some(at) => {
                    originals.insert(copy, EntityId { mapper: mapper.id, at });
                }
                None => match newest.entry((mapper.id, key)) {
                    std::collections::hash_map::Entry::Occupied(first) => {
                        originals.insert(copy, *first.get());
                    }
                    std::collections::hash_map::Entry::Vacant(place) => {
                        place.insert(copy);
                    }
                },
            }
        }
        Ok(originals)
    }

    fn copy_columns(&mut self, copy: EntityId, original: EntityId) -> Result<()> {
        let mapper = self.store.mapper(copy);
        let is_foreign = |column: u16| mapper.def.foreign_keys.iter().any(|key| key.columns.contains(&column));
        for &column in &mapper.all_columns {
            let value = self.store.value(copy, column).into_owned();
            // A foreign key that the copy leaves empty says nothing: its relationship may.
            let is_empty = matches!(value, Value::Null | Value::Int(0)) && is_foreign(column);
            if mapper.key().contains(&column) || is_empty {
                continue;
            }
            self.store.write(original, column, value).map_err(|cause| {
                let field = mapper.column(column).field;
                Error::new(ErrorKind::Conversion, format!("{}::{field} cannot be merged: {cause}", mapper.name()))
                    .with_model(mapper.name())
                    .with_columns([field])
            })?;
        }
        Ok(())
    }

    /// Gives the original the links of its copy, led to the originals of their targets.
    fn copy_links(&mut self, copy: EntityId, originals: &FxHashMap<EntityId, EntityId>) {
        let onto = originals.get(&copy).copied();
        for relationship in &self.store.mapper(copy).relationships {
            let mapper = relationship.target().id;
            let original = |at: EntityRef| {
                let id = EntityId { mapper, at };
                originals.get(&id).copied().unwrap_or(id).at
            };
            let merges = relationship.cascades(Cascade::MERGE);
            match self.store.link(copy, relationship.index).clone() {
                LinkState::One(target) if merges && relationship.direction == Direction::ManyToOne => {
                    let target = target.map(original);
                    self.store.link_parent(onto.unwrap_or(copy), relationship, target);
                }
                LinkState::Many(collection) if merges => {
                    let members: RefSet = collection.members.as_slice().iter().map(|&at| original(at)).collect();
                    self.store.replace_members(onto.unwrap_or(copy), relationship, members);
                }
                _ => {}
            }
        }
    }
}

/// Copies whose originals are being looked for. If that fails, or its future is dropped, nothing of
/// a graph that was not merged stays: the next flush would insert it.
struct Unmerged<'s> {
    session: &'s mut Session,
    copies: &'s [EntityId],
}

impl Drop for Unmerged<'_> {
    fn drop(&mut self) {
        for &copy in self.copies {
            self.session.store.forget(copy);
        }
        if !self.copies.is_empty() {
            self.session.store.drop_dead();
        }
    }
}
