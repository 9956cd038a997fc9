//! The state of one entity.

use std::sync::Arc;

use super::{Cohort, Collection};
use crate::model::EntityRef;
use crate::value::Value;

/// Where an entity stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Lifecycle {
    /// Added, not yet in the database.
    Pending,
    /// In the database, as far as the session knows.
    Persistent,
    /// Deleted by a flush whose transaction is still open.
    Deleted,
    /// Out of the unit of work, still owned by the session: added by a transaction that was rolled
    /// back, or a pending orphan.
    Detached,
}

/// The bookkeeping of one entity, beside its struct and its links.
#[derive(Debug, Clone)]
pub(crate) struct Instance {
    pub(crate) lifecycle: Lifecycle,
    pub(crate) flags: Flags,
    /// Which entities came with it in one result: they are loaded together.
    pub(crate) cohort: Option<Arc<Cohort>>,
    /// The transaction or savepoint in which it was added.
    pub(crate) born_in: u32,
    /// The transaction or savepoint in which its values were last saved for a rollback.
    pub(crate) saved_in: u32,
    /// Its relationships that changed since the last flush, a bit for each.
    pub(crate) changed_links: u64,
    /// Its columns as the database has them, taken before the first change since the last flush.
    pub(crate) committed: Option<Arc<[Value<'static>]>>,
}

/// Yes-or-no facts of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Flags {
    /// Its fields may have been assigned since the session last looked.
    pub(crate) unsettled: bool,
    /// It will be deleted by the next flush.
    pub(crate) marked: bool,
    /// Its values may be out of date; the next query that meets it reads them anew.
    pub(crate) expired: bool,
}

impl Instance {
    pub(crate) fn new(lifecycle: Lifecycle) -> Self {
        Instance {
            lifecycle,
            flags: Flags::default(),
            cohort: None,
            born_in: 0,
            saved_in: 0,
            changed_links: 0,
            committed: None,
        }
    }
}

/// What the session knows of one relationship of one entity.
#[derive(Debug, Clone, Default)]
pub(crate) enum LinkState {
    /// Not loaded, and nothing queued.
    #[default]
    Unloaded,
    /// A relationship to one, loaded.
    One(Option<EntityRef>),
    /// A collection that is loaded and empty; the commonest kind needs no allocation.
    Empty,
    /// A collection: loaded, or only what was added and removed.
    Many(Box<Collection>),
}
