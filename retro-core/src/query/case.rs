//! CASE: a value that depends on conditions.

use std::marker::PhantomData;
use std::sync::Arc;

use super::{Expr, IntoExpr, Operand};
use crate::sql::node::Node;
use crate::value::ColumnType;

/// The beginning of a CASE.
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "products")]
/// # struct Product { #[retro(primary_key)] id: i32, year: i32 }
/// let age = case()
///     .when(Product::year.lt(1977), "pioneer")
///     .when(Product::year.lt(1985), "classic")
///     .otherwise("late");
/// let query: Select<(String, i64)> = select((&age, count(Product))).group_by(&age);
/// ```
pub fn case() -> Case {
    Case
}

/// A CASE without any condition yet.
#[derive(Debug, Clone, Copy)]
#[must_use = "a CASE needs conditions"]
pub struct Case;

impl Case {
    /// The value where a condition is met. It decides about the type of the whole.
    pub fn when<V: Operand>(self, condition: impl IntoExpr<bool>, value: V) -> CaseWhen<V::Type> {
        CaseWhen { branches: vec![(condition.into_node().0, value.into_operand().0)], value: PhantomData }
    }
}

/// A CASE whose values are read as a `T`.
#[must_use = "end the CASE with `otherwise` or `end`"]
pub struct CaseWhen<T> {
    branches: Vec<(Arc<Node>, Arc<Node>)>,
    value: PhantomData<fn() -> T>,
}

impl<T: ColumnType> CaseWhen<T> {
    /// The value where a condition is met and none before it.
    pub fn when(mut self, condition: impl IntoExpr<bool>, value: impl IntoExpr<T::Base>) -> CaseWhen<T> {
        self.branches.push((condition.into_node().0, value.into_node().0));
        self
    }

    /// The value where no condition is met.
    pub fn otherwise(self, value: impl IntoExpr<T::Base>) -> Expr<T> {
        Expr::new(Node::Case { branches: self.branches, otherwise: Some(value.into_node().0) })
    }

    /// `NULL` where no condition is met.
    pub fn end(self) -> Expr<Option<T::Base>>
    where
        Option<T::Base>: ColumnType,
    {
        Expr::new(Node::Case { branches: self.branches, otherwise: None })
    }
}
