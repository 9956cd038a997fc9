//! Ways through a query: which tables it reads, and which sources an expression names.

use std::sync::Arc;

use super::ast::{Distinct, From, Output, Query, Source};
use super::node::{AggregateFn, Node};

impl Query {
    /// Adds the names of all tables that the query reads, also within its conditions. An autoflush
    /// is needed only where changes of one of them wait.
    pub(crate) fn tables(&self, tables: &mut Vec<&'static str>) {
        for from in self.sources() {
            match from {
                From::Table(source) => note(tables, source.table),
                From::Derived(derived, _) => derived.query.tables(tables),
                From::Recursion(..) => {}
            }
        }
        for node in self.nodes() {
            node.tables(tables);
        }
        for (_, query) in &self.compound {
            query.tables(tables);
        }
    }

    /// Whether the query reads a table, be it within its conditions.
    pub(crate) fn names_table(&self, table: &str) -> bool {
        let mut tables = Vec::new();
        self.tables(&mut tables);
        tables.contains(&table)
    }

    /// What the query reads, FROM first.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &From> {
        self.from.iter().chain(self.joins.iter().map(|join| &join.from))
    }

    /// The expressions of the query, without those of the parts of a union.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Arc<Node>> {
        let outputs = self.outputs.iter().filter_map(|output| match output {
            Output::Node { node, .. } => Some(node),
            Output::Entity(_) => None,
        });
        let distinct = match &self.distinct {
            Distinct::On(nodes) => nodes.as_slice(),
            Distinct::No | Distinct::Rows => &[],
        };
        outputs
            .chain(self.joins.iter().filter_map(|join| join.on.as_ref()))
            .chain(&self.filter)
            .chain(&self.having)
            .chain(&self.group_by)
            .chain(distinct)
            .chain(self.order_by.iter().map(|term| &term.node))
    }
}

impl Node {
    pub(crate) fn tables(&self, tables: &mut Vec<&'static str>) {
        match self {
            Node::Related(related) => {
                note(tables, related.target.table);
                if let Some(association) = &related.secondary {
                    note(tables, association.source.table);
                }
            }
            Node::InQuery { query, .. } | Node::Exists(query) | Node::Scalar(query) => query.tables(tables),
            // A pending entity must be written before its key can be compared with.
            Node::OfEntity { table, .. } => note(tables, table),
            _ => {}
        }
        self.children(&mut |child| child.tables(tables));
    }

    /// Visits the expressions directly within this one, but no subquery. The condition on a
    /// relationship's target counts as within.
    pub(crate) fn children(&self, visit: &mut dyn FnMut(&Arc<Node>)) {
        match self {
            Node::Binary(left, _, right) | Node::NullSafe { left, right, .. } => {
                visit(left);
                visit(right);
            }
            Node::Not(node)
            | Node::Negative(node)
            | Node::IsNull { node, .. }
            | Node::Holds { node, .. }
            | Node::InValues { node, .. }
            | Node::InQuery { node, .. }
            | Node::Cast { node, .. }
            | Node::DatePart { node, .. }
            | Node::Truncated { node, .. }
            | Node::Length(node)
            | Node::ByValue(node, _)
            | Node::Widened(node, _)
            | Node::Round { node, .. }
            | Node::Json { node, .. } => visit(node),
            Node::Between { node, low, high } => {
                visit(node);
                visit(low);
                visit(high);
            }
            Node::Like { node, pattern, .. } => {
                visit(node);
                visit(pattern);
            }
            Node::InList { node, items } => {
                visit(node);
                items.iter().for_each(visit);
            }
            Node::Junction(_, nodes) => nodes.iter().for_each(visit),
            Node::Row(nodes) | Node::Function { args: nodes, .. } => nodes.iter().for_each(visit),
            Node::Aggregate(aggregate) => {
                visit(&aggregate.arg);
                aggregate.filter.iter().for_each(&mut *visit);
                if let AggregateFn::Concat { order_by, .. } = &aggregate.function {
                    order_by.iter().for_each(|term| visit(&term.node));
                }
            }
            Node::Over(over) => {
                visit(&over.function);
                over.window.partition_by.iter().for_each(&mut *visit);
                over.window.order_by.iter().for_each(|term| visit(&term.node));
            }
            Node::Case { branches, otherwise } => {
                for (condition, value) in branches {
                    visit(condition);
                    visit(value);
                }
                otherwise.iter().for_each(visit);
            }
            Node::Related(related) => related.predicate.iter().for_each(visit),
            Node::Column(_)
            | Node::Bind(_)
            | Node::OfEntity { .. }
            | Node::Integer(_)
            | Node::Boolean(_)
            | Node::InKeys { .. }
            | Node::Exists(_)
            | Node::Scalar(_)
            | Node::Excluded(_)
            | Node::Problem(_) => {}
        }
    }

    /// Something in it that cannot be said.
    pub(crate) fn mistake(&self) -> Option<Arc<str>> {
        if let Node::Problem(problem) = self {
            return Some(problem.clone());
        }
        let mut found = None;
        self.children(&mut |child| {
            if found.is_none() {
                found = child.mistake();
            }
        });
        found
    }

    /// Whether it is a value of many rows.
    pub(crate) fn has_aggregate(&self) -> bool {
        match self {
            Node::Aggregate(_) => true,
            // One over a window is a value of each row.
            Node::Over(_) => false,
            other => {
                let mut found = false;
                other.children(&mut |child| found |= child.has_aggregate());
                found
            }
        }
    }

    /// Tells the sources of the columns in an expression, but not those within a subquery.
    pub(crate) fn sources(&self, tell: &mut dyn FnMut(Source)) {
        match self {
            Node::Column(column) => tell(column.source),
            Node::InKeys { columns, .. } => columns.iter().for_each(|column| tell(column.source)),
            // What its condition names is the relationship's affair.
            Node::Related(related) => tell(related.outer),
            other => other.children(&mut |child| child.sources(tell)),
        }
    }
}

pub(crate) fn note(tables: &mut Vec<&'static str>, table: &'static str) {
    if !tables.contains(&table) {
        tables.push(table);
    }
}
