//! What belongs to the unit of work: new entities that leave it, and come back when they are linked.

use super::{Lifecycle, LinkState, Store};
use crate::error::{Error, ErrorKind};
use crate::mapping::{Direction, Relationship};
use crate::model::{Cascade, EntityId, EntityRef};

impl Store {
    /// Whether an entity may be linked so. A target that had left the unit of work becomes part of it
    /// again; an owner that had left it keeps the link to itself until it comes back. A deleted row
    /// is not linked; the next flush reports the attempt.
    pub(super) fn may_link(&mut self, owner: EntityId, relationship: &Relationship, target: Option<EntityRef>) -> bool {
        let Some(target) = target.map(|at| self.target_id(relationship, at)) else {
            return self.lifecycle(owner) != Lifecycle::Deleted;
        };
        for id in [owner, target] {
            if self.lifecycle(id) == Lifecycle::Deleted {
                let problem = self.linked_deleted(owner, relationship, id);
                self.problems.push(problem);
                return false;
            }
        }
        if !self.is_out(owner) {
            self.revive(target);
        }
        true
    }

    /// Whether an entity is out of the unit of work. It has no row.
    pub(super) fn is_out(&self, id: EntityId) -> bool {
        self.lifecycle(id) == Lifecycle::Detached
    }

    #[cold]
    fn linked_deleted(&self, owner: EntityId, relationship: &Relationship, deleted: EntityId) -> Error {
        let model = self.mapper(owner).name();
        let message = format!(
            "{model}::{} was given an entity that has no row any more: {} was deleted in this transaction; take it and add \
             it as a new one",
            relationship.name(),
            self.describe(deleted),
        );
        Error::new(ErrorKind::InvalidState, message).with_model(model).with_columns([relationship.name()])
    }

    /// Takes a new entity out of the unit of work, with the new ones that its relationships cascade
    /// "expunge" to. They stay readable through their handles and can be taken, or linked again,
    /// which adds them anew. Nobody shows them as members meanwhile.
    pub(crate) fn detach_pending(&mut self, id: EntityId) {
        for id in self.cascade(id, Cascade::EXPUNGE) {
            if self.lifecycle(id) == Lifecycle::Pending {
                self.instance_mut(id).lifecycle = Lifecycle::Detached;
                self.pending.remove(id);
                self.for_each_holder(id, Store::remove_from_collection);
            }
        }
    }

    /// Makes an entity that had left the unit of work part of it again, with those that had left it
    /// and are linked to it.
    pub(crate) fn revive(&mut self, id: EntityId) {
        let mut rest = vec![id];
        while let Some(id) = rest.pop() {
            if !self.is_out(id) {
                continue;
            }
            self.begin_pending(id);
            self.for_each_holder(id, Store::add_to_collection);
            for relationship in &self.mapper(id).relationships {
                let linked = self.renew_link(id, relationship);
                let linked = linked.into_iter().map(|at| self.target_id(relationship, at));
                rest.extend(linked.filter(|&id| self.is_alive(id)));
            }
        }
    }

    /// What an entity that comes back is linked to is a change again, whatever was flushed meanwhile.
    fn renew_link(&mut self, id: EntityId, relationship: &Relationship) -> Vec<EntityRef> {
        let linked = match self.link_mut(id, relationship.index) {
            LinkState::One(target) => target.iter().copied().collect(),
            LinkState::Many(collection) => {
                collection.members.as_slice().iter().for_each(|&member| {
                    collection.added.push(member);
                });
                collection.added.as_slice().to_vec()
            }
            LinkState::Empty | LinkState::Unloaded => Vec::new(),
        };
        if !linked.is_empty() {
            self.relink(id, relationship.index);
        }
        linked
    }

    /// Does something for each collection that an entity is in as its own links tell.
    fn for_each_holder<T>(
        &mut self,
        id: EntityId,
        act: fn(&mut Store, EntityId, &'static Relationship, EntityRef) -> T,
    ) {
        for relationship in &self.mapper(id).relationships {
            let Some(inverse) = relationship.inverse() else { continue };
            let holders: Vec<EntityRef> = match (relationship.direction, self.link(id, relationship.index)) {
                (Direction::ManyToOne, LinkState::One(parent)) => parent.iter().copied().collect(),
                (Direction::ManyToMany, LinkState::Many(collection)) => collection.known().to_vec(),
                _ => continue,
            };
            let mapper = relationship.target().id;
            for holder in holders.into_iter().map(|at| EntityId { mapper, at }) {
                if self.is_alive(holder) {
                    act(self, holder, inverse, id.at);
                }
            }
        }
    }
}
