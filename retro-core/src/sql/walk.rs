//! Ways through a query: which tables it reads, which sources an expression names, and the same
//! expression about another source.

use std::sync::Arc;

use super::ast::{ColumnRef, Derived, Distinct, From, Output, Query, Source};
use super::node::{Aggregate, AggregateFn, Association, Node, Over, Related, Term, Window};

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

    /// What the query reads, FROM first.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &From> {
        self.from.iter().chain(self.joins.iter().map(|join| &join.from))
    }

    /// The expressions of the query, without those of the parts of a union.
    fn nodes(&self) -> impl Iterator<Item = &Arc<Node>> {
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

    /// The query with another source in the place of one that stands outside of it.
    fn with_source(&self, from: Source, to: Source) -> Query {
        // A query that reads the source itself means its own.
        if self.reads(from) {
            return self.clone();
        }
        let map = |node: &Arc<Node>| node.with_source(from, to);
        let all = |nodes: &[Arc<Node>]| nodes.iter().map(map).collect::<Vec<_>>();
        let mut query = self.clone();
        for output in &mut query.outputs {
            if let Output::Node { node, .. } = output {
                *node = map(node);
            }
        }
        for source in query.from.iter_mut().chain(query.joins.iter_mut().map(|join| &mut join.from)) {
            if let From::Derived(derived, _) = source {
                let inner = derived.query.with_source(from, to);
                *derived = Arc::new(Derived { query: inner, ..Derived::clone(derived) });
            }
        }
        for join in &mut query.joins {
            join.on = join.on.as_ref().map(map);
        }
        if let Distinct::On(nodes) = &mut query.distinct {
            *nodes = all(nodes);
        }
        query.filter = query.filter.as_ref().map(map);
        query.having = query.having.as_ref().map(map);
        query.group_by = all(&query.group_by);
        query.order_by = terms(&query.order_by, from, to);
        query.compound = query.compound.iter().map(|(op, query)| (*op, query.with_source(from, to))).collect();
        query
    }
}

impl Node {
    fn tables(&self, tables: &mut Vec<&'static str>) {
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
            | Node::InValues { node, .. }
            | Node::InQuery { node, .. }
            | Node::Cast { node, .. }
            | Node::DatePart { node, .. }
            | Node::Truncated { node, .. }
            | Node::Length(node)
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

    /// The same expression about another source.
    pub(crate) fn with_source(self: &Arc<Node>, from: Source, to: Source) -> Arc<Node> {
        let map = |node: &Arc<Node>| node.with_source(from, to);
        let all = |nodes: &[Arc<Node>]| nodes.iter().map(map).collect::<Vec<_>>();
        let moved = |column: &ColumnRef| column.moved(from, to);
        let query = |query: &Arc<Query>| Arc::new(query.with_source(from, to));
        Arc::new(match &**self {
            Node::Column(column) => Node::Column(moved(column)),
            Node::Binary(left, op, right) => Node::Binary(map(left), *op, map(right)),
            Node::Not(node) => Node::Not(map(node)),
            Node::Negative(node) => Node::Negative(map(node)),
            Node::IsNull { node, negated } => Node::IsNull { node: map(node), negated: *negated },
            Node::NullSafe { left, right, equal } => {
                Node::NullSafe { left: map(left), right: map(right), equal: *equal }
            }
            Node::Between { node, low, high } => Node::Between { node: map(node), low: map(low), high: map(high) },
            Node::Like { node, pattern, escape } => {
                Node::Like { node: map(node), pattern: map(pattern), escape: *escape }
            }
            Node::Row(nodes) => Node::Row(all(nodes)),
            Node::InValues { node, sql_type, values, sensitive } => {
                Node::InValues { node: map(node), sql_type: *sql_type, values: values.clone(), sensitive: *sensitive }
            }
            Node::InList { node, items } => Node::InList { node: map(node), items: all(items) },
            Node::InKeys { columns, keys } => {
                Node::InKeys { columns: columns.iter().map(moved).collect(), keys: keys.clone() }
            }
            Node::InQuery { node, query: inner } => Node::InQuery { node: map(node), query: query(inner) },
            Node::Related(related) => Node::Related(Arc::new(related.with_source(from, to))),
            Node::Exists(inner) => Node::Exists(query(inner)),
            Node::Scalar(inner) => Node::Scalar(query(inner)),
            Node::Function { name, args } => Node::Function { name: name.clone(), args: all(args) },
            Node::Aggregate(aggregate) => Node::Aggregate(Box::new(Aggregate {
                function: match &aggregate.function {
                    AggregateFn::Concat { separator, order_by } => {
                        AggregateFn::Concat { separator: separator.clone(), order_by: terms(order_by, from, to) }
                    }
                    other => other.clone(),
                },
                arg: map(&aggregate.arg),
                filter: aggregate.filter.as_ref().map(map),
                ..**aggregate
            })),
            Node::Over(over) => Node::Over(Box::new(Over {
                function: map(&over.function),
                window: Window {
                    partition_by: all(&over.window.partition_by),
                    order_by: terms(&over.window.order_by, from, to),
                    frame: over.window.frame,
                },
            })),
            Node::Case { branches, otherwise } => Node::Case {
                branches: branches.iter().map(|(condition, value)| (map(condition), map(value))).collect(),
                otherwise: otherwise.as_ref().map(map),
            },
            Node::Cast { node, from, to } => Node::Cast { node: map(node), from: *from, to: *to },
            Node::DatePart { node, part, of } => Node::DatePart { node: map(node), part: *part, of: *of },
            Node::Truncated { node, unit, of } => Node::Truncated { node: map(node), unit: *unit, of: *of },
            Node::Length(node) => Node::Length(map(node)),
            Node::Round { node, digits, of } => Node::Round { node: map(node), digits: *digits, of: *of },
            Node::Json { node, path, to } => Node::Json { node: map(node), path: path.clone(), to: *to },
            Node::Bind(_)
            | Node::OfEntity { .. }
            | Node::Integer(_)
            | Node::Boolean(_)
            | Node::Excluded(_)
            | Node::Problem(_) => return self.clone(),
        })
    }
}

impl ColumnRef {
    fn moved(&self, from: Source, to: Source) -> ColumnRef {
        if self.source == from { ColumnRef { source: to, ..*self } } else { *self }
    }
}

impl Related {
    fn with_source(&self, from: Source, to: Source) -> Related {
        let is_outer = self.outer == from;
        let is_hidden = self.target == from || self.secondary.as_ref().is_some_and(|it| it.source == from);
        Related {
            outer: if is_outer { to } else { self.outer },
            target: self.target,
            local: self.local.iter().map(|column| column.moved(from, to)).collect(),
            remote: self.remote.clone(),
            secondary: self.secondary.as_ref().map(|it| Association {
                source: it.source,
                local: it.local.clone(),
                remote: it.remote.clone(),
            }),
            predicate: match is_hidden {
                true => self.predicate.clone(),
                false => self.predicate.as_ref().map(|node| node.with_source(from, to)),
            },
        }
    }
}

fn terms(terms: &[Term], from: Source, to: Source) -> Vec<Term> {
    terms.iter().map(|term| Term { node: term.node.with_source(from, to), ..term.clone() }).collect()
}

pub(crate) fn note(tables: &mut Vec<&'static str>, table: &'static str) {
    if !tables.contains(&table) {
        tables.push(table);
    }
}
