//! Queries made of others: how many rows one has, and whether it has any.

use std::sync::Arc;

use super::{Item, Request, name_outputs};
use crate::sql::ast::{DerivedKind, From, Output, Query};
use crate::sql::node::{Aggregate, AggregateFn, Node};
use crate::value::SqlType;

impl Request {
    /// The request with another query of one whole number, and without anything loaded with it.
    fn number(self, query: Query) -> Request {
        Request { unfiltered: self.unfiltered, ..Request::new(query, vec![Item::Value(SqlType::I64)]) }
    }

    /// Asks how many rows there are.
    pub(crate) fn counting(mut self) -> Request {
        let query = counting(std::mem::take(&mut self.query));
        self.number(query)
    }

    /// Asks whether there are any rows.
    pub(crate) fn existing(mut self) -> Request {
        let mut query = std::mem::take(&mut self.query);
        if query.compound.is_empty() {
            query.outputs = vec![Output::Node { node: Arc::new(Node::Integer(1)), label: None }];
        }
        if !query.is_limited() {
            query.order_by.clear();
        }
        query.limit = Some(query.limit.unwrap_or(1).min(1));
        self.number(query)
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
    let count = Output::Node { node: Arc::new(count), label: None };
    query.lock = None;
    if !query.is_limited() {
        query.order_by.clear();
        if !query.is_aggregated() && !query.outputs.iter().any(is_aggregate) {
            query.outputs = vec![count];
            return query;
        }
    }
    if query.compound.is_empty() {
        query.outputs = query.outputs.iter().flat_map(narrow).collect();
        name_outputs(&mut query);
    }
    let (derived, source) = query.derived("counted", DerivedKind::Subquery);
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
