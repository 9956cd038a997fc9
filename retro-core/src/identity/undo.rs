//! Taking memory back, and letting go of what a transaction has ended.

use super::{Collection, IdentityKey, Known, Lifecycle, LinkState, Store, Undo};
use crate::mapping::{Direction, Mapper, Relationship};
use crate::model::{EntityId, EntityRef};
use crate::value::Value;

impl Store {
    /// Opens a savepoint in memory. Everything pending must have been flushed.
    pub(crate) fn mark(&mut self) {
        self.journal.mark();
    }

    /// Closes the innermost savepoint and keeps its changes.
    pub(crate) fn release_mark(&mut self) {
        self.journal.release();
    }

    /// Takes everything back to the innermost savepoint and closes it.
    pub(crate) fn rewind_mark(&mut self) {
        self.settle();
        let position = self.journal.rewind_mark();
        self.rewind(position);
    }

    /// Takes everything back to where the transaction began.
    pub(crate) fn rewind_all(&mut self) {
        self.settle();
        self.rewind(0);
        self.journal.finish();
    }

    /// The transaction was committed: what it deleted is let go.
    pub(crate) fn committed(&mut self) {
        for undo in self.journal.finish() {
            let gone = |&id: &EntityId| self.is_alive(id) && self.lifecycle(id) == Lifecycle::Deleted;
            if let Some(id) = undo.deleted().filter(gone) {
                self.of_mut(id).release(id.at.slot);
            }
        }
    }

    fn rewind(&mut self, position: usize) {
        let mut detached = Vec::new();
        while let Some(undo) = self.journal.pop_to(position) {
            if let Undo::Added(id) | Undo::Inserted { id, .. } = undo {
                self.note_parents(id, &mut detached);
            }
            self.apply(undo);
        }
        for (child, relationship, parent) in detached {
            self.forget_generated_key(child, relationship, parent);
        }
        self.forget_changes();
    }

    /// Empties the lists of what a flush would do: memory is as the database has it.
    pub(crate) fn forget_changes(&mut self) {
        for id in std::mem::take(&mut self.touched) {
            if self.is_alive(id) {
                self.instance_mut(id).committed = None;
            }
        }
        for id in std::mem::take(&mut self.marked) {
            if self.is_alive(id) {
                self.instance_mut(id).flags.marked = false;
            }
        }
        for (id, relationship) in std::mem::take(&mut self.relinked) {
            if self.is_alive(id) {
                self.instance_mut(id).changed_links = 0;
                self.link_flushed(id, relationship);
            }
        }
        self.pending.clear();
        self.orphans.clear();
        self.overwritten.clear();
        self.problems.clear();
        self.forget_changed();
    }

    /// What is known of a collection is what the database has. A queue that was only that is gone.
    fn link_flushed(&mut self, id: EntityId, relationship: u16) {
        let link = self.link_mut(id, relationship);
        if let LinkState::Many(collection) = link {
            collection.flushed();
            if !collection.loaded {
                *link = LinkState::Unloaded;
            }
        }
    }

    fn apply(&mut self, undo: Undo) {
        match undo {
            Undo::Added(id) => self.undo_added(id),
            Undo::Values(id, values) => {
                for (column, value) in values.iter().enumerate() {
                    self.restore(id, column as u16, value.borrowed());
                }
            }
            Undo::Filled(id, column, value) => self.restore(id, column, value),
            Undo::Inserted { id, key, generated } => {
                if self.is_alive(id) {
                    let set = self.of_mut(id);
                    set.identity.remove(&key, id.at.slot);
                    set.instance_mut(id.at.slot).lifecycle = Lifecycle::Pending;
                    if let (true, Some(column)) = (generated, set.mapper.generated_key) {
                        self.restore(id, column, Value::Int(0));
                    }
                }
            }
            Undo::Deleted { id, key } => {
                if self.is_alive(id) {
                    let set = self.of_mut(id);
                    set.instance_mut(id.at.slot).lifecycle = Lifecycle::Persistent;
                    if let Some(key) = key {
                        set.identity.insert(key, id.at.slot);
                    }
                }
            }
            Undo::Rekeyed { id, from, to } => {
                if self.is_alive(id) {
                    let identity = &mut self.of_mut(id).identity;
                    identity.remove(&to, id.at.slot);
                    identity.insert(from, id.at.slot);
                }
            }
            Undo::Link(id, relationship, state) => {
                if self.is_alive(id) {
                    *self.link_mut(id, relationship) = state;
                }
            }
            Undo::Members(id, relationship, state) => {
                if self.is_alive(id) {
                    *self.link_mut(id, relationship) = self.without_the_dead(id, relationship, state);
                }
            }
            Undo::MemberAdded(id, relationship, member) => {
                if let Some(collection) = self.live_collection(id, relationship) {
                    collection.undo_add(member);
                }
            }
            Undo::MemberRemoved(id, relationship, member, place) => {
                let left = !self.is_member_alive(id, relationship, member);
                match self.live_collection(id, relationship) {
                    Some(collection) if left => collection.unload(member),
                    Some(collection) => collection.undo_remove(member, place),
                    None => {}
                }
            }
            Undo::LinkLoaded(id, relationship) => {
                if self.is_alive(id) {
                    *self.link_mut(id, relationship) = LinkState::Unloaded;
                }
            }
            Undo::RowLoaded(id) => {
                if self.is_alive(id) {
                    self.instance_mut(id).flags.expired = true;
                }
            }
        }
    }

    fn is_member_alive(&self, owner: EntityId, relationship: u16, member: EntityRef) -> bool {
        self.is_alive(owner) && self.is_alive(self.target_id(self.mapper(owner).relationship(relationship), member))
    }

    /// A collection as it was, of which members have left the session since: it is not loaded any more.
    fn without_the_dead(&self, owner: EntityId, relationship: u16, state: LinkState) -> LinkState {
        let LinkState::Many(mut collection) = state else { return state };
        let lists = [&collection.members, &collection.added, &collection.removed];
        let members = lists.into_iter().flat_map(|list| list.as_slice()).copied();
        let dead: Vec<EntityRef> =
            members.filter(|&member| !self.is_member_alive(owner, relationship, member)).collect();
        dead.into_iter().for_each(|member| collection.unload(member));
        LinkState::Many(collection)
    }

    fn live_collection(&mut self, id: EntityId, relationship: u16) -> Option<&mut Collection> {
        if !self.is_alive(id) {
            return None;
        }
        match self.link_mut(id, relationship) {
            LinkState::Many(collection) => Some(collection),
            _ => None,
        }
    }

    /// The parents of an entity whose adding is taken back, as its links and, while they are still in
    /// the identity map, its foreign keys tell.
    fn note_parents(&self, id: EntityId, parents: &mut Vec<(EntityId, &'static Relationship, EntityId)>) {
        if !self.is_alive(id) {
            return;
        }
        for relationship in &self.mapper(id).relationships {
            if relationship.direction == Direction::ManyToOne
                && let Known::Is(Some(at)) = self.parent(id, relationship)
            {
                parents.push((id, relationship, self.target_id(relationship, at)));
            }
        }
    }

    /// A foreign key that holds the generated key of a parent that was never there holds nothing:
    /// the next row to get that key is another.
    fn forget_generated_key(&mut self, child: EntityId, relationship: &'static Relationship, parent: EntityId) {
        if !self.is_alive(child) || !self.is_out(child) || self.is_alive(parent) && !self.is_out(parent) {
            return;
        }
        for (&local, &remote) in relationship.local.iter().zip(&relationship.remote) {
            if relationship.target().generated_key == Some(remote) {
                let nothing = if self.mapper(child).column(local).nullable { Value::Null } else { Value::Int(0) };
                self.restore(child, local, nothing);
            }
        }
    }

    /// An added entity leaves the unit of work. Its struct stays, to be taken back.
    fn undo_added(&mut self, id: EntityId) {
        if !self.is_alive(id) {
            return;
        }
        let relationships = self.mapper(id).relationships.len() as u16;
        for relationship in 0..relationships {
            *self.link_mut(id, relationship) = LinkState::Unloaded;
        }
        let instance = self.instance_mut(id);
        instance.lifecycle = Lifecycle::Detached;
        instance.committed = None;
        instance.changed_links = 0;
        instance.flags.marked = false;
    }

    fn restore(&mut self, id: EntityId, column: u16, value: Value<'_>) {
        if self.is_alive(id) {
            // The value was read from this very field, so its type takes it back.
            let _ = self.of_mut(id).rows.set_value(id.at.slot, column, value);
        }
    }

    /// The entity was inserted: it is persistent under its key.
    pub(crate) fn inserted(&mut self, id: EntityId, generated: bool) {
        let set = self.of_mut(id);
        let slot = id.at.slot;
        let key = set.current_key(slot);
        let instance = set.instance_mut(slot);
        instance.lifecycle = Lifecycle::Persistent;
        instance.committed = None;
        if let Some(key) = key {
            set.identity.insert(key.clone(), slot);
            self.journal.push(Undo::Inserted { id, key, generated });
        }
        self.fresh_links(id);
    }

    /// A row that was just inserted has no members but those that were given to it.
    fn fresh_links(&mut self, id: EntityId) {
        let mapper: &'static Mapper = self.mapper(id);
        for relationship in &mapper.relationships {
            let loadable = !matches!(relationship.def.lazy, crate::model::Lazy::WriteOnly);
            let link = self.link_mut(id, relationship.index);
            if relationship.direction != Direction::ManyToOne && loadable && matches!(link, LinkState::Unloaded) {
                *link = LinkState::Empty;
            }
        }
    }

    /// The entity's row was deleted: it has left the identity map, and every loaded collection.
    pub(crate) fn deleted(&mut self, id: EntityId) {
        let set = self.of_mut(id);
        let key = set.committed_key(id.at.slot);
        if let Some(key) = &key {
            set.identity.remove(key, id.at.slot);
        }
        let instance = set.instance_mut(id.at.slot);
        instance.lifecycle = Lifecycle::Deleted;
        instance.flags.marked = false;
        self.journal.push(Undo::Deleted { id, key });
    }

    /// The entity's key was updated from the one the database had.
    pub(crate) fn rekeyed(&mut self, id: EntityId, from: IdentityKey, to: IdentityKey) {
        let identity = &mut self.of_mut(id).identity;
        identity.remove(&from, id.at.slot);
        identity.insert(to.clone(), id.at.slot);
        self.journal.push(Undo::Rekeyed { id, from, to });
    }
}
