//! ORDER BY and GROUP BY.

use std::sync::Arc;

use super::Expression;
use crate::model::{Mapped, Root};
use crate::sql::ast::{Node, Source, Term};

/// A term of an order. Made by [`asc`](Expression::asc) and [`desc`](Expression::desc).
#[derive(Debug, Clone)]
pub struct Order(pub(crate) Term);

impl Order {
    pub(crate) fn new(node: Arc<Node>, descending: bool) -> Self {
        Order(Term { node, descending, nulls_first: None })
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

/// What a query can be grouped by: a model (that is, its key), a column, an expression, or a tuple
/// of these.
#[diagnostic::on_unimplemented(
    message = "a query cannot be grouped by `{Self}`",
    label = "expected a model, a column or an expression"
)]
pub trait Grouping {
    #[doc(hidden)]
    fn groups(self, groups: &mut Vec<super::operand::ExprNode>);
}

impl<E: Expression> Grouping for E {
    fn groups(self, groups: &mut Vec<super::operand::ExprNode>) {
        groups.push(self.node());
    }
}

impl<M: Mapped> Grouping for Root<M> {
    fn groups(self, groups: &mut Vec<super::operand::ExprNode>) {
        let mapper = M::mapper();
        let key = Source::of(mapper).columns(mapper, mapper.key());
        groups.extend(key.into_iter().map(|column| super::operand::ExprNode(Arc::new(column.node()))));
    }
}

macro_rules! tuples {
    ($($t:ident $i:tt),*) => {
        impl<$($t: OrderBy),*> OrderBy for ($($t,)*) {
            fn terms(self, terms: &mut Vec<Order>) {
                $(self.$i.terms(terms);)*
            }
        }
        impl<$($t: Grouping),*> Grouping for ($($t,)*) {
            fn groups(self, groups: &mut Vec<super::operand::ExprNode>) {
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
