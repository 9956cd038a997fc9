//! Conditions from lists of conditions.

use std::sync::Arc;

use super::{Expr, IntoExpr};
use crate::sql::Conditions;
use crate::sql::node::{Junction, Node};

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
    combine(conditions, Junction::All)
}

/// Whether any condition of a list is met. False for none.
pub fn or_(conditions: impl IntoIterator<Item: IntoExpr<bool>>) -> Expr<bool> {
    combine(conditions, Junction::Any)
}

/// Whether a condition is not met. The same as `!condition`.
pub fn not_(condition: impl IntoExpr<bool>) -> Expr<bool> {
    Expr::new(Node::Not(condition.into_node().0))
}

fn combine(conditions: impl IntoIterator<Item: IntoExpr<bool>>, junction: Junction) -> Expr<bool> {
    let mut nodes: Vec<Arc<Node>> = conditions.into_iter().map(|condition| condition.into_node().0).collect();
    Expr::from_node(match nodes.len() {
        0 => Arc::new(Node::Boolean(junction == Junction::All)),
        1 => nodes.remove(0),
        _ => Arc::new(Node::Junction(junction, Conditions::new(nodes))),
    })
}
