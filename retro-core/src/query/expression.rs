//! [`Expr`] and [`Expression`]: what stands in conditions, orders and results.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};
use std::sync::Arc;

use super::operand::ExprNode;
use super::{IntoExpr, Order};
use crate::model::{Column, Mapped};
use crate::sql::ast::{BinaryOp, Node, Source};
use crate::sql::{Bind, BindData, ESCAPE};
use crate::value::{ColumnType, SqlType, Value};

/// An expression whose value is read as a `T`.
///
/// Cheap to clone. A clone is the same expression, with the same parameters: select it, group by it
/// and order by it.
pub struct Expr<T> {
    node: Arc<Node>,
    label: Option<Arc<str>>,
    value: PhantomData<fn() -> T>,
}

/// Text in the sense of SQL: what `LIKE` works on.
#[diagnostic::on_unimplemented(message = "`{Self}` is not text", label = "only a text column can be searched")]
pub trait Textual {}
impl Textual for String {}
impl<T> Textual for crate::value::Text<T> {}

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
    fn label_text(&self) -> Option<Arc<str>> {
        None
    }

    /// `a = b`; `a IS NULL` for `None`.
    fn eq(&self, other: impl IntoExpr<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        let (left, right) = (self.node().0, other.into_node().0);
        match is_null(&right) {
            true => Expr::new(Node::IsNull { node: left, negated: false }),
            false => compare(left, BinaryOp::Eq, right),
        }
    }

    /// `a <> b`; `a IS NOT NULL` for `None`.
    fn ne(&self, other: impl IntoExpr<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        let (left, right) = (self.node().0, other.into_node().0);
        match is_null(&right) {
            true => Expr::new(Node::IsNull { node: left, negated: true }),
            false => compare(left, BinaryOp::Ne, right),
        }
    }

    /// `a < b`
    fn lt(&self, other: impl IntoExpr<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        compare(self.node().0, BinaryOp::Lt, other.into_node().0)
    }

    /// `a <= b`
    fn le(&self, other: impl IntoExpr<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        compare(self.node().0, BinaryOp::Le, other.into_node().0)
    }

    /// `a > b`
    fn gt(&self, other: impl IntoExpr<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        compare(self.node().0, BinaryOp::Gt, other.into_node().0)
    }

    /// `a >= b`
    fn ge(&self, other: impl IntoExpr<<Self::Type as ColumnType>::Base>) -> Expr<bool> {
        compare(self.node().0, BinaryOp::Ge, other.into_node().0)
    }

    /// `a BETWEEN low AND high`, both included.
    fn between(
        &self,
        low: impl IntoExpr<<Self::Type as ColumnType>::Base>,
        high: impl IntoExpr<<Self::Type as ColumnType>::Base>,
    ) -> Expr<bool> {
        let node = self.node().0;
        let low = masked(low.into_node().0, &node);
        let high = masked(high.into_node().0, &node);
        Expr::new(Node::Between { node, low, high })
    }

    /// `a IS NULL`
    fn is_null(&self) -> Expr<bool> {
        Expr::new(Node::IsNull { node: self.node().0, negated: false })
    }

    /// `a IS NOT NULL`
    fn is_not_null(&self) -> Expr<bool> {
        Expr::new(Node::IsNull { node: self.node().0, negated: true })
    }

    /// Whether the value is one of a list, which may be empty. PostgreSQL is sent one array; other
    /// databases take a parameter for each value, up to their limit (32,766 on SQLite, 65,535 on
    /// MySQL). For "not one of", write `!column.in_(..)`.
    fn in_<I>(&self, values: I) -> Expr<bool>
    where
        I: IntoIterator<Item: IntoExpr<<Self::Type as ColumnType>::Base>>,
    {
        let items = values.into_iter().map(|item| item.into_node().0).collect();
        Expr::new(in_list(self.node().0, items, <Self::Type as ColumnType>::SQL_TYPE))
    }

    /// `a LIKE pattern`, where `%` stands for any text and `_` for any character. Whether it
    /// distinguishes upper and lower case depends on the database.
    fn like(&self, pattern: impl IntoExpr<String>) -> Expr<bool>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        like(self.node().0, pattern.into_node().0, false)
    }

    /// As [`like`](Expression::like), without distinguishing upper and lower case on any database.
    fn ilike(&self, pattern: impl IntoExpr<String>) -> Expr<bool>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        let lower =
            |node: Arc<Node>| Arc::new(Node::Function { name: "LOWER", args: vec![Arc::unwrap_or_clone(node)] });
        like(lower(self.node().0), lower(pattern.into_node().0), false)
    }

    /// Whether a text occurs in the value. `%` and `_` in it stand for themselves.
    fn contains(&self, text: impl AsRef<str>) -> Expr<bool>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        like(self.node().0, pattern("%", text.as_ref(), "%"), true)
    }

    /// Whether the value starts with a text. `%` and `_` in it stand for themselves.
    fn starts_with(&self, text: impl AsRef<str>) -> Expr<bool>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        like(self.node().0, pattern("", text.as_ref(), "%"), true)
    }

    /// Whether the value ends with a text. `%` and `_` in it stand for themselves.
    fn ends_with(&self, text: impl AsRef<str>) -> Expr<bool>
    where
        <Self::Type as ColumnType>::Base: Textual,
    {
        like(self.node().0, pattern("%", text.as_ref(), ""), true)
    }

    /// From small to large.
    fn asc(&self) -> Order {
        Order::new(self.node().0, false)
    }

    /// From large to small.
    fn desc(&self) -> Order {
        Order::new(self.node().0, true)
    }

    /// Names the column of the result.
    fn label(&self, name: &str) -> Expr<Self::Type> {
        Expr { label: Some(name.into()), ..Expr::of(self.node().0) }
    }

    /// The same expression read as an `Option`: for a column of a table that is joined with
    /// [`outer_join`](super::Select::outer_join).
    fn nullable(&self) -> Expr<Option<<Self::Type as ColumnType>::Base>> {
        Expr { label: self.label_text(), ..Expr::of(self.node().0) }
    }
}

/// A value as an expression of its own.
pub fn lit<T: ColumnType>(value: T) -> Expr<T> {
    Expr::of(value.into_node().0)
}

impl<T> Expr<T> {
    pub(crate) fn new(node: Node) -> Self {
        Expr::of(Arc::new(node))
    }

    pub(crate) fn of(node: Arc<Node>) -> Self {
        Expr { node, label: None, value: PhantomData }
    }
}

impl<T: ColumnType> Expression for Expr<T> {
    type Type = T;

    fn node(&self) -> ExprNode {
        ExprNode(self.node.clone())
    }

    fn label_text(&self) -> Option<Arc<str>> {
        self.label.clone()
    }
}

impl<T: ColumnType> Expression for &Expr<T> {
    type Type = T;

    fn node(&self) -> ExprNode {
        ExprNode(self.node.clone())
    }

    fn label_text(&self) -> Option<Arc<str>> {
        self.label.clone()
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
        Expr { node: self.node.clone(), label: self.label.clone(), value: PhantomData }
    }
}

impl<T> fmt::Debug for Expr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expr").field(&self.node).finish()
    }
}

fn logic(left: Arc<Node>, op: BinaryOp, right: Arc<Node>) -> Expr<bool> {
    Expr::new(Node::Binary(left, op, right))
}

/// `!`, `&` and `|` for whatever is true or false.
macro_rules! logic {
    ($(impl<$($param:ident : $bound:ident)?> for $t:ty;)*) => {$(
        impl<$($param: $bound)?> Not for $t {
            type Output = Expr<bool>;
            fn not(self) -> Expr<bool> {
                Expr::new(Node::Not(Expression::node(&self).0))
            }
        }
        impl<$($param: $bound,)? R: IntoExpr<bool>> BitAnd<R> for $t {
            type Output = Expr<bool>;
            fn bitand(self, other: R) -> Expr<bool> {
                logic(Expression::node(&self).0, BinaryOp::And, other.into_node().0)
            }
        }
        impl<$($param: $bound,)? R: IntoExpr<bool>> BitOr<R> for $t {
            type Output = Expr<bool>;
            fn bitor(self, other: R) -> Expr<bool> {
                logic(Expression::node(&self).0, BinaryOp::Or, other.into_node().0)
            }
        }
    )*};
}
logic! {
    impl<> for Expr<bool>;
    impl<M: Mapped> for Column<M, bool>;
}

fn is_null(node: &Node) -> bool {
    matches!(node, Node::Bind(Bind { data: BindData::One(Value::Null), .. }))
}

fn is_sensitive(node: &Node) -> bool {
    matches!(node, Node::Column(column) if column.sensitive)
}

/// A value that is compared with a sensitive column is masked like the column's own values.
fn masked(node: Arc<Node>, beside: &Node) -> Arc<Node> {
    match (&*node, is_sensitive(beside)) {
        (Node::Bind(bind), true) => Arc::new(Node::Bind(bind.clone().sensitive(true))),
        _ => node,
    }
}

fn compare(left: Arc<Node>, op: BinaryOp, right: Arc<Node>) -> Expr<bool> {
    let right = masked(right, &left);
    let left = masked(left, &right);
    Expr::new(Node::Binary(left, op, right))
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
        None => Node::InList { node, items: items.into_iter().map(Arc::unwrap_or_clone).collect() },
    }
}

fn like(node: Arc<Node>, pattern: Arc<Node>, escaped: bool) -> Expr<bool> {
    let pattern = masked(pattern, &node);
    Expr::new(Node::Like { node, pattern, escaped })
}

fn pattern(before: &str, text: &str, after: &str) -> Arc<Node> {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push_str(before);
    for c in text.chars() {
        if matches!(c, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(c);
    }
    pattern.push_str(after);
    Arc::new(Node::Bind(Bind::new(SqlType::Text, Value::Text(pattern.into()))))
}
