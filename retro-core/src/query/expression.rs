//! [`Expr`] and [`Expression`]: what stands in conditions, orders and results.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};
use std::sync::Arc;

use super::operand::ExprNode;
use super::{Alias, InList, IntoExpr, Lift, Operand, Order, Window};
use crate::model::{Column, Mapped};
use crate::sql::Bind;
use crate::sql::ast::Source;
use crate::sql::node::{BinaryOp, Junction, Node, Over};
use crate::value::{ColumnType, SqlType, Value};

/// An expression whose value is read as a `T`.
///
/// Cheap to clone. A clone is the same expression, with the same parameters: select it, group by it
/// and order by it.
pub struct Expr<T> {
    node: Arc<Node>,
    label: Option<&'static str>,
    value: PhantomData<fn() -> T>,
}

/// What [`Column`]s and [`Expr`]s can do.
///
/// Comparisons follow SQL: a comparison with `NULL` is not true, except that `eq(None)` asks for
/// `NULL` and `ne(None)` for anything else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an SQL expression",
    label = "expected a column or an expression"
)]
pub trait Expression: Sized {
    /// The type that its value is read as.
    type Type: ColumnType;

    #[doc(hidden)]
    fn node(&self) -> ExprNode;

    #[doc(hidden)]
    fn label_text(&self) -> Option<&'static str> {
        None
    }

    /// `a = b`; `a IS NULL` for `None`.
    fn eq(&self, other: impl IntoExpr<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        let (left, right) = (self.node().0, other.into_node().0);
        match right.is_null_value() {
            true => Expr::new(Node::IsNull { node: left, negated: false }),
            false => compare::<Self::Type>(left, BinaryOp::Eq, right),
        }
    }

    /// `a <> b`; `a IS NOT NULL` for `None`.
    fn ne(&self, other: impl IntoExpr<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        let (left, right) = (self.node().0, other.into_node().0);
        match right.is_null_value() {
            true => Expr::new(Node::IsNull { node: left, negated: true }),
            false => compare::<Self::Type>(left, BinaryOp::Ne, right),
        }
    }

    /// `a < b`
    fn lt(&self, other: impl IntoExpr<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        compare::<Self::Type>(self.node().0, BinaryOp::Lt, other.into_node().0)
    }

    /// `a <= b`
    fn le(&self, other: impl IntoExpr<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        compare::<Self::Type>(self.node().0, BinaryOp::Le, other.into_node().0)
    }

    /// `a > b`
    fn gt(&self, other: impl IntoExpr<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        compare::<Self::Type>(self.node().0, BinaryOp::Gt, other.into_node().0)
    }

    /// `a >= b`
    fn ge(&self, other: impl IntoExpr<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        compare::<Self::Type>(self.node().0, BinaryOp::Ge, other.into_node().0)
    }

    /// `a BETWEEN low AND high`, both included.
    fn between(
        &self,
        low: impl IntoExpr<<Self::Type as ColumnType>::Base>,
        high: impl IntoExpr<<Self::Type as ColumnType>::Base>,
    ) -> Expr<bool> {
        let node = self.node().0;
        let bound = |bound: Arc<Node>| masked(bound, &node).by_value(Self::Type::SQL_TYPE);
        let (low, high) = (bound(low.into_node().0), bound(high.into_node().0));
        Expr::new(Node::Between { node: node.by_value(Self::Type::SQL_TYPE), low, high })
    }

    /// `a IS NULL`
    fn is_null(&self) -> Expr<bool> {
        Expr::new(Node::IsNull { node: self.node().0, negated: false })
    }

    /// `a IS NOT NULL`
    fn is_not_null(&self) -> Expr<bool> {
        Expr::new(Node::IsNull { node: self.node().0, negated: true })
    }

    /// Whether both are equal, or both `NULL`: an equality that is never unknown.
    fn is_not_distinct_from(&self, other: impl IntoExpr<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        null_safe::<Self::Type>(self.node().0, other.into_node().0, true)
    }

    /// Whether the values differ, where `NULL` differs from everything but `NULL`.
    fn is_distinct_from(&self, other: impl IntoExpr<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        null_safe::<Self::Type>(self.node().0, other.into_node().0, false)
    }

    /// Whether the value is one of a list, which may be empty and of any length, or one of the rows
    /// of a query. A long list travels as one parameter. For "not one of", write `!column.in_(..)`.
    fn in_(&self, list: impl InList<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        Expr::from_node(list.membership(self.node(), <Self::Type as ColumnType>::SQL_TYPE).0)
    }

    /// The value, or another one in place of `NULL`.
    fn coalesce(
        &self,
        other: impl IntoExpr<<Self::Type as ColumnType>::Base>,
    ) -> Expr<<Self::Type as ColumnType>::Base> {
        Expr::new(Node::call("COALESCE", [self.node().0, other.into_node().0]))
    }

    /// `NULL` in place of a certain value.
    fn null_if(
        &self,
        value: impl IntoExpr<<Self::Type as ColumnType>::Base>,
    ) -> Expr<Option<<Self::Type as ColumnType>::Base>>
    where
        Option<<Self::Type as ColumnType>::Base>: ColumnType,
    {
        let (node, value) = (self.node().0, value.into_node().0);
        if Self::Type::SQL_TYPE != SqlType::Decimal {
            return Expr::new(Node::call("NULLIF", [node, value]));
        }
        let is_equal = compare::<Self::Type>(node.clone(), BinaryOp::Eq, value).node;
        let null = Arc::new(Node::Bind(Bind::new(SqlType::Decimal, Value::Null)));
        Expr::new(Node::Case { branches: vec![(is_equal, null)], otherwise: Some(node) })
    }

    /// The value as another type, alike on all databases: `Product::year.cast::<f64>()`. A float
    /// becomes a whole number by cutting off its fraction, as in Rust. A number is true if it is not
    /// 0; booleans are `true` and `false` as text, identifiers have hyphens, and bytes are text in
    /// UTF-8. An instant has its date and time in UTC. How a number or a date looks as text is the
    /// database's affair, and so is what becomes of a text that is none of the type.
    fn cast<U: ColumnType>(&self) -> Expr<<Self::Type as Lift<U>>::Output>
    where
        Self::Type: Lift<U>,
    {
        Expr::new(Node::Cast { node: self.node().0, from: <Self::Type as ColumnType>::SQL_TYPE, to: U::SQL_TYPE })
    }

    /// From small to large.
    fn asc(&self) -> Order {
        Order::new(self.node().0, <Self::Type as ColumnType>::SQL_TYPE, false)
    }

    /// From large to small.
    fn desc(&self) -> Order {
        Order::new(self.node().0, <Self::Type as ColumnType>::SQL_TYPE, true)
    }

    /// Names the column of the result. A query that selects the expression and is ordered by it then
    /// says so by the name, and does not calculate it twice.
    fn label(&self, name: &'static str) -> Expr<Self::Type> {
        Expr { label: Some(name), ..Expr::from_node(self.node().0) }
    }

    /// The same expression read without an `Option`: for one that cannot be `NULL` here although its
    /// type says so, such as the smallest value of a group. A row in which it is `NULL` is an error.
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "products")]
    /// # struct Product { #[retro(primary_key)] id: i32, maker: String, year: i32 }
    /// let first: Select<(String, i32)> =
    ///     select((Product::maker, min(Product::year).required())).group_by(Product::maker);
    /// ```
    fn required(&self) -> Expr<<Self::Type as ColumnType>::Base> {
        Expr { label: self.label_text(), ..Expr::from_node(self.node().0) }
    }

    /// The same expression read as an `Option`: for a column of a table that is joined with
    /// [`outer_join`](super::Select::outer_join).
    fn nullable(&self) -> Expr<Option<<Self::Type as ColumnType>::Base>> {
        Expr { label: self.label_text(), ..Expr::from_node(self.node().0) }
    }
}

/// A value as an expression of its own.
///
/// ```
/// # use retro_core::prelude::*;
/// let tag = lit("product").label("tag");
/// let zero = lit(0.0);
/// ```
pub fn lit<V: Operand>(value: V) -> Expr<V::Type> {
    Expr::from_node(value.into_operand().0)
}

impl<T> Expr<T> {
    pub(crate) fn new(node: Node) -> Self {
        Expr::from_node(Arc::new(node))
    }

    pub(crate) fn from_node(node: Arc<Node>) -> Self {
        Expr { node: node.within_depth(), label: None, value: PhantomData }
    }

    pub(super) fn into_arc(self) -> Arc<Node> {
        self.node
    }

    /// The same expression about another reading of the model's table: a condition that is written
    /// for `Product` then holds for an alias of it.
    pub fn of<M: Mapped>(&self, alias: Alias<M>) -> Expr<T> {
        let node = self.node.with_source(Source::of(M::mapper()), alias.source());
        Expr { node, label: self.label, value: PhantomData }
    }

    /// An aggregate of only the rows that meet a condition: `count_all().filter(..)`.
    ///
    /// It is an error of the query if this is no aggregate.
    pub fn filter(self, condition: impl IntoExpr<bool>) -> Expr<T> {
        let condition = condition.into_node().0;
        let node = match &*self.node {
            Node::Aggregate(aggregate) => {
                let mut aggregate = aggregate.clone();
                aggregate.filter = Some(Node::and(aggregate.filter.take(), condition));
                Node::Aggregate(aggregate)
            }
            _ => Node::problem("`filter` of an expression that is no aggregate; filter the query, or use `case()`"),
        };
        Expr { node: Arc::new(node), label: self.label, value: PhantomData }
    }

    /// An aggregate or function over the rows around each row, which stay rows of their own:
    /// `sum(Item::price).over(window().partition_by(Item::order_id))`.
    ///
    /// It is an error of the query if this is neither an aggregate nor a function.
    pub fn over(self, window: Window) -> Expr<T> {
        let node = Node::Over(Box::new(Over { function: self.node, window: window.0 }));
        Expr { node: Arc::new(node), label: self.label, value: PhantomData }
    }
}

impl<T: ColumnType> Expression for Expr<T> {
    type Type = T;

    fn node(&self) -> ExprNode {
        ExprNode(self.node.clone())
    }

    fn label_text(&self) -> Option<&'static str> {
        self.label
    }
}

impl<T: ColumnType> Expression for &Expr<T> {
    type Type = T;

    fn node(&self) -> ExprNode {
        ExprNode(self.node.clone())
    }

    fn label_text(&self) -> Option<&'static str> {
        self.label
    }
}

impl<M: Mapped, T: ColumnType> Expression for Column<M, T> {
    type Type = T;

    fn node(&self) -> ExprNode {
        ExprNode(Arc::new(Source::of(M::mapper()).column(self.definition()).node()))
    }
}

impl<T> Clone for Expr<T> {
    fn clone(&self) -> Self {
        Expr { node: self.node.clone(), label: self.label, value: PhantomData }
    }
}

impl<T> fmt::Debug for Expr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expr").field(&self.node).finish()
    }
}

/// `!`, `&` and `|` for whatever is true or false.
macro_rules! logic {
    ($(impl<$($param:ident : $bound:ident)?> for $t:ty;)*) => {$(
        impl<$($param: $bound)?> Not for $t {
            type Output = Expr<bool>;
            fn not(self) -> Expr<bool> {
                Expr::new(Node::Not(IntoExpr::<bool>::into_node(self).0))
            }
        }
        impl<$($param: $bound,)? R: IntoExpr<bool>> BitAnd<R> for $t {
            type Output = Expr<bool>;
            fn bitand(self, other: R) -> Expr<bool> {
                Expr::from_node(Node::join(IntoExpr::<bool>::into_node(self).0, Junction::All, other.into_node().0))
            }
        }
        impl<$($param: $bound,)? R: IntoExpr<bool>> BitOr<R> for $t {
            type Output = Expr<bool>;
            fn bitor(self, other: R) -> Expr<bool> {
                Expr::from_node(Node::join(IntoExpr::<bool>::into_node(self).0, Junction::Any, other.into_node().0))
            }
        }
    )*};
}
logic! {
    impl<> for Expr<bool>;
    impl<M: Mapped> for Column<M, bool>;
}

pub(super) fn is_sensitive(node: &Node) -> bool {
    matches!(node, Node::Column(column) if column.sensitive)
}

/// A value that is compared with a sensitive column is masked like the column's own values.
pub(super) fn masked(node: Arc<Node>, beside: &Node) -> Arc<Node> {
    match (&*node, is_sensitive(beside)) {
        (Node::Bind(bind), true) => Arc::new(Node::Bind(bind.clone().sensitive(true))),
        _ => node,
    }
}

pub(super) fn compare<T: ColumnType>(left: Arc<Node>, op: BinaryOp, right: Arc<Node>) -> Expr<bool> {
    let (left, right) = comparable::<T>(left, right);
    Expr::new(Node::Binary(left, op, right))
}

pub(super) fn null_safe<T: ColumnType>(left: Arc<Node>, right: Arc<Node>, equal: bool) -> Expr<bool> {
    let (left, right) = comparable::<T>(left, right);
    Expr::new(Node::NullSafe { left, right, equal })
}

/// Two values of a type as they are compared.
fn comparable<T: ColumnType>(left: Arc<Node>, right: Arc<Node>) -> (Arc<Node>, Arc<Node>) {
    let right = masked(right, &left);
    let left = masked(left, &right);
    (left.by_value(T::SQL_TYPE), right.by_value(T::SQL_TYPE))
}
