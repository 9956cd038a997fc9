//! Forgetting what is known of rows.

use super::{Lifecycle, LinkState, Store};
use crate::model::{Cascade, EntityId};

impl Store {
    /// Discards an entity's changes and marks what is known of it as out of date.
    pub(crate) fn expire(&mut self, id: EntityId) {
        if let Some(values) = self.instance_mut(id).committed.take() {
            for (column, value) in values.iter().enumerate() {
                // The value was read from this very field, so its type takes it back.
                let _ = self.of_mut(id).rows.set_value(id.at.slot, column as u16, value.borrowed());
            }
        }
        // Not journaled: a rollback must not bring back as loaded what was given up as out of date.
        // When the transaction began nothing was queued, so what is not loaded is what was.
        for relationship in &self.mapper(id).relationships {
            *self.link_mut(id, relationship.index) = LinkState::Unloaded;
        }
        let instance = self.instance_mut(id);
        instance.changed_links = 0;
        instance.flags.expired = true;
    }

    /// Marks every row as out of date; memory has no changes.
    pub(crate) fn expire_everything(&mut self) {
        let rows: Vec<EntityId> = self
            .sets()
            .flat_map(|set| set.entities().map(|at| set.id(at)))
            .filter(|&id| self.lifecycle(id) == Lifecycle::Persistent)
            .collect();
        for id in rows {
            self.expire(id);
        }
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
