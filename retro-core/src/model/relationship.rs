//! [`Rel`]: the constant that stands for a relationship of a model.

use std::fmt;
use std::marker::PhantomData;

use super::{Entity, Mapped, Model};
use crate::session::Views;

/// A relationship from the model `M` to the model `U`. Derived as a constant of the field's name:
/// `Product::manufacturer` is a `Rel<Product, Manufacturer, One>`.
///
/// The kind `K` says what reading it gives: [`One`], [`Maybe`] or [`Many`].
pub struct Rel<M, U, K> {
    index: u16,
    types: PhantomData<Types<M, U, K>>,
}

/// Names the types without owning any of them, so that a `Rel` is `Send` and `Copy` whatever they are.
type Types<M, U, K> = fn() -> (M, U, K);

/// A relationship that always has its one target: `BelongsTo<T>`.
#[derive(Debug, Clone, Copy)]
pub enum One {}
/// A relationship to one or none: `BelongsTo<Option<T>>`, `HasOne<T>`.
#[derive(Debug, Clone, Copy)]
pub enum Maybe {}
/// A collection: `HasMany<T>`, `ManyToMany<T>`.
#[derive(Debug, Clone, Copy)]
pub enum Many {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::One {}
    impl Sealed for super::Maybe {}
    impl Sealed for super::Many {}
}

/// What the three kinds of relationship give when they are read.
pub trait RelKind: sealed::Sealed + Send + Sync + 'static {
    /// Handles: `Entity<U>`, `Option<Entity<U>>` or `Vec<Entity<U>>`.
    type Entities<U: Model>: Send;
    /// Views: `U::View`, `Option<U::View>` or [`Views`].
    type View<'s, U: Model>;

    #[doc(hidden)]
    fn entities<U: Model>(found: Vec<Entity<U>>) -> Option<Self::Entities<U>>;
    #[doc(hidden)]
    fn view<'s, U: Model>(views: Views<'s, U>) -> Option<Self::View<'s, U>>;
}

impl RelKind for One {
    type Entities<U: Model> = Entity<U>;
    type View<'s, U: Model> = U::View<'s>;
    fn entities<U: Model>(found: Vec<Entity<U>>) -> Option<Entity<U>> {
        found.into_iter().next()
    }
    fn view<'s, U: Model>(mut views: Views<'s, U>) -> Option<U::View<'s>> {
        views.next()
    }
}

impl RelKind for Maybe {
    type Entities<U: Model> = Option<Entity<U>>;
    type View<'s, U: Model> = Option<U::View<'s>>;
    fn entities<U: Model>(found: Vec<Entity<U>>) -> Option<Option<Entity<U>>> {
        Some(found.into_iter().next())
    }
    fn view<'s, U: Model>(mut views: Views<'s, U>) -> Option<Option<U::View<'s>>> {
        Some(views.next())
    }
}

impl RelKind for Many {
    type Entities<U: Model> = Vec<Entity<U>>;
    type View<'s, U: Model> = Views<'s, U>;
    fn entities<U: Model>(found: Vec<Entity<U>>) -> Option<Vec<Entity<U>>> {
        Some(found)
    }
    fn view<'s, U: Model>(views: Views<'s, U>) -> Option<Views<'s, U>> {
        Some(views)
    }
}

impl<M, U, K> Rel<M, U, K> {
    #[doc(hidden)]
    pub const fn new(index: u16) -> Self {
        Rel { index, types: PhantomData }
    }

    /// The relationship's place among the model's relationships.
    #[doc(hidden)]
    pub const fn index(self) -> u16 {
        self.index
    }
}

impl<M, U, K> Clone for Rel<M, U, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, U, K> Copy for Rel<M, U, K> {}

impl<M: Mapped, U, K> fmt::Debug for Rel<M, U, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let definition = M::definition();
        write!(f, "{}::{}", definition.name, definition.relationships[usize::from(self.index)].field)
    }
}
