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
            // A pending entity must be written before its key can be compared with.
            Node::OfEntity { table, .. } => note(tables, table),
            other => other.children(&mut |child| child.tables(tables)),
        }
    }

    /// Visits the expressions directly within this one, but no subquery.
    fn children(&self, visit: &mut dyn FnMut(&Node)) {
        match self {
            Node::Binary(left, _, right) => {
                visit(left);
                visit(right);
            }
            Node::Not(node) | Node::IsNull { node, .. } | Node::InValues { node, .. } | Node::CountDistinct(node) => {
                visit(node);
            }
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
            Node::Function { args, .. } => args.iter().for_each(visit),
            Node::Column(_)
            | Node::Bind(_)
            | Node::OfEntity { .. }
            | Node::Integer(_)
            | Node::InKeys { .. }
            | Node::InQuery { .. }
            | Node::Related(_) => {}
        }
    }
}

pub(crate) fn note(tables: &mut Vec<&'static str>, table: &'static str) {
    if !tables.contains(&table) {
        tables.push(table);
    }
}

impl Node {
    /// Tells the sources of the columns in an expression, but not those within a subquery.
    pub(crate) fn sources(&self, tell: &mut dyn FnMut(super::ast::Source)) {
        match self {
            Node::Column(column) => tell(column.source),
            Node::Related(related) => tell(related.outer),
            Node::InKeys { columns, .. } | Node::InQuery { columns, .. } => {
                columns.iter().for_each(|column| tell(column.source));
            }
            other => other.children(&mut |child| child.sources(tell)),
        }
    }
}
