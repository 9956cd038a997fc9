//! Views: reading a loaded graph without cloning it.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use super::Session;
use super::access::struct_of;
use super::relate::{KnownMembers, known, resolved};
use crate::error::{Error, ErrorKind, Result};
use crate::identity::Store;
use crate::mapping::Relationship;
use crate::model::{Entity, EntityId, EntityRef, Lazy, Model, Rel, RelKind};

/// An entity seen through its session. The derived view (`ProductView`) wraps one and adds a method
/// for each column and relationship.
pub struct View<'s, M> {
    store: &'s Store,
    entity: Entity<M>,
    row: &'s M,
}

/// What every derived view can do.
pub trait ModelView<'s>: Copy + Deref<Target = Self::Model> {
    /// The model.
    type Model: Model;
    #[doc(hidden)]
    fn from_view(view: View<'s, Self::Model>) -> Self;
    #[doc(hidden)]
    fn into_view(self) -> View<'s, Self::Model>;
}

/// The views of the entities that a relationship or a result leads to. Iterate it, or ask for `len`.
pub struct Views<'s, M> {
    store: &'s Store,
    members: Members<'s>,
    model: PhantomData<fn() -> M>,
}

#[derive(Clone)]
enum Members<'s> {
    One(Option<EntityRef>),
    Many(std::slice::Iter<'s, EntityRef>),
}

impl Session {
    /// The entity as a view: its columns and loaded relationships as methods that live as long as
    /// the borrow of the session.
    ///
    /// # Panics
    /// If the handle is stale, as indexing does. The methods of relationships panic where the
    /// relationship is not loaded; `try_rel` gives an error instead.
    #[track_caller]
    pub fn view<M: Model>(&self, entity: Entity<M>) -> M::View<'_> {
        seen(&self.store, entity)
    }

    /// The entity as a view, or an error if the handle is stale.
    pub fn try_view<M: Model>(&self, entity: Entity<M>) -> Result<M::View<'_>> {
        try_seen(&self.store, entity)
    }

    /// The entities as views.
    ///
    /// # Panics
    /// While iterating, at a handle that is stale.
    pub fn views<'s, M: Model>(
        &'s self,
        entities: &'s [Entity<M>],
    ) -> impl ExactSizeIterator<Item = M::View<'s>> + Clone {
        entities.iter().map(|&entity| self.view(entity))
    }
}

/// An entity as a view.
#[track_caller]
pub(super) fn seen<M: Model>(store: &Store, entity: Entity<M>) -> M::View<'_> {
    match try_seen(store, entity) {
        Ok(view) => view,
        Err(error) => panic!("{error}"),
    }
}

fn try_seen<M: Model>(store: &Store, entity: Entity<M>) -> Result<M::View<'_>> {
    Ok(M::View::from_view(View { store, entity, row: struct_of(store, entity)? }))
}

impl<'s, M: Model> View<'s, M> {
    /// The entity's handle.
    pub fn entity(self) -> Entity<M> {
        self.entity
    }

    /// The struct.
    pub fn row(self) -> &'s M {
        self.row
    }

    pub(crate) fn store(self) -> &'s Store {
        self.store
    }

    pub(crate) fn id(self) -> EntityId {
        EntityId { mapper: M::mapper().id, at: self.entity.at() }
    }
}

/// What a relationship of a viewed entity leads to, or an error that says how to load it.
pub(crate) fn related<'s, M: Model, U: Model, K: RelKind>(
    view: View<'s, M>,
    relationship: Rel<M, U, K>,
) -> Result<K::View<'s, U>> {
    let store = view.store;
    let relationship = resolved(relationship);
    let members = match known(store, view.id(), relationship) {
        Some(KnownMembers::One(one)) => Members::One(one),
        Some(KnownMembers::Many(many)) => Members::Many(many.iter()),
        None => return Err(not_loaded(store, view.id(), relationship)),
    };
    K::view(Views { store, members, model: PhantomData }).ok_or_else(|| not_loaded(store, view.id(), relationship))
}

#[cold]
pub(crate) fn not_loaded(store: &Store, id: EntityId, relationship: &Relationship) -> Error {
    let mapper = store.mapper(id);
    let name = format!("{}::{}", mapper.name(), relationship.name());
    let remedy = if relationship.def.lazy == Lazy::WriteOnly {
        format!("it is write-only: query it with `session.members(entity, {name})`")
    } else {
        format!("load it with `session.load(entity, {name}).await?`, or with the query: `.options(selectin({name}))`")
    };
    Error::new(ErrorKind::NotLoaded, format!("{name} is not loaded for {}; {remedy}", store.describe(id)))
        .with_model(mapper.name())
        .with_columns([relationship.name()])
}

impl<M> Clone for View<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for View<'_, M> {}

impl<M> Deref for View<'_, M> {
    type Target = M;
    fn deref(&self) -> &M {
        self.row
    }
}

impl<M: Model> fmt::Debug for View<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "View({})", self.store.describe(self.id()))
    }
}

impl<M> Clone for Views<'_, M> {
    fn clone(&self) -> Self {
        Views { store: self.store, members: self.members.clone(), model: PhantomData }
    }
}

impl<M: Model> Views<'_, M> {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'s, M: Model> Iterator for Views<'s, M> {
    type Item = M::View<'s>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = match &mut self.members {
            Members::One(one) => one.take()?,
            Members::Many(many) => *many.next()?,
        };
        Some(seen::<M>(self.store, Entity::new(self.store.session(), at)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.members {
            Members::One(one) => (one.iter().len(), Some(one.iter().len())),
            Members::Many(many) => many.size_hint(),
        }
    }
}

impl<M: Model> DoubleEndedIterator for Views<'_, M> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let at = match &mut self.members {
            Members::One(one) => one.take()?,
            Members::Many(many) => *many.next_back()?,
        };
        Some(seen::<M>(self.store, Entity::new(self.store.session(), at)))
    }
}

impl<M: Model> ExactSizeIterator for Views<'_, M> {}

impl<M> fmt::Debug for Views<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Views(..)")
    }
}
