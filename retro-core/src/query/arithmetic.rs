//! `+`, `-`, `*`, `/` and `%` between numeric expressions and numbers.

use std::ops::{Add, Div, Mul, Rem, Sub};
use std::sync::Arc;

use super::operand::ExprNode;
use super::{Expr, Expression};
use crate::model::{Column, Mapped};
use crate::sql::Bind;
use crate::sql::ast::{BinaryOp, Node};
use crate::value::ColumnType;

/// Numbers that can be calculated with each other, and the type of the result: whole numbers become
/// as wide as the wider one, mixed with floating point numbers they become floating point. What may
/// be `NULL` makes the result one that may.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{Rhs}` cannot be calculated with each other in SQL",
    label = "expected numbers"
)]
pub trait Arithmetic<Rhs>: ColumnType {
    /// The type of the result.
    type Output: ColumnType;
    /// Whether both are whole numbers: then a division truncates, as it does in Rust.
    #[doc(hidden)]
    const WHOLE: bool;
}

/// What can stand on the right of an operator: a column, an expression or a number.
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

macro_rules! numbers {
    ($($t:ty),* $(,)?) => {$(
        impl Operand for $t {
            type Type = $t;

            fn into_operand(self) -> ExprNode {
                ExprNode(Arc::new(Node::Bind(Bind::new(<$t>::SQL_TYPE, self.to_value().into_owned()))))
            }
        }
    )*};
}
numbers!(i16, i32, i64, f32, f64);
#[cfg(feature = "decimal")]
numbers!(rust_decimal::Decimal);

macro_rules! arithmetic {
    ($whole:literal: $($a:ty, $b:ty => $out:ty;)*) => {$(
        impl Arithmetic<$b> for $a {
            type Output = $out;
            const WHOLE: bool = $whole;
        }
        impl Arithmetic<Option<$b>> for $a {
            type Output = Option<$out>;
            const WHOLE: bool = $whole;
        }
        impl Arithmetic<$b> for Option<$a> {
            type Output = Option<$out>;
            const WHOLE: bool = $whole;
        }
        impl Arithmetic<Option<$b>> for Option<$a> {
            type Output = Option<$out>;
            const WHOLE: bool = $whole;
        }
    )*};
}
arithmetic! { true:
    i16, i16 => i16; i16, i32 => i32; i16, i64 => i64;
    i32, i16 => i32; i32, i32 => i32; i32, i64 => i64;
    i64, i16 => i64; i64, i32 => i64; i64, i64 => i64;
}
arithmetic! { false:
    f32, f32 => f32; f32, f64 => f64; f64, f32 => f64; f64, f64 => f64;
    f32, i16 => f64; f32, i32 => f64; f32, i64 => f64;
    f64, i16 => f64; f64, i32 => f64; f64, i64 => f64;
    i16, f32 => f64; i32, f32 => f64; i64, f32 => f64;
    i16, f64 => f64; i32, f64 => f64; i64, f64 => f64;
}
#[cfg(feature = "decimal")]
arithmetic! { false:
    rust_decimal::Decimal, rust_decimal::Decimal => rust_decimal::Decimal;
    rust_decimal::Decimal, i16 => rust_decimal::Decimal;
    rust_decimal::Decimal, i32 => rust_decimal::Decimal;
    rust_decimal::Decimal, i64 => rust_decimal::Decimal;
    i16, rust_decimal::Decimal => rust_decimal::Decimal;
    i32, rust_decimal::Decimal => rust_decimal::Decimal;
    i64, rust_decimal::Decimal => rust_decimal::Decimal;
}

macro_rules! operators {
    ($($trait:ident::$method:ident => $op:ident;)*) => {$(
        operators!(@ $trait, $method, $op, {M: Mapped, T}, Column<M, T>);
        operators!(@ $trait, $method, $op, {T}, Expr<T>);
        operators!(@ $trait, $method, $op, {T}, &Expr<T>);
    )*};
    (@ $trait:ident, $method:ident, $op:ident, {$($param:tt)*}, $left:ty) => {
        impl<$($param)*, R: Operand> $trait<R> for $left
        where
            T: Arithmetic<R::Type>,
        {
            type Output = Expr<T::Output>;

            fn $method(self, other: R) -> Expr<T::Output> {
                let op = if T::WHOLE && BinaryOp::$op == BinaryOp::Div { BinaryOp::IntDiv } else { BinaryOp::$op };
                Expr::new(Node::Binary(Expression::node(&self).0, op, other.into_operand().0))
            }
        }
    };
}
operators! {
    Add::add => Add;
    Sub::sub => Sub;
    Mul::mul => Mul;
    Div::div => Div;
    Rem::rem => Rem;
}
