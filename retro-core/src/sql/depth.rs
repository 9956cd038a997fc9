//! How deep expressions and queries nest. The ways through them recurse, and so does dropping them:
//! what nests deeper than [`MAX_DEPTH`] is replaced, while it is built, by what is wrong with it.

use std::ops::Deref;
use std::sync::Arc;

use super::ast::{From, Query};
use super::node::Node;

/// How many levels an expression may have. Databases have a limit of their own (SQLite's is 1,000),
/// and a thread with 2 MiB of stack must be able to render it in a debug build.
pub(crate) const MAX_DEPTH: u16 = 100;

/// How many levels a query within counts as: rendering one needs the stack of as many.
const QUERY: u16 = 5;

/// The conditions of a junction. They know how deep they are, so that one more costs the same
/// however many there are.
#[derive(Debug, Clone)]
pub(crate) struct Conditions {
    nodes: Vec<Arc<Node>>,
    depth: u16,
}

impl Conditions {
    pub(crate) fn new(nodes: Vec<Arc<Node>>) -> Self {
        let depth = deepest(nodes.iter());
        Conditions { nodes, depth }
    }

    pub(super) fn push(&mut self, node: Arc<Node>) {
        self.depth = self.depth.max(node.depth());
        self.nodes.push(node);
    }

    pub(super) fn append(&mut self, mut others: Conditions) {
        self.depth = self.depth.max(others.depth);
        self.nodes.append(&mut others.nodes);
    }

    pub(super) fn prepend(&mut self, others: Conditions) {
        self.depth = self.depth.max(others.depth);
        self.nodes.splice(0..0, others.nodes);
    }
}

impl Deref for Conditions {
    type Target = [Arc<Node>];

    fn deref(&self) -> &[Arc<Node>] {
        &self.nodes
    }
}

impl Node {
    /// The levels of the expression; those of the queries within it count.
    fn depth(&self) -> u16 {
        let mut depth = 0;
        match self {
            Node::Column(_) | Node::Bind(_) | Node::Integer(_) => return 1,
            Node::Junction(_, conditions) => return conditions.depth.saturating_add(1),
            Node::InQuery { query, .. } | Node::Exists(query) | Node::Scalar(query) => depth = query.depth(),
            _ => {}
        }
        self.children(&mut |child| depth = depth.max(child.depth()));
        depth.saturating_add(1)
    }

    /// The expression, or what is wrong with it if it is too deep.
    pub(crate) fn within_depth(self: Arc<Node>) -> Arc<Node> {
        if self.depth() <= MAX_DEPTH { self } else { Arc::new(Node::problem(too_deep())) }
    }
}

impl Query {
    fn depth(&self) -> u16 {
        let of_sources = self.sources().map(|from| match from {
            From::Derived(derived, _) => derived.query.depth(),
            From::Table(_) | From::Recursion(..) => 0,
        });
        let of_parts = self.compound.iter().map(|(_, part)| part.depth());
        let deepest = of_sources.chain(of_parts).max().unwrap_or(0).max(deepest(self.nodes()));
        deepest.saturating_add(QUERY)
    }

    /// Lets go of what the query reads if it is too deep, and says so when it is to be run.
    pub(crate) fn keep_within_depth(&mut self) {
        if self.depth() > MAX_DEPTH {
            self.from.clear();
            self.joins.clear();
            self.compound.clear();
            self.filter = None;
            self.object(too_deep());
        }
    }
}

fn deepest<'n>(nodes: impl Iterator<Item = &'n Arc<Node>>) -> u16 {
    nodes.map(|node| node.depth()).max().unwrap_or(0)
}

fn too_deep() -> String {
    format!(
        "an expression or query is nested more than {MAX_DEPTH} levels deep, of which a query counts as {QUERY}; put long lists of conditions \
         together with `and_`, `or_` or `in_`, and make what is computed step by step in the program"
    )
}
