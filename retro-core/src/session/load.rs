//! Loading relationships of entities that are here: for everything that came with them at once.

use super::Session;
use super::relate::resolved;
use crate::error::{Error, ErrorKind, Result};
use crate::loading::{self, Loader, Plan, Step, Work};
use crate::mapping::Relationship;
use crate::model::{Entity, EntityId, EntityRef, Lazy, Model, Rel, RelKind};
use crate::query::{LoadOptions, Select, members_of};

/// For which entities a relationship is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// For all that came with one in a result.
    Cohort,
    /// For one.
    Only,
}

impl Session {
    /// What a relationship of an entity leads to: an entity, an `Option`, or a list. If it is not
    /// loaded, it is loaded for all entities that came with this one in one result, so that going
    /// through a result and loading on the way sends one statement and not one for each. Entities
    /// that the session has are not asked for again.
    ///
    /// Sends nothing if the relationship is loaded, or follows from a foreign key and the identity
    /// map; else one SELECT, or one for each long list of keys. Pending changes that touch the
    /// tables read are flushed first.
    ///
    /// # Errors
    /// [`NotLoaded`](ErrorKind::NotLoaded) if the relationship is write-only or its loader is
    /// `raise`; [`Detached`](ErrorKind::Detached) if the handle is stale; what the database reports.
    pub async fn load<M: Model, U: Model, K: RelKind>(
        &mut self,
        entity: Entity<M>,
        relationship: Rel<M, U, K>,
    ) -> Result<K::Entities<U>> {
        let id = self.id(entity)?;
        self.load_untyped(id, resolved(relationship), Extent::Cohort).await?;
        self.try_entities(entity, relationship)
    }

    /// As [`load`](Session::load), but for this entity only.
    ///
    /// # Errors
    /// As [`load`](Session::load).
    pub async fn load_only<M: Model, U: Model, K: RelKind>(
        &mut self,
        entity: Entity<M>,
        relationship: Rel<M, U, K>,
    ) -> Result<K::Entities<U>> {
        let id = self.id(entity)?;
        self.load_untyped(id, resolved(relationship), Extent::Only).await?;
        self.try_entities(entity, relationship)
    }

    /// Loads relationships of many entities as a query would load them with its result: paths
    /// (`Order::items.then(OrderItem::product)`), loader options (`selectin(..)`), or tuples of
    /// these. What is loaded is not loaded again.
    ///
    /// # Errors
    /// As [`load`](Session::load).
    pub async fn load_all<M: Model>(&mut self, entities: &[Entity<M>], paths: impl LoadOptions<M>) -> Result<()> {
        let mut owners: Vec<EntityRef> = Vec::with_capacity(entities.len());
        for &entity in entities {
            owners.push(self.id(entity)?.at);
        }
        let mut requested = Vec::new();
        paths.nodes(&mut requested);
        let loads: Vec<_> = requested.into_iter().map(|requested| requested.load).collect();
        let plan = Plan::asked(M::mapper(), &loads)?;
        self.follow(Work::new(plan, M::mapper(), owners)).await
    }

    /// The members of a collection, as a query: to filter, order, count or page through them in the
    /// database. The only way to read a write-only collection. The owner may still be pending; its
    /// key is taken after the autoflush.
    ///
    /// # Errors
    /// [`Detached`](ErrorKind::Detached) if the handle is stale.
    pub fn members<M: Model, U: Model, K: RelKind>(
        &self,
        entity: Entity<M>,
        relationship: Rel<M, U, K>,
    ) -> Result<Select<Entity<U>>> {
        self.id(entity)?;
        Ok(members_of(entity, relationship))
    }

    async fn load_untyped(&mut self, id: EntityId, relationship: &'static Relationship, extent: Extent) -> Result<()> {
        self.store.settle();
        if !loading::is_missing(&self.store, id, relationship) {
            return Ok(());
        }
        let mapper = self.store.mapper(id);
        let cohort = self.store.instance(id).cohort.clone();
        let asked = cohort.as_ref().and_then(|cohort| cohort.load(relationship.index));
        let lazy = asked.map_or(relationship.def.lazy, |load| load.lazy);
        if relationship.def.lazy == Lazy::WriteOnly {
            return Err(loading::write_only(mapper, relationship));
        }
        if lazy == Lazy::Raise {
            return Err(raised(self.store.describe(id), mapper.name(), relationship));
        }
        let owners = match (&cohort, extent) {
            (Some(cohort), Extent::Cohort) => cohort.members.to_vec(),
            _ => Vec::new(),
        };
        // The entity itself is asked for whatever became of its cohort.
        let owners = if owners.contains(&id.at) { owners } else { vec![id.at] };
        let step = Step::later(mapper, relationship, asked)?;
        let plan = Plan { steps: vec![step], later: Vec::new() };
        self.follow(Work::new(plan, mapper, owners)).await
    }

    async fn follow(&mut self, work: Work) -> Result<()> {
        let mut tables = Vec::new();
        work.plan.tables(&mut tables);
        self.filters.tables(&mut tables);
        self.autoflush(Some(&tables)).await?;
        let loader = Loader::new(&mut self.store, &mut self.transaction);
        loader.filtered(self.filters.clone()).follow(work).await
    }
}

#[cold]
fn raised(entity: String, model: &'static str, relationship: &Relationship) -> Error {
    let name = format!("{model}::{}", relationship.name());
    Error::new(
        ErrorKind::NotLoaded,
        format!("{name} may not be loaded for {entity}, its loader is `raise`; load it with the query: `.options(selectin({name}))`"),
    )
    .with_model(model)
    .with_columns([relationship.name()])
}
