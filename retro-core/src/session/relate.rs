//! Linking entities: both sides of a relationship change at once.

use super::Session;
use crate::error::Result;
use crate::identity::{Known, RefSet, Store};
use crate::mapping::{Direction, Relationship};
use crate::model::{Entity, EntityId, EntityRef, Link, Many, Maybe, Model, One, Rel, RelKind};

/// What a relationship of kind `K` to the model `U` can be set to: an entity or a new struct, and
/// `None` for one that may be empty.
#[diagnostic::on_unimplemented(
    message = "a relationship to `{U}` cannot be set to `{Self}`",
    label = "expected an entity or a new struct of the relationship's target",
    note = "`None` fits only a `BelongsTo<Option<..>>` or a `HasOne`; for a collection use `push`, `remove` or `replace`"
)]
pub trait SetTo<U, K> {
    #[doc(hidden)]
    fn into_link(self) -> Option<Link<U>>;
}

impl<U: Model> SetTo<U, One> for Entity<U> {
    fn into_link(self) -> Option<Link<U>> {
        Some(self.into())
    }
}

impl<U: Model> SetTo<U, Maybe> for Entity<U> {
    fn into_link(self) -> Option<Link<U>> {
        Some(self.into())
    }
}

impl<U: Model> SetTo<U, Maybe> for Option<Entity<U>> {
    fn into_link(self) -> Option<Link<U>> {
        self.map(Link::from)
    }
}

impl<U: Model> SetTo<U, One> for U {
    fn into_link(self) -> Option<Link<U>> {
        Some(self.into())
    }
}

impl<U: Model> SetTo<U, Maybe> for U {
    fn into_link(self) -> Option<Link<U>> {
        Some(self.into())
    }
}

/// The members that `replace` takes: a list of entities or of new structs.
pub trait Members<U> {
    #[doc(hidden)]
    fn into_links(self) -> Vec<Link<U>>;
}

impl<U: Model, L: Into<Link<U>>, I: IntoIterator<Item = L>> Members<U> for I {
    fn into_links(self) -> Vec<Link<U>> {
        self.into_iter().map(Into::into).collect()
    }
}

impl Session {
    /// Sets a relationship to one. The other side follows at once: the old parent's collection
    /// loses the entity, the new one's gains it, loaded or not; the foreign key follows now if the
    /// parent's key is known, else with the flush. Sends nothing.
    ///
    /// # Panics
    /// If a handle is stale, as indexing does.
    #[track_caller]
    pub fn set<M: Model, U: Model, K: RelKind>(
        &mut self,
        entity: Entity<M>,
        relationship: Rel<M, U, K>,
        target: impl SetTo<U, K>,
    ) {
        let id = self.expect_id(entity);
        self.store.settle();
        let target = target.into_link().map(|link| self.place_link(link));
        self.store.link_one(id, resolved(relationship), target);
        self.store.settle();
    }

    /// Adds an entity or a new struct to a collection and gives its handle. The other side follows
    /// at once. One that is in the collection already stays where it is. Sends nothing: a
    /// collection that is not loaded keeps the new member until it is.
    ///
    /// # Panics
    /// If a handle is stale, as indexing does.
    #[track_caller]
    pub fn push<M: Model, U: Model>(
        &mut self,
        entity: Entity<M>,
        relationship: Rel<M, U, Many>,
        member: impl Into<Link<U>>,
    ) -> Entity<U> {
        let id = self.expect_id(entity);
        self.store.settle();
        let member = self.place_link(member.into());
        self.store.add_member(id, resolved(relationship), member);
        self.store.settle();
        Entity::new(self.store.session(), member)
    }

    /// Removes a member from a collection; false if it is known not to be there. The other side
    /// follows at once. What becomes of the member follows from the relationship: its foreign key
    /// is set `NULL` by the flush, or, with `delete-orphan`, it is deleted unless it has another
    /// parent by then. Sends nothing.
    ///
    /// # Panics
    /// If a handle is stale, as indexing does.
    #[track_caller]
    pub fn remove<M: Model, U: Model>(
        &mut self,
        entity: Entity<M>,
        relationship: Rel<M, U, Many>,
        member: Entity<U>,
    ) -> bool {
        let (id, member) = (self.expect_id(entity), self.expect_id(member));
        self.store.settle();
        self.store.remove_member(id, resolved(relationship), member.at)
    }

    /// Gives a collection other members. Those that are not among them are removed as
    /// [`remove`](Session::remove) does. If the collection is not loaded, the next flush reads the
    /// old members first. Sends nothing.
    ///
    /// # Panics
    /// If a handle is stale, as indexing does.
    #[track_caller]
    pub fn replace<M: Model, U: Model>(
        &mut self,
        entity: Entity<M>,
        relationship: Rel<M, U, Many>,
        members: impl Members<U>,
    ) {
        let id = self.expect_id(entity);
        self.store.settle();
        let members: RefSet = members.into_links().into_iter().map(|link| self.place_link(link)).collect();
        self.store.replace_members(id, resolved(relationship), members);
        self.store.settle();
    }

    /// The handles that a loaded relationship leads to: one, an `Option`, or a list. A copy, so the
    /// session can be changed while it is gone through.
    ///
    /// # Panics
    /// If the handle is stale, or the relationship is not loaded; [`try_entities`] gives an error.
    ///
    /// [`try_entities`]: Session::try_entities
    #[track_caller]
    pub fn entities<M: Model, U: Model, K: RelKind>(
        &self,
        entity: Entity<M>,
        relationship: Rel<M, U, K>,
    ) -> K::Entities<U> {
        match self.try_entities(entity, relationship) {
            Ok(entities) => entities,
            Err(error) => panic!("{error}"),
        }
    }

    /// The handles that a loaded relationship leads to, or an error if the handle is stale or the
    /// relationship is not loaded.
    pub fn try_entities<M: Model, U: Model, K: RelKind>(
        &self,
        entity: Entity<M>,
        relationship: Rel<M, U, K>,
    ) -> Result<K::Entities<U>> {
        let id = self.id(entity)?;
        let relationship = resolved(relationship);
        let found: Option<Vec<Entity<U>>> = known(&self.store, id, relationship)
            .map(|known| known.as_slice().iter().map(|&at| Entity::new(self.store.session(), at)).collect());
        found.and_then(K::entities).ok_or_else(|| super::view::not_loaded(&self.store, id, relationship))
    }

    /// Whether a relationship can be read without asking the database.
    pub fn is_loaded<M: Model, U: Model, K: RelKind>(&self, entity: Entity<M>, relationship: Rel<M, U, K>) -> bool {
        self.id(entity).is_ok_and(|id| known(&self.store, id, resolved(relationship)).is_some())
    }

    /// The entity that a link means; a new struct moves in.
    #[track_caller]
    fn place_link<U: Model>(&mut self, link: Link<U>) -> EntityRef {
        match link {
            Link::Entity(entity) => self.expect_id(entity).at,
            Link::New(new) => self.store.place(*new).at,
        }
    }
}

/// The relationship that a constant stands for.
pub(crate) fn resolved<M: Model, U, K>(relationship: Rel<M, U, K>) -> &'static Relationship {
    M::mapper().relationship(relationship.index())
}

/// What a relationship leads to, as far as memory knows.
pub(crate) enum KnownMembers<'s> {
    One(Option<EntityRef>),
    Many(&'s [EntityRef]),
}

impl KnownMembers<'_> {
    fn as_slice(&self) -> &[EntityRef] {
        match self {
            KnownMembers::One(one) => one.as_slice(),
            KnownMembers::Many(many) => many,
        }
    }

    pub(crate) fn to_vec(&self) -> Vec<EntityRef> {
        self.as_slice().to_vec()
    }
}

/// What a relationship leads to, if it is loaded or follows from the identity map.
pub(crate) fn known<'s>(store: &'s Store, id: EntityId, relationship: &Relationship) -> Option<KnownMembers<'s>> {
    if relationship.direction == Direction::ManyToOne {
        return match store.parent(id, relationship) {
            Known::Is(parent) => Some(KnownMembers::One(parent)),
            Known::Unknown => None,
        };
    }
    store.members(id, relationship).map(KnownMembers::Many)
}
