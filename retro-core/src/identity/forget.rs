//! Letting entities go before the session ends.

use rustc_hash::FxHashSet;

use super::{Known, LinkState, Listed, Store, TypedRows, Undo};
use crate::mapping::{Direction, MapperId};
use crate::model::{Cascade, EntityId, EntityRef, Mapped};

impl Store {
    /// Lets one entity go. Collections that it was in are no longer loaded: they would show less
    /// than the database has.
    pub(crate) fn forget(&mut self, id: EntityId) {
        if !self.is_alive(id) {
            return;
        }
        self.forget_links(id);
        self.of_mut(id).release(id.at.slot);
    }

    /// As [`forget`](Store::forget), for an entity that was placed and never changed. What the list of
    /// links says of it stays, for [`drop_dead_links`](Store::drop_dead_links).
    pub(crate) fn forget_new(&mut self, id: EntityId) {
        self.forget(id);
        self.pending.remove(id);
    }

    /// Lets one entity go as [`forget`](Store::forget) does and gives back its struct. What is known
    /// of it elsewhere goes first: that is found by the values of the struct.
    pub(crate) fn take<M: Mapped>(&mut self, id: EntityId) -> Option<M> {
        self.forget_links(id);
        let set = self.of_mut(id);
        let rows: &mut TypedRows<M> = set.rows.as_any_mut().downcast_mut()?;
        let model = rows.take(id.at.slot);
        set.release(id.at.slot);
        model
    }

    /// Nothing leads to the entity any more.
    fn forget_links(&mut self, id: EntityId) {
        let pending = self.lifecycle(id) == super::Lifecycle::Pending;
        self.forget_in_collections(id, pending);
        self.unmap(id);
    }

    fn unmap(&mut self, id: EntityId) {
        let set = self.of_mut(id);
        if let Some(key) = set.committed_key(id.at.slot) {
            set.identity.remove(&key, id.at.slot);
        }
    }

    fn forget_in_collections(&mut self, id: EntityId, pending: bool) {
        for relationship in &self.mapper(id).relationships {
            let Some(inverse) = relationship.inverse() else { continue };
            let target = relationship.target().id;
            let owners: Vec<EntityRef> = match relationship.direction {
                // The present parent, and the one that it was to leave.
                Direction::ManyToOne => {
                    let present = match self.parent(id, relationship) {
                        Known::Is(parent) => parent,
                        Known::Unknown => None,
                    };
                    present.into_iter().chain(self.committed_parent(id, relationship)).collect()
                }
                Direction::ManyToMany => match self.link(id, relationship.index) {
                    LinkState::Many(collection) => {
                        let lists = [&collection.members, &collection.added, &collection.removed];
                        lists.iter().flat_map(|list| list.as_slice()).copied().collect()
                    }
                    _ => Vec::new(),
                },
                Direction::OneToMany => Vec::new(),
            };
            for at in owners {
                let owner = EntityId { mapper: target, at };
                if self.is_alive(owner) {
                    self.unload_member(owner, inverse.index, id.at, pending);
                }
            }
        }
    }

    /// A member leaves the session. One that was never written is simply gone from the collection;
    /// of others the collection forgets that it was loaded, and keeps what is queued.
    fn unload_member(&mut self, owner: EntityId, relationship: u16, member: EntityRef, pending: bool) {
        let link = self.link_mut(owner, relationship);
        let LinkState::Many(collection) = link else { return };
        collection.added.remove(member);
        let was_removed = collection.removed.remove(member).is_some();
        let was_member = collection.members.remove(member).is_some();
        if (was_member || was_removed) && !pending {
            collection.loaded = false;
            collection.members.clear();
        }
        if !collection.loaded && !collection.is_changed() {
            *link = LinkState::Unloaded;
        }
    }

    /// The entity and those that its loaded relationships cascade to.
    pub(crate) fn cascade(&self, id: EntityId, cascade: Cascade) -> Vec<EntityId> {
        let mut found = vec![id];
        let mut seen: FxHashSet<EntityId> = found.iter().copied().collect();
        let mut next = 0;
        while let Some(&id) = found.get(next) {
            next += 1;
            for relationship in self.mapper(id).relationships.iter().filter(|r| r.cascades(cascade)) {
                let mapper = relationship.target().id;
                let members: Vec<EntityRef> = match relationship.direction {
                    Direction::ManyToOne => match self.parent(id, relationship) {
                        Known::Is(parent) => parent.into_iter().collect(),
                        Known::Unknown => Vec::new(),
                    },
                    _ => self.members(id, relationship).map(<[EntityRef]>::to_vec).unwrap_or_default(),
                };
                found.extend(members.into_iter().map(|at| EntityId { mapper, at }).filter(|id| seen.insert(*id)));
            }
        }
        found
    }

    /// Lets every entity of a model go.
    pub(crate) fn forget_every(&mut self, mapper: MapperId) {
        let Some(set) = self.set(mapper) else { return };
        let every: Vec<EntityId> = set.entities().map(|at| set.id(at)).collect();
        self.unload_collections_of(mapper);
        for id in every {
            self.unmap(id);
            self.of_mut(id).release(id.at.slot);
        }
        self.drop_dead();
    }

    /// Collections of members of this model show nothing any more; what they had queued was about
    /// entities that go.
    fn unload_collections_of(&mut self, mapper: MapperId) {
        let mut holders = Vec::new();
        for set in self.sets() {
            for relationship in &set.mapper.relationships {
                if relationship.target().id == mapper && relationship.direction != Direction::ManyToOne {
                    holders.extend(set.entities().map(|at| (set.id(at), relationship.index)));
                }
            }
        }
        for (id, relationship) in holders {
            let link = self.link_mut(id, relationship);
            if matches!(link, LinkState::Many(_)) {
                *link = LinkState::Unloaded;
            }
        }
    }

    /// Lets everything go.
    pub(crate) fn forget_everything(&mut self) {
        let every: Vec<EntityId> = self.sets().flat_map(|set| set.entities().map(|at| set.id(at))).collect();
        for id in every {
            self.unmap(id);
            self.of_mut(id).release(id.at.slot);
        }
        self.forget_changes();
        self.drop_dead();
    }

    /// Takes entries that say that entities were loaded which have gone from the end of the journal,
    /// from a position on.
    pub(crate) fn forget_entries(&mut self, position: usize) {
        let tail = self.journal.entries.split_off(position.min(self.journal.entries.len()));
        let kept = tail.into_iter().filter(|undo| undo.loaded().is_none_or(|id| self.is_alive(id)));
        let kept: Vec<Undo> = kept.collect();
        self.journal.entries.extend(kept);
    }

    /// Drops what the list of links says, after its first so many entries, of entities that have left.
    pub(crate) fn drop_dead_links(&mut self, after: usize) {
        let mut new = self.relinked.split_off(after.min(self.relinked.len()));
        new.retain(|&(id, _)| self.is_alive(id));
        self.relinked.append(&mut new);
    }

    /// Takes entries of entities that have gone from the lists, so that a session that lets go as
    /// it goes along stays small.
    pub(crate) fn drop_dead(&mut self) {
        let mut lists = [std::mem::take(&mut self.touched), std::mem::take(&mut self.marked)];
        for list in &mut lists {
            list.retain(|&id| self.is_alive(id));
        }
        [self.touched, self.marked] = lists;
        let mut pending = std::mem::replace(&mut self.pending, Listed::new());
        pending.retain(|&id| self.is_alive(id));
        self.pending = pending;
        let relinked = std::mem::take(&mut self.relinked);
        self.relinked = relinked.into_iter().filter(|&(id, _)| self.is_alive(id)).collect();
        let mut orphans = std::mem::replace(&mut self.orphans, Listed::new());
        orphans.retain(|&(id, _, _)| self.is_alive(id));
        self.orphans = orphans;
    }
}
