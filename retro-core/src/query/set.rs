//! Queries put together: union, intersection and difference.

use super::{Item, Select};
use crate::sql::ast::{SetOp, Source};

impl<R> Select<R> {
    /// The rows of both queries, each once. Both must select the same types. What comes after it
    /// (order, limit) is of the whole, and the order can only name what the first query selects.
    ///
    /// ```
    /// use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "products")]
    /// # struct Product { #[retro(primary_key)] id: i32, name: String }
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "makers")]
    /// # struct Maker { #[retro(primary_key)] id: i32, name: String }
    /// let names: Select<String> = select(Product::name).union(select(Maker::name)).order_by(Product::name);
    /// ```
    pub fn union(self, other: Select<R>) -> Self {
        self.put_together(SetOp::Union, other)
    }

    /// The rows of both queries, also those that both find.
    pub fn union_all(self, other: Select<R>) -> Self {
        self.put_together(SetOp::UnionAll, other)
    }

    /// The rows that both queries find.
    pub fn intersect(self, other: Select<R>) -> Self {
        self.put_together(SetOp::Intersect, other)
    }

    /// The rows that this query finds and the other does not.
    pub fn except(self, other: Select<R>) -> Self {
        self.put_together(SetOp::Except, other)
    }

    fn put_together(mut self, op: SetOp, other: Select<R>) -> Self {
        let query = &mut self.request.query;
        // An intersection would bind closer than a union before it, so each step is a whole.
        let binds_closer = op == SetOp::Intersect && query.compound.iter().any(|(before, _)| *before != op);
        if query.is_limited() || !query.order_by.is_empty() || binds_closer {
            query.object(
                "an ordered, limited or mixed query cannot be the first part of a union; \
                 put the parts together in another order, or make it a `.subquery(\"name\")` and select its columns",
            );
        }
        if !is_alike(&self.request.items, &other.request.items) {
            query.object(
                "the parts of a union must select the same types, before anything is mapped; map the whole after it is put together",
            );
        }
        let mut part = other.request.query;
        part.keep_within_depth();
        query.compound.push((op, part));
        self.request.loads.extend(other.request.loads);
        self
    }
}

/// Whether two queries select the same, whatever is made of it.
fn is_alike(left: &[Item], right: &[Item]) -> bool {
    let model = |source: &Source| source.mapper.map(|mapper| mapper.id);
    left.len() == right.len()
        && left.iter().zip(right).all(|items| match items {
            (Item::Value(a), Item::Value(b)) => a == b,
            (Item::Entity { source: a, .. }, Item::Entity { source: b, .. }) | (Item::Owned(a), Item::Owned(b)) => {
                model(a) == model(b)
            }
            _ => false,
        })
}
