//! [`Loader`]: runs queries and follows their plans, statement by statement.

use std::collections::VecDeque;
use std::sync::Arc;

use futures::future::BoxFuture;
use rustc_hash::FxHashSet;

use super::children::Children;
use super::found::Found;
use super::hydrate::Renew;
use super::intake::Intake;
use super::joined::Prepared;
use super::plan::Plan;
use super::step::Origin;
use crate::engine::Row;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::{Cohort, Known, Lifecycle, Load, Store};
use crate::mapping::{Direction, Mapper, Relationship};
use crate::model::{EntityId, EntityRef};
use crate::sql::ast::{Query, Source};
use crate::sql::{Access, Bind, EntityValues, Filters, Statement, render};
use crate::transaction::Transaction;
use crate::value::Value;

/// What is done with the rows that a loader's query finds, and the entities that they are about.
pub(super) type Each<'e> = dyn FnMut(&Prepared, &[Row], &[Option<EntityRef>]) -> Result<()> + Send + 'e;

/// What loads: the session's memory and its connection.
pub(crate) struct Loader<'s> {
    pub(super) intake: Intake<'s>,
    pub(super) transaction: &'s mut Transaction,
    /// Whether this is part of a flush, which has announced that it uses the connection.
    in_flush: bool,
    /// What every row read must meet.
    filters: Filters,
}

/// Entities whose relationships are to be loaded as a plan says.
pub(crate) struct Work {
    pub(crate) plan: Plan,
    pub(crate) mapper: &'static Mapper,
    pub(crate) owners: Vec<EntityRef>,
    /// The query that found the owners, where one did.
    pub(super) origin: Option<Arc<Origin>>,
}

impl Work {
    pub(crate) fn new(plan: Plan, mapper: &'static Mapper, owners: Vec<EntityRef>) -> Work {
        Work { plan, mapper, owners, origin: None }
    }
}

/// A result whose entities are in the store: the entities of each site, row by row.
pub(crate) struct Absorbed {
    pub(super) rows: Rows,
    pub(super) entities: Vec<Vec<Option<EntityRef>>>,
}

/// The rows of a result whose entities are in the store.
pub(crate) enum Rows {
    Kept(Vec<Row>),
    /// So many, in which nothing else was.
    Absorbed(usize),
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        match self {
            Rows::Kept(rows) => rows.len(),
            Rows::Absorbed(count) => *count,
        }
    }

    /// A row, if it was kept.
    pub(super) fn get(&self, index: usize) -> Option<&Row> {
        match self {
            Rows::Kept(rows) => rows.get(index),
            Rows::Absorbed(_) => None,
        }
    }
}

impl Absorbed {
    /// The entities of a source, each once.
    pub(crate) fn of(&self, prepared: &Prepared, source: Source) -> Option<Vec<EntityRef>> {
        let found = self.entities.get(prepared.site_of(source)?)?;
        Some(distinct(found.iter().flatten().copied().collect()))
    }
}

impl<'s> Loader<'s> {
    pub(crate) fn new(store: &'s mut Store, transaction: &'s mut Transaction) -> Self {
        Loader { intake: Intake::new(store), transaction, in_flush: false, filters: Filters::default() }
    }

    /// The loader with default filters, which hold for all that it reads.
    pub(crate) fn filtered(self, filters: Filters) -> Self {
        Loader { filters, ..self }
    }

    /// A loader for what a flush has to know: all of it, whatever the session's filters say.
    pub(super) fn in_flush(store: &'s mut Store, transaction: &'s mut Transaction) -> Self {
        Loader { in_flush: true, ..Loader::new(store, transaction) }
    }

    /// A loader for what a statement has written, within the step that wrote it.
    pub(crate) fn after_write(store: &'s mut Store, transaction: &'s mut Transaction, renew: Renew) -> Self {
        let mut loader = Loader::in_flush(store, transaction);
        loader.intake.renew = renew;
        loader
    }

    /// Runs a query and everything that is loaded with it.
    pub(crate) fn run(&mut self, mut prepared: Prepared) -> BoxFuture<'_, Result<Found>> {
        Box::pin(async move {
            self.intake.populate(&prepared);
            // To be asked again by a subquery, which is narrowed as a whole.
            let asks_again = prepared.text.is_none() && prepared.sites.iter().any(|site| site.plan.asks_again());
            let asked = asks_again.then(|| prepared.query.clone());
            self.filters.narrow(&mut prepared.query);
            let (statement, access) = prepared.statement(self.transaction.engine(), &*self.intake.store)?;
            self.intake.store.journal.wrote |= access == Access::Write;
            if access == Access::Read && !self.in_flush && prepared.is_only_entities() {
                let absorbed = self.fetch_entities(&prepared, &statement).await?;
                return self.finish(prepared, absorbed, asked).await;
            }
            let mut rows = self.fetch(&statement, access).await?;
            prepared.limit(&mut rows);
            if let Some(row) = rows.first() {
                prepared.locate(row)?;
            }
            let absorbed = self.absorb(&prepared, rows)?;
            self.finish(prepared, absorbed, asked).await
        })
    }

    /// Takes rows in.
    pub(crate) fn absorb(&mut self, prepared: &Prepared, rows: Vec<Row>) -> Result<Absorbed> {
        let entities = self.intake.absorb(prepared, &rows)?;
        Ok(Absorbed { rows: Rows::Kept(rows), entities })
    }

    /// Takes rows in as they come. Nothing but entities is in them, so that they need not stay.
    async fn fetch_entities(&mut self, prepared: &Prepared, statement: &Statement<'_>) -> Result<Absorbed> {
        let mut entities: Vec<Vec<Option<EntityRef>>> = prepared.sites.iter().map(|_| Vec::new()).collect();
        let mut count = 0;
        let Loader { intake, transaction, .. } = self;
        let mut take = |rows: Vec<Row>| {
            count += rows.len();
            let parts = intake.absorb(prepared, &rows)?;
            entities.iter_mut().zip(parts).for_each(|(all, part)| all.extend(part));
            Ok(())
        };
        transaction.fetch_parts(statement, Access::Read, &mut take).await?;
        Ok(Absorbed { rows: Rows::Absorbed(count), entities })
    }

    /// Loads what is loaded with rows that were taken in. `asked` is the query that found them, if it
    /// can be asked again.
    pub(crate) fn finish(
        &mut self,
        mut prepared: Prepared,
        Absorbed { rows, entities }: Absorbed,
        asked: Option<Query>,
    ) -> BoxFuture<'_, Result<Found>> {
        Box::pin(async move {
            for (site, found) in prepared.sites.iter_mut().zip(&entities).filter(|(site, _)| site.owner.is_none()) {
                let owners = distinct(found.iter().flatten().copied().collect());
                let plan = std::mem::take(&mut site.plan);
                remember(self.intake.store, site.mapper, &owners, &plan.later);
                let asked = asked.as_ref().filter(|asked| plan.asks_again() && asked.compound.is_empty());
                let origin = asked.map(|asked| Arc::new(Origin { query: asked.clone(), source: site.source }));
                self.follow(Work { plan, mapper: site.mapper, owners, origin }).await?;
            }
            Ok(Found::new(self.intake.store.session(), prepared, rows, entities))
        })
    }

    /// Loads what a plan says, step by step and level by level.
    pub(crate) fn follow(&mut self, work: Work) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let mut queue = VecDeque::from([work]);
            while let Some(work) = queue.pop_front() {
                if work.owners.is_empty() {
                    continue;
                }
                for step in &work.plan.steps {
                    if let Some(next) = self.step(&work, step).await? {
                        queue.push_back(next);
                    }
                }
            }
            Ok(())
        })
    }

    /// Sends a loader's query and takes in what it finds. `each` gets the rows, many at a time, and the
    /// entities that they are about.
    pub(super) async fn fetch_children(&mut self, children: &mut Children, each: &mut Each<'_>) -> Result<()> {
        if self.filters.is_empty() {
            return self.fetch_narrowed(children, each).await;
        }
        let asked = children.prepared.query.clone();
        if self.filters.narrow(&mut children.prepared.query) {
            // The text now depends on more than the list.
            children.list = None;
        }
        let done = self.fetch_narrowed(children, each).await;
        // What is asked again is narrowed as a whole.
        children.prepared.query = asked;
        done
    }

    async fn fetch_narrowed(&mut self, children: &Children, each: &mut Each<'_>) -> Result<()> {
        let engine = self.transaction.engine();
        let (dialect, capabilities) = (engine.dialect(), engine.capabilities());
        let text = || render(&children.prepared.query, dialect, &capabilities, &*self.intake.store);
        let statement = match &children.list {
            None => text()?.into_statement(),
            Some(list) => {
                let form = list.form(capabilities.array_binds);
                let shape = children.shape(dialect, form);
                let sql = super::cache::text(shape, || text().map(|rendered| rendered.sql))?;
                Statement::cached(sql, list.binds(form))
            }
        };
        let prepared = &children.prepared;
        let intake = &mut self.intake;
        let mut take = |rows: Vec<Row>| {
            let entities = intake.absorb(prepared, &rows)?;
            each(prepared, &rows, entities.first().map_or(&[], Vec::as_slice))
        };
        match self.in_flush {
            true => take(self.transaction.fetch_in_step(&statement, Access::Read).await?),
            // A collection that was joined may have its members in several parts.
            false if prepared.sites.len() > 1 => take(self.transaction.fetch(&statement, Access::Read).await?),
            false => self.transaction.fetch_parts(&statement, Access::Read, &mut take).await,
        }
    }

    async fn fetch(&mut self, statement: &Statement<'_>, access: Access) -> Result<Vec<Row>> {
        match self.in_flush {
            true => self.transaction.fetch_in_step(statement, access).await,
            false => self.transaction.fetch(statement, access).await,
        }
    }
}

/// Whether a relationship cannot be read without asking the database. One that leads to an expired
/// entity is missing too: loading it reads that entity anew.
pub(crate) fn is_missing(store: &Store, id: EntityId, relationship: &'static Relationship) -> bool {
    if relationship.direction != Direction::ManyToOne {
        return store.members(id, relationship).is_none();
    }
    match store.parent(id, relationship) {
        Known::Unknown => true,
        Known::Is(None) => false,
        Known::Is(Some(at)) => store.instance(EntityId { mapper: relationship.target().id, at }).flags.expired,
    }
}

/// Adds the entities that a loaded relationship leads to.
pub(super) fn targets(store: &Store, id: EntityId, relationship: &'static Relationship, reached: &mut Vec<EntityRef>) {
    if relationship.direction != Direction::ManyToOne {
        reached.extend_from_slice(store.members(id, relationship).unwrap_or_default());
    } else if let Known::Is(parent) = store.parent(id, relationship) {
        reached.extend(parent);
    }
}

/// Remembers which entities came together, and what the query said of their other relationships.
pub(super) fn remember(store: &mut Store, mapper: &Mapper, members: &[EntityRef], later: &[Load]) {
    if members.len() < 2 && later.is_empty() {
        return;
    }
    let cohort = Arc::new(Cohort { members: members.into(), loads: later.into() });
    for &at in members {
        store.instance_mut(EntityId { mapper: mapper.id, at }).cohort = Some(cohort.clone());
    }
}

/// Each of them once, in the order of its first appearance.
pub(super) fn distinct(mut entities: Vec<EntityRef>) -> Vec<EntityRef> {
    let slots = || entities.iter().map(|at| at.slot);
    let (Some(first), Some(last)) = (slots().min(), slots().max()) else { return entities };
    let span = (last - first) as usize + 1;
    // What was loaded together lies together, so that mostly no hash is needed.
    if span <= entities.len().saturating_mul(4) {
        let mut seen: Vec<Option<EntityRef>> = vec![None; span];
        entities.retain(|at| seen[(at.slot - first) as usize].replace(*at) != Some(*at));
    } else {
        let mut seen = FxHashSet::default();
        entities.retain(|at| seen.insert(*at));
    }
    entities
}

impl EntityValues for Store {
    fn value(&self, session: u32, id: EntityId, column: u16) -> Result<Bind<'static>> {
        if session != self.session() || !self.is_alive(id) {
            return Err(Error::new(
                ErrorKind::Detached,
                "the query compares with an entity of another session, or with one that has left this session",
            ));
        }
        let set = self.of(id);
        let definition = set.mapper.column(column);
        let value = set.committed(id.at.slot, column).into_owned();
        if set.instance(id.at.slot).lifecycle == Lifecycle::Pending
            && set.mapper.generated_key == Some(column)
            && value == Value::Int(0)
        {
            let message =
                format!("the query compares with {}, whose key is not known before a flush", self.describe(id));
            return Err(Error::new(ErrorKind::InvalidState, message).with_model(set.mapper.name()));
        }
        Ok(Bind::new(definition.sql_type, value).sensitive(definition.sensitive))
    }
}
