//! Aggregates: values of many rows as one.

use std::sync::Arc;

use super::{Expr, Expression};
use crate::model::{Mapped, Root};
use crate::sql::ast::{Node, Source};
use crate::value::ColumnType;

/// Numbers that can be summed.
#[diagnostic::on_unimplemented(message = "values of type `{Self}` cannot be summed", label = "expected numbers")]
pub trait Sum: ColumnType {
    /// The type of the sum: 64 bits for whole numbers.
    type Sum: ColumnType;
}

/// Numbers that have an average.
#[diagnostic::on_unimplemented(message = "values of type `{Self}` have no average", label = "expected numbers")]
pub trait Average: ColumnType {
    /// The type of the average.
    type Average: ColumnType<Base = Self::Average>;
}

macro_rules! numbers {
    ($($t:ty => $sum:ty, $average:ty;)*) => {$(
        impl Sum for $t {
            type Sum = $sum;
        }
        impl Average for $t {
            type Average = $average;
        }
    )*};
}
numbers! {
    i16 => i64, f64;
    i32 => i64, f64;
    i64 => i64, f64;
    f32 => f64, f64;
    f64 => f64, f64;
}
#[cfg(feature = "decimal")]
numbers! {
    rust_decimal::Decimal => rust_decimal::Decimal, rust_decimal::Decimal;
}

impl<T: Sum + ColumnType<Base = T>> Sum for Option<T> {
    type Sum = T::Sum;
}

impl<T: Average + ColumnType<Base = T>> Average for Option<T> {
    type Average = T::Average;
}

/// What can be counted: the rows in which an expression is not `NULL`, or the rows of a model.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be counted",
    label = "expected a model, a column or an expression"
)]
pub trait Countable {
    #[doc(hidden)]
    fn counted(self) -> super::operand::ExprNode;
}

impl<E: Expression> Countable for E {
    fn counted(self) -> super::operand::ExprNode {
        self.node()
    }
}

impl<M: Mapped> Countable for Root<M> {
    fn counted(self) -> super::operand::ExprNode {
        let mapper = M::mapper();
        let key = mapper.key().first().map(|&column| Source::of(mapper).column(mapper.column(column)).node());
        super::operand::ExprNode(Arc::new(key.unwrap_or(Node::Integer(1))))
    }
}

/// The sum of a number over the rows of a group. The sum of no rows is 0, as in Rust, and not
/// `NULL`.
pub fn sum<E: Expression<Type: Sum>>(of: E) -> Expr<<E::Type as Sum>::Sum> {
    let sum = call("SUM", of.node().0);
    Expr::new(Node::Function { name: "COALESCE", args: vec![sum, Node::Integer(0)] })
}

/// The average of a number over the rows of a group; `None` if there are none.
pub fn avg<E: Expression<Type: Average>>(of: E) -> Expr<Option<<E::Type as Average>::Average>> {
    Expr::new(call("AVG", of.node().0))
}

/// The smallest value in the rows of a group; `None` if there are none.
pub fn min<E: Expression>(of: E) -> Expr<Option<<E::Type as ColumnType>::Base>> {
    Expr::new(call("MIN", of.node().0))
}

/// The largest value in the rows of a group; `None` if there are none.
pub fn max<E: Expression>(of: E) -> Expr<Option<<E::Type as ColumnType>::Base>> {
    Expr::new(call("MAX", of.node().0))
}

/// The number of rows in which a column or expression is not `NULL`, or in which a model is there.
pub fn count(of: impl Countable) -> Expr<i64> {
    Expr::new(call("COUNT", of.counted().0))
}

/// The number of different values.
pub fn count_distinct(of: impl Countable) -> Expr<i64> {
    Expr::new(Node::CountDistinct(of.counted().0))
}

/// The number of rows.
pub fn count_all() -> Expr<i64> {
    Expr::new(call("COUNT", Arc::new(Node::Integer(1))))
}

fn call(name: &'static str, arg: Arc<Node>) -> Node {
    Node::Function { name, args: vec![Arc::unwrap_or_clone(arg)] }
}
