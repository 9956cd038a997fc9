//! [`Cohort`]: the entities that came with one result.

use crate::model::{EntityRef, Lazy};

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
    pub(crate) then: Vec<Load>,
}

impl Cohort {
    pub(crate) fn load(&self, relationship: u16) -> Option<&Load> {
        self.loads.iter().find(|load| load.relationship == relationship)
    }
}
