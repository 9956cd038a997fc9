//! Keyset pagination: the rows after a known one.

use std::sync::Arc;

use super::{Operand, Select};
use crate::sql::Conditions;
use crate::sql::node::{BinaryOp, Junction, Node, Term};
use crate::value::SqlType;

/// The values of the row that a page goes on after: one for each term of the order, as a tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot say after which row a page goes on",
    label = "expected a tuple with a value for each term of the order"
)]
pub trait Keyset {
    #[doc(hidden)]
    fn values(self, values: &mut Vec<KeysetValue>);
}

/// A value as the crate knows it.
#[doc(hidden)]
pub struct KeysetValue {
    node: Arc<Node>,
    sql_type: SqlType,
}

impl<R> Select<R> {
    /// Keeps the rows that come after a known one by the order that the query has: the next page.
    /// Unlike with an offset the database does not read the pages before, and rows that were added
    /// or removed there meanwhile do not shift it. The order must tell all rows apart (its last term
    /// usually is the key), and its terms may not be `NULL`.
    ///
    /// It is an error of the query if the values do not fit the order in number or type.
    ///
    /// ```
    /// use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "products")]
    /// # struct Product { #[retro(primary_key)] id: i32, year: i32 }
    /// # let last = (1982, 7);
    /// let page = select(Product).order_by((Product::year.desc(), Product::id)).after(last).limit(20);
    /// ```
    pub fn after(mut self, last: impl Keyset) -> Self {
        let mut values = Vec::new();
        last.values(&mut values);
        let query = &mut self.request.query;
        if let Err(problem) = fits(&query.order_by, &values) {
            query.object(problem);
            return self;
        }
        if let Some(condition) = after(&query.order_by, &values) {
            query.restrict(Arc::new(condition));
        }
        self
    }
}

fn fits(order: &[Term], values: &[KeysetValue]) -> Result<(), String> {
    if order.len() != values.len() {
        return Err(format!(
            "`after` was given {} values, and the query is ordered by {} terms; order first, and give a value for each term",
            values.len(),
            order.len()
        ));
    }
    match order.iter().zip(values).position(|(term, value)| term.sql_type != value.sql_type) {
        None => Ok(()),
        Some(place) => Err(format!(
            "`after` was given a {} for term {} of the order, which is a {}",
            values[place].sql_type,
            place + 1,
            order[place].sql_type
        )),
    }
}

/// `a > x OR (a = x AND (b > y OR ..))`: works for any mixture of directions.
fn after(order: &[Term], values: &[KeysetValue]) -> Option<Node> {
    order.iter().zip(values).rev().fold(None, |rest: Option<Node>, (term, value)| {
        let op = if term.descending { BinaryOp::Lt } else { BinaryOp::Gt };
        let (node, value) = (term.node.clone().by_value(term.sql_type), value.node.clone().by_value(term.sql_type));
        let beyond = Node::Binary(node.clone(), op, value.clone());
        Some(match rest {
            None => beyond,
            Some(rest) => {
                let equal = Node::Binary(node, BinaryOp::Eq, value);
                let rest = Node::join(Arc::new(equal), Junction::All, Arc::new(rest));
                Node::Junction(Junction::Any, Conditions::new(vec![Arc::new(beyond), rest]))
            }
        })
    })
}

macro_rules! tuples {
    ($($t:ident $i:tt),*) => {
        impl<$($t: Operand),*> Keyset for ($($t,)*) {
            fn values(self, values: &mut Vec<KeysetValue>) {
                $(values.push(KeysetValue {
                    node: self.$i.into_operand().0,
                    sql_type: <$t::Type as crate::value::ColumnType>::SQL_TYPE,
                });)*
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
