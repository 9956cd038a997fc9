//! What `#[hybrid]` makes of a method's body: the operators of Rust on columns and expressions.
//!
//! They are typed as Rust types them: both sides of an operator have the same type, and only an
//! `Option` may be `NULL`. Equality of `Option`s is never unknown, so no condition is, and `!`, `&&` and
//! `||` mean the same on both sides. Queries that are written by hand have the operators of
//! [`Expression`](super::Expression), which are SQL's.

use std::marker::PhantomData;
use std::sync::Arc;

use super::expression::{compare, null_safe};
use super::operand::ExprNode;
use super::{Arithmetic, Expr, Expression, NumberExpression, TextExpression};
use crate::model::{Column, Mapped};
use crate::sql::node::{BinaryOp, Junction, Node};
use crate::sql::{Bind, BindData};
use crate::value::{ColumnType, SqlType, Value};

/// What has the type `T` in Rust: a value, a column or an expression.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not of the type `{T}` in a query",
    label = "expected a value, a column or an expression of the type `{T}`"
)]
pub trait Typed<T> {
    #[doc(hidden)]
    fn node(self) -> ExprNode;
}

fn bind(sql_type: SqlType, value: Value<'static>) -> ExprNode {
    ExprNode(Arc::new(Node::Bind(Bind::new(sql_type, value))))
}

impl<T: ColumnType> Typed<T> for T {
    fn node(self) -> ExprNode {
        Typed::<T>::node(&self)
    }
}

impl<T: ColumnType> Typed<T> for &T {
    fn node(self) -> ExprNode {
        bind(T::SQL_TYPE, self.to_value().into_owned())
    }
}

impl Typed<String> for &str {
    fn node(self) -> ExprNode {
        bind(SqlType::Text, Value::Text(self.to_owned().into()))
    }
}

impl Typed<Option<String>> for Option<&str> {
    fn node(self) -> ExprNode {
        bind(SqlType::Text, self.map_or(Value::Null, |text| Value::Text(text.to_owned().into())))
    }
}

impl<M: Mapped, T: ColumnType> Typed<T> for Column<M, T> {
    fn node(self) -> ExprNode {
        Expression::node(&self)
    }
}

impl<T: ColumnType> Typed<T> for Expr<T> {
    fn node(self) -> ExprNode {
        Expression::node(&self)
    }
}

/// The whole of a body.
pub fn value<T: ColumnType>(of: impl Typed<T>) -> Expr<T> {
    Expr::from_node(of.node().0)
}

/// `Some(of)`
pub fn some<T: ColumnType<Base = T>>(of: impl Typed<T>) -> Expr<Option<T>> {
    Expr::from_node(of.node().0)
}

/// `None`
pub fn none<T: ColumnType<Base = T>>() -> Expr<Option<T>> {
    Expr::from_node(bind(T::SQL_TYPE, Value::Null).0)
}

/// What `+` works on in Rust: numbers and text.
#[diagnostic::on_unimplemented(
    message = "`+` of `{Self}` is not the same in Rust and in SQL",
    label = "a hybrid adds numbers and text"
)]
pub trait Plus: ColumnType {}
impl<T: Arithmetic<T>> Plus for T {}
impl Plus for String {}

/// What `%` works on in Rust and on every database: whole numbers.
#[diagnostic::on_unimplemented(
    message = "`%` of `{Self}` is not the same on every database",
    label = "a hybrid takes the remainder of whole numbers"
)]
pub trait Whole: ColumnType {}
impl Whole for i16 {}
impl Whole for i32 {}
impl Whole for i64 {}

/// What has the same order in Rust and in SQL.
#[diagnostic::on_unimplemented(
    message = "values of `{Self}` do not have the same order in Rust and in SQL",
    label = "a hybrid orders numbers, text, dates and times",
    note = "give an `Option` a value with `unwrap_or`; an enum is in the order of its variants here and of their texts there"
)]
pub trait Ordered: ColumnType {}
macro_rules! ordered {
    ($($t:ty),*) => {$(impl Ordered for $t {})*};
}
ordered!(bool, i16, i32, i64, f32, f64, String);
#[cfg(feature = "chrono")]
ordered!(chrono::NaiveDate, chrono::NaiveTime, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>);
#[cfg(feature = "time")]
ordered!(time::Date, time::Time, time::PrimitiveDateTime, time::OffsetDateTime);
#[cfg(feature = "uuid")]
ordered!(uuid::Uuid);
#[cfg(feature = "decimal")]
ordered!(rust_decimal::Decimal);

fn binary<T>(left: ExprNode, op: BinaryOp, right: ExprNode) -> Expr<T> {
    Expr::new(Node::Binary(left.0, op, right.0))
}

/// `left + right`
pub fn add<T: Plus>(left: impl Typed<T>, right: impl Typed<T>) -> Expr<T> {
    let op = if T::SQL_TYPE == SqlType::Text { BinaryOp::Concat } else { BinaryOp::Add };
    binary(left.node(), op, right.node())
}

/// `left - right`
pub fn sub<T: Arithmetic<T>>(left: impl Typed<T>, right: impl Typed<T>) -> Expr<T> {
    binary(left.node(), BinaryOp::Sub, right.node())
}

/// `left * right`
pub fn mul<T: Arithmetic<T>>(left: impl Typed<T>, right: impl Typed<T>) -> Expr<T> {
    binary(left.node(), BinaryOp::Mul, right.node())
}

/// `left / right`
pub fn div<T: Arithmetic<T>>(left: impl Typed<T>, right: impl Typed<T>) -> Expr<T> {
    binary(left.node(), BinaryOp::Div(T::SQL_TYPE), right.node())
}

/// `left % right`
pub fn rem<T: Whole>(left: impl Typed<T>, right: impl Typed<T>) -> Expr<T> {
    binary(left.node(), BinaryOp::Rem(T::SQL_TYPE), right.node())
}

/// `-of`
pub fn neg<T: Arithmetic<T>>(of: impl Typed<T>) -> Expr<T> {
    Expr::new(Node::Negative(of.node().0))
}

/// `of.abs()`
pub fn abs<T: Arithmetic<T>>(of: impl Typed<T>) -> Expr<T> {
    NumberExpression::abs(&value(of))
}

/// `of as U`, `U::from(of)`
pub fn cast<T: ColumnType, U: ColumnType>(of: impl Typed<T>) -> Expr<U> {
    Expr::new(Node::Cast { node: of.node().0, from: T::SQL_TYPE, to: U::SQL_TYPE })
}

/// `left == right`
pub fn eq<T: ColumnType>(left: impl Typed<T>, right: impl Typed<T>) -> Expr<bool> {
    equality::<T>(left.node().0, BinaryOp::Eq, right.node().0)
}

/// `left != right`
pub fn ne<T: ColumnType>(left: impl Typed<T>, right: impl Typed<T>) -> Expr<bool> {
    equality::<T>(left.node().0, BinaryOp::Ne, right.node().0)
}

/// An equality or its opposite that is true or false, and never `NULL`.
fn equality<T: ColumnType>(left: Arc<Node>, op: BinaryOp, right: Arc<Node>) -> Expr<bool> {
    // What is known goes to the right.
    let (left, right) = if known(&left).is_some() { (right, left) } else { (left, right) };
    match known(&right) {
        _ if !T::NULLABLE => compare::<T>(left, op, right),
        Some(Value::Null) => Expr::new(Node::IsNull { node: left, negated: op == BinaryOp::Ne }),
        // Not in its NULL-safe form, for which not every database uses an index.
        Some(_) if op == BinaryOp::Eq => {
            let is_there: Expr<bool> = Expr::new(Node::IsNull { node: left.clone(), negated: true });
            compare::<T>(left, op, right) & is_there
        }
        _ => null_safe::<T>(left, right, op == BinaryOp::Eq),
    }
}

fn known(node: &Node) -> Option<&Value<'static>> {
    match node {
        Node::Bind(Bind { data: BindData::One(value), .. }) => Some(value),
        _ => None,
    }
}

/// `left < right`
pub fn lt<T: Ordered>(left: impl Typed<T>, right: impl Typed<T>) -> Expr<bool> {
    compare::<T>(left.node().0, BinaryOp::Lt, right.node().0)
}

/// `left <= right`
pub fn le<T: Ordered>(left: impl Typed<T>, right: impl Typed<T>) -> Expr<bool> {
    compare::<T>(left.node().0, BinaryOp::Le, right.node().0)
}

/// `left > right`
pub fn gt<T: Ordered>(left: impl Typed<T>, right: impl Typed<T>) -> Expr<bool> {
    compare::<T>(left.node().0, BinaryOp::Gt, right.node().0)
}

/// `left >= right`
pub fn ge<T: Ordered>(left: impl Typed<T>, right: impl Typed<T>) -> Expr<bool> {
    compare::<T>(left.node().0, BinaryOp::Ge, right.node().0)
}

/// `left && right`
pub fn and(left: impl Typed<bool>, right: impl Typed<bool>) -> Expr<bool> {
    Expr::from_node(Node::join(left.node().0, Junction::All, right.node().0))
}

/// `left || right`
pub fn or(left: impl Typed<bool>, right: impl Typed<bool>) -> Expr<bool> {
    Expr::from_node(Node::join(left.node().0, Junction::Any, right.node().0))
}

/// `!of`
pub fn not(of: impl Typed<bool>) -> Expr<bool> {
    Expr::new(Node::Not(of.node().0))
}

/// `of.is_some()`
pub fn is_some<T: ColumnType<Base = T>>(of: impl Typed<Option<T>>) -> Expr<bool> {
    Expr::new(Node::IsNull { node: of.node().0, negated: true })
}

/// `of.is_none()`
pub fn is_none<T: ColumnType<Base = T>>(of: impl Typed<Option<T>>) -> Expr<bool> {
    Expr::new(Node::IsNull { node: of.node().0, negated: false })
}

/// `of.unwrap_or(other)`
pub fn unwrap_or<T: ColumnType<Base = T>>(of: impl Typed<Option<T>>, other: impl Typed<T>) -> Expr<T> {
    Expr::new(Node::call("COALESCE", [of.node().0, other.node().0]))
}

/// `of.unwrap_or_default()`
pub fn unwrap_or_default<T: ColumnType<Base = T> + Default>(of: impl Typed<Option<T>>) -> Expr<T> {
    unwrap_or(of, T::default())
}

/// `of.is_empty()`
pub fn is_empty(of: impl Typed<String>) -> Expr<bool> {
    eq(of, "")
}

/// `of.starts_with(text)`
pub fn starts_with(of: impl Typed<String>, text: impl AsRef<str>) -> Expr<bool> {
    TextExpression::starts_with(&value(of), text)
}

/// `of.ends_with(text)`
pub fn ends_with(of: impl Typed<String>, text: impl AsRef<str>) -> Expr<bool> {
    TextExpression::ends_with(&value(of), text)
}

/// `of.contains(text)`
pub fn contains(of: impl Typed<String>, text: impl AsRef<str>) -> Expr<bool> {
    TextExpression::contains(&value(of), text)
}

/// `if .. else if .. else`
pub struct If<T> {
    branches: Vec<(Arc<Node>, Arc<Node>)>,
    value: PhantomData<fn() -> T>,
}

/// The first branch of an `if`.
pub fn when<T: ColumnType>(condition: impl Typed<bool>, value: impl Typed<T>) -> If<T> {
    If { branches: Vec::new(), value: PhantomData }.when(condition, value)
}

impl<T: ColumnType> If<T> {
    /// Another branch.
    pub fn when(mut self, condition: impl Typed<bool>, value: impl Typed<T>) -> If<T> {
        self.branches.push((condition.node().0, value.node().0));
        self
    }

    /// The last one.
    pub fn otherwise(self, value: impl Typed<T>) -> Expr<T> {
        Expr::new(Node::Case { branches: self.branches, otherwise: Some(value.node().0) })
    }
}
