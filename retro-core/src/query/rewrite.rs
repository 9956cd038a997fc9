//! Queries made of others: how many rows one has, and whether it has any.

use std::sync::Arc;

use super::{Item, Request};
use crate::sql::ast::{ColumnRef, DerivedKind, From, Output, Query};
use crate::sql::node::{Aggregate, AggregateFn, Node};
use crate::value::SqlType;

impl Request {
    /// The request with another query of one whole number, and without anything loaded with it.
    fn number(self, query: Query) -> Request {
        Request { unfiltered: self.unfiltered, ..Request::new(query, vec![Item::Value(SqlType::I64)]) }
    }

    /// The query as part of another one, which sees what is selected and not what is made of it.
    pub(crate) fn unmapped(mut self) -> Query {
        if self.mapped {
            self.query.object(
                "the rows of a query within another one cannot be mapped: what they are mapped to is known to this program only; map the outer query, or calculate in SQL",
            );
        }
        self.query
    }

    /// The query as something that is compared with.
    pub(crate) fn compared(self) -> Query {
        self.with_values(Node::by_value)
    }

    /// The query as the rows that a recursion starts from.
    pub(crate) fn first_rows(self) -> Query {
        let mut query = self.with_values(|node, sql_type| match sql_type {
            SqlType::Text | SqlType::Decimal => Arc::new(Node::Widened(node, sql_type)),
            _ => node,
        });
        if query.order_by.is_empty() && !query.is_limited() {
            return query;
        }
        // Order and limit would be of the whole recursion.
        let columns = query.separate_outputs();
        let (derived, source) = query.derived("first", DerivedKind::Subquery);
        let column = |name| ColumnRef { source, name, sensitive: false }.node();
        let outputs = columns.into_iter().map(|name| Output::Node { node: Arc::new(column(name)), label: None });
        Query { outputs: outputs.collect(), from: vec![From::Derived(derived, source)], ..Query::default() }
    }

    fn with_values(self, make: impl Fn(Arc<Node>, SqlType) -> Arc<Node>) -> Query {
        let items = self.items.clone();
        let mut query = self.unmapped();
        for (output, item) in query.outputs.iter_mut().zip(&items) {
            if let (Output::Node { node, label }, Item::Value(sql_type)) = (output, item) {
                let made = make(node.clone(), *sql_type);
                // What is made of a column has no name of itself.
                if let (Node::Column(column), false) = (&**node, Arc::ptr_eq(node, &made)) {
                    label.get_or_insert(column.name);
                }
                *node = made;
            }
        }
        query
    }

    /// Asks how many rows there are.
    pub(crate) fn counting(mut self) -> Request {
        let query = counting(std::mem::take(&mut self.query));
        self.number(query)
    }

    /// Asks whether there are any rows.
    pub(crate) fn existing(mut self) -> Request {
        let mut query = std::mem::take(&mut self.query).for_existence();
        if !query.is_limited() {
            query.order_by.clear();
        }
        query.limit = Some(query.limit.unwrap_or(1).min(1));
        self.number(query)
    }
}

impl Query {
    /// The query for somebody who only wants to know whether it has rows.
    pub(crate) fn for_existence(mut self) -> Query {
        // An aggregate has a row even of no rows.
        if self.compound.is_empty() && (!self.group_by.is_empty() || !self.outputs.iter().any(is_aggregate)) {
            self.select_only(Node::Integer(1));
        }
        self
    }

    /// Puts out something else; what was wrong with what was put out is remembered.
    fn select_only(&mut self, node: Node) {
        let problem = self.outputs.iter().find_map(|output| match output {
            Output::Node { node, .. } => node.mistake(),
            Output::Entity(_) => None,
        });
        if let Some(problem) = problem {
            self.object(problem);
        }
        self.outputs = vec![Output::Node { node: Arc::new(node), label: None }];
    }
}

/// The query that counts the rows of another. What is grouped, limited or made distinct is counted
/// from outside.
fn counting(mut query: Query) -> Query {
    let count = Node::Aggregate(Box::new(Aggregate {
        function: AggregateFn::Count,
        distinct: false,
        arg: Arc::new(Node::Integer(1)),
        filter: None,
        or_zero: false,
    }));
    query.lock = None;
    if !query.is_limited() {
        query.order_by.clear();
        if !query.is_aggregated() && !query.outputs.iter().any(is_aggregate) {
            query.select_only(count);
            return query;
        }
    }
    if query.compound.is_empty() {
        query.outputs = query.outputs.iter().flat_map(narrow).collect();
    }
    query.separate_outputs();
    let (derived, source) = query.derived("counted", DerivedKind::Subquery);
    let count = Output::Node { node: Arc::new(count), label: None };
    Query { outputs: vec![count], from: vec![From::Derived(derived, source)], ..Query::default() }
}

/// An entity is told from others by its key; its other columns need not be sent.
fn narrow(output: &Output) -> Vec<Output> {
    match output {
        Output::Node { node, label } => vec![Output::Node { node: node.clone(), label: *label }],
        Output::Entity(source) => source.mapper.map_or_else(Vec::new, |mapper| {
            source
                .columns(mapper, mapper.key())
                .into_iter()
                .map(|column| Output::Node { node: Arc::new(column.node()), label: None })
                .collect()
        }),
    }
}

fn is_aggregate(output: &Output) -> bool {
    match output {
        Output::Node { node, .. } => node.has_aggregate(),
        Output::Entity(_) => false,
    }
}
