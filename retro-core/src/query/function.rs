//! [`func`]: functions that the crate does not know.

use std::borrow::Cow;

use super::operand::ExprNode;
use super::{Expr, Operand};
use crate::sql::node::Node;
use crate::value::ColumnType;

/// A call of a function by its name in the database, whose result is read as a `T`.
///
/// The name is part of the text: letters, digits, `_` and dots, or else running the query is an
/// error. The arguments are bound like everything else.
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "products")]
/// # struct Product { #[retro(primary_key)] id: i32, name: String }
/// let hash = func::<String>("hex", (Product::name,));
/// let query: Select<String> = select(hash);
/// ```
pub fn func<T: ColumnType>(name: &str, args: impl Args) -> Expr<T> {
    if !is_plain(name) {
        return Expr::new(Node::problem(format!(
            "{name:?} cannot be the name of a function: only letters, digits, `_` and dots can stand in one"
        )));
    }
    let mut nodes = Vec::new();
    args.nodes(&mut nodes);
    let args = nodes.into_iter().map(|node| node.0).collect();
    Expr::new(Node::Function { name: Cow::Owned(name.to_owned()), args })
}

fn is_plain(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with(|c: char| c.is_ascii_digit())
            && part.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
    };
    name.split('.').all(is_part)
}

/// The arguments of a function: a tuple of columns, expressions and values, which may be empty.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no arguments of a function",
    label = "expected a tuple of columns, expressions and values"
)]
pub trait Args {
    #[doc(hidden)]
    fn nodes(self, nodes: &mut Vec<ExprNode>);
}

impl Args for () {
    fn nodes(self, _: &mut Vec<ExprNode>) {}
}

macro_rules! tuples {
    ($($t:ident $i:tt),*) => {
        impl<$($t: Operand),*> Args for ($($t,)*) {
            fn nodes(self, nodes: &mut Vec<ExprNode>) {
                $(nodes.push(self.$i.into_operand());)*
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
