//! Joins: along relationships, and on conditions.

use std::marker::PhantomData;
use std::sync::Arc;

use super::{Alias, IntoExpr, Select, Subquery, relate};
use crate::mapping::Relationship;
use crate::model::{Mapped, Model, Rel, Root};
use crate::sql::ast::{From, Join, JoinKind, Source};
use crate::sql::node::Node;

/// A relationship as something to join, from and to certain readings of its models. Made by
/// [`Rel::of`], [`Rel::to`] and [`Rel::and`].
#[must_use = "a hop does nothing until a query joins it"]
pub struct Hop<M, U> {
    relationship: u16,
    owner: Option<Source>,
    target: Option<Source>,
    and: Option<Arc<Node>>,
    models: PhantomData<fn() -> (M, U)>,
}

/// What can be joined along a relationship: a relationship, or a [`Hop`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relationship to join along",
    label = "expected a relationship, such as `Order::items`; join a model with `.join_on(Model, condition)`"
)]
pub trait IntoJoin {
    #[doc(hidden)]
    fn into_join(self) -> JoinSpec;
}

/// A join along a relationship, as the crate knows it.
#[doc(hidden)]
pub struct JoinSpec {
    relationship: &'static Relationship,
    owner: Source,
    target: Source,
    and: Option<Arc<Node>>,
}

/// What a query can read from: a model, an [`alias`](super::alias) of one, or a subquery or CTE.
#[diagnostic::on_unimplemented(
    message = "a query cannot read from `{Self}`",
    label = "expected a model, an alias, or a reference to a subquery"
)]
pub trait IntoFrom {
    #[doc(hidden)]
    fn into_from(self) -> FromSpec;
}

/// What is read, as the crate knows it.
#[doc(hidden)]
pub struct FromSpec(From);

impl<M: Model> IntoFrom for Root<M> {
    fn into_from(self) -> FromSpec {
        FromSpec(From::Table(Source::of(M::mapper())))
    }
}

impl<M: Model> IntoFrom for Alias<M> {
    fn into_from(self) -> FromSpec {
        FromSpec(From::Table(self.source()))
    }
}

impl<R> IntoFrom for &Subquery<R> {
    fn into_from(self) -> FromSpec {
        FromSpec(self.from())
    }
}

impl<M, U, K> Rel<M, U, K> {
    fn hop(self) -> Hop<M, U> {
        Hop { relationship: self.index(), owner: None, target: None, and: None, models: PhantomData }
    }

    /// The relationship of an alias of its model.
    pub fn of(self, owner: Alias<M>) -> Hop<M, U> {
        self.hop().of(owner)
    }

    /// The relationship, joining an alias of its target.
    pub fn to(self, target: Alias<U>) -> Hop<M, U> {
        self.hop().to(target)
    }

    /// The relationship with a further condition on what is joined: in an outer join it does not
    /// lose the rows that have no match.
    pub fn and(self, condition: impl IntoExpr<bool>) -> Hop<M, U> {
        self.hop().and(condition)
    }
}

impl<M, U> Hop<M, U> {
    /// Of an alias of its model.
    pub fn of(self, owner: Alias<M>) -> Hop<M, U> {
        Hop { owner: Some(owner.source()), ..self }
    }

    /// Joining an alias of its target.
    pub fn to(self, target: Alias<U>) -> Hop<M, U> {
        Hop { target: Some(target.source()), ..self }
    }

    /// With a further condition on what is joined.
    pub fn and(mut self, condition: impl IntoExpr<bool>) -> Hop<M, U> {
        self.and = Some(Node::and(self.and.take(), condition.into_node().0));
        self
    }
}

impl<M: Mapped, U: Mapped, K> IntoJoin for Rel<M, U, K> {
    fn into_join(self) -> JoinSpec {
        self.hop().into_join()
    }
}

impl<M: Mapped, U: Mapped> IntoJoin for Hop<M, U> {
    fn into_join(self) -> JoinSpec {
        JoinSpec {
            relationship: M::mapper().relationship(self.relationship),
            owner: self.owner.unwrap_or_else(|| Source::of(M::mapper())),
            target: self.target.unwrap_or_else(|| Source::of(U::mapper())),
            and: self.and,
        }
    }
}

impl<R> Select<R> {
    /// Reads from something besides what is selected, or from it first: needed where no selected
    /// model or column says what to read (`select(count_all()).from(Product)`), where the joins are
    /// to begin at another model, and for subqueries.
    pub fn from(mut self, source: impl IntoFrom) -> Self {
        let from = source.into_from().0;
        self.request.query.settle_before("from");
        let reads = &mut self.request.query.from;
        reads.retain(|read| read.source() != from.source());
        // First, because joins follow from what stands before them.
        reads.insert(self.request.from_named, from);
        self.request.from_named += 1;
        self
    }

    /// Joins the target of a relationship; rows without one are left out. A many-to-many
    /// relationship joins the association table too.
    pub fn join(self, relationship: impl IntoJoin) -> Self {
        self.join_along(JoinKind::Inner, relationship)
    }

    /// Joins the target of a relationship; rows without one are kept, with `NULL` in its place.
    pub fn outer_join(self, relationship: impl IntoJoin) -> Self {
        self.join_along(JoinKind::Left, relationship)
    }

    /// Joins the target of a relationship; targets without a row are kept, with `NULL` in its place.
    pub fn right_join(self, relationship: impl IntoJoin) -> Self {
        self.join_along(JoinKind::Right, relationship)
    }

    /// Joins the target of a relationship; what has no match is kept on both sides.
    ///
    /// MySQL and MariaDB have no such join: there the query is refused before it is sent.
    pub fn full_join(self, relationship: impl IntoJoin) -> Self {
        self.join_along(JoinKind::Full, relationship)
    }

    fn join_along(mut self, kind: JoinKind, relationship: impl IntoJoin) -> Self {
        let JoinSpec { relationship, owner, target, and } = relationship.into_join();
        let query = &mut self.request.query;
        query.settle_before("join");
        relate(query, kind, relationship, owner, target);
        if let (Some(and), Some(join)) = (and, query.joins.last_mut()) {
            join.on = Some(Node::and(join.on.take(), and));
        }
        self
    }

    /// Joins a model, an alias or a subquery on a condition.
    pub fn join_on(self, source: impl IntoFrom, condition: impl IntoExpr<bool>) -> Self {
        self.join_with(JoinKind::Inner, source, Some(condition.into_node().0), false)
    }

    /// Joins a model, an alias or a subquery on a condition; rows without a match are kept.
    pub fn outer_join_on(self, source: impl IntoFrom, condition: impl IntoExpr<bool>) -> Self {
        self.join_with(JoinKind::Left, source, Some(condition.into_node().0), false)
    }

    /// Joins a model, an alias or a subquery on a condition; its rows without a match are kept.
    pub fn right_join_on(self, source: impl IntoFrom, condition: impl IntoExpr<bool>) -> Self {
        self.join_with(JoinKind::Right, source, Some(condition.into_node().0), false)
    }

    /// Joins a model, an alias or a subquery on a condition; what has no match is kept on both sides.
    /// Refused on MySQL and MariaDB, which have no such join.
    pub fn full_join_on(self, source: impl IntoFrom, condition: impl IntoExpr<bool>) -> Self {
        self.join_with(JoinKind::Full, source, Some(condition.into_node().0), false)
    }

    /// Joins each row with each row of something.
    pub fn cross_join(self, source: impl IntoFrom) -> Self {
        self.join_with(JoinKind::Cross, source, None, false)
    }

    /// Joins the rows that a subquery finds for each row: it may name what is read before it.
    ///
    /// PostgreSQL and MySQL 8 have it; elsewhere the query is refused before it is sent.
    pub fn join_lateral<Q>(self, subquery: &Subquery<Q>) -> Self {
        self.join_with(JoinKind::Inner, subquery, None, true)
    }

    /// As [`join_lateral`](Select::join_lateral), and keeps the rows for which it finds nothing.
    pub fn outer_join_lateral<Q>(self, subquery: &Subquery<Q>) -> Self {
        self.join_with(JoinKind::Left, subquery, None, true)
    }

    fn join_with(mut self, kind: JoinKind, source: impl IntoFrom, on: Option<Arc<Node>>, lateral: bool) -> Self {
        let from = source.into_from().0;
        self.request.query.settle_before("join");
        self.request.query.joins.push(Join { kind, from, on, lateral, bridged: false });
        self
    }
}
