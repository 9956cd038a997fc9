//! [`Arriving`]: a result whose rows come one by one.

use std::task::{Context, Poll};

use futures::stream::{self, BoxStream, StreamExt};
use rustc_hash::FxHashSet;

use super::intake::Intake;
use super::joined::{Prepared, Site};
use super::loader::{distinct, remember};
use super::plan::How;
use crate::engine::Row;
use crate::error::Result;
use crate::identity::Store;
use crate::model::{EntityId, EntityRef};
use crate::query::{Fields, Read};

/// The rows of a query as they arrive, and the memory that takes them in.
pub(crate) struct Arriving<'s> {
    rows: BoxStream<'s, Result<Row>>,
    prepared: Prepared,
    /// None without a session: then there are no entities in the rows.
    intake: Option<Intake<'s>>,
    is_first: bool,
    /// The entities of the last rows, site by site and row by row, and where the journal was before.
    last: Vec<Vec<Option<EntityRef>>>,
    journal: usize,
    /// The entities that came together so far, for each site.
    together: Vec<Vec<EntityRef>>,
}

impl<'s> Arriving<'s> {
    pub(crate) fn new(prepared: Prepared, rows: BoxStream<'s, Result<Row>>, store: Option<&'s mut Store>) -> Self {
        let together = vec![Vec::new(); prepared.sites.len()];
        let mut intake = store.map(Intake::new);
        if let Some(intake) = &mut intake {
            intake.populate(&prepared);
        }
        Arriving { rows, prepared, intake, is_first: true, last: Vec::new(), journal: 0, together }
    }

    /// The memory of the session.
    pub(crate) fn store(&self) -> Option<&Store> {
        self.intake.as_ref().map(|intake| &*intake.store)
    }

    pub(crate) fn poll_row(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Row>>> {
        self.rows.poll_next_unpin(context)
    }

    /// Takes rows in and reads them. After an error no further row comes.
    pub(crate) fn read<R>(&mut self, rows: &[Row], read: &Read<R>) -> Result<Vec<R>> {
        let taken = self.take_in(rows, read);
        if taken.is_err() {
            self.rows = stream::empty().boxed();
        }
        taken
    }

    fn take_in<R>(&mut self, rows: &[Row], read: &Read<R>) -> Result<Vec<R>> {
        if let Some(row) = rows.first().filter(|_| self.is_first) {
            self.prepared.locate(row)?;
            self.is_first = false;
        }
        if let Some(intake) = &mut self.intake {
            self.journal = intake.store.journal.len();
            // Of earlier rows nothing is kept that grows with them.
            intake.renewed.clear();
            self.last = intake.absorb(&self.prepared, rows)?;
            intake.leave_empty(&self.prepared, &self.last);
        }
        for (together, found) in self.together.iter_mut().zip(&self.last) {
            together.extend(found.iter().flatten());
        }
        let session = self.store().map_or(0, Store::session);
        let (columns, entities) = (&self.prepared.fields, &self.last);
        let of_row = |(index, row)| read(&mut Fields { session, row: Some(row), columns, entities, index, next: 0 });
        rows.iter().enumerate().map(of_row).collect()
    }

    /// What has arrived so far came together: from now on it is loaded together.
    pub(crate) fn end_part(&mut self) {
        let Some(intake) = &mut self.intake else { return };
        for (site, together) in self.prepared.sites.iter().zip(&mut self.together) {
            let members = distinct(std::mem::take(together));
            remember(intake.store, site.mapper, &members, &site.plan.later);
        }
    }

    /// Lets go of what the last rows have brought.
    pub(crate) fn let_go(&mut self) {
        let Some(intake) = &mut self.intake else { return };
        let last = std::mem::take(&mut self.last);
        if last.is_empty() {
            return;
        }
        for id in intake.brought(&self.prepared, &last) {
            intake.store.forget(id);
        }
        intake.store.forget_entries(self.journal);
    }
}

impl Intake<'_> {
    /// Relationships that read as empty where nobody loads them.
    fn leave_empty(&mut self, prepared: &Prepared, entities: &[Vec<Option<EntityRef>>]) {
        for (site, found) in prepared.sites.iter().zip(entities) {
            for step in site.plan.steps.iter().filter(|step| step.how == How::Noload) {
                for at in found.iter().flatten() {
                    let id = EntityId { mapper: site.mapper.id, at: *at };
                    if self.is_wanted(id, step.relationship) {
                        self.attach(id, step.relationship, &[]);
                    }
                }
            }
        }
    }

    /// The entities that the last rows have brought, but for those that were linked to an entity which
    /// was there before, and what they are linked to in their turn.
    fn brought(&mut self, prepared: &Prepared, entities: &[Vec<Option<EntityRef>>]) -> Vec<EntityId> {
        let fresh = std::mem::take(&mut self.fresh);
        let mut brought: FxHashSet<EntityId> = fresh.iter().copied().collect();
        let mut before = usize::MAX;
        while brought.len() < before {
            before = brought.len();
            for (site, found) in prepared.sites.iter().zip(entities) {
                let Some((owner, _)) = site.owner else { continue };
                let id = |site: &Site, at| EntityId { mapper: site.mapper.id, at };
                for (&holder, &target) in entities[owner].iter().zip(found) {
                    if let (Some(holder), Some(target)) = (holder, target)
                        && !brought.contains(&id(&prepared.sites[owner], holder))
                    {
                        brought.remove(&id(site, target));
                    }
                }
            }
        }
        fresh.into_iter().filter(|id| brought.contains(id)).collect()
    }
}
