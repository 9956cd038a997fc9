//! Text in expressions: patterns, case, parts and length.

use std::sync::Arc;

use super::expression::{is_sensitive, masked};
use super::{Expr, Expression, IntoExpr, Lift, Operand};
use crate::sql::Bind;
use crate::sql::node::{BinaryOp, Node, Place};
use crate::value::{ColumnType, SqlType, Value};

/// Text in the sense of SQL: what `LIKE` works on.
#[diagnostic::on_unimplemented(message = "`{Self}` is not text", label = "expected an expression of text")]
pub trait Textual: ColumnType {}
impl Textual for String {}
impl<T> Textual for crate::value::Text<T> where crate::value::Text<T>: ColumnType {}

/// What expressions of text can do. Where one is `NULL`, so is the result.
pub trait TextExpression: Expression {
    /// `a LIKE pattern`, where `%` stands for any text and `_` for any character. Whether it
    /// distinguishes upper and lower case depends on the database and its collation.
    fn like(&self, pattern: impl IntoExpr<String>) -> Expr<bool>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        like(self.node().0, pattern.into_node().0, None)
    }

    /// As [`like`](TextExpression::like), with a character that takes the meaning from a `%`, `_` or
    /// itself after it. Without one the database's own holds: a backslash, and none on SQLite.
    fn like_escape(&self, pattern: impl IntoExpr<String>, escape: char) -> Expr<bool>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        like(self.node().0, pattern.into_node().0, Some(escape))
    }

    /// As [`like`](TextExpression::like), without distinguishing upper and lower case on any database.
    fn ilike(&self, pattern: impl IntoExpr<String>) -> Expr<bool>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        let node = self.node().0;
        let pattern = masked(pattern.into_node().0, &node);
        let lower = |node: Arc<Node>| Arc::new(Node::call("LOWER", [node]));
        like(lower(node), lower(pattern), None)
    }

    /// Whether a text occurs in the value. `%` and `_` in it stand for themselves. Upper and lower case
    /// are distinguished as by [`like`](TextExpression::like).
    fn contains(&self, text: impl AsRef<str>) -> Expr<bool>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        holds(self.node().0, Place::Anywhere, text.as_ref())
    }

    /// Whether the value starts with a text. `%` and `_` in it stand for themselves.
    fn starts_with(&self, text: impl AsRef<str>) -> Expr<bool>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        holds(self.node().0, Place::Start, text.as_ref())
    }

    /// Whether the value ends with a text. `%` and `_` in it stand for themselves.
    fn ends_with(&self, text: impl AsRef<str>) -> Expr<bool>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        holds(self.node().0, Place::End, text.as_ref())
    }

    /// The text and another one after it.
    fn concat<R: Operand>(&self, other: R) -> Expr<<Self::Type as Concat<R::Type>>::Output>
    where
        Self::Type: Concat<R::Type>,
    {
        Expr::new(Node::Binary(self.node().0, BinaryOp::Concat, other.into_operand().0))
    }

    /// In lower case. SQLite knows only ASCII letters.
    fn lower(&self) -> Expr<Self::Type>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        Expr::new(Node::call("LOWER", [self.node().0]))
    }

    /// In upper case. SQLite knows only ASCII letters.
    fn upper(&self) -> Expr<Self::Type>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        Expr::new(Node::call("UPPER", [self.node().0]))
    }

    /// Without spaces at both ends.
    fn trim(&self) -> Expr<Self::Type>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        Expr::new(Node::call("TRIM", [self.node().0]))
    }

    /// With every occurrence of a text replaced by another.
    fn replace(&self, from: impl IntoExpr<String>, to: impl IntoExpr<String>) -> Expr<Self::Type>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        Expr::new(Node::call("REPLACE", [self.node().0, from.into_node().0, to.into_node().0]))
    }

    /// A part of the text: from a character on, which counts from 1, and so many characters.
    fn substring(&self, start: impl IntoExpr<i32>, characters: impl IntoExpr<i32>) -> Expr<Self::Type>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        Expr::new(Node::call("SUBSTR", [self.node().0, start.into_node().0, characters.into_node().0]))
    }

    /// How many characters it has.
    fn length(&self) -> Expr<<Self::Type as Lift<i32>>::Output>
    where
        <Self::Type as ColumnType>::Base: Textual,
        Self::Type: Lift<i32>,
    {
        Expr::new(Node::Length(self.node().0))
    }
}

impl<E: Expression> TextExpression for E {}

/// Texts that can be put together, and whether the result may be `NULL`.
#[diagnostic::on_unimplemented(message = "`{Self}` and `{Other}` cannot be put together", label = "expected text")]
pub trait Concat<Other>: ColumnType {
    /// The type of the whole.
    type Output: ColumnType;
}
impl Concat<String> for String {
    type Output = String;
}
impl Concat<Option<String>> for String {
    type Output = Option<String>;
}
impl Concat<String> for Option<String> {
    type Output = Option<String>;
}
impl Concat<Option<String>> for Option<String> {
    type Output = Option<String>;
}

fn like(node: Arc<Node>, pattern: Arc<Node>, escape: Option<char>) -> Expr<bool> {
    let pattern = masked(pattern, &node);
    Expr::new(Node::Like { node, pattern, escape })
}

fn holds(node: Arc<Node>, place: Place, text: &str) -> Expr<bool> {
    let text = Bind::new(SqlType::Text, Value::Text(text.to_owned().into())).sensitive(is_sensitive(&node));
    Expr::new(Node::Holds { node, place, text })
}
