//! Links what was loaded, without marking it as changed.

use crate::identity::{Collection, Known, LinkState, Place, Store, Undo};
use crate::mapping::{Direction, Relationship};
use crate::model::{EntityId, EntityRef};

/// The relationship to one leads here, unless it was changed meanwhile.
pub(super) fn attach_one(store: &mut Store, owner: EntityId, relationship: &Relationship, target: Option<EntityRef>) {
    let names_another = || store.parent_by_key(owner, relationship) != Known::Is(target);
    if store.is_relinked(owner, relationship.index) || is_rekeyed(store, owner, relationship) && names_another() {
        return;
    }
    *store.link_mut(owner, relationship.index) = LinkState::One(target);
    note_loaded(store, owner, relationship);
}

/// The collection has these members, together with what is queued for it.
pub(super) fn attach_many(store: &mut Store, owner: EntityId, relationship: &'static Relationship, rows: &[EntityRef]) {
    let mapper = relationship.target().id;
    let id = |at: EntityRef| EntityId { mapper, at };
    // A child that was given to another parent meanwhile is not a member, whatever the row says.
    let is_moved = |child: EntityId, inverse: &Relationship| {
        store.is_relinked(child, inverse.index) || is_rekeyed(store, child, inverse)
    };
    let is_member = |at: &EntityRef| match relationship.inverse().filter(|_| relationship.secondary.is_none()) {
        Some(inverse) if is_moved(id(*at), inverse) => store.parent(id(*at), inverse) == Known::Is(Some(owner.at)),
        _ => true,
    };
    let members: Vec<EntityRef> = rows.iter().copied().filter(is_member).collect();
    let moved: Vec<(usize, EntityRef)> = rows.iter().copied().enumerate().filter(|(_, at)| !is_member(at)).collect();
    let queue = match std::mem::take(store.link_mut(owner, relationship.index)) {
        LinkState::Many(collection) => Some(collection),
        LinkState::Empty | LinkState::Unloaded | LinkState::One(_) => None,
    };
    let queues_known = queue.as_ref().is_some_and(|queue| queue.queues_known(rows));
    let link = match queue {
        None if rows.is_empty() => LinkState::Empty,
        queue => {
            let mut collection = queue.unwrap_or_else(|| Box::new(Collection::new(false)));
            forget_gone(store, mapper, &mut collection);
            collection.load(members.iter().copied());
            LinkState::Many(collection)
        }
    };
    *store.link_mut(owner, relationship.index) = link;
    note_loaded(store, owner, relationship);
    if queues_known && store.is_journaled(owner) {
        // To take back what was queued would not lead to what the database has.
        store.journal.push(Undo::LinkLoaded(owner, relationship.index));
    }
    note_moved(store, owner, relationship, &moved);
    attach_back(store, owner, relationship, &members);
}

/// Children that were given to another parent before this one's were loaded come back with a rollback.
fn note_moved(store: &mut Store, owner: EntityId, relationship: &Relationship, moved: &[(usize, EntityRef)]) {
    if store.is_journaled(owner) {
        for (before, &(place, child)) in moved.iter().enumerate() {
            let place = Some(Place::At(place - before));
            store.journal.push(Undo::MemberRemoved(owner, relationship.index, child, place));
        }
    }
}

/// Members of a one-to-many relationship know their parent by it.
fn attach_back(store: &mut Store, owner: EntityId, relationship: &'static Relationship, members: &[EntityRef]) {
    let Some(inverse) = relationship.inverse().filter(|_| relationship.secondary.is_none()) else { return };
    let mapper = relationship.target().id;
    for id in members.iter().map(|&at| EntityId { mapper, at }) {
        if matches!(store.link(id, inverse.index), LinkState::Unloaded) {
            attach_one(store, id, inverse, Some(owner.at));
        }
    }
}

/// Whether the foreign key of a relationship to one was set by hand since the last flush.
fn is_rekeyed(store: &Store, child: EntityId, relationship: &Relationship) -> bool {
    let set = store.of(child);
    relationship.direction == Direction::ManyToOne
        && set.instance(child.at.slot).committed.is_some()
        && relationship.local.iter().any(|&c| set.committed(child.at.slot, c) != set.rows.value(child.at.slot, c))
}

/// Queued members that have left the session since can be neither read nor written.
fn forget_gone(store: &Store, mapper: crate::mapping::MapperId, collection: &mut Collection) {
    let gone = |at: &EntityRef| !store.is_alive(EntityId { mapper, at: *at });
    let added: Vec<EntityRef> = collection.added.as_slice().iter().copied().filter(gone).collect();
    added.into_iter().for_each(|at| {
        collection.added.remove(at);
    });
}

/// What was loaded after the transaction has written may be undone with it.
fn note_loaded(store: &mut Store, owner: EntityId, relationship: &Relationship) {
    if store.journal.wrote {
        store.journal.push(Undo::LinkLoaded(owner, relationship.index));
    }
}
