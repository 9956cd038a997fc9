//! [`Intake`]: takes rows into the session's memory.

use rustc_hash::{FxHashMap, FxHashSet};

use super::attach::{attach_many, attach_one};
use super::hydrate::{Renew, hydrate};
use super::joined::{Prepared, Site};
use super::loader::is_missing;
use crate::engine::Row;
use crate::error::Result;
use crate::identity::Store;
use crate::mapping::{Direction, Relationship};
use crate::model::{EntityId, EntityRef};

/// Makes entities of rows, and links between them.
pub(crate) struct Intake<'s> {
    pub(crate) store: &'s mut Store,
    pub(super) renew: Renew,
    /// What was linked anew, while everything is: each relationship once.
    pub(super) renewed: FxHashSet<(EntityId, u16)>,
    /// The entities that the rows last taken in have brought.
    pub(super) fresh: Vec<EntityId>,
}

impl<'s> Intake<'s> {
    pub(super) fn new(store: &'s mut Store) -> Self {
        Intake { store, renew: Renew::Expired, renewed: FxHashSet::default(), fresh: Vec::new() }
    }

    /// Overwrites what is there, if that is what a query asks for.
    pub(super) fn populate(&mut self, prepared: &Prepared) {
        if prepared.populate_existing {
            self.renew = Renew::Overwrite;
        }
    }

    /// Makes entities of rows and links those that were joined. Gives the entities of each site, row
    /// by row.
    pub(super) fn absorb(&mut self, prepared: &Prepared, rows: &[Row]) -> Result<Vec<Vec<Option<EntityRef>>>> {
        self.fresh.clear();
        let mut entities: Vec<Vec<Option<EntityRef>>> = Vec::with_capacity(prepared.sites.len());
        for site in &prepared.sites {
            entities.push(hydrate(self.store, site, rows, self.renew, &mut self.fresh)?);
        }
        for (index, site) in prepared.sites.iter().enumerate() {
            if let Some((owner, relationship)) = site.owner {
                self.link_joined(&prepared.sites[owner], relationship, &entities[owner], &entities[index]);
            }
        }
        Ok(entities)
    }

    /// Links the entities that were joined to their owners.
    fn link_joined(
        &mut self,
        owner: &Site,
        relationship: &'static Relationship,
        owners: &[Option<EntityRef>],
        joined: &[Option<EntityRef>],
    ) {
        let mut members: Vec<(EntityRef, Vec<EntityRef>)> = Vec::new();
        let mut places = FxHashMap::default();
        for (at, joined) in owners.iter().zip(joined) {
            let Some(at) = *at else { continue };
            let place = *places.entry(at).or_insert_with(|| {
                members.push((at, Vec::new()));
                members.len() - 1
            });
            members[place].1.extend(*joined);
        }
        for (at, members) in members {
            let id = EntityId { mapper: owner.mapper.id, at };
            if self.is_wanted(id, relationship) {
                self.attach(id, relationship, &members);
            }
        }
    }

    /// Links what was found.
    pub(super) fn attach(&mut self, owner: EntityId, relationship: &'static Relationship, targets: &[EntityRef]) {
        if self.renew == Renew::Overwrite {
            self.renewed.insert((owner, relationship.index));
        }
        match relationship.direction {
            Direction::ManyToOne => attach_one(self.store, owner, relationship, targets.first().copied()),
            Direction::OneToMany | Direction::ManyToMany => attach_many(self.store, owner, relationship, targets),
        }
    }

    /// Whether a relationship is to be loaded: because it is not, or because all are loaded anew.
    pub(super) fn is_wanted(&self, id: EntityId, relationship: &'static Relationship) -> bool {
        match self.renew {
            Renew::Overwrite => !self.renewed.contains(&(id, relationship.index)),
            Renew::Expired | Renew::All => is_missing(self.store, id, relationship),
        }
    }
}
