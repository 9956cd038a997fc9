//! One step of a plan: loading one relationship for many owners.

use std::sync::Arc;

use smallvec::SmallVec;

use super::children::{Children, Restriction, owner_key};
use super::joined::Prepared;
use super::keys::Wanted;
use super::loader::{Loader, Work, distinct, remember, targets};
use super::plan::{How, Step};
use crate::engine::Row;
use crate::error::Result;
use crate::identity::Lifecycle;
use crate::mapping::{Direction, Relationship};
use crate::model::{EntityId, EntityRef};
use crate::sql::ast::{Output, Query, Source};

/// The query that found some entities, to be asked again by a subquery.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(super) query: Query,
    pub(super) source: Source,
}

impl Loader<'_> {
    /// Loads a relationship for all owners that lack it. What the step loads from there on is the
    /// next piece of work.
    pub(super) async fn step(&mut self, work: &Work, step: &Step) -> Result<Option<Work>> {
        let relationship = step.relationship;
        let ids = work.owners.iter().map(|&at| EntityId { mapper: work.mapper.id, at });
        let lacking: Vec<EntityId> = ids.filter(|&id| self.lacks(id, relationship)).collect();
        if step.how == How::Noload {
            lacking.into_iter().for_each(|id| self.intake.attach(id, relationship, &[]));
            return Ok(None);
        }
        let wanted = self.wanted(&lacking, relationship);
        let mut origin = None;
        if !wanted.is_empty() {
            match (&work.origin, step.how) {
                (Some(found_by), How::Subquery) => {
                    let restriction = Restriction::Query(Arc::new(found_by.keys(work, relationship)));
                    origin = self.load(work, step, wanted, vec![restriction]).await?;
                }
                _ => {
                    let mut wanted = wanted;
                    let lists = self.lists(work, relationship, &mut wanted);
                    self.load(work, step, wanted, lists).await?;
                }
            }
        }
        Ok(self.next(work, step, origin))
    }

    fn lacks(&self, id: EntityId, relationship: &'static Relationship) -> bool {
        if !self.intake.store.is_alive(id) {
            return false;
        }
        let is_row = match self.intake.store.lifecycle(id) {
            Lifecycle::Persistent => true,
            Lifecycle::Pending => relationship.direction == Direction::ManyToOne,
            Lifecycle::Deleted | Lifecycle::Detached => false,
        };
        is_row && self.intake.is_wanted(id, relationship)
    }

    /// The keys to ask for. Who has none has no related row.
    fn wanted(&mut self, lacking: &[EntityId], relationship: &'static Relationship) -> Wanted {
        let mut wanted = Wanted::default();
        for &id in lacking {
            let has_key = match relationship.direction {
                Direction::ManyToOne => wanted.add_holder(self.intake.store, id, &relationship.local),
                Direction::OneToMany | Direction::ManyToMany => {
                    wanted.add_owner(self.intake.store, id, &relationship.local)
                }
            };
            if !has_key {
                self.intake.attach(id, relationship, &[]);
            }
        }
        wanted
    }

    fn lists(&self, work: &Work, relationship: &Relationship, wanted: &mut Wanted) -> Vec<Restriction> {
        let capabilities = self.transaction.engine().capabilities();
        let lists = wanted.lists(&capabilities, work.mapper, &relationship.local);
        lists.into_iter().map(Restriction::Keys).collect()
    }

    /// Sends the statements and links what they find. Gives the last one's query, to be asked again.
    async fn load(
        &mut self,
        work: &Work,
        step: &Step,
        wanted: Wanted,
        restrictions: Vec<Restriction>,
    ) -> Result<Option<Arc<Origin>>> {
        let relationship = step.relationship;
        let mut found: Vec<SmallVec<[EntityRef; 4]>> = vec![SmallVec::new(); wanted.owners.len()];
        let mut origin = None;
        for restriction in restrictions {
            let mut children = Children::of(work.mapper, step, &restriction);
            let mut each = |prepared: &Prepared, rows: &[Row], targets: &[Option<EntityRef>]| {
                for (row, target) in rows.iter().zip(targets) {
                    let key = owner_key(work.mapper, relationship, prepared, row)?;
                    let place = key.and_then(|key| wanted.place(&key));
                    let (Some(place), Some(target)) = (place, target) else { continue };
                    found[place].push(*target);
                }
                Ok(())
            };
            self.fetch_children(&mut children, &mut each).await?;
            origin =
                Some(Arc::new(Origin { query: children.prepared.query, source: Source::of(relationship.target()) }));
        }
        for (owners, targets) in wanted.owners.iter().zip(&found) {
            for &at in owners {
                self.intake.attach(EntityId { mapper: work.mapper.id, at }, relationship, targets);
            }
        }
        Ok(origin)
    }

    /// What the step leads to, whether it was loaded now or before: from there the plan goes on.
    fn next(&mut self, work: &Work, step: &Step, origin: Option<Arc<Origin>>) -> Option<Work> {
        let mapper = step.relationship.target();
        let mut reached = Vec::with_capacity(work.owners.len());
        for &at in &work.owners {
            targets(self.intake.store, EntityId { mapper: work.mapper.id, at }, step.relationship, &mut reached);
        }
        let owners = distinct(reached);
        remember(self.intake.store, mapper, &owners, &step.then.later);
        let goes_on = !step.then.steps.is_empty() && !owners.is_empty();
        goes_on.then(|| Work { plan: step.then.clone(), mapper, owners, origin })
    }
}

impl Origin {
    /// The query again, putting out the columns of its entities that a relationship begins at.
    fn keys(&self, work: &Work, relationship: &Relationship) -> Query {
        let mut query = self.query.clone();
        let columns = self.source.columns(work.mapper, &relationship.local);
        query.outputs =
            columns.iter().map(|column| Output::Node { node: Arc::new(column.node()), label: None }).collect();
        if !query.is_limited() {
            query.order_by.clear();
        }
        query
    }
}
