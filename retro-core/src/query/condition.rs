//! Conditions from lists of conditions.

use std::sync::Arc;

use super::{Expr, IntoExpr};
use crate::sql::node::{BinaryOp, Node};

/// Whether all conditions of a list are met. True for none.
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "products")]
/// # struct Product { #[retro(primary_key)] id: i32, name: String }
/// let words = ["ZX", "81"];
/// let query = select(Product).filter(and_(words.map(|word| Product::name.contains(word))));
/// ```
pub fn and_(conditions: impl IntoIterator<Item: IntoExpr<bool>>) -> Expr<bool> {
    combine(conditions, BinaryOp::And, true)
}

/// Whether any condition of a list is met. False for none.
pub fn or_(conditions: impl IntoIterator<Item: IntoExpr<bool>>) -> Expr<bool> {
    combine(conditions, BinaryOp::Or, false)
}

/// Whether a condition is not met. The same as `!condition`.
pub fn not_(condition: impl IntoExpr<bool>) -> Expr<bool> {
    Expr::new(Node::Not(condition.into_node().0))
}

fn combine(conditions: impl IntoIterator<Item: IntoExpr<bool>>, op: BinaryOp, none: bool) -> Expr<bool> {
    let nodes = conditions.into_iter().map(|condition| condition.into_node().0).collect();
    Expr::from_node(balanced(nodes, op).unwrap_or_else(|| Arc::new(Node::Boolean(none))))
}

/// As a tree that is no deeper than need be: a list of any length is rendered without running out of
/// stack.
fn balanced(mut nodes: Vec<Arc<Node>>, op: BinaryOp) -> Option<Arc<Node>> {
    if nodes.len() < 2 {
        return nodes.pop();
    }
    let right = nodes.split_off(nodes.len() / 2);
    match (balanced(nodes, op), balanced(right, op)) {
        (Some(left), Some(right)) => Some(Arc::new(Node::Binary(left, op, right))),
        (left, right) => left.or(right),
    }
}
