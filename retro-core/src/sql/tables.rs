//! Which tables a query reads: an autoflush is needed only where changes of one of them wait.

use super::ast::{From, Node, Output, Query};

impl Query {
    /// Adds the names of all tables that the query reads, also within its conditions.
    pub(crate) fn tables(&self, tables: &mut Vec<&'static str>) {
        for from in &self.from {
            match from {
                From::Table(source) => note(tables, source.table),
                From::Query(query, _) => query.tables(tables),
            }
        }
        for join in &self.joins {
            note(tables, join.source.table);
            join.on.tables(tables);
        }
        for output in &self.outputs {
            if let Output::Node { node, .. } = output {
                node.tables(tables);
            }
        }
        let conditions = self.filter.iter().chain(&self.having).chain(&self.group_by);
        for node in conditions.chain(self.order_by.iter().map(|term| &term.node)) {
            node.tables(tables);
        }
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
                if let Some(predicate) = &related.predicate {
                    predicate.tables(tables);
                }
            }
            Node::InQuery { query, .. } => query.tables(tables),
            Node::Binary(left, _, right) => {
                left.tables(tables);
                right.tables(tables);
            }
            Node::Not(node) | Node::IsNull { node, .. } | Node::InValues { node, .. } | Node::CountDistinct(node) => {
                node.tables(tables);
            }
            Node::Between { node, low, high } => {
                for node in [node, low, high] {
                    node.tables(tables);
                }
            }
            Node::Like { node, pattern, .. } => {
                node.tables(tables);
                pattern.tables(tables);
            }
            Node::InList { node, items } => {
                node.tables(tables);
                items.iter().for_each(|item| item.tables(tables));
            }
            Node::Function { args, .. } => args.iter().for_each(|arg| arg.tables(tables)),
            // A pending entity must be written before its key can be compared with.
            Node::OfEntity { table, .. } => note(tables, table),
            Node::Column(_) | Node::Bind(_) | Node::Integer(_) | Node::Null | Node::InKeys { .. } => {}
        }
    }
}

pub(crate) fn note(tables: &mut Vec<&'static str>, table: &'static str) {
    if !tables.contains(&table) {
        tables.push(table);
    }
}
