//! Forgetting what is known of rows.

use rustc_hash::FxHashSet;

use super::{Collection, Known, Lifecycle, LinkState, RefSet, Store};
use crate::mapping::{Direction, Relationship};
use crate::model::{Cascade, EntityId, EntityRef};

impl Store {
    /// Discards the changes of entities and marks what is known of them as out of date. A link that
    /// one of them has to an entity that is not among them is also that entity's change, and stays.
    pub(crate) fn expire(&mut self, ids: &[EntityId]) {
        let expired: FxHashSet<EntityId> = ids.iter().copied().collect();
        for &id in ids {
            let moved = self.expire_links(id, &expired);
            if let Some(values) = self.instance_mut(id).committed.take() {
                for (column, value) in values.iter().enumerate() {
                    // The value was read from this very field, so its type takes it back.
                    let _ = self.of_mut(id).rows.set_value(id.at.slot, column as u16, value.borrowed());
                }
            }
            self.instance_mut(id).flags.expired = true;
            for relationship in moved {
                self.come_back(id, relationship);
            }
        }
    }

    /// A child whose change of parent was discarded is where it was.
    fn come_back(&mut self, child: EntityId, relationship: &'static Relationship) {
        if let (Some(inverse), Known::Is(Some(parent))) = (relationship.inverse(), self.parent(child, relationship)) {
            let parent = self.target_id(relationship, parent);
            if let LinkState::Many(collection) = self.link_mut(parent, inverse.index) {
                collection.removed.remove(child.at);
            }
            self.show_joined(parent, inverse, child);
        }
    }

    /// Gives the relationships whose change of parent was discarded.
    ///
    /// Not journaled: a rollback must not bring back as loaded what was given up as out of date.
    /// When the transaction began nothing was queued, so what is not loaded is what was.
    fn expire_links(&mut self, id: EntityId, expired: &FxHashSet<EntityId>) -> Vec<&'static Relationship> {
        let mut changed = 0;
        let mut discarded = Vec::new();
        for relationship in &self.mapper(id).relationships {
            let kept = self.shared_change(id, relationship, expired);
            if !matches!(kept, LinkState::Unloaded) {
                changed |= 1_u64 << (relationship.index % 64);
            } else if relationship.direction == Direction::ManyToOne && self.is_relinked(id, relationship.index) {
                discarded.push(relationship);
            }
            *self.link_mut(id, relationship.index) = kept;
        }
        self.instance_mut(id).changed_links = changed;
        discarded
    }

    /// What is left of a link when its entity's changes are discarded: what the other side has as
    /// its own change too.
    fn shared_change(&self, id: EntityId, relationship: &Relationship, expired: &FxHashSet<EntityId>) -> LinkState {
        if relationship.inverse.is_none() || !self.is_relinked(id, relationship.index) {
            return LinkState::Unloaded;
        }
        let mapper = relationship.target().id;
        let stays = |at: EntityRef| !expired.contains(&EntityId { mapper, at });
        match self.link(id, relationship.index) {
            LinkState::One(target) if self.old_parent(id, relationship).is_some_and(stays) => LinkState::One(*target),
            LinkState::Many(collection) => {
                let shared = |members: &RefSet| members.as_slice().iter().copied().filter(|&at| stays(at)).collect();
                let (added, removed) = (shared(&collection.added), shared(&collection.removed));
                let queue = Collection { added, removed, ..Collection::new(false) };
                if queue.is_changed() { LinkState::Many(Box::new(queue)) } else { LinkState::Unloaded }
            }
            _ => LinkState::Unloaded,
        }
    }

    /// Marks every row as out of date; memory has no changes.
    pub(crate) fn expire_everything(&mut self) {
        let rows: Vec<EntityId> = self
            .sets()
            .flat_map(|set| set.entities().map(|at| set.id(at)))
            .filter(|&id| self.lifecycle(id) == Lifecycle::Persistent)
            .collect();
        self.expire(&rows);
    }

    /// The entity and the rows that its relationships cascade "refresh-expire" to.
    pub(crate) fn refresh_cascade(&self, id: EntityId) -> Vec<EntityId> {
        let mut found = self.cascade(id, Cascade::REFRESH_EXPIRE);
        found.retain(|&other| other == id || self.lifecycle(other) == Lifecycle::Persistent);
        found
    }

    /// The expired entities that came with one in a result, itself first.
    pub(crate) fn expired_cohort(&self, id: EntityId) -> Vec<EntityId> {
        let mut ids = vec![id];
        if let Some(cohort) = &self.instance(id).cohort {
            let others = cohort.members.iter().map(|&at| EntityId { mapper: id.mapper, at }).filter(|&other| {
                other != id
                    && self.is_alive(other)
                    && self.lifecycle(other) == Lifecycle::Persistent
                    && self.instance(other).flags.expired
            });
            ids.extend(others);
        }
        ids
    }
}
