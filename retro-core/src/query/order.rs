//! ORDER BY and GROUP BY.

use std::sync::Arc;

use super::operand::ExprNode;
use super::{Alias, Expression};
use crate::model::{Mapped, Root};
use crate::sql::ast::Source;
use crate::sql::node::{Node, Term};
use crate::value::{ColumnType, SqlType};

/// A term of an order. Made by [`asc`](Expression::asc) and [`desc`](Expression::desc).
#[derive(Debug, Clone)]
pub struct Order(pub(crate) Term);

impl Order {
    pub(crate) fn new(node: Arc<Node>, sql_type: SqlType, descending: bool) -> Self {
        Order(Term { node, sql_type, descending, nulls_first: None })
    }

    /// The other way round: for an order whose direction is known only when the program runs. Where
    /// `NULL` goes stays as it was said.
    #[must_use = "gives back the term"]
    pub fn reversed(self) -> Self {
        Order(Term { descending: !self.0.descending, ..self.0 })
    }

    /// `NULL` before everything else. Otherwise the database decides.
    #[must_use = "gives back the term"]
    pub fn nulls_first(self) -> Self {
        Order(Term { nulls_first: Some(true), ..self.0 })
    }

    /// `NULL` after everything else. Otherwise the database decides.
    #[must_use = "gives back the term"]
    pub fn nulls_last(self) -> Self {
        Order(Term { nulls_first: Some(false), ..self.0 })
    }
}

/// What a query can be ordered by: a column, an expression, `.asc()` or `.desc()` of one, or a
/// tuple or `Vec` of these.
#[diagnostic::on_unimplemented(
    message = "a query cannot be ordered by `{Self}`",
    label = "expected a column, an expression or an order"
)]
pub trait OrderBy {
    #[doc(hidden)]
    fn terms(self, terms: &mut Vec<Order>);
}

impl OrderBy for Order {
    fn terms(self, terms: &mut Vec<Order>) {
        terms.push(self);
    }
}

impl<E: Expression> OrderBy for E {
    fn terms(self, terms: &mut Vec<Order>) {
        terms.push(self.asc());
    }
}

impl<O: OrderBy> OrderBy for Vec<O> {
    fn terms(self, terms: &mut Vec<Order>) {
        self.into_iter().for_each(|term| term.terms(terms));
    }
}

/// What a query can be grouped by: a model (that is, its key, on which all its columns depend), a
/// column, an expression, or a tuple or `Vec` of these.
#[diagnostic::on_unimplemented(
    message = "a query cannot be grouped by `{Self}`",
    label = "expected a model, a column or an expression"
)]
pub trait Grouping {
    #[doc(hidden)]
    fn groups(self, groups: &mut Vec<ExprNode>);
}

impl<E: Expression> Grouping for E {
    fn groups(self, groups: &mut Vec<ExprNode>) {
        groups.push(ExprNode(self.node().0.by_value(<E::Type as ColumnType>::SQL_TYPE)));
    }
}

impl<M: Mapped> Grouping for Root<M> {
    fn groups(self, groups: &mut Vec<ExprNode>) {
        group_by_entity(Source::of(M::mapper()), groups);
    }
}

impl<M: Mapped> Grouping for Alias<M> {
    fn groups(self, groups: &mut Vec<ExprNode>) {
        group_by_entity(self.source(), groups);
    }
}

impl<G: Grouping> Grouping for Vec<G> {
    fn groups(self, groups: &mut Vec<ExprNode>) {
        self.into_iter().for_each(|group| group.groups(groups));
    }
}

/// By its key, on which all its columns depend; a subquery has no key, so there by all of them.
fn group_by_entity(source: Source, groups: &mut Vec<ExprNode>) {
    let Some(mapper) = source.mapper else { return };
    let columns = if source.derived { &mapper.all_columns } else { mapper.key() };
    groups.extend(source.columns(mapper, columns).into_iter().map(|column| ExprNode(Arc::new(column.node()))));
}

macro_rules! tuples {
    ($($t:ident $i:tt),*) => {
        impl<$($t: OrderBy),*> OrderBy for ($($t,)*) {
            fn terms(self, terms: &mut Vec<Order>) {
                $(self.$i.terms(terms);)*
            }
        }
        impl<$($t: Grouping),*> Grouping for ($($t,)*) {
            fn groups(self, groups: &mut Vec<ExprNode>) {
                $(self.$i.groups(groups);)*
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
