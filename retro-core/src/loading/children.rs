//! The statement that loads a relationship: rows of the target, each naming its owner.

use std::sync::Arc;

use super::cache::Shape;
use super::hydrate;
use super::joined::{Prepared, order};
use super::plan::{Plan, Step};
use crate::engine::Row;
use crate::error::Result;
use crate::identity::{IdentityKey, RowRef, Subset};
use crate::mapping::{Mapper, MapperId, Relationship};
use crate::model::KeyValues;
use crate::query::association;
use crate::sql::ast::{ColumnRef, DerivedKind, From, Join, JoinKind, Output, Query, Source};
use crate::sql::node::{BinaryOp, Node, Over, Term, Window};
use crate::sql::{KeyForm, KeyList};
use crate::value::SqlType;

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
        let remote = target.columns(mapper, &relationship.remote);
        let naming = match association(relationship, 0) {
            None => remote,
            Some(association) => {
                let on = Node::columns_equal(&association.remote, &remote).unwrap_or(Node::Integer(1));
                query.joins.push(Join::table(JoinKind::Inner, association.source, on));
                let outputs = association.local.iter().zip(OWNER);
                query.outputs.extend(outputs.map(|(column, label)| output(column.node(), Some(label))));
                association.local
            }
        };
        query.restrict(restriction.on(naming.clone()));
        query.order_by = order(relationship, target);
        let names = query.outputs.len();
        let target = match &step.subset {
            None => target,
            Some(subset) => narrow(&mut query, target, &naming, subset),
        };
        let mut prepared = Prepared::bare(query, false);
        prepared.skip(names);
        let shape = (owner.id, Some(relationship.index));
        let mut children = Children::finish(prepared, target, mapper, &step.then, restriction, shape);
        if step.subset.is_some() {
            children.list = None;
        }
        children
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
    pub(super) fn shape(&self, dialect: crate::dialect::Dialect, list: KeyForm) -> Shape {
        Shape { dialect, mapper: self.mapper, relationship: self.relationship, list }
    }
}

/// Leaves the wanted part of the related rows. Gives the source that has them.
fn narrow(query: &mut Query, target: Source, naming: &[ColumnRef], subset: &Subset) -> Source {
    if let Some(filter) = &subset.filter {
        query.restrict(filter.clone());
    }
    if !subset.order_by.is_empty() {
        query.order_by.clone_from(&subset.order_by);
    }
    let Some(limit) = subset.limit else { return target };
    let window = Window {
        partition_by: naming.iter().map(|column| Arc::new(column.node())).collect(),
        order_by: std::mem::take(&mut query.order_by),
        frame: None,
    };
    let place = Node::Over(Box::new(Over { function: Arc::new(Node::call("ROW_NUMBER", [])), window }));
    let names = query.outputs.len();
    query.outputs.extend([Output::Entity(target), output(place, Some(PLACE))]);
    let (numbered, source) = std::mem::take(query).derived("numbered", DerivedKind::Subquery);
    let column = |name| ColumnRef { source, name, sensitive: false };
    query.outputs = OWNER.iter().take(names).map(|name| output(column(name).node(), None)).collect();
    query.from = vec![From::Derived(numbered, source)];
    let place = Arc::new(column(PLACE).node());
    let last = Node::Integer(i64::try_from(limit).unwrap_or(i64::MAX));
    query.restrict(Arc::new(Node::Binary(place.clone(), BinaryOp::Le, Arc::new(last))));
    query.order_by = vec![Term { node: place, sql_type: SqlType::I64, descending: false, nulls_first: None }];
    Source { mapper: target.mapper, ..source }
}

fn output(node: Node, label: Option<&'static str>) -> Output {
    Output::Node { node: Arc::new(node), label }
}

/// Names of the columns of an association table that name the owner, so that they are not mistaken
/// for columns of the target.
const OWNER: [&str; 8] = ["owner_1", "owner_2", "owner_3", "owner_4", "owner_5", "owner_6", "owner_7", "owner_8"];
/// The name of a row's place among those of its owner.
const PLACE: &str = "retro_place";

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
