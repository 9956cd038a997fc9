//! What can stand beside an expression: [`IntoExpr`], [`Operand`] and [`InList`].

use std::sync::Arc;

use super::expression::is_sensitive;
use super::{Expr, Expression, Select};
use crate::model::{Column, Mapped};
use crate::sql::node::Node;
use crate::sql::{Bind, BindData};
use crate::value::{ColumnType, SqlType, Value};

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
#[derive(Debug, Clone)]
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
        ExprNode(self.into_arc())
    }
}

impl<T: ColumnType> IntoExpr<T::Base> for &Expr<T> {
    fn into_node(self) -> ExprNode {
        self.node()
    }
}

/// What has a type in SQL by itself: a column, an expression, or a value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a value nor an SQL expression",
    label = "expected a column, an expression or a value"
)]
pub trait Operand {
    /// Its type.
    type Type: ColumnType;
    #[doc(hidden)]
    fn into_operand(self) -> ExprNode;
}

impl<E: Expression> Operand for E {
    type Type = E::Type;

    fn into_operand(self) -> ExprNode {
        self.node()
    }
}

impl Operand for &str {
    type Type = String;

    fn into_operand(self) -> ExprNode {
        IntoExpr::<String>::into_node(self)
    }
}

macro_rules! values {
    ($($t:ty),* $(,)?) => {$(
        impl Operand for $t {
            type Type = $t;

            fn into_operand(self) -> ExprNode {
                ExprNode::bind(&self)
            }
        }
    )*};
}
values!(bool, i16, i32, i64, f32, f64, String, Vec<u8>);
#[cfg(feature = "chrono")]
values!(chrono::NaiveDate, chrono::NaiveTime, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>);
#[cfg(feature = "time")]
values!(time::Date, time::Time, time::PrimitiveDateTime, time::OffsetDateTime);
#[cfg(feature = "uuid")]
values!(uuid::Uuid);
#[cfg(feature = "decimal")]
values!(rust_decimal::Decimal);

impl<T: ColumnType<Base = T>> Operand for Option<T> {
    type Type = Option<T>;

    fn into_operand(self) -> ExprNode {
        ExprNode::bind(&self)
    }
}

impl<T> Operand for crate::value::Json<T>
where
    crate::value::Json<T>: ColumnType,
{
    type Type = crate::value::Json<T>;

    fn into_operand(self) -> ExprNode {
        ExprNode::bind(&self)
    }
}

/// Makes a type nullable where this one is: `Option<i32>: Lift<String, Output = Option<String>>`.
pub trait Lift<U> {
    /// `U`, or an `Option` of it.
    type Output: ColumnType;
}

impl<T: ColumnType<Base = T>, U: ColumnType> Lift<U> for T {
    type Output = U;
}

impl<T: ColumnType<Base = T>, U: ColumnType> Lift<U> for Option<T>
where
    Option<U::Base>: ColumnType,
{
    type Output = Option<U::Base>;
}

/// What a value can be [`in_`](Expression::in_): a list of values and expressions, or a query that
/// selects one of the type.
#[diagnostic::on_unimplemented(
    message = "SQL of type `{T}` cannot be in `{Self}`",
    label = "expected a list of `{T}`, or a query that selects one"
)]
pub trait InList<T> {
    #[doc(hidden)]
    fn membership(self, node: ExprNode, sql_type: SqlType) -> ExprNode;
}

impl<T, I: IntoIterator<Item: IntoExpr<T>>> InList<T> for I {
    fn membership(self, node: ExprNode, sql_type: SqlType) -> ExprNode {
        let items = self.into_iter().map(|item| item.into_node().0).collect();
        ExprNode(Arc::new(in_list(node.0, items, sql_type)))
    }
}

impl<T: ColumnType, R: ColumnType<Base = T>> InList<T> for Select<R> {
    fn membership(self, node: ExprNode, sql_type: SqlType) -> ExprNode {
        let query = Arc::new(self.request.compared());
        ExprNode(Arc::new(Node::InQuery { node: node.0.by_value(sql_type), query }))
    }
}

fn in_list(node: Arc<Node>, items: Vec<Arc<Node>>, sql_type: SqlType) -> Node {
    let value = |item: &Arc<Node>| match &**item {
        Node::Bind(Bind { data: BindData::One(value), .. }) => Some(value.clone()),
        _ => None,
    };
    match items.iter().map(value).collect() {
        Some(values) => {
            let sensitive = is_sensitive(&node);
            Node::InValues { node, sql_type, values, sensitive }
        }
        None => {
            let items = items.into_iter().map(|item| item.by_value(sql_type)).collect();
            Node::InList { node: node.by_value(sql_type), items }
        }
    }
}
