//! Aggregates: values of many rows as one.

use std::sync::Arc;

use super::operand::ExprNode;
use super::{Alias, Expr, Expression, OrderBy, Textual};
use crate::model::{Mapped, Root};
use crate::sql::ast::Source;
use crate::sql::node::{Aggregate, AggregateFn, Node};
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
    fn counted(self) -> ExprNode;
}

impl<E: Expression> Countable for E {
    fn counted(self) -> ExprNode {
        ExprNode(self.node().0.by_value(E::Type::SQL_TYPE))
    }
}

impl<M: Mapped> Countable for Root<M> {
    fn counted(self) -> ExprNode {
        key_of(Source::of(M::mapper()))
    }
}

impl<M: Mapped> Countable for Alias<M> {
    fn counted(self) -> ExprNode {
        key_of(self.source())
    }
}

/// A column that is never NULL where the row is there.
fn key_of(source: Source) -> ExprNode {
    let key = source
        .mapper
        .and_then(|mapper| mapper.key().first().map(|&column| source.column(mapper.column(column)).node()));
    ExprNode(Arc::new(key.unwrap_or(Node::Integer(1))))
}

/// The sum of a number over the rows of a group. The sum of no rows is 0, as in Rust, and not
/// `NULL`.
pub fn sum<E: Expression<Type: Sum>>(of: E) -> Expr<<E::Type as Sum>::Sum> {
    aggregate(AggregateFn::Sum, of.node(), |sum| sum.or_zero = true)
}

/// The average of a number over the rows of a group; `None` if there are none.
pub fn avg<E: Expression<Type: Average>>(of: E) -> Expr<Option<<E::Type as Average>::Average>> {
    aggregate(AggregateFn::Avg, of.node(), |_| {})
}

/// The smallest value in the rows of a group; `None` if there are none.
pub fn min<E: Expression>(of: E) -> Expr<Option<<E::Type as ColumnType>::Base>> {
    aggregate(AggregateFn::Min(E::Type::SQL_TYPE), of.node(), |_| {})
}

/// The largest value in the rows of a group; `None` if there are none.
pub fn max<E: Expression>(of: E) -> Expr<Option<<E::Type as ColumnType>::Base>> {
    aggregate(AggregateFn::Max(E::Type::SQL_TYPE), of.node(), |_| {})
}

/// The number of rows in which a column or expression is not `NULL`, or in which a model is there.
pub fn count(of: impl Countable) -> Expr<i64> {
    aggregate(AggregateFn::Count, of.counted(), |_| {})
}

/// The number of different values.
pub fn count_distinct(of: impl Countable) -> Expr<i64> {
    aggregate(AggregateFn::Count, of.counted(), |count| count.distinct = true)
}

/// The sum of different values.
pub fn sum_distinct<E: Expression<Type: Sum>>(of: E) -> Expr<<E::Type as Sum>::Sum> {
    let of = ExprNode(of.node().0.by_value(E::Type::SQL_TYPE));
    aggregate(AggregateFn::Sum, of, |sum| (sum.distinct, sum.or_zero) = (true, true))
}

/// The number of rows.
pub fn count_all() -> Expr<i64> {
    aggregate(AggregateFn::Count, ExprNode(Arc::new(Node::Integer(1))), |_| {})
}

/// The texts of a group, one after the other in an order, with a separator between them; `None` if
/// there are none.
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "products")]
/// # struct Product { #[retro(primary_key)] id: i32, name: String, year: i32 }
/// let query: Select<(i32, Option<String>)> =
///     select((Product::year, string_agg(Product::name, ", ", Product::name))).group_by(Product::year);
/// ```
pub fn string_agg<E>(of: E, separator: &str, order: impl OrderBy) -> Expr<Option<<E::Type as ColumnType>::Base>>
where
    E: Expression<Type: ColumnType<Base: Textual>>,
{
    let mut terms = Vec::new();
    order.terms(&mut terms);
    let order_by = terms.into_iter().map(|order| order.0).collect();
    aggregate(AggregateFn::Concat { separator: separator.into(), order_by }, of.node(), |_| {})
}

fn aggregate<T>(function: AggregateFn, of: ExprNode, settings: impl FnOnce(&mut Aggregate)) -> Expr<T> {
    let mut aggregate = Aggregate { function, distinct: false, arg: of.0, filter: None, or_zero: false };
    settings(&mut aggregate);
    Expr::new(Node::Aggregate(Box::new(aggregate)))
}
