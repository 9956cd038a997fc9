//! Queries within queries: in FROM, as CTEs, as values and as conditions.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::{Alias, Expr, Select};
use crate::mapping::Mapper;
use crate::model::Entity;
use crate::sql::ast::{Derived, DerivedKind, From, Output, Query, SetOp, Source};
use crate::sql::fresh_alias;
use crate::sql::node::Node;
use crate::value::ColumnType;

/// A query that stands in the FROM of another, whose rows are `R`: made by [`Select::subquery`],
/// [`Select::cte`] and [`Select::recursive`]. Read it with [`Select::from`] or [`Select::join_on`].
pub struct Subquery<R> {
    from: From,
    columns: Arc<[DerivedColumn]>,
    rows: PhantomData<fn() -> R>,
}

/// What a subquery puts out, in order.
#[derive(Debug, Clone, Copy)]
pub(crate) enum DerivedColumn {
    Value(&'static str),
    Entity(&'static Mapper),
}

/// Rows of a subquery, whose columns are expressions of the query around it: for a tuple of values a
/// tuple of [`Expr`], for an entity an [`Alias`] of its model.
pub trait DerivedRow {
    /// The columns.
    type Columns;
    #[doc(hidden)]
    fn columns(from: &mut DerivedColumns<'_>) -> Self::Columns;
}

/// The columns of a subquery, taken from left to right.
#[doc(hidden)]
pub struct DerivedColumns<'c> {
    source: Source,
    columns: std::slice::Iter<'c, DerivedColumn>,
}

impl<T: ColumnType> DerivedRow for T {
    type Columns = Expr<T>;

    fn columns(from: &mut DerivedColumns<'_>) -> Expr<T> {
        let name = match from.columns.next() {
            Some(DerivedColumn::Value(name)) => name,
            _ => "?",
        };
        let column = crate::sql::ast::ColumnRef { source: from.source, name, sensitive: false };
        Expr::new(column.node())
    }
}

impl<M> DerivedRow for Entity<M> {
    type Columns = Alias<M>;

    fn columns(from: &mut DerivedColumns<'_>) -> Alias<M> {
        let mapper = match from.columns.next() {
            Some(DerivedColumn::Entity(mapper)) => Some(*mapper),
            _ => None,
        };
        Alias::new(Source { mapper, ..from.source })
    }
}

impl<M> DerivedRow for Option<Entity<M>> {
    type Columns = Alias<M>;

    fn columns(from: &mut DerivedColumns<'_>) -> Alias<M> {
        <Entity<M> as DerivedRow>::columns(from)
    }
}

impl<R: DerivedRow> Subquery<R> {
    /// Its columns, as expressions of the query that reads it.
    ///
    /// ```
    /// use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "items")]
    /// # struct Item { #[retro(primary_key)] id: i32, order_id: i32, price: f64 }
    /// let totals = select((Item::order_id, sum(Item::price))).group_by(Item::order_id).subquery("totals");
    /// let (order_id, total) = totals.columns();
    /// let largest: Select<(i32, f64)> = select((order_id, &total)).from(&totals).order_by(total.desc()).limit(3);
    /// ```
    pub fn columns(&self) -> R::Columns {
        R::columns(&mut DerivedColumns { source: self.from.source(), columns: self.columns.iter() })
    }
}

impl<R> Subquery<R> {
    pub(crate) fn from(&self) -> From {
        self.from.clone()
    }

    /// The same once more, for a query that reads it twice.
    pub fn alias(&self) -> Subquery<R> {
        let mut from = self.from.clone();
        match &mut from {
            From::Table(source) | From::Derived(_, source) | From::Recursion(_, source) => {
                source.alias = fresh_alias();
            }
        }
        Subquery { from, columns: self.columns.clone(), rows: PhantomData }
    }
}

impl<R> Clone for Subquery<R> {
    fn clone(&self) -> Self {
        Subquery { from: self.from.clone(), columns: self.columns.clone(), rows: PhantomData }
    }
}

impl<R> fmt::Debug for Subquery<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Subquery").field(&self.from).finish()
    }
}

impl<R> Select<R> {
    /// The query in the FROM of another one, under a name.
    pub fn subquery(self, name: &'static str) -> Subquery<R> {
        self.derived(name, DerivedKind::Subquery)
    }

    /// The query as a common table expression: before the statement, in a WITH. The queries that read
    /// it need not say so; it is sent once, however often it is read.
    ///
    /// ```
    /// use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "items")]
    /// # struct Item { #[retro(primary_key)] id: i32, order_id: i32, price: f64 }
    /// let totals = select((Item::order_id, sum(Item::price))).group_by(Item::order_id).cte("totals");
    /// let (order_id, total) = totals.columns();
    /// let average = select(avg(&total)).from(&totals).scalar();
    /// let above: Select<i32> = select(order_id).from(&totals).filter(total.gt(average));
    /// assert!(above.to_sql(retro_core::Dialect::Sqlite).unwrap().starts_with(r#"WITH "totals" AS (SELECT"#));
    /// ```
    pub fn cte(self, name: &'static str) -> Subquery<R> {
        self.derived(name, DerivedKind::Cte { recursive: false, materialized: None })
    }

    /// As [`cte`](Select::cte), and says whether its rows are to be kept (`true`) or found anew by
    /// each reader. Databases without the word decide themselves.
    pub fn cte_materialized(self, name: &'static str, materialized: bool) -> Subquery<R> {
        self.derived(name, DerivedKind::Cte { recursive: false, materialized: Some(materialized) })
    }

    /// A recursive CTE: the rows of this query, and those that a step finds from the rows found so
    /// far, until it finds no more. The step is given the CTE itself, to join.
    ///
    /// ```
    /// use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "parts")]
    /// # struct Part { #[retro(primary_key)] id: i32, parent_id: Option<i32> }
    /// let tree = select((Part::id, lit(0))).filter(Part::id.eq(7)).recursive("tree", |tree| {
    ///     let (id, depth) = tree.columns();
    ///     select((Part::id, depth + 1)).join_on(tree, Part::parent_id.eq(id))
    /// });
    /// let (id, depth) = tree.columns();
    /// let all: Select<(i32, i32)> = select((id, depth)).from(&tree);
    /// ```
    pub fn recursive(self, name: &'static str, step: impl FnOnce(&Subquery<R>) -> Select<R>) -> Subquery<R> {
        self.recursion(name, SetOp::UnionAll, step)
    }

    /// As [`recursive`](Select::recursive), without rows that were found before: ends also where the
    /// rows lead around in a circle.
    pub fn recursive_distinct(self, name: &'static str, step: impl FnOnce(&Subquery<R>) -> Select<R>) -> Subquery<R> {
        self.recursion(name, SetOp::Union, step)
    }

    fn recursion(self, name: &'static str, op: SetOp, step: impl FnOnce(&Subquery<R>) -> Select<R>) -> Subquery<R> {
        let mut query = self.request.first_rows();
        let columns = name_outputs(&mut query);
        let number = fresh_alias();
        let source = Source { table: name, alias: fresh_alias(), mapper: None, derived: true };
        let itself = Subquery { from: From::Recursion(number, source), columns: columns.clone(), rows: PhantomData };
        query.compound.push((op, step(&itself).request.unmapped()));
        let kind = DerivedKind::Cte { recursive: true, materialized: None };
        let derived = Arc::new(Derived { number, name, query, kind });
        let source = Source { alias: fresh_alias(), ..source };
        Subquery { from: From::Derived(derived, source), columns, rows: PhantomData }
    }

    fn derived(self, name: &'static str, kind: DerivedKind) -> Subquery<R> {
        let mut query = self.request.unmapped();
        let columns = name_outputs(&mut query);
        let (derived, source) = query.derived(name, kind);
        Subquery { from: From::Derived(derived, source), columns, rows: PhantomData }
    }
}

impl<T: ColumnType> Select<T>
where
    Option<T::Base>: ColumnType,
{
    /// The value of the query's first column in its only row, as an expression of another query;
    /// `None` if it has no row. It may name models of the query around it.
    pub fn scalar(self) -> Expr<Option<T::Base>> {
        Expr::new(Node::Scalar(Arc::new(self.request.unmapped())))
    }
}

/// Whether a query has rows. It may name models of the query around it:
/// `exists(select(Item).filter(Item::order_id.eq(Order::id)))`.
pub fn exists<R>(query: Select<R>) -> Expr<bool> {
    Expr::new(Node::Exists(Arc::new(query.request.query.for_existence())))
}

/// Gives every column that a query puts out a name of its own.
fn name_outputs(query: &mut Query) -> Arc<[DerivedColumn]> {
    let mut taken: Vec<&'static str> = Vec::new();
    let mut columns = Vec::with_capacity(query.outputs.len());
    for place in 0..query.outputs.len() {
        let Output::Entity(source) = query.outputs[place] else {
            columns.push(DerivedColumn::Value(query.name_output(place, &mut taken)));
            continue;
        };
        let Some(mapper) = source.mapper else { continue };
        for column in mapper.def.columns {
            if taken.contains(&column.name) {
                query.object(format!(
                    "a subquery selects two columns named `{}`; select the columns of {} that are needed, with `.label(\"..\")`",
                    column.name,
                    mapper.name()
                ));
            }
            taken.push(column.name);
        }
        columns.push(DerivedColumn::Entity(mapper));
    }
    columns.into()
}

macro_rules! tuples {
    ($($t:ident),*) => {
        impl<$($t: DerivedRow),*> DerivedRow for ($($t,)*) {
            type Columns = ($($t::Columns,)*);

            fn columns(from: &mut DerivedColumns<'_>) -> Self::Columns {
                ($($t::columns(from),)*)
            }
        }
    };
}
tuples!(A);
tuples!(A, B);
tuples!(A, B, C);
tuples!(A, B, C, D);
tuples!(A, B, C, D, E);
tuples!(A, B, C, D, E, F);
tuples!(A, B, C, D, E, F, G);
tuples!(A, B, C, D, E, F, G, H);
tuples!(A, B, C, D, E, F, G, H, I);
tuples!(A, B, C, D, E, F, G, H, I, J);
tuples!(A, B, C, D, E, F, G, H, I, J, K);
tuples!(A, B, C, D, E, F, G, H, I, J, K, L);
