//! Conditions on relationships: what a related row must be like.

use std::sync::Arc;

use super::{Expr, IntoExpr, Select, select};
use crate::mapping::Relationship;
use crate::model::{Entity, EntityId, Many, Mapped, Maybe, Model, One, Rel, Root};
use crate::sql::ast::{ColumnRef, Join, JoinKind, Query, Source};
use crate::sql::node::{Association, BinaryOp, Junction, Node, Related};

/// Conditions on a relationship to one.
macro_rules! to_one {
    ($kind:ty) => {
        impl<M: Model, U: Model> Rel<M, U, $kind> {
            /// Whether the related row is there and meets a condition. Sent as EXISTS, so it needs
            /// no join.
            pub fn has(self, condition: impl IntoExpr<bool>) -> Expr<bool> {
                related(self, Some(condition.into_node().0))
            }

            /// Whether the related row is this entity. Its key is taken when the query is sent,
            /// after the autoflush: the entity may still be pending now.
            pub fn eq(self, entity: Entity<U>) -> Expr<bool> {
                Expr::new(names(self, entity))
            }

            /// Whether the related row is another one than this entity, or none.
            pub fn ne(self, entity: Entity<U>) -> Expr<bool> {
                !Expr::new(names(self, entity)) | absent(self)
            }
        }
    };
}
to_one!(One);
to_one!(Maybe);

impl<M: Model, U: Model> Rel<M, U, Maybe> {
    /// Whether there is no related row.
    pub fn is_none(self) -> Expr<bool> {
        absent(self)
    }
}

impl<M: Model, U: Model> Rel<M, U, Many> {
    /// Whether any member of the collection meets a condition. Sent as EXISTS, so it needs no join.
    pub fn any(self, condition: impl IntoExpr<bool>) -> Expr<bool> {
        related(self, Some(condition.into_node().0))
    }

    /// Whether the collection has no member.
    pub fn is_empty(self) -> Expr<bool> {
        !related(self, None)
    }

    /// Whether the collection has this entity as a member. Its key is taken when the query is sent,
    /// after the autoflush: the entity may still be pending now.
    pub fn contains(self, entity: Entity<U>) -> Expr<bool> {
        let mapper = U::mapper();
        let key = Source::of(mapper).columns(mapper, mapper.key());
        let same = equals_entity(&key, mapper.table(), entity, mapper.key());
        related(self, same.map(Arc::new))
    }
}

fn relationship<M: Mapped, U, K>(rel: Rel<M, U, K>) -> &'static Relationship {
    M::mapper().relationship(rel.index())
}

fn related<M: Model, U: Model, K>(rel: Rel<M, U, K>, predicate: Option<Arc<Node>>) -> Expr<bool> {
    let relationship = relationship(rel);
    let (outer, target) = (Source::of(M::mapper()), Source::of(U::mapper()));
    Expr::new(Node::Related(Arc::new(Related {
        outer,
        target,
        local: outer.columns(M::mapper(), &relationship.local),
        remote: target.columns(U::mapper(), &relationship.remote),
        secondary: association(relationship, 0),
        predicate,
    })))
}

/// The related row is this entity: the foreign key names it, where this side holds the foreign key.
fn names<M: Model, U: Model, K>(rel: Rel<M, U, K>, entity: Entity<U>) -> Node {
    let relationship = relationship(rel);
    let local = Source::of(M::mapper()).columns(M::mapper(), &relationship.local);
    equals_entity(&local, U::mapper().table(), entity, &relationship.remote).unwrap_or(Node::Integer(0))
}

fn absent<M: Model, U: Model, K>(rel: Rel<M, U, K>) -> Expr<bool> {
    let relationship = relationship(rel);
    if relationship.direction != crate::mapping::Direction::ManyToOne {
        return !related(rel, None);
    }
    let local = Source::of(M::mapper()).columns(M::mapper(), &relationship.local);
    let nulls = local.into_iter().map(|column| Node::IsNull { node: Arc::new(column.node()), negated: false });
    Expr::new(Node::junction(Junction::Any, nulls).unwrap_or(Node::Integer(0)))
}

/// Columns equal those of an entity.
fn equals_entity<U: Model>(columns: &[ColumnRef], table: &'static str, entity: Entity<U>, of: &[u16]) -> Option<Node> {
    let id = EntityId { mapper: U::mapper().id, at: entity.at() };
    Node::all(columns.iter().zip(of).map(|(column, &of)| {
        let value = Node::OfEntity { table, session: entity.session, id, column: of };
        Node::binary(column.node(), BinaryOp::Eq, value)
    }))
}

/// What a relationship of an entity leads to, as a query.
pub(crate) fn members_of<M: Model, U: Model, K>(entity: Entity<M>, rel: Rel<M, U, K>) -> Select<Entity<U>> {
    let relationship = relationship(rel);
    let (mapper, target) = (U::mapper(), Source::of(U::mapper()));
    let mut query = select(Root::<U>::new());
    let remote = target.columns(mapper, &relationship.remote);
    let named = match association(relationship, 0) {
        None => remote,
        Some(association) => {
            let on = Node::columns_equal(&association.remote, &remote).unwrap_or(Node::Integer(1));
            query.request.query.joins.push(Join::table(JoinKind::Inner, association.source, on));
            association.local
        }
    };
    if let Some(is_owner) = equals_entity(&named, M::mapper().table(), entity, &relationship.local) {
        query.request.query.restrict(Arc::new(is_owner));
    }
    query.request.query.order_by = crate::loading::order(relationship, target);
    query
}

/// The association table of a many-to-many relationship.
pub(crate) fn association(relationship: &'static Relationship, alias: u32) -> Option<Association> {
    let secondary = relationship.secondary.as_ref()?;
    let source = Source::table(secondary.table).aliased(alias);
    let columns =
        |names: &'static [String]| names.iter().map(|name| ColumnRef { source, name, sensitive: false }).collect();
    Some(Association { source, local: columns(&secondary.local), remote: columns(&secondary.remote) })
}

/// Joins the target of a relationship, and the association table before it where there is one.
pub(crate) fn relate(
    query: &mut Query,
    kind: JoinKind,
    relationship: &'static Relationship,
    owner: Source,
    target: Source,
) {
    let columns =
        |side: Source, numbers: &[u16]| side.mapper.map_or_else(Vec::new, |mapper| side.columns(mapper, numbers));
    let (local, remote) = (columns(owner, &relationship.local), columns(target, &relationship.remote));
    let mut join = |source: Source, left: &[ColumnRef], right: &[ColumnRef]| {
        let on = Node::columns_equal(left, right).unwrap_or(Node::Integer(1));
        query.joins.push(Join::table(kind, source, on));
    };
    match association(relationship, target.alias) {
        None => join(target, &local, &remote),
        Some(association) => {
            join(association.source, &local, &association.local);
            join(target, &association.remote, &remote);
            query.joins.last_mut().into_iter().for_each(|join| join.bridged = true);
        }
    }
}
