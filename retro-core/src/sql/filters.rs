//! [`Filters`]: conditions that hold for every query of a session.

use std::sync::Arc;

use super::ast::{Derived, DerivedKind, From, JoinKind, Output, Query, Source};
use super::fresh_alias;
use super::node::{Node, Related};
use super::rewrite::Rewrite;
use crate::mapping::Mapper;

/// Default filters, by the model that each is about.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filters(Arc<[Filter]>);

#[derive(Debug, Clone)]
struct Filter {
    name: &'static str,
    mapper: &'static Mapper,
    /// About the model itself, that is about alias 0.
    condition: Arc<Node>,
}

impl Filters {
    /// These filters and another one, in place of one of the same name about the same model.
    pub(crate) fn with(&self, mapper: &'static Mapper, name: &'static str, condition: Arc<Node>) -> Filters {
        let others = self.0.iter().filter(|filter| filter.name != name || filter.mapper.id != mapper.id);
        Filters(others.cloned().chain([Filter { name, mapper, condition }]).collect())
    }

    /// These filters without those of some names.
    pub(crate) fn without(&self, names: &[&str]) -> Filters {
        match names {
            [] => self.clone(),
            names => Filters(self.0.iter().filter(|filter| !names.contains(&filter.name)).cloned().collect()),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the rows of a source must meet.
    pub(crate) fn of(&self, source: Source) -> Option<Arc<Node>> {
        let mapper = source.mapper.filter(|_| !source.derived)?;
        let about = self.0.iter().filter(|filter| filter.mapper.id == mapper.id);
        about.fold(None, |all, filter| {
            // Only the names in it are moved; what else the condition reads is read as it is.
            Some(Node::and(all, filter.condition.with_source(Source::of(mapper), source)))
        })
    }

    /// Adds the tables that the conditions on some tables read.
    pub(crate) fn tables(&self, tables: &mut Vec<&'static str>) {
        for filter in self.0.iter() {
            if tables.contains(&filter.mapper.table()) {
                filter.condition.tables(tables);
            }
        }
    }

    /// Narrows a query, and every query within it, to the rows that meet the filters. Gives whether
    /// that changed anything.
    pub(crate) fn narrow(&self, query: &mut Query) -> bool {
        if self.is_empty() {
            return false;
        }
        let mut narrowing = Narrowing { filters: self, changed: false };
        *query = narrowing.query(query);
        narrowing.changed
    }

    /// Narrows the queries within a condition.
    pub(crate) fn narrow_node(&self, node: &Arc<Node>) -> Arc<Node> {
        match self.is_empty() {
            true => node.clone(),
            false => Narrowing { filters: self, changed: false }.node(node),
        }
    }
}

struct Narrowing<'f> {
    filters: &'f Filters,
    changed: bool,
}

impl Narrowing<'_> {
    fn of(&mut self, source: Source) -> Option<Arc<Node>> {
        let condition = self.filters.of(source);
        self.changed |= condition.is_some();
        condition
    }
}

impl Rewrite for Narrowing<'_> {
    fn query(&mut self, query: &Query) -> Query {
        // Filters are not looked for within filters: a condition that reads its own model would
        // never end.
        let mut query = query.rebuilt(self);
        let keeps_unmatched = |kind: JoinKind| matches!(kind, JoinKind::Right | JoinKind::Full);
        let outer = query.joins.iter().any(|join| keeps_unmatched(join.kind));
        let mut conditions = Vec::new();
        // A selected model that is joined is read by the join.
        let joined: Vec<Source> = query.joins.iter().map(|join| join.from.source()).collect();
        for from in query.from.iter_mut().filter(|from| !joined.contains(&from.source())) {
            let Some(condition) = self.of(from.source()) else { continue };
            match outer {
                // A condition in WHERE would lose the rows that have no match on this side.
                true => *from = narrowed(from.source(), condition),
                false => conditions.push(condition),
            }
        }
        for join in &mut query.joins {
            let Some(condition) = self.of(join.from.source()) else { continue };
            match join.kind {
                JoinKind::Inner | JoinKind::Left if !outer => join.on = Some(Node::and(join.on.take(), condition)),
                JoinKind::Cross if !outer => conditions.push(condition),
                _ => join.from = narrowed(join.from.source(), condition),
            }
        }
        for condition in conditions {
            query.filter = Some(Node::and(query.filter.take(), condition));
        }
        query
    }

    fn related(&mut self, related: &Related) -> Related {
        let predicate = related.predicate.as_ref().map(|node| self.node(node));
        let predicate = match self.of(related.target) {
            Some(condition) => Some(Node::and(predicate, condition)),
            None => predicate,
        };
        Related { predicate, ..related.clone() }
    }
}

/// A table without the rows that do not meet a condition, under the name that the table had.
fn narrowed(source: Source, condition: Arc<Node>) -> From {
    let query = Query {
        outputs: vec![Output::Entity(source)],
        from: vec![From::Table(source)],
        filter: Some(condition),
        ..Query::default()
    };
    let derived = Derived { number: fresh_alias(), name: source.table, query, kind: DerivedKind::Subquery };
    From::Derived(Arc::new(derived), source)
}
