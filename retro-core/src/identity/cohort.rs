//! [`Cohort`]: the entities that came with one result.

use std::sync::Arc;

use crate::model::{EntityRef, Lazy};
use crate::sql::node::{Node, Term};

/// The entities of one model that came with one result, and how the query wanted their
/// relationships to be loaded. Loading a relationship of one of them loads it for all.
#[derive(Debug)]
pub(crate) struct Cohort {
    pub(crate) members: Box<[EntityRef]>,
    /// What the query said of relationships that it did not load itself.
    pub(crate) loads: Box<[Load]>,
}

/// How a query wants one relationship to be loaded, and what is to be loaded from there on.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    pub(crate) relationship: u16,
    pub(crate) lazy: Lazy,
    /// Which of the related rows are wanted, if not all.
    pub(crate) subset: Option<Arc<Subset>>,
    pub(crate) then: Vec<Load>,
}

/// A part of what a relationship leads to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subset {
    /// About the target's own source.
    pub(crate) filter: Option<Arc<Node>>,
    /// In place of the order of the relationship.
    pub(crate) order_by: Vec<Term>,
    /// How many of each owner's.
    pub(crate) limit: Option<u64>,
}

impl Cohort {
    pub(crate) fn load(&self, relationship: u16) -> Option<&Load> {
        self.loads.iter().find(|load| load.relationship == relationship)
    }
}
