//! Which rows a delete takes along, and what has to be loaded before that is known.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use super::work::{Doomed, Why};
use crate::identity::{Known, Lifecycle, LinkState, Store};
use crate::mapping::{Direction, Relationship};
use crate::model::{Cascade, EntityId, PassiveDeletes};

/// The rows that will be deleted and the children that lose their parent, as far as memory tells.
#[derive(Debug, Default)]
pub(crate) struct Deletion {
    /// In the order in which they were found.
    pub(crate) doomed: Vec<Doomed>,
    /// New entities that a delete cascades to: they never become rows.
    pub(crate) unborn: Vec<EntityId>,
    /// All of these.
    pub(crate) is_doomed: FxHashSet<EntityId>,
    /// Children of deleted parents that stay: child, parent, the parent's relationship. While something
    /// is missing, also some that will not stay.
    pub(crate) bereft: Vec<(EntityId, EntityId, &'static Relationship)>,
    /// What is not loaded and must be, so that the deletion is known: owners by relationship.
    pub(crate) missing: Vec<Missing>,
    /// Those whose relationships were not looked at yet.
    rest: VecDeque<EntityId>,
}

/// A relationship that a flush has to load for some owners. `raise` does not apply to it.
#[derive(Debug)]
pub(crate) struct Missing {
    pub(crate) relationship: &'static Relationship,
    pub(crate) owners: Vec<EntityId>,
}

/// Follows the cascades from the marked entities and the orphans. The caller loads what is missing and
/// [resumes](Deletion::resume), until nothing is; each round follows one level deeper.
pub(crate) fn deletion(store: &Store) -> Deletion {
    let mut deletion = Deletion::default();
    for &id in &store.marked {
        if store.is_alive(id) && store.instance(id).flags.marked {
            deletion.doom(store, id, Why::Asked);
        }
    }
    for &(id, _, _) in store.orphans.iter() {
        deletion.doom(store, id, Why::Orphan);
    }
    deletion.follow_rest(store);
    deletion
}

impl Deletion {
    /// What was missing is loaded now: goes on from there.
    pub(crate) fn resume(&mut self, store: &Store) {
        for Missing { relationship, owners } in std::mem::take(&mut self.missing) {
            for owner in owners {
                self.follow(store, owner, relationship);
            }
        }
        self.follow_rest(store);
    }

    fn follow_rest(&mut self, store: &Store) {
        while let Some(id) = self.rest.pop_front() {
            for relationship in &store.mapper(id).relationships {
                self.follow(store, id, relationship);
            }
        }
        if self.missing.is_empty() {
            let is_doomed = &self.is_doomed;
            self.bereft.retain(|(child, _, _)| !is_doomed.contains(child));
        }
    }

    fn doom(&mut self, store: &Store, id: EntityId, why: Why) {
        if !store.is_alive(id) || self.is_doomed.contains(&id) {
            return;
        }
        match store.lifecycle(id) {
            Lifecycle::Persistent => self.doomed.push(Doomed { id, why }),
            Lifecycle::Pending => self.unborn.push(id),
            Lifecycle::Deleted | Lifecycle::Detached => return,
        }
        self.is_doomed.insert(id);
        self.rest.push_back(id);
    }

    fn follow(&mut self, store: &Store, id: EntityId, relationship: &'static Relationship) {
        let cascades = relationship.cascades(Cascade::DELETE);
        match relationship.direction {
            Direction::ManyToOne if cascades => match store.parent(id, relationship) {
                Known::Is(Some(at)) => {
                    let target = EntityId { mapper: relationship.target().id, at };
                    self.doom(store, target, Why::Cascade(id));
                }
                Known::Is(None) => {}
                Known::Unknown => self.need(id, relationship),
            },
            Direction::ManyToOne => {}
            // Association rows go by their key, without being loaded.
            Direction::ManyToMany if !cascades => {}
            Direction::OneToMany | Direction::ManyToMany => self.follow_members(store, id, relationship, cascades),
        }
    }

    fn follow_members(&mut self, store: &Store, id: EntityId, relationship: &'static Relationship, cascades: bool) {
        if relationship.def.passive_deletes == PassiveDeletes::All {
            return;
        }
        let members = match store.members(id, relationship) {
            Some(members) => members,
            None if relationship.def.passive_deletes == PassiveDeletes::Yes => match store.link(id, relationship.index)
            {
                LinkState::Many(queue) => queue.added.as_slice(),
                _ => &[],
            },
            None => return self.need(id, relationship),
        };
        let mapper = relationship.target().id;
        for child in members.iter().map(|&at| EntityId { mapper, at }) {
            if cascades {
                self.doom(store, child, Why::Cascade(id));
            } else {
                self.bereft.push((child, id, relationship));
            }
        }
    }

    fn need(&mut self, id: EntityId, relationship: &'static Relationship) {
        match self.missing.iter_mut().find(|missing| std::ptr::eq(missing.relationship, relationship)) {
            Some(missing) => missing.owners.push(id),
            None => self.missing.push(Missing { relationship, owners: vec![id] }),
        }
    }
}
