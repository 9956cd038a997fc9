//! Settling: what users assigned through `session[e]` becomes links, and foreign keys set by hand
//! move their rows between the collections in memory.

use super::{Known, Lifecycle, LinkState, RefSet, Store, Undo};
use crate::error::{Error, ErrorKind};
use crate::mapping::{Direction, Relationship};
use crate::model::{Assignment, Assignments, EntityId, EntityRef};

impl Store {
    /// Applies what was assigned since the last call. Every operation of the session begins with it.
    ///
    /// New structs found in relationship fields join the list and are settled in their turn, so a
    /// graph of any depth moves in without recursion.
    pub(crate) fn settle(&mut self) {
        let mut next = 0;
        while let Some(&id) = self.unsettled.get(next) {
            next += 1;
            if !self.is_alive(id) {
                continue;
            }
            self.instance_mut(id).flags.unsettled = false;
            if self.of(id).rows.has_assigned(id.at.slot) {
                self.apply_assigned(id);
            }
            self.follow_foreign_keys(id);
        }
        self.unsettled.clear();
    }

    fn apply_assigned(&mut self, id: EntityId) {
        for relationship in &self.mapper(id).relationships {
            let assigned = self.of_mut(id).rows.take_assigned(id.at.slot, relationship.index);
            match assigned.0 {
                Assignments::Untouched => {}
                Assignments::Push(items) => {
                    for item in items {
                        if let Some(member) = self.resolve(id, relationship, item) {
                            self.add_member(id, relationship, member);
                        }
                    }
                }
                Assignments::Replace(items) => {
                    let members: RefSet =
                        items.into_iter().filter_map(|item| self.resolve(id, relationship, item)).collect();
                    if relationship.direction == Direction::ManyToOne {
                        self.link_parent(id, relationship, members.as_slice().first().copied());
                    } else {
                        self.replace_members(id, relationship, members);
                    }
                }
            }
        }
    }

    /// The entity that an assignment means; a new struct is placed now.
    fn resolve(&mut self, id: EntityId, relationship: &Relationship, item: Assignment) -> Option<EntityRef> {
        match item {
            Assignment::New(new) => Some(new.place(self).at),
            Assignment::Entity { session, at } => {
                let target = relationship.target();
                let alive = session == self.session() && self.is_alive(EntityId { mapper: target.id, at });
                if alive {
                    return Some(at);
                }
                let message = format!(
                    "{}::{} was given a {} that is not in this session; load or add it here first",
                    self.mapper(id).name(),
                    relationship.name(),
                    target.name(),
                );
                self.problems.push(Error::new(ErrorKind::Detached, message).with_model(self.mapper(id).name()));
                None
            }
        }
    }

    /// Where a foreign key was set by hand and the relationship was not, the link follows the key:
    /// the row leaves the old parent's loaded collection and joins the new one's.
    fn follow_foreign_keys(&mut self, id: EntityId) {
        for relationship in &self.mapper(id).relationships {
            if relationship.direction == Direction::ManyToOne && !self.is_relinked(id, relationship.index) {
                self.follow_foreign_key(id, relationship);
            }
        }
    }

    fn follow_foreign_key(&mut self, id: EntityId, relationship: &'static Relationship) {
        let set = self.of(id);
        let instance = set.instance(id.at.slot);
        // Who is out of the unit of work, or deleted, is nobody's member whatever its foreign key says.
        if matches!(instance.lifecycle, Lifecycle::Detached | Lifecycle::Deleted) {
            return;
        }
        let changed = match (&instance.committed, instance.lifecycle) {
            (Some(committed), _) => {
                relationship.local.iter().any(|&c| committed[usize::from(c)] != set.rows.value(id.at.slot, c))
            }
            (None, lifecycle) => lifecycle == Lifecycle::Pending,
        };
        let new = self.parent_by_key(id, relationship);
        if !changed && !self.was_moved_back(id, relationship, new) {
            return;
        }
        if let LinkState::One(Some(old)) = *self.link(id, relationship.index)
            && new == Known::Is(Some(old))
        {
            return;
        }
        let old = self.old_parent(id, relationship);
        if self.is_journaled(id) {
            let before = self.link(id, relationship.index).clone();
            self.journal.push(Undo::Link(id, relationship.index, before));
        }
        *self.link_mut(id, relationship.index) = match new {
            Known::Is(parent) if parent.is_some() => LinkState::One(parent),
            _ => LinkState::Unloaded,
        };
        let Some(inverse) = relationship.inverse() else { return };
        let target = relationship.target().id;
        if let Some(old) = old.filter(|&old| new != Known::Is(Some(old))) {
            self.leave(EntityId { mapper: target, at: old }, inverse, id);
        }
        if let Known::Is(Some(parent)) = new {
            self.add_to_collection(EntityId { mapper: target, at: parent }, inverse, id.at);
        }
    }

    /// Whether a foreign key that is as the database has it was another for a while, so that links have
    /// gone with it: what is linked is not what the key names, or the parent that it names misses its
    /// child.
    fn was_moved_back(&self, id: EntityId, relationship: &Relationship, named: Known) -> bool {
        let Known::Is(named) = named else { return false };
        let is_alive = |at: EntityRef| self.is_alive(self.target_id(relationship, at));
        match (self.link(id, relationship.index), named, relationship.inverse()) {
            // A link to one that has left the session says nothing: the key may name the entity that it
            // came back as.
            (LinkState::One(linked), named, _) if linked.is_none_or(is_alive) => *linked != named,
            (LinkState::One(_) | LinkState::Unloaded, Some(parent), Some(inverse)) => {
                let parent = EntityId { mapper: relationship.target().id, at: parent };
                self.holds(parent, inverse, id.at) == Some(false)
            }
            _ => false,
        }
    }

    /// The parent before the foreign key was set: the linked one, or the one that the committed key
    /// names.
    pub(super) fn old_parent(&self, id: EntityId, relationship: &Relationship) -> Option<EntityRef> {
        match *self.link(id, relationship.index) {
            LinkState::One(Some(old)) if self.is_alive(self.target_id(relationship, old)) => Some(old),
            // One that has left the session may have come back as another entity.
            _ => self.committed_parent(id, relationship),
        }
    }

    /// The parent that the database has for a row, as far as the session knows.
    pub(super) fn committed_parent(&self, id: EntityId, relationship: &Relationship) -> Option<EntityRef> {
        let target = relationship.target();
        let set = self.of(id);
        let values: crate::model::KeyValues<'_> =
            relationship.local.iter().map(|&c| set.committed(id.at.slot, c)).collect();
        let key = super::IdentityKey::new(&values)?;
        if *relationship.remote == *target.key() { self.find(target, &key) } else { None }
    }
}
