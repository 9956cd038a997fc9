//! `+`, `-`, `*`, `/` and `%` between numeric expressions and numbers.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use super::{Expr, Expression, Operand};
use crate::dialect::Rounding;
use crate::model::{Column, Mapped};
use crate::sql::node::{BinaryOp, Node};
use crate::value::{ColumnType, SqlType};

/// Numbers that can be calculated with each other, and the type of the result: whole numbers become
/// as wide as the wider one, mixed with floating point numbers they become floating point. What may
/// be `NULL` makes the result one that may.
///
/// A division of whole numbers cuts the fraction off, and a remainder has the sign of what is
/// divided, as in Rust. A division by zero is an error on PostgreSQL and `NULL` elsewhere. SQLite
/// has no exact numbers: it calculates with decimals as with floating point numbers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{Rhs}` cannot be calculated with each other in SQL",
    label = "expected numbers"
)]
pub trait Arithmetic<Rhs>: ColumnType {
    /// The type of the result.
    type Output: ColumnType;
}

macro_rules! arithmetic {
    ($($a:ty, $b:ty => $out:ty;)*) => {$(
        impl Arithmetic<$b> for $a {
            type Output = $out;
        }
        impl Arithmetic<Option<$b>> for $a {
            type Output = Option<$out>;
        }
        impl Arithmetic<$b> for Option<$a> {
            type Output = Option<$out>;
        }
        impl Arithmetic<Option<$b>> for Option<$a> {
            type Output = Option<$out>;
        }
    )*};
}
arithmetic! {
    i16, i16 => i16; i16, i32 => i32; i16, i64 => i64;
    i32, i16 => i32; i32, i32 => i32; i32, i64 => i64;
    i64, i16 => i64; i64, i32 => i64; i64, i64 => i64;
}
arithmetic! {
    f32, f32 => f32; f32, f64 => f64; f64, f32 => f64; f64, f64 => f64;
    f32, i16 => f64; f32, i32 => f64; f32, i64 => f64;
    f64, i16 => f64; f64, i32 => f64; f64, i64 => f64;
    i16, f32 => f64; i32, f32 => f64; i64, f32 => f64;
    i16, f64 => f64; i32, f64 => f64; i64, f64 => f64;
}
#[cfg(feature = "decimal")]
arithmetic! {
    rust_decimal::Decimal, rust_decimal::Decimal => rust_decimal::Decimal;
    rust_decimal::Decimal, i16 => rust_decimal::Decimal;
    rust_decimal::Decimal, i32 => rust_decimal::Decimal;
    rust_decimal::Decimal, i64 => rust_decimal::Decimal;
    i16, rust_decimal::Decimal => rust_decimal::Decimal;
    i32, rust_decimal::Decimal => rust_decimal::Decimal;
    i64, rust_decimal::Decimal => rust_decimal::Decimal;
}

macro_rules! operators {
    ($($trait:ident::$method:ident => $op:expr;)*) => {$(
        operators!(@ $trait, $method, $op, {M: Mapped, T}, Column<M, T>);
        operators!(@ $trait, $method, $op, {T}, Expr<T>);
        operators!(@ $trait, $method, $op, {T}, &Expr<T>);
    )*};
    (@ $trait:ident, $method:ident, $op:expr, {$($param:tt)*}, $left:ty) => {
        impl<$($param)*, R: Operand> $trait<R> for $left
        where
            T: Arithmetic<R::Type>,
        {
            type Output = Expr<T::Output>;

            fn $method(self, other: R) -> Expr<T::Output> {
                let op: fn(SqlType) -> BinaryOp = $op;
                let op = op(<T::Output as ColumnType>::SQL_TYPE);
                Expr::new(Node::Binary(Expression::node(&self).0, op, other.into_operand().0))
            }
        }
    };
}
operators! {
    Add::add => |_| BinaryOp::Add;
    Sub::sub => |_| BinaryOp::Sub;
    Mul::mul => |_| BinaryOp::Mul;
    Div::div => BinaryOp::Div;
    Rem::rem => BinaryOp::Rem;
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
        round(self, Rounding::Digits(digits))
    }

    /// The next whole number that is not larger.
    fn floor(&self) -> Expr<Self::Type>
    where
        Self::Type: Arithmetic<Self::Type>,
    {
        round(self, Rounding::Down)
    }

    /// The next whole number that is not smaller.
    fn ceil(&self) -> Expr<Self::Type>
    where
        Self::Type: Arithmetic<Self::Type>,
    {
        round(self, Rounding::Up)
    }
}

impl<E: Expression> NumberExpression for E {}

fn round<E: Expression>(number: &E, rounding: Rounding) -> Expr<E::Type> {
    let (node, of) = (number.node().0, <E::Type as ColumnType>::SQL_TYPE);
    match of {
        // Databases would make a fractional number of it, with which a division does not truncate.
        SqlType::I16 | SqlType::I32 | SqlType::I64 => Expr::from_node(node),
        _ => Expr::new(Node::Round { node, rounding, of }),
    }
}
