//! [`IntoExpr`]: what an expression can be compared with.

use std::sync::Arc;

use super::{Expr, Expression};
use crate::model::{Column, Mapped};
use crate::sql::Bind;
use crate::sql::ast::Node;
use crate::value::{ColumnType, Value};

/// What can stand on the other side of an expression whose type is `T`: a value, a column or an
/// expression. Nullable or not makes no difference: a column of type `Option<String>` is compared
/// with a `&str`.
#[diagnostic::on_unimplemented(
    message = "SQL of type `{T}` cannot be compared with `{Self}`",
    label = "expected a value, a column or an expression of type `{T}`"
)]
pub trait IntoExpr<T> {
    #[doc(hidden)]
    fn into_node(self) -> ExprNode;
}

/// An expression as the crate knows it.
#[doc(hidden)]
pub struct ExprNode(pub(crate) Arc<Node>);

impl ExprNode {
    fn value(bind: Bind<'static>) -> Self {
        ExprNode(Arc::new(Node::Bind(bind)))
    }

    fn bind<T: ColumnType>(value: &T) -> Self {
        ExprNode::value(Bind::new(T::SQL_TYPE, value.to_value().into_owned()))
    }
}

impl<T: ColumnType> IntoExpr<T> for T {
    fn into_node(self) -> ExprNode {
        ExprNode::bind(&self)
    }
}

impl<T: ColumnType> IntoExpr<T> for &T {
    fn into_node(self) -> ExprNode {
        ExprNode::bind(self)
    }
}

impl<T: ColumnType> IntoExpr<T> for Option<T> {
    fn into_node(self) -> ExprNode {
        self.map_or_else(|| ExprNode::value(Bind::new(T::SQL_TYPE, Value::Null)), |value| ExprNode::bind(&value))
    }
}

impl IntoExpr<String> for &str {
    fn into_node(self) -> ExprNode {
        ExprNode::value(Bind::new(String::SQL_TYPE, Value::Text(self.to_owned().into())))
    }
}

impl IntoExpr<Vec<u8>> for &[u8] {
    fn into_node(self) -> ExprNode {
        ExprNode::value(Bind::new(Vec::<u8>::SQL_TYPE, Value::Bytes(self.to_owned().into())))
    }
}

impl<M: Mapped, T: ColumnType> IntoExpr<T::Base> for Column<M, T> {
    fn into_node(self) -> ExprNode {
        self.node()
    }
}

impl<T: ColumnType> IntoExpr<T::Base> for Expr<T> {
    fn into_node(self) -> ExprNode {
        self.node()
    }
}

impl<T: ColumnType> IntoExpr<T::Base> for &Expr<T> {
    fn into_node(self) -> ExprNode {
        self.node()
    }
}
