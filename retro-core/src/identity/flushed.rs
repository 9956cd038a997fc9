//! What a flush or a bulk statement means for links: foreign keys it has set or cleared, rows it has
//! deleted, collections that were replaced without being loaded.

use rustc_hash::FxHashSet;

use super::{Known, LinkState, Store, Undo};
use crate::mapping::{Direction, Relationship};
use crate::model::{EntityId, EntityRef};
use crate::value::Value;

impl Store {
    /// The parent of a child was deleted and its foreign key set `NULL`: also in memory, where the
    /// child may have been given the parent since the last flush and no UPDATE was needed.
    pub(crate) fn unlinked(&mut self, child: EntityId, relationship: u16) {
        if self.is_journaled(child) {
            let before = self.link(child, relationship).clone();
            self.journal.push(Undo::Link(child, relationship, before));
        }
        *self.link_mut(child, relationship) = LinkState::One(None);
        let mapper = self.mapper(child);
        for &column in &mapper.relationship(relationship).local {
            if mapper.column(column).nullable && !mapper.key().contains(&column) && !self.value(child, column).is_null()
            {
                // A nullable column takes NULL.
                let _ = self.fill(child, column, Value::Null);
            }
        }
    }

    /// A version that was set by hand, in a row of which nothing else was written, is the database's again:
    /// the next UPDATE would not find the row by another.
    pub(crate) fn restore_versions(&mut self) {
        for id in self.touched.clone() {
            let Some(column) = self.mapper(id).def.version.filter(|_| self.is_alive(id)) else { continue };
            let Some(committed) = self.instance(id).committed.clone() else { continue };
            // The value was read from this very field, so its type takes it back.
            let _ = self.of_mut(id).rows.set_value(id.at.slot, column, committed[usize::from(column)].borrowed());
        }
    }

    /// A collection was replaced without being loaded, and these are the members that the database
    /// has: those that are not in it any more leave it.
    pub(crate) fn leave_overwritten(
        &mut self,
        owner: EntityId,
        relationship: &'static Relationship,
        stored: &[EntityRef],
    ) {
        let LinkState::Many(collection) = self.link_mut(owner, relationship.index) else { return };
        let members = collection.members.clone();
        for &member in stored {
            if members.contains(member) {
                // It was there all along; linking it again is no change, as neither side sees it.
                self.forget_added(owner, relationship, member);
                if let (Direction::ManyToMany, Some(inverse)) = (relationship.direction, relationship.inverse()) {
                    self.forget_added(self.target_id(relationship, member), inverse, owner.at);
                }
                continue;
            }
            if let LinkState::Many(collection) = self.link_mut(owner, relationship.index) {
                // Shown as a member for a moment, so that removing it is recorded as for any other.
                collection.members.push(member);
            }
            self.remove_member(owner, relationship, member);
        }
    }

    /// A row names another owner than before: it leaves the one's loaded collection and shows up in the
    /// other's. Where the session has given it an owner and not flushed that, it stays where it is.
    pub(crate) fn moved(
        &mut self,
        child: EntityId,
        relationship: &'static Relationship,
        from: Option<EntityId>,
        to: Option<EntityId>,
    ) {
        if relationship.inverse().is_some_and(|inverse| self.is_relinked(child, inverse.index)) {
            return;
        }
        if let Some(from) = from {
            self.show_left(from, relationship, child);
        }
        if let Some(to) = to {
            self.show_joined(to, relationship, child);
        }
    }

    fn forget_added(&mut self, owner: EntityId, relationship: &Relationship, member: EntityRef) {
        if let LinkState::Many(collection) = self.link_mut(owner, relationship.index) {
            collection.added.remove(member);
        }
    }

    /// Deleted entities leave the loaded collections that they were in.
    pub(crate) fn leave_collections(&mut self, deleted: &[EntityId]) {
        for &id in deleted {
            for relationship in &self.mapper(id).relationships {
                if let (Direction::ManyToOne, Some(inverse)) = (relationship.direction, relationship.inverse())
                    && let Known::Is(Some(parent)) = self.parent(id, relationship)
                {
                    self.show_left(self.target_id(relationship, parent), inverse, id);
                }
            }
        }
        for of_one_model in deleted.chunk_by(|a, b| a.mapper == b.mapper) {
            for relationship in &self.mapper(of_one_model[0]).relationships {
                if let (Direction::ManyToMany, Some(inverse)) = (relationship.direction, relationship.inverse()) {
                    self.leave_associated(of_one_model, relationship, inverse);
                }
            }
        }
    }

    /// Which many-to-many collections show an entity its own side tells, if that is loaded. Else only they
    /// know.
    fn leave_associated(
        &mut self,
        deleted: &[EntityId],
        relationship: &'static Relationship,
        inverse: &'static Relationship,
    ) {
        let Some(set) = self.set(relationship.target().id) else { return };
        let mut shown: Vec<(EntityId, EntityRef)> = Vec::new();
        let mut unknown: FxHashSet<EntityRef> = FxHashSet::default();
        for &id in deleted {
            match self.members(id, relationship) {
                Some(owners) => {
                    let owners = owners.iter().filter(|at| set.is_alive(**at));
                    shown.extend(owners.map(|&at| (set.id(at), id.at)));
                }
                None => drop(unknown.insert(id.at)),
            }
        }
        let searched = if unknown.is_empty() { None } else { Some(set.entities()) };
        for owner in searched.into_iter().flatten().map(|at| set.id(at)) {
            if let LinkState::Many(collection) = self.link(owner, inverse.index) {
                let members = collection.members.as_slice().iter().copied();
                shown.extend(members.filter(|member| unknown.contains(member)).map(|member| (owner, member)));
            }
        }
        for (owner, member) in shown {
            self.show_left(owner, inverse, EntityId { mapper: deleted[0].mapper, at: member });
        }
    }
}
