//! [`Work`]: what a flush has to write, as plain data, before it is put into order.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::identity::{IdentityKey, Lifecycle, Store};
use crate::mapping::Secondary;
use crate::model::{EntityId, KeyValues};
use crate::value::Value;

/// Everything that the next flush will write.
#[derive(Debug, Default)]
pub(crate) struct Work {
    /// New rows, in the order of `add`.
    pub(crate) inserts: Vec<RowChange>,
    /// Changed rows.
    pub(crate) updates: Vec<RowChange>,
    /// Foreign keys that are written by an UPDATE of their own, after the rows on both sides.
    pub(crate) post_updates: Vec<RowChange>,
    /// The same for rows that are about to be deleted: set `NULL` before.
    pub(crate) pre_deletes: Vec<RowChange>,
    /// Rows to delete.
    pub(crate) deletes: Vec<Doomed>,
    /// Association rows.
    pub(crate) associations: Vec<AssociationChange>,
    /// Children whose parent is deleted and whose foreign key is set `NULL` for it: child and its
    /// relationship to the parent. Memory follows when the flush is done.
    pub(crate) nulled: Vec<(EntityId, u16)>,
}

/// A row to insert or update.
#[derive(Debug)]
pub(crate) struct RowChange {
    pub(crate) id: EntityId,
    /// The columns that are written.
    pub(crate) columns: Vec<u16>,
    /// Columns whose value comes from elsewhere than the struct: copied into it right before.
    pub(crate) sources: ColumnSources,
    /// The entity whose row this one takes over: deleted and added again with the same key.
    pub(crate) replaces: Option<EntityId>,
}

/// A row to delete.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Doomed {
    pub(crate) id: EntityId,
    pub(crate) why: Why,
}

/// Why a row is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// `session.delete`.
    Asked,
    /// The delete of this entity cascades to it.
    Cascade(EntityId),
    /// It lost the parent without which it may not be.
    Orphan,
}

/// Where the value of a column comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A column of another entity, whose key may not be known before it is inserted.
    Of(EntityId, u16),
    Null,
    /// The column's on-update value.
    OnUpdate,
}

impl Source {
    /// The entity whose column it is.
    pub(crate) fn parent(&self) -> Option<EntityId> {
        match self {
            Source::Of(parent, _) => Some(*parent),
            Source::Null | Source::OnUpdate => None,
        }
    }
}

/// Rows of one association table to write.
#[derive(Debug)]
pub(crate) struct AssociationChange {
    pub(crate) secondary: &'static Secondary,
    /// The columns of the two models that the association table's columns refer to.
    pub(crate) local: &'static [u16],
    pub(crate) remote: &'static [u16],
    pub(crate) kind: AssociationKind,
    /// Pairs of entities; for `Clear` only the first of each counts.
    pub(crate) pairs: Vec<(EntityId, EntityId)>,
}

/// What happens to association rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum AssociationKind {
    /// These pairs are removed; each must be there.
    Remove,
    /// All rows of these entities are removed, because the entities are deleted.
    Clear,
    /// These pairs are added.
    Add,
}

impl Work {
    pub(crate) fn is_empty(&self) -> bool {
        self.inserts.is_empty()
            && self.updates.is_empty()
            && self.post_updates.is_empty()
            && self.pre_deletes.is_empty()
            && self.deletes.is_empty()
            && self.associations.is_empty()
    }
}

/// Columns of a row and where their values come from.
pub(crate) type ColumnSources = SmallVec<[(u16, Source); 2]>;

/// The sources of the columns of each child.
pub(crate) type Sources = FxHashMap<EntityId, ColumnSources>;

/// The values that some columns of a row will have, as a key, where all of them are known before the
/// flush and none is `NULL`.
pub(crate) fn future_key(
    store: &Store,
    id: EntityId,
    sources: &[(u16, Source)],
    columns: &[u16],
) -> Option<IdentityKey> {
    let mut values = KeyValues::new();
    for &column in columns {
        let (id, column) = match sources.iter().find(|(c, _)| *c == column) {
            None => (id, column),
            Some((_, Source::Of(parent, of))) => (*parent, *of),
            Some((_, Source::Null | Source::OnUpdate)) => return None,
        };
        let generated = store.mapper(id).generated_key == Some(column);
        let value = store.value(id, column);
        if generated && value == Value::Int(0) && store.lifecycle(id) == Lifecycle::Pending {
            return None;
        }
        values.push(value);
    }
    IdentityKey::new(&values)
}
