//! `+`, `-`, `*`, `/` and `%` between numeric expressions and numbers.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use super::{Expr, Expression, Operand};
use crate::model::{Column, Mapped};
use crate::sql::node::{BinaryOp, Node};
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

macro_rules! negative {
    ($({$($param:tt)*}, $t:ty;)*) => {$(
        impl<$($param)*> Neg for $t
        where
            T: Arithmetic<T>,
        {
            type Output = Expr<T>;

            fn neg(self) -> Expr<T> {
                Expr::new(Node::Negative(Expression::node(&self).0))
            }
        }
    )*};
}
negative! {
    {M: Mapped, T}, Column<M, T>;
    {T}, Expr<T>;
    {T}, &Expr<T>;
}

/// What expressions of numbers can do.
pub trait NumberExpression: Expression {
    /// Without its sign.
    fn abs(&self) -> Expr<Self::Type>
    where
        Self::Type: Arithmetic<Self::Type>,
    {
        Expr::new(Node::call("ABS", [self.node().0]))
    }

    /// Rounded to so many digits after the point; halves go away from zero.
    fn round(&self, digits: u8) -> Expr<Self::Type>
    where
        Self::Type: Arithmetic<Self::Type>,
    {
        let of = <Self::Type as ColumnType>::SQL_TYPE;
        Expr::new(Node::Round { node: self.node().0, digits, of })
    }

    /// The next whole number that is not larger.
    fn floor(&self) -> Expr<Self::Type>
    where
        Self::Type: Arithmetic<Self::Type>,
    {
        Expr::new(Node::call("FLOOR", [self.node().0]))
    }

    /// The next whole number that is not smaller.
    fn ceil(&self) -> Expr<Self::Type>
    where
        Self::Type: Arithmetic<Self::Type>,
    {
        Expr::new(Node::call("CEIL", [self.node().0]))
    }
}

impl<E: Expression> NumberExpression for E {}
