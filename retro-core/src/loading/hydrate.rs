//! Rows become entities: one row, one entity.

use super::joined::Site;
use crate::engine::Row;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::{EntitySet, IdentityKey, Known, Lifecycle, LinkState, RowRef, Store, Undo};
use crate::mapping::{Direction, Mapper};
use crate::model::{ColumnDef, EntityId, EntityRef, KeyValues};
use crate::value::{Value, ValueError};

/// From so many rows on room is made for all of them at once.
const MANY: usize = 32;

/// Which entities that the session has already are read anew when their row comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Renew {
    /// Those that are expired.
    Expired,
    /// All. What was changed in them and not flushed stays.
    All,
    /// All, and their changes are discarded.
    Overwrite,
}

/// The entities of a site, row by row; `None` where the row has none. A new one is decoded straight
/// into its place, and named in `fresh`.
pub(super) fn hydrate(
    store: &mut Store,
    site: &Site,
    rows: &[Row],
    renew: Renew,
    fresh: &mut Vec<EntityId>,
) -> Result<Vec<Option<EntityRef>>> {
    let set = store.set_of(site.mapper);
    // Entities that were joined to others are often few, and the same ones in many rows.
    if site.owner.is_none() && rows.len() >= MANY {
        set.reserve(rows.len());
    }
    let mut found = Vec::with_capacity(rows.len());
    let mut stale: Vec<(EntityId, RowRef<'_>)> = Vec::new();
    let mut unread = None;
    let first = fresh.len();
    for row in rows {
        let row = RowRef { row, columns: &site.columns };
        match meet(set, row) {
            Ok(Met::Nobody) => found.push(None),
            Ok(Met::Known(at)) => {
                if renew != Renew::Expired || set.instance(at.slot).flags.expired {
                    stale.push((set.id(at), row));
                }
                found.push(Some(at));
            }
            Ok(Met::New(at)) => {
                fresh.push(set.id(at));
                found.push(Some(at));
            }
            Err(error) => {
                unread = Some(error);
                break;
            }
        }
    }
    // Also of those before a row that cannot be read: they are in the session.
    note_loaded(store, &fresh[first..]);
    if let Some(error) = unread {
        return Err(error);
    }
    for (id, row) in stale {
        refresh(store, id, &row, renew)?;
    }
    Ok(found)
}

/// Whom a row is about.
enum Met {
    Nobody,
    Known(EntityRef),
    New(EntityRef),
}

fn meet(set: &mut EntitySet, row: RowRef<'_>) -> Result<Met> {
    let Some(key) = key(set.mapper, row, set.mapper.key())? else { return Ok(Met::Nobody) };
    if let Some(at) = set.identity.get(&key).and_then(|slot| set.at(slot)) {
        return Ok(Met::Known(at));
    }
    let at = set.allocate(Lifecycle::Persistent);
    if let Err(error) = set.rows.read(at.slot, &row) {
        set.release(at.slot);
        return Err(error);
    }
    set.identity.insert(key, at.slot);
    Ok(Met::New(at))
}

/// What was read after the transaction has written may be undone with it.
fn note_loaded(store: &mut Store, loaded: &[EntityId]) {
    if store.journal.wrote {
        for &id in loaded {
            store.journal.push(Undo::RowLoaded(id));
        }
    }
}

/// Some columns of a row as a key; `None` if any of them is `NULL`.
pub(super) fn key(mapper: &Mapper, row: RowRef<'_>, columns: &[u16]) -> Result<Option<IdentityKey>> {
    let value = |column: u16| {
        let definition = mapper.column(column);
        let value = row.row.get(row.columns.place(usize::from(column)), definition.sql_type);
        value.map_err(|cause| unreadable(mapper, definition, cause))
    };
    if let [column] = *columns {
        return Ok(IdentityKey::new(&[value(column)?]));
    }
    let values = columns.iter().map(|&column| value(column)).collect::<Result<KeyValues<'_>>>()?;
    Ok(IdentityKey::new(&values))
}

#[cold]
pub(super) fn unreadable(mapper: &Mapper, column: &ColumnDef, cause: ValueError) -> Error {
    let message = format!("{}::{} cannot be read: {cause}", mapper.name(), column.field);
    Error::new(ErrorKind::Conversion, message).with_model(mapper.name()).with_columns([column.field]).with_source(cause)
}

/// Reads an entity anew. Unless it is overwritten, what was changed in it and not flushed stays.
fn refresh(store: &mut Store, id: EntityId, row: &RowRef<'_>, renew: Renew) -> Result<()> {
    let slot = id.at.slot;
    let expired = store.instance(id).flags.expired;
    if renew == Renew::Expired && !expired {
        return Ok(());
    }
    if renew == Renew::All {
        store.note_values(id);
    }
    let set = store.of_mut(id);
    let changed = set.instance(slot).committed.clone().filter(|_| renew != Renew::Overwrite);
    let kept: Vec<(u16, Value<'static>)> = changed
        .iter()
        .flat_map(|old| {
            let columns = set.mapper.all_columns.iter();
            columns
                .map(|&column| (column, set.rows.value(slot, column)))
                .filter(|(c, value)| old[usize::from(*c)] != *value)
        })
        .map(|(column, value)| (column, value.into_owned()))
        .collect();
    set.rows.read(slot, row)?;
    if changed.is_some() {
        let mut values = Vec::with_capacity(set.mapper.all_columns.len());
        set.rows.values(slot, &set.mapper.all_columns, &mut values);
        let stored = values.into_iter().map(Value::into_owned).collect();
        set.instance_mut(slot).committed = Some(stored);
        for (column, value) in kept {
            // The value was read from this very field, so its type takes it back.
            let _ = set.rows.set_value(slot, column, value);
        }
    } else {
        set.instance_mut(slot).committed = None;
    }
    set.instance_mut(slot).flags.expired = false;
    // A rollback takes those of which the values were noted back to good ones.
    if renew != Renew::All || expired {
        note_loaded(store, &[id]);
    }
    follow_foreign_keys(store, id);
    Ok(())
}

/// Links to one that the new values contradict are no longer loaded.
fn follow_foreign_keys(store: &mut Store, id: EntityId) {
    for relationship in &store.mapper(id).relationships {
        if relationship.direction != Direction::ManyToOne || store.is_relinked(id, relationship.index) {
            continue;
        }
        if let LinkState::One(parent) = *store.link(id, relationship.index)
            && store.parent_by_key(id, relationship) != Known::Is(parent)
        {
            *store.link_mut(id, relationship.index) = LinkState::Unloaded;
        }
    }
}
