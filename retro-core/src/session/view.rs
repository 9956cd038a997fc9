//! Views: reading a loaded graph without cloning it.

use std::ops::Deref;

use super::Session;
use crate::model::{Entity, EntityRef, Model};

/// An entity seen through its session. The derived `ProductView` wraps one and adds a method for
/// each column and relationship.
pub struct View<'s, M> {
    session: &'s Session,
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

/// The members of a loaded collection, as views. Iterate it, or ask for `len`.
pub struct Views<'s, M> {
    session: &'s Session,
    members: std::slice::Iter<'s, EntityRef>,
    model: std::marker::PhantomData<fn() -> M>,
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
}

impl<M> Clone for View<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for View<'_, M> {}

impl<M> Clone for Views<'_, M> {
    fn clone(&self) -> Self {
        Views { session: self.session, members: self.members.clone(), model: self.model }
    }
}

impl<'s, M: Model> Iterator for Views<'s, M> {
    type Item = M::View<'s>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = *self.members.next()?;
        Some(self.session.view::<M>(Entity::new(self.session.store.session(), at)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.members.size_hint()
    }
}

impl<M: Model> ExactSizeIterator for Views<'_, M> {}
