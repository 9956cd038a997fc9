//! The statement that loads a relationship: rows of the target, each naming its owner.

use std::sync::Arc;

use super::cache::Shape;
use super::hydrate;
use super::joined::{Prepared, order};
use super::plan::{Plan, Step};
use crate::engine::Row;
use crate::error::Result;
use crate::identity::{IdentityKey, RowRef};
use crate::mapping::{Mapper, MapperId, Relationship};
use crate::model::KeyValues;
use crate::query::association;
use crate::sql::KeyList;
use crate::sql::ast::{ColumnRef, Join, JoinKind, Output, Query, Source};
use crate::sql::node::Node;

/// Which rows a loader wants: those of a list of keys, or those of the owners that a query finds.
#[derive(Debug, Clone)]
pub(super) enum Restriction {
    Keys(Arc<KeyList>),
    Query(Arc<Query>),
}

/// A loader's query, and under which shape its text may be kept.
#[derive(Debug)]
pub(super) struct Children {
    pub(super) prepared: Prepared,
    /// The list, if the list is all that the text depends on.
    pub(super) list: Option<Arc<KeyList>>,
    mapper: MapperId,
    relationship: Option<u16>,
}

impl Restriction {
    fn on(&self, columns: Vec<ColumnRef>) -> Arc<Node> {
        Arc::new(match self {
            Restriction::Keys(keys) => Node::InKeys { columns, keys: keys.clone() },
            Restriction::Query(query) => Node::InQuery { node: Node::row(&columns), query: query.clone() },
        })
    }
}

impl Children {
    /// The rows that a relationship of some owners leads to, and everything that is joined to them.
    pub(super) fn of(owner: &'static Mapper, step: &Step, restriction: &Restriction) -> Children {
        let relationship = step.relationship;
        let mapper = relationship.target();
        let target = Source::of(mapper);
        let mut query = Query::default();
        query.read(target);
        let mut prepared = match association(relationship, 0) {
            None => {
                query.restrict(restriction.on(target.columns(mapper, &relationship.remote)));
                Prepared::bare(query, false)
            }
            Some(association) => {
                let remote = target.columns(mapper, &relationship.remote);
                let on = Node::columns_equal(&association.remote, &remote).unwrap_or(Node::Integer(1));
                query.joins.push(Join::table(JoinKind::Inner, association.source, on));
                let columns = association.local.len();
                for column in &association.local {
                    query.outputs.push(Output::Node { node: Arc::new(column.node()), label: None });
                }
                query.restrict(restriction.on(association.local));
                let mut prepared = Prepared::bare(query, false);
                prepared.skip(columns);
                prepared
            }
        };
        prepared.query.order_by = order(relationship, target);
        Children::finish(prepared, target, mapper, &step.then, restriction, (owner.id, Some(relationship.index)))
    }

    /// The entities that have these keys, and everything that is joined to them.
    pub(super) fn by_key(mapper: &'static Mapper, plan: &Plan, keys: Arc<KeyList>) -> Children {
        let target = Source::of(mapper);
        let mut query = Query::default();
        query.read(target);
        let restriction = Restriction::Keys(keys);
        query.restrict(restriction.on(target.columns(mapper, mapper.key())));
        Children::finish(Prepared::bare(query, false), target, mapper, plan, &restriction, (mapper.id, None))
    }

    fn finish(
        mut prepared: Prepared,
        target: Source,
        mapper: &'static Mapper,
        plan: &Plan,
        restriction: &Restriction,
        (owner, relationship): (MapperId, Option<u16>),
    ) -> Children {
        prepared.query.outputs.push(Output::Entity(target));
        prepared.add_site(mapper, target, false, plan.clone());
        prepared.expand();
        let list = match restriction {
            Restriction::Keys(keys) if prepared.sites.len() == 1 => Some(keys.clone()),
            _ => None,
        };
        Children { prepared, list, mapper: owner, relationship }
    }

    /// The shape that the text is kept under.
    pub(super) fn shape(&self, dialect: crate::dialect::Dialect, list: usize) -> Shape {
        Shape { dialect, mapper: self.mapper, relationship: self.relationship, list }
    }
}

/// The key by which a row names its owner.
pub(super) fn owner_key(
    owner: &'static Mapper,
    relationship: &Relationship,
    prepared: &Prepared,
    row: &Row,
) -> Result<Option<IdentityKey>> {
    if relationship.secondary.is_none() {
        let Some(site) = prepared.sites.first() else { return Ok(None) };
        return hydrate::key(relationship.target(), RowRef { row, columns: &site.columns }, &relationship.remote);
    }
    let mut values = KeyValues::new();
    for (place, &column) in relationship.local.iter().enumerate() {
        let definition = owner.column(column);
        let value = row.get(place, definition.sql_type);
        values.push(value.map_err(|cause| hydrate::unreadable(owner, definition, cause))?);
    }
    Ok(IdentityKey::new(&values))
}
