//! [`Select`]: a query, and [`Request`], the untyped part of it that the session runs.

use std::fmt;

use super::{Fields, Grouping, IntoExpr, Item, Items, LoadOptions, OrderBy, Selection, relate};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::identity::Load;
use crate::mapping::Mapper;
use crate::model::{Mapped, Model, Rel, Root};
use crate::sql::ast::{Join, JoinKind, Query, Source};
use crate::sql::{NoEntities, render};

/// A query whose rows are read as `R`: `select(Product)` is a `Select<Entity<Product>>`,
/// `select((Product::name, count_all()))` a `Select<(String, i64)>`.
///
/// It is a value: build it in steps, clone it, give it to a session. Whatever is added narrows or
/// extends what is there, so a search can be put together in `if`s:
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "products")]
/// # struct Product {
/// #     #[retro(primary_key)]
/// #     id: i32,
/// #     name: String,
/// #     year: i32,
/// # }
///
/// # let (since, text) = (Some(1980), "ZX");
/// let mut query = select(Product);
/// if let Some(year) = since {
///     query = query.filter(Product::year.ge(year));
/// }
/// if !text.is_empty() {
///     query = query.filter(Product::name.contains(text));
/// }
/// let query = query.order_by((Product::year.desc(), Product::name));
/// ```
#[must_use = "a query does nothing until a session runs it"]
pub struct Select<R> {
    pub(crate) request: Request,
    pub(crate) read: fn(&mut Fields<'_>) -> Result<R>,
}

/// A query without the type of its rows.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) query: Query,
    pub(crate) items: Vec<Item>,
    pub(crate) loads: Vec<RequestedLoad>,
    pub(crate) populate_existing: bool,
}

/// A loader option and the model that it starts at.
#[derive(Debug, Clone)]
#[doc(hidden)]
pub struct RequestedLoad {
    pub(crate) mapper: &'static Mapper,
    pub(crate) load: Load,
}

/// A query for models, columns and expressions.
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "products")]
/// # struct Product {
/// #     #[retro(primary_key)]
/// #     id: i32,
/// #     name: String,
/// #     year: i32,
/// # }
/// let entities: Select<Entity<Product>> = select(Product);
/// let names: Select<String> = select(Product::name);
/// let by_year: Select<(i32, i64)> = select((Product::year, count(Product))).group_by(Product::year);
/// ```
pub fn select<S: Selection>(selection: S) -> Select<S::Row> {
    let mut items = Items::default();
    selection.add(&mut items);
    let Items { query, items } = items;
    Select { request: Request { query, items, loads: Vec::new(), populate_existing: false }, read: S::read }
}

impl<R> Select<R> {
    /// Keeps the rows that meet a condition. Several filters must all be met.
    pub fn filter(mut self, condition: impl IntoExpr<bool>) -> Self {
        self.request.query.restrict(std::sync::Arc::unwrap_or_clone(condition.into_node().0));
        self
    }

    /// Reads from a model that is not selected, where no selected model or column says what to
    /// read: `select(count_all()).from(Product)`.
    pub fn from<M: Model>(mut self, _: Root<M>) -> Self {
        self.request.query.read(Source::of(M::mapper()));
        self
    }

    /// Joins the target of a relationship; rows without one are left out. A many-to-many
    /// relationship joins the association table too.
    pub fn join<M: Model, U: Model, K>(self, relationship: Rel<M, U, K>) -> Self {
        self.join_as(JoinKind::Inner, relationship)
    }

    /// Joins the target of a relationship; rows without one are kept, with `NULL` in its place.
    pub fn outer_join<M: Model, U: Model, K>(self, relationship: Rel<M, U, K>) -> Self {
        self.join_as(JoinKind::Left, relationship)
    }

    fn join_as<M: Model, U: Model, K>(mut self, kind: JoinKind, relationship: Rel<M, U, K>) -> Self {
        let resolved = M::mapper().relationship(relationship.index());
        let (owner, target) = (Source::of(M::mapper()), Source::of(U::mapper()));
        relate(&mut self.request.query, kind, resolved, owner, target);
        self
    }

    /// Joins a model on a condition.
    pub fn join_on<M: Model>(mut self, _: Root<M>, condition: impl IntoExpr<bool>) -> Self {
        let on = std::sync::Arc::unwrap_or_clone(condition.into_node().0);
        self.request.query.joins.push(Join { kind: JoinKind::Inner, source: Source::of(M::mapper()), on });
        self
    }

    /// Makes one row of all rows that are equal in something: a model (that is, its key), a column,
    /// an expression, or a tuple of these.
    pub fn group_by(mut self, by: impl Grouping) -> Self {
        let mut groups = Vec::new();
        by.groups(&mut groups);
        self.request.query.group_by.extend(groups.into_iter().map(|group| group.0));
        self
    }

    /// Keeps the groups that meet a condition.
    pub fn having(mut self, condition: impl IntoExpr<bool>) -> Self {
        self.request.query.restrict_groups(std::sync::Arc::unwrap_or_clone(condition.into_node().0));
        self
    }

    /// Orders the rows, after what they are ordered by already.
    pub fn order_by(mut self, by: impl OrderBy) -> Self {
        let mut terms = Vec::new();
        by.terms(&mut terms);
        self.request.query.order_by.extend(terms.into_iter().map(|order| order.0));
        self
    }

    /// Takes at most so many rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.request.query.limit = Some(rows);
        self
    }

    /// Skips so many rows.
    pub fn offset(mut self, rows: u64) -> Self {
        self.request.query.offset = Some(rows);
        self
    }

    /// Leaves out rows that are equal to one before.
    pub fn distinct(mut self) -> Self {
        self.request.query.distinct = true;
        self
    }

    /// Says how relationships are to be loaded where their own default is not wanted: one option,
    /// or a tuple or `Vec` of them. Of several options for one relationship the last one counts.
    pub fn options<M: Mapped>(mut self, options: impl LoadOptions<M>) -> Self {
        options.nodes(&mut self.request.loads);
        self
    }

    /// Overwrites the values of entities that the session has already, changed or not, with those
    /// of the rows that this query finds, and loads their relationships anew where the query loads
    /// them. Without it an entity keeps its values unless it is expired.
    pub fn populate_existing(mut self) -> Self {
        self.request.populate_existing = true;
        self
    }

    /// The text of the query in the SQL of a dialect, with placeholders in place of the values.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) if the query names a model that it does
    /// not read.
    pub fn to_sql(&self, dialect: Dialect) -> Result<String> {
        render(&self.request.query, dialect, &dialect.capabilities(), &NoEntities).map(|rendered| rendered.sql)
    }
}

impl<R> Clone for Select<R> {
    fn clone(&self) -> Self {
        Select { request: self.request.clone(), read: self.read }
    }
}

impl<R> fmt::Debug for Select<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}
