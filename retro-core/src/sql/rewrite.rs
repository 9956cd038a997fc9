//! [`Rewrite`]: the same query with something else in it.

use std::sync::Arc;

use super::ast::{ColumnRef, Derived, Distinct, From, Output, Query, Source};
use super::depth::Conditions;
use super::node::{Aggregate, AggregateFn, Node, Over, Related, Term, Window};

/// Makes a query out of another one. Each method is given a part and gives what stands in its place;
/// what is not overridden is rebuilt of its parts.
pub(super) trait Rewrite {
    fn node(&mut self, node: &Arc<Node>) -> Arc<Node> {
        node.rebuilt(self)
    }

    /// A query within the query.
    fn query(&mut self, query: &Query) -> Query {
        query.rebuilt(self)
    }

    fn column(&mut self, column: &ColumnRef) -> ColumnRef {
        *column
    }

    fn related(&mut self, related: &Related) -> Related {
        related.rebuilt(self)
    }
}

impl Query {
    /// The query with each of its parts rewritten.
    pub(super) fn rebuilt<R: Rewrite + ?Sized>(&self, rewrite: &mut R) -> Query {
        let mut query = self.clone();
        for output in &mut query.outputs {
            if let Output::Node { node, .. } = output {
                *node = rewrite.node(node);
            }
        }
        for source in query.from.iter_mut().chain(query.joins.iter_mut().map(|join| &mut join.from)) {
            if let From::Derived(derived, _) = source {
                let inner = rewrite.query(&derived.query);
                *derived = Arc::new(Derived { query: inner, ..**derived });
            }
        }
        for join in &mut query.joins {
            join.on = join.on.as_ref().map(|on| rewrite.node(on));
        }
        if let Distinct::On(nodes) = &mut query.distinct {
            *nodes = all(nodes, rewrite);
        }
        query.filter = query.filter.as_ref().map(|node| rewrite.node(node));
        query.having = query.having.as_ref().map(|node| rewrite.node(node));
        query.group_by = all(&query.group_by, rewrite);
        query.order_by = terms(&query.order_by, rewrite);
        query.compound = self.compound.iter().map(|(op, part)| (*op, rewrite.query(part))).collect();
        query
    }
}

impl Related {
    fn rebuilt<R: Rewrite + ?Sized>(&self, rewrite: &mut R) -> Related {
        Related {
            local: self.local.iter().map(|column| rewrite.column(column)).collect(),
            predicate: self.predicate.as_ref().map(|node| rewrite.node(node)),
            ..self.clone()
        }
    }
}

impl Node {
    /// The expression with each of its parts rewritten.
    fn rebuilt<R: Rewrite + ?Sized>(self: &Arc<Node>, rewrite: &mut R) -> Arc<Node> {
        Arc::new(match &**self {
            Node::Column(column) => Node::Column(rewrite.column(column)),
            Node::Binary(left, op, right) => Node::Binary(rewrite.node(left), *op, rewrite.node(right)),
            Node::Junction(junction, nodes) => Node::Junction(*junction, Conditions::new(all(nodes, rewrite))),
            Node::Not(node) => Node::Not(rewrite.node(node)),
            Node::Negative(node) => Node::Negative(rewrite.node(node)),
            Node::IsNull { node, negated } => Node::IsNull { node: rewrite.node(node), negated: *negated },
            Node::NullSafe { left, right, equal } => {
                Node::NullSafe { left: rewrite.node(left), right: rewrite.node(right), equal: *equal }
            }
            Node::Between { node, low, high } => {
                Node::Between { node: rewrite.node(node), low: rewrite.node(low), high: rewrite.node(high) }
            }
            Node::Like { node, pattern, escape } => {
                Node::Like { node: rewrite.node(node), pattern: rewrite.node(pattern), escape: *escape }
            }
            Node::Holds { node, place, text } => {
                Node::Holds { node: rewrite.node(node), place: *place, text: text.clone() }
            }
            Node::Row(nodes) => Node::Row(all(nodes, rewrite)),
            Node::InValues { node, sql_type, values, sensitive } => Node::InValues {
                node: rewrite.node(node),
                sql_type: *sql_type,
                values: values.clone(),
                sensitive: *sensitive,
            },
            Node::InList { node, items } => Node::InList { node: rewrite.node(node), items: all(items, rewrite) },
            Node::InKeys { columns, keys } => Node::InKeys {
                columns: columns.iter().map(|column| rewrite.column(column)).collect(),
                keys: keys.clone(),
            },
            Node::InQuery { node, query } => {
                Node::InQuery { node: rewrite.node(node), query: Arc::new(rewrite.query(query)) }
            }
            Node::Related(related) => Node::Related(Arc::new(rewrite.related(related))),
            Node::Exists(query) => Node::Exists(Arc::new(rewrite.query(query))),
            Node::Scalar(query) => Node::Scalar(Arc::new(rewrite.query(query))),
            Node::Function { name, args } => Node::Function { name: name.clone(), args: all(args, rewrite) },
            Node::Aggregate(aggregate) => Node::Aggregate(Box::new(aggregate.rebuilt(rewrite))),
            Node::Over(over) => Node::Over(Box::new(Over {
                function: rewrite.node(&over.function),
                window: Window {
                    partition_by: all(&over.window.partition_by, rewrite),
                    order_by: terms(&over.window.order_by, rewrite),
                    frame: over.window.frame,
                },
            })),
            Node::Case { branches, otherwise } => Node::Case {
                branches: branches.iter().map(|(when, then)| (rewrite.node(when), rewrite.node(then))).collect(),
                otherwise: otherwise.as_ref().map(|node| rewrite.node(node)),
            },
            Node::Cast { node, from, to } => Node::Cast { node: rewrite.node(node), from: *from, to: *to },
            Node::DatePart { node, part, of } => Node::DatePart { node: rewrite.node(node), part: *part, of: *of },
            Node::Truncated { node, unit, of } => Node::Truncated { node: rewrite.node(node), unit: *unit, of: *of },
            Node::Length(node) => Node::Length(rewrite.node(node)),
            Node::Round { node, rounding, of } => {
                Node::Round { node: rewrite.node(node), rounding: *rounding, of: *of }
            }
            Node::ByValue(node, of) => Node::ByValue(rewrite.node(node), *of),
            Node::Widened(node, of) => Node::Widened(rewrite.node(node), *of),
            Node::Json { node, path, to } => Node::Json { node: rewrite.node(node), path: path.clone(), to: *to },
            Node::Bind(_)
            | Node::OfEntity { .. }
            | Node::Integer(_)
            | Node::Boolean(_)
            | Node::Excluded(_)
            | Node::Problem(_) => return self.clone(),
        })
    }

    /// The same expression about another source.
    pub(crate) fn with_source(self: &Arc<Node>, from: Source, to: Source) -> Arc<Node> {
        Move { from, to }.node(self)
    }
}

impl Aggregate {
    fn rebuilt<R: Rewrite + ?Sized>(&self, rewrite: &mut R) -> Aggregate {
        let function = match &self.function {
            AggregateFn::Concat { separator, order_by } => {
                AggregateFn::Concat { separator: separator.clone(), order_by: terms(order_by, rewrite) }
            }
            other => other.clone(),
        };
        let filter = self.filter.as_ref().map(|node| rewrite.node(node));
        Aggregate { function, arg: rewrite.node(&self.arg), filter, ..*self }
    }
}

fn all<R: Rewrite + ?Sized>(nodes: &[Arc<Node>], rewrite: &mut R) -> Vec<Arc<Node>> {
    nodes.iter().map(|node| rewrite.node(node)).collect()
}

fn terms<R: Rewrite + ?Sized>(terms: &[Term], rewrite: &mut R) -> Vec<Term> {
    terms.iter().map(|term| Term { node: rewrite.node(&term.node), ..term.clone() }).collect()
}

/// Puts one source in the place of another, outside of which the expression stands.
struct Move {
    from: Source,
    to: Source,
}

impl Rewrite for Move {
    fn query(&mut self, query: &Query) -> Query {
        // A query that reads the source itself means its own.
        if query.reads(self.from) { query.clone() } else { query.rebuilt(self) }
    }

    fn column(&mut self, column: &ColumnRef) -> ColumnRef {
        if column.source == self.from { ColumnRef { source: self.to, ..*column } } else { *column }
    }

    fn related(&mut self, related: &Related) -> Related {
        let reads = |source: Source| source == self.from;
        let is_hidden = reads(related.target) || related.secondary.as_ref().is_some_and(|it| reads(it.source));
        let outer = if related.outer == self.from { self.to } else { related.outer };
        let moved = related.rebuilt(self);
        let predicate = if is_hidden { related.predicate.clone() } else { moved.predicate };
        Related { outer, predicate, ..moved }
    }
}
