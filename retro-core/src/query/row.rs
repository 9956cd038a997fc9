//! [`row`]: several expressions that are compared together.

use std::marker::PhantomData;
use std::sync::Arc;

use super::operand::ExprNode;
use super::{Expr, Expression, IntoExpr, Select};
use crate::sql::node::{BinaryOp, Node};
use crate::value::ColumnType;

/// Several expressions as one. Rows are compared from left to right: the first difference decides.
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "products")]
/// # struct Product { #[retro(primary_key)] id: i32, year: i32 }
/// let after = select(Product).filter(row((Product::year, Product::id)).gt((1982, 7)));
/// ```
pub fn row<R: RowExpressions>(expressions: R) -> Row<R> {
    let mut nodes = Vec::new();
    expressions.nodes(&mut nodes);
    let nodes = nodes.into_iter().map(|node| node.0).collect();
    Row { node: Arc::new(Node::Row(nodes)), expressions: PhantomData }
}

/// Several expressions that are compared together.
pub struct Row<R> {
    node: Arc<Node>,
    expressions: PhantomData<fn() -> R>,
}

/// Expressions that make a row: a tuple of columns and expressions.
#[diagnostic::on_unimplemented(message = "`{Self}` is no row", label = "expected a tuple of columns and expressions")]
pub trait RowExpressions {
    #[doc(hidden)]
    fn nodes(self, nodes: &mut Vec<ExprNode>);
}

/// What a row of expressions is compared with: a tuple of values or expressions of their types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with a row of `{R}`",
    label = "expected a tuple of values or expressions of the same types"
)]
pub trait RowValues<R> {
    #[doc(hidden)]
    fn nodes(self, nodes: &mut Vec<ExprNode>);
}

/// A query whose rows can be compared with a row of expressions.
#[diagnostic::on_unimplemented(message = "rows of `{R}` are not of the type `{Self}`", label = "selects other types")]
pub trait RowOf<R> {}

impl<R> Row<R> {
    fn compare(&self, op: BinaryOp, values: impl RowValues<R>) -> Expr<bool> {
        Expr::new(Node::Binary(self.node.clone(), op, Arc::new(Node::Row(nodes_of(values)))))
    }

    /// Whether all are equal.
    pub fn eq(&self, values: impl RowValues<R>) -> Expr<bool> {
        self.compare(BinaryOp::Eq, values)
    }

    /// Whether any differs.
    pub fn ne(&self, values: impl RowValues<R>) -> Expr<bool> {
        self.compare(BinaryOp::Ne, values)
    }

    /// Whether the row comes before another.
    pub fn lt(&self, values: impl RowValues<R>) -> Expr<bool> {
        self.compare(BinaryOp::Lt, values)
    }

    /// Whether the row comes before another, or equals it.
    pub fn le(&self, values: impl RowValues<R>) -> Expr<bool> {
        self.compare(BinaryOp::Le, values)
    }

    /// Whether the row comes after another.
    pub fn gt(&self, values: impl RowValues<R>) -> Expr<bool> {
        self.compare(BinaryOp::Gt, values)
    }

    /// Whether the row comes after another, or equals it.
    pub fn ge(&self, values: impl RowValues<R>) -> Expr<bool> {
        self.compare(BinaryOp::Ge, values)
    }

    /// Whether the row is one of a list.
    pub fn in_<V: RowValues<R>>(&self, rows: impl IntoIterator<Item = V>) -> Expr<bool> {
        let items = rows.into_iter().map(|values| Arc::new(Node::Row(nodes_of(values)))).collect();
        Expr::new(Node::InList { node: self.node.clone(), items })
    }

    /// Whether the row is one of those that a query finds.
    pub fn in_query<Q: RowOf<R>>(&self, query: Select<Q>) -> Expr<bool> {
        Expr::new(Node::InQuery { node: self.node.clone(), query: Arc::new(query.request.compared()) })
    }
}

fn nodes_of<R>(values: impl RowValues<R>) -> Vec<Arc<Node>> {
    let mut nodes = Vec::new();
    values.nodes(&mut nodes);
    nodes.into_iter().map(|node| node.0).collect()
}

fn by_value<T: ColumnType>(node: ExprNode) -> ExprNode {
    ExprNode(node.0.by_value(T::SQL_TYPE))
}

macro_rules! tuples {
    ($($t:ident $v:ident $i:tt),*) => {
        impl<$($t: Expression),*> RowExpressions for ($($t,)*) {
            fn nodes(self, nodes: &mut Vec<ExprNode>) {
                $(nodes.push(by_value::<$t::Type>(self.$i.node()));)*
            }
        }
        impl<$($t: Expression, $v: IntoExpr<<$t::Type as ColumnType>::Base>),*> RowValues<($($t,)*)> for ($($v,)*) {
            fn nodes(self, nodes: &mut Vec<ExprNode>) {
                $(nodes.push(by_value::<$t::Type>(self.$i.into_node()));)*
            }
        }
        impl<$($t: Expression, $v: ColumnType<Base = <$t::Type as ColumnType>::Base>),*> RowOf<($($t,)*)> for ($($v,)*) {}
    };
}
tuples!(A AV 0, B BV 1);
tuples!(A AV 0, B BV 1, C CV 2);
tuples!(A AV 0, B BV 1, C CV 2, D DV 3);
tuples!(A AV 0, B BV 1, C CV 2, D DV 3, E EV 4);
