//! Copying a detached graph into the session.

use rustc_hash::FxHashMap;

use super::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::{LinkState, RefSet};
use crate::loading;
use crate::mapping::{Direction, Relationship};
use crate::model::{Cascade, Entity, EntityId, EntityRef, Model};
use crate::value::Value;

impl Session {
    /// Copies a struct, with the new structs in its relationship fields, onto the entities that
    /// have the same keys: those in the session, else those in the database, which are loaded. What
    /// has no row yet is added. Gives the handle of the entity that the struct was copied onto.
    ///
    /// One SELECT for each struct that has a key which the session does not know; none for structs
    /// without a key. Pending changes are not flushed first. Of several
    /// copies with one key the last one wins.
    ///
    /// # Errors
    /// Of the SELECTs, and of values that their columns do not take.
    pub async fn merge<M: Model>(&mut self, model: M) -> Result<Entity<M>> {
        self.store.settle();
        let first = self.store.pending.len();
        let relinked = self.store.relinked.len();
        let root = self.store.place(model);
        self.store.settle();
        let copies: Vec<EntityId> = self.store.pending.after(first);
        let originals = {
            let mut unmerged = Unmerged { session: self, copies: &copies };
            let originals = unmerged.session.originals(&copies).await?;
            for &copy in &copies {
                if let Some(&original) = originals.get(&copy) {
                    unmerged.session.copy_columns(copy, original)?;
                }
            }
            unmerged.copies = &[];
            originals
        };
        // All are read before any is changed, because linking one changes the other side too.
        let order: FxHashMap<EntityId, usize> = copies.iter().enumerate().map(|(place, &copy)| (copy, place)).collect();
        let links: Vec<Merged> = copies.iter().flat_map(|&copy| self.links(copy, &order, &originals)).collect();
        for link in links {
            self.merge_link(link);
        }
        for copy in copies.into_iter().filter(|copy| originals.contains_key(copy)) {
            self.store.forget_new(copy);
        }
        self.store.drop_dead_links(relinked);
        let merged = originals.get(&root).copied().unwrap_or(root);
        Ok(Entity::new(self.store.session(), merged.at))
    }

    /// The entity that each copy stands for: of the session, of the database, or the last copy of
    /// the same key.
    async fn originals(&mut self, copies: &[EntityId]) -> Result<Originals> {
        let mut originals = Originals::default();
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

    /// What the links of a copy say about its original, led to the originals of their targets.
    ///
    /// A collection was given with the copy if it holds more than those that the copy was reached
    /// from; these are in it only because they name it, and say nothing about who else does.
    fn links(&self, copy: EntityId, order: &FxHashMap<EntityId, usize>, originals: &Originals) -> Vec<Merged> {
        let original = |mapper, at| {
            let id = EntityId { mapper, at };
            originals.get(&id).copied().unwrap_or(id).at
        };
        let owner = originals.get(&copy).copied().unwrap_or(copy);
        let mut merged = Vec::new();
        for relationship in self.store.mapper(copy).relationships.iter().filter(|r| r.cascades(Cascade::MERGE)) {
            let mapper = relationship.target().id;
            let link = match self.store.link(copy, relationship.index) {
                LinkState::One(target) if relationship.direction == Direction::ManyToOne => {
                    MergedLink::Parent(target.map(|at| original(mapper, at)))
                }
                LinkState::Many(collection) => {
                    let members = collection.members.as_slice();
                    let reached_from = |at: &EntityRef| {
                        order.get(&EntityId { mapper, at: *at }).is_some_and(|place| *place < order[&copy])
                    };
                    let originals = members.iter().map(|&at| original(mapper, at)).collect();
                    match members.iter().all(reached_from) {
                        true => MergedLink::Joined(originals),
                        false => MergedLink::Members(originals),
                    }
                }
                LinkState::Empty => MergedLink::Members(RefSet::default()),
                _ => continue,
            };
            merged.push(Merged { owner, relationship, link });
        }
        merged
    }

    fn merge_link(&mut self, Merged { owner, relationship, link }: Merged) {
        match link {
            MergedLink::Parent(target) => self.store.link_parent(owner, relationship, target),
            MergedLink::Members(members) => self.store.replace_members(owner, relationship, members),
            MergedLink::Joined(members) => {
                for &member in members.as_slice() {
                    self.store.add_member(owner, relationship, member);
                }
            }
        }
    }
}

/// The entity that each copy stands for.
type Originals = FxHashMap<EntityId, EntityId>;

/// What a copy says about one relationship of its original.
struct Merged {
    owner: EntityId,
    relationship: &'static Relationship,
    link: MergedLink,
}

enum MergedLink {
    Parent(Option<EntityRef>),
    /// These are all.
    Members(RefSet),
    /// These are among them.
    Joined(RefSet),
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
