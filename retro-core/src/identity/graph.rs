//! Links: both sides of a relationship change in one step, loaded or not, without I/O.
//!
//! The many-to-one side is the one that counts: a child's link says who its parent is, and the
//! parents' collections follow. Collections that have no other side, and many-to-many ones, keep
//! their own record of what was added and removed.

use super::{Collection, Lifecycle, LinkState, RefSet, Store, Undo};
use crate::mapping::{Direction, Relationship};
use crate::model::{Cascade, EntityId, EntityRef, Lazy};
use crate::value::Value;

/// What is known of a relationship to one without asking the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// This one, or certainly none.
    Is(Option<EntityRef>),
    /// The row names a parent that the session does not have.
    Unknown,
}

impl Store {
    pub(super) fn target_id(&self, relationship: &Relationship, at: EntityRef) -> EntityId {
        EntityId { mapper: relationship.target().id, at }
    }

    /// The parent of a child: as linked, else as its foreign key and the identity map tell.
    pub(crate) fn parent(&self, child: EntityId, relationship: &Relationship) -> Known {
        if let LinkState::One(target) = self.link(child, relationship.index) {
            match target {
                Some(at) if !self.is_alive(self.target_id(relationship, *at)) => {}
                known => return Known::Is(*known),
            }
        }
        self.parent_by_key(child, relationship)
    }

    /// The parent that the foreign key names, if the session has it.
    pub(crate) fn parent_by_key(&self, child: EntityId, relationship: &Relationship) -> Known {
        let set = self.of(child);
        let Some(key) = set.columns_key(child.at.slot, &relationship.local) else { return Known::Is(None) };
        let target = relationship.target();
        if *relationship.remote != *target.key() {
            return Known::Unknown;
        }
        match self.find(target, &key) {
            Some(at) => Known::Is(Some(at)),
            None => Known::Unknown,
        }
    }

    /// The members of a collection, if it is loaded. A new entity's collections are empty until
    /// something is put into them. `None` also where a member has left the session: then the list
    /// is no longer the whole truth and must be loaded again.
    pub(crate) fn members(&self, owner: EntityId, relationship: &Relationship) -> Option<&[EntityRef]> {
        let members = match self.link(owner, relationship.index) {
            LinkState::Many(collection) if collection.loaded => collection.members.as_slice(),
            LinkState::Empty => &[],
            LinkState::Unloaded if matches!(self.lifecycle(owner), Lifecycle::Pending | Lifecycle::Detached) => &[],
            _ => return None,
        };
        let whole = self.set(relationship.target().id).is_none_or(|set| members.iter().all(|&at| set.is_alive(at)));
        whole.then_some(members)
    }

    /// Whether the foreign key of a child is what the database has in a parent.
    fn names(&self, child: EntityId, relationship: &Relationship, parent: EntityId) -> bool {
        let (child_set, parent_set) = (self.of(child), self.of(parent));
        let is_equal = |(&local, &remote): (&u16, &u16)| {
            child_set.rows.value(child.at.slot, local) == parent_set.committed(parent.at.slot, remote)
        };
        self.lifecycle(parent) == Lifecycle::Persistent
            && relationship.local.iter().zip(&relationship.remote).all(is_equal)
    }

    /// Sets a relationship to one.
    pub(crate) fn link_one(&mut self, owner: EntityId, relationship: &'static Relationship, target: Option<EntityRef>) {
        match relationship.direction {
            Direction::ManyToOne => self.link_parent(owner, relationship, target),
            // A one-to-one relationship seen from the side without the foreign key is a collection
            // of at most one.
            Direction::OneToMany | Direction::ManyToMany => {
                self.replace_members(owner, relationship, target.into_iter().collect());
            }
        }
    }

    /// Gives a child another parent, or none.
    pub(crate) fn link_parent(
        &mut self,
        child: EntityId,
        relationship: &'static Relationship,
        parent: Option<EntityRef>,
    ) {
        if !self.may_link(child, relationship, parent) {
            return;
        }
        let old = self.parent(child, relationship);
        let loaded = matches!(self.link(child, relationship.index), LinkState::One(_));
        if old == Known::Is(parent) {
            if !loaded {
                *self.link_mut(child, relationship.index) = LinkState::One(parent);
                self.show_under(child, relationship, parent);
            }
            return;
        }
        if self.is_journaled(child) {
            let before = self.link(child, relationship.index).clone();
            self.journal.push(Undo::Link(child, relationship.index, before));
        }
        self.save(child);
        *self.link_mut(child, relationship.index) = LinkState::One(parent);
        if self.is_out(child) {
            return self.copy_key(child, relationship, parent);
        }
        self.relink(child, relationship.index);
        if let Some(inverse) = relationship.inverse() {
            if let Known::Is(Some(old)) = old {
                let old = self.target_id(relationship, old);
                self.leave(old, inverse, child);
            }
            if let Some(parent) = parent {
                let parent = self.target_id(relationship, parent);
                self.join(parent, inverse, child);
            }
        }
        self.copy_key(child, relationship, parent);
        self.note_orphan(child, relationship, old, parent);
        if relationship.cascades(Cascade::DELETE_ORPHAN) {
            self.exchange_target(child, relationship, old, parent);
        }
    }

    /// A row whose target goes when nothing names it any more names another target, or none.
    fn exchange_target(
        &mut self,
        owner: EntityId,
        relationship: &'static Relationship,
        old: Known,
        new: Option<EntityRef>,
    ) {
        match old {
            Known::Is(Some(old)) => {
                self.become_orphan(self.target_id(relationship, old), (owner.mapper, relationship.index));
            }
            Known::Is(None) => {}
            Known::Unknown => self.note_overwritten(owner, relationship.index),
        }
        if let Some(new) = new {
            self.adopt(relationship, owner, self.target_id(relationship, new));
        }
    }

    /// A row named this target before it was given another, and the target was not known then.
    pub(crate) fn leave_target(&mut self, owner: EntityId, relationship: &'static Relationship, target: EntityRef) {
        if self.parent(owner, relationship) != Known::Is(Some(target)) {
            self.become_orphan(self.target_id(relationship, target), (owner.mapper, relationship.index));
        }
    }

    /// A new child whose foreign key was set by hand to the parent that it is given now is not in the
    /// parent's collection yet.
    fn show_under(&mut self, child: EntityId, relationship: &'static Relationship, parent: Option<EntityRef>) {
        if let (Some(inverse), Some(parent), false) = (relationship.inverse(), parent, self.is_out(child)) {
            self.show_joined(self.target_id(relationship, parent), inverse, child);
        }
    }

    /// The child left a parent's collection.
    pub(super) fn leave(&mut self, parent: EntityId, inverse: &'static Relationship, child: EntityId) {
        if self.is_alive(parent) {
            self.remove_from_collection(parent, inverse, child.at);
        }
    }

    /// The child joined a parent's collection, and is alone there if it holds only one.
    fn join(&mut self, parent: EntityId, inverse: &'static Relationship, child: EntityId) {
        if inverse.is_collection() {
            self.add_to_collection(parent, inverse, child.at);
            return;
        }
        let displaced: Vec<EntityRef> = match self.link(parent, inverse.index) {
            LinkState::Many(collection) if collection.loaded => collection.members.as_slice().to_vec(),
            LinkState::Many(collection) => collection.added.as_slice().to_vec(),
            LinkState::Empty | LinkState::One(_) => Vec::new(),
            LinkState::Unloaded => {
                if self.lifecycle(parent) != Lifecycle::Pending {
                    self.note_overwritten(parent, inverse.index);
                }
                Vec::new()
            }
        };
        self.add_to_collection(parent, inverse, child.at);
        for at in displaced.into_iter().filter(|&at| at != child.at) {
            self.remove_member(parent, inverse, at);
        }
    }

    /// Copies the key of a parent to the child's foreign key, as far as it is known now. The flush
    /// does it again, when generated keys are known.
    fn copy_key(&mut self, child: EntityId, relationship: &Relationship, parent: Option<EntityRef>) {
        for (&local, &remote) in relationship.local.iter().zip(&relationship.remote) {
            let value = match parent {
                None if self.mapper(child).column(local).nullable => Value::Null,
                None => continue,
                Some(at) => {
                    let parent = self.target_id(relationship, at);
                    let value = self.value(parent, remote);
                    if value == Value::Int(0) && self.lifecycle(parent) == Lifecycle::Pending {
                        continue;
                    }
                    value.into_owned()
                }
            };
            // The types are the same on both sides; a user's type that refuses its own value is
            // reported by the flush, which copies again and returns errors.
            let _ = self.write(child, local, value);
        }
    }

    /// Remembers a child that lost a parent which deletes its orphans. A new one that was never in
    /// the database leaves the session at once.
    fn note_orphan(
        &mut self,
        child: EntityId,
        relationship: &'static Relationship,
        old: Known,
        parent: Option<EntityRef>,
    ) {
        let Some(inverse) = relationship.inverse() else { return };
        if !inverse.cascades(Cascade::DELETE_ORPHAN) {
            return;
        }
        let owner = relationship.target().id;
        if parent.is_some() {
            self.orphans.remove((child, owner, inverse.index));
        } else if old != Known::Is(None) {
            self.become_orphan(child, (owner, inverse.index));
        }
    }

    fn become_orphan(&mut self, child: EntityId, (owner, relationship): (crate::mapping::MapperId, u16)) {
        match self.lifecycle(child) {
            Lifecycle::Pending => self.detach_pending(child),
            _ => self.note_orphan_of(child, owner, relationship),
        }
    }

    /// Adds a member to a collection.
    pub(crate) fn add_member(&mut self, owner: EntityId, relationship: &'static Relationship, member: EntityRef) {
        let id = self.target_id(relationship, member);
        if !self.may_link(owner, relationship, Some(member)) {
            return;
        }
        match (relationship.direction, relationship.inverse()) {
            (Direction::OneToMany, Some(inverse)) => self.link_parent(id, inverse, Some(owner.at)),
            (Direction::ManyToMany, Some(inverse)) => {
                if self.are_linked(owner, relationship, id, inverse) != Some(true) {
                    self.add_to_collection(owner, relationship, member);
                    if !self.is_out(owner) {
                        self.add_to_collection(id, inverse, owner.at);
                    }
                }
                self.adopt(relationship, owner, id);
            }
            _ => {
                self.add_to_collection(owner, relationship, member);
                self.adopt(relationship, owner, id);
            }
        }
    }

    /// Whether two entities are linked by a many-to-many relationship, if either side knows it: a change
    /// that one side knows to be none must not be queued on the other.
    fn are_linked(
        &self,
        owner: EntityId,
        relationship: &Relationship,
        member: EntityId,
        inverse: &Relationship,
    ) -> Option<bool> {
        self.holds(owner, relationship, member.at).or_else(|| self.holds(member, inverse, owner.at))
    }

    pub(super) fn holds(&self, owner: EntityId, relationship: &Relationship, member: EntityRef) -> Option<bool> {
        match self.link(owner, relationship.index) {
            LinkState::Many(collection) if collection.contains(member) => Some(true),
            LinkState::Many(collection) if collection.loaded || collection.removed.contains(member) => Some(false),
            LinkState::Empty => Some(false),
            LinkState::Unloaded if self.lifecycle(owner) == Lifecycle::Pending => Some(false),
            _ => None,
        }
    }

    fn adopt(&mut self, relationship: &'static Relationship, owner: EntityId, child: EntityId) {
        if relationship.cascades(Cascade::DELETE_ORPHAN) {
            self.orphans.remove((child, owner.mapper, relationship.index));
        }
    }

    /// Removes a member from a collection; false if it is known not to be there.
    pub(crate) fn remove_member(
        &mut self,
        owner: EntityId,
        relationship: &'static Relationship,
        member: EntityRef,
    ) -> bool {
        let id = self.target_id(relationship, member);
        match (relationship.direction, relationship.inverse()) {
            (Direction::OneToMany, Some(inverse)) => {
                let is_parent = match self.parent(id, inverse) {
                    Known::Is(parent) => parent == Some(owner.at),
                    Known::Unknown => self.names(id, inverse, owner),
                };
                if is_parent {
                    self.link_parent(id, inverse, None);
                }
                if self.is_out(id) {
                    return is_parent;
                }
                // A displaced member of a one-to-one relationship is still in the list. One whose parent is
                // another is known not to be in it, and there is nothing to queue.
                let listed = match self.link(owner, relationship.index) {
                    LinkState::Many(collection) => collection.contains(member),
                    _ => false,
                };
                listed && self.remove_from_collection(owner, relationship, member) || is_parent
            }
            (Direction::ManyToMany, Some(inverse))
                if self.are_linked(owner, relationship, id, inverse) == Some(false) =>
            {
                false
            }
            // Nobody who is part of the unit of work shows one that is not.
            _ if self.is_out(id) && !self.is_out(owner) => false,
            (_, inverse) => {
                let removed = self.remove_from_collection(owner, relationship, member);
                let inverse = inverse.filter(|_| !self.is_out(owner));
                if let (Direction::ManyToMany, Some(inverse)) = (relationship.direction, inverse) {
                    self.remove_from_collection(id, inverse, owner.at);
                }
                if removed && relationship.cascades(Cascade::DELETE_ORPHAN) {
                    self.become_orphan(id, (owner.mapper, relationship.index));
                }
                removed
            }
        }
    }

    /// Gives a collection other members. What was there and is not loaded is left to the flush.
    pub(crate) fn replace_members(&mut self, owner: EntityId, relationship: &'static Relationship, members: RefSet) {
        let old = self.members(owner, relationship).map(<[EntityRef]>::to_vec);
        let known = old.is_some();
        if known && self.is_journaled(owner) {
            // Taking back each change by itself would not bring back the order.
            let before = self.link(owner, relationship.index).clone();
            self.journal.push(Undo::Members(owner, relationship.index, before));
        }
        let old = old.unwrap_or_else(|| match self.link(owner, relationship.index) {
            LinkState::Many(collection) => collection.added.as_slice().to_vec(),
            _ => Vec::new(),
        });
        for &member in old.iter().filter(|&&member| !members.contains(member)) {
            self.remove_member(owner, relationship, member);
        }
        for &member in members.as_slice() {
            self.add_member(owner, relationship, member);
        }
        let is_deleted = |at: &EntityRef| self.lifecycle(self.target_id(relationship, *at)) == Lifecycle::Deleted;
        let members: RefSet = members.as_slice().iter().copied().filter(|at| !is_deleted(at)).collect();
        if known {
            self.reorder(owner, relationship, members);
        } else if relationship.def.lazy != Lazy::WriteOnly {
            let before = self.link(owner, relationship.index).clone();
            self.journal.push(Undo::Members(owner, relationship.index, before));
            let mut collection = self.take_collection(owner, relationship);
            collection.loaded = true;
            collection.members = members;
            *self.link_mut(owner, relationship.index) = LinkState::Many(collection);
            self.note_overwritten(owner, relationship.index);
        } else {
            self.note_overwritten(owner, relationship.index);
        }
    }

    /// Puts the members of a loaded collection into the order in which they were given.
    fn reorder(&mut self, owner: EntityId, relationship: &Relationship, members: RefSet) {
        match self.link_mut(owner, relationship.index) {
            LinkState::Many(collection) => collection.members = members,
            // A new entity that was given no members is not the same as one that was given nothing.
            link @ LinkState::Unloaded => *link = LinkState::Empty,
            LinkState::Empty | LinkState::One(_) => {}
        }
    }

    /// Shows in a loaded collection that a child left, without recording a change: its row is gone.
    pub(super) fn show_left(&mut self, parent: EntityId, inverse: &'static Relationship, child: EntityId) {
        let journaled = self.is_journaled(parent);
        let LinkState::Many(collection) = self.link_mut(parent, inverse.index) else { return };
        if !collection.loaded {
            return;
        }
        if let (Some(place), true) = (collection.members.remove(child.at), journaled) {
            self.journal.push(Undo::MemberRemoved(parent, inverse.index, child.at, Some(place)));
        }
    }

    /// Shows in a loaded collection that a child is in it, without recording a change.
    pub(super) fn show_joined(&mut self, parent: EntityId, inverse: &'static Relationship, child: EntityId) {
        let loaded = match self.link(parent, inverse.index) {
            LinkState::Many(collection) => collection.loaded,
            LinkState::Empty => true,
            LinkState::Unloaded => self.lifecycle(parent) == Lifecycle::Pending,
            LinkState::One(_) => false,
        };
        if !loaded || !Self::keeps_members(inverse) {
            return;
        }
        let mut collection = self.take_collection(parent, inverse);
        let joined = collection.members.push(child.at);
        *self.link_mut(parent, inverse.index) = LinkState::Many(collection);
        if joined && self.is_journaled(parent) {
            self.journal.push(Undo::MemberAdded(parent, inverse.index, child.at));
        }
    }

    fn take_collection(&mut self, owner: EntityId, relationship: &Relationship) -> Box<Collection> {
        let fresh = matches!(self.lifecycle(owner), Lifecycle::Pending | Lifecycle::Detached);
        match std::mem::take(self.link_mut(owner, relationship.index)) {
            LinkState::Many(collection) => collection,
            LinkState::Empty => Box::new(Collection::new(true)),
            LinkState::Unloaded | LinkState::One(_) => Box::new(Collection::new(fresh)),
        }
    }

    /// Whether a change of this collection has to be kept until it is flushed. A write-only
    /// collection whose members name their parent has nothing to keep.
    fn keeps_members(relationship: &Relationship) -> bool {
        !(relationship.def.lazy == Lazy::WriteOnly
            && relationship.direction == Direction::OneToMany
            && relationship.inverse.is_some())
    }

    pub(super) fn add_to_collection(
        &mut self,
        owner: EntityId,
        relationship: &'static Relationship,
        member: EntityRef,
    ) {
        if !Self::keeps_members(relationship) {
            return;
        }
        let mut collection = self.take_collection(owner, relationship);
        let added = collection.add(member);
        self.forget_queue_outside(owner, &mut collection);
        *self.link_mut(owner, relationship.index) = LinkState::Many(collection);
        if added {
            if self.is_journaled(owner) {
                self.journal.push(Undo::MemberAdded(owner, relationship.index, member));
            }
            self.relink(owner, relationship.index);
        }
    }

    pub(super) fn remove_from_collection(
        &mut self,
        owner: EntityId,
        relationship: &'static Relationship,
        member: EntityRef,
    ) -> bool {
        if !Self::keeps_members(relationship) {
            return true;
        }
        let mut collection = self.take_collection(owner, relationship);
        let removed = collection.remove(member);
        self.forget_queue_outside(owner, &mut collection);
        *self.link_mut(owner, relationship.index) = LinkState::Many(collection);
        if let Some(place) = removed {
            if self.is_journaled(owner) {
                self.journal.push(Undo::MemberRemoved(owner, relationship.index, member, place));
            }
            self.relink(owner, relationship.index);
        }
        removed.is_some()
    }

    /// What changes in a collection of an entity that is out of the unit of work is not for a flush:
    /// when it comes back, all its members are new.
    fn forget_queue_outside(&self, owner: EntityId, collection: &mut Collection) {
        if self.is_out(owner) {
            collection.flushed();
        }
    }
}
