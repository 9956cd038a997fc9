//! Rows become entities: one row, one entity.

use super::joined::Site;
use crate::engine::Row;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::{IdentityKey, Known, Lifecycle, LinkState, RowRef, Store, Undo};
use crate::mapping::{Direction, Mapper};
use crate::model::{ColumnDef, EntityId, EntityRef, KeyValues};
use crate::value::{Value, ValueError};

/// From so many rows on room is made for all of them at once.
const MANY: usize = 32;

/// What becomes of the values of an entity that the session has, when its row is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Met {
    /// They stay, unless the entity is expired.
    Keep,
    /// They are read anew; what was changed and not flushed stays.
    Renew,
    /// They are read anew, and changes are discarded.
    Overwrite,
}

/// The entities of a site, row by row; `None` where the row has none. A new one is decoded straight
/// into its place.
pub(super) fn hydrate(store: &mut Store, site: &Site, rows: &[Row], met: Met) -> Result<Vec<Option<EntityRef>>> {
    let set = store.set_of(site.mapper);
    // Entities that were joined to others are often few, and the same ones in many rows.
    if site.owner.is_none() && rows.len() >= MANY {
        set.reserve(rows.len());
    }
    let mut found = Vec::with_capacity(rows.len());
    let mut stale: Vec<(EntityRef, usize)> = Vec::new();
    let mut fresh: Vec<EntityRef> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let Some(key) = key(site.mapper, row, site.offset, site.mapper.key())? else {
            found.push(None);
            continue;
        };
        if let Some(at) = set.identity.get(&key).and_then(|slot| set.at(slot)) {
            if met != Met::Keep || set.instance(at.slot).flags.expired {
                stale.push((at, index));
            }
            found.push(Some(at));
            continue;
        }
        let at = set.allocate(Lifecycle::Persistent);
        if let Err(error) = set.rows.read(at.slot, &RowRef { row, offset: site.offset }) {
            set.release(at.slot);
            return Err(error);
        }
        set.identity.insert(key, at.slot);
        fresh.push(at);
        found.push(Some(at));
    }
    note_loaded(store, site.mapper, fresh);
    for (at, index) in stale {
        let id = EntityId { mapper: site.mapper.id, at };
        refresh(store, id, &RowRef { row: &rows[index], offset: site.offset }, met)?;
    }
    Ok(found)
}

/// What was read after the transaction has written may be undone with it.
fn note_loaded(store: &mut Store, mapper: &Mapper, loaded: Vec<EntityRef>) {
    if store.journal.wrote {
        for at in loaded {
            store.journal.push(Undo::RowLoaded(EntityId { mapper: mapper.id, at }));
        }
    }
}

/// Some columns of a row as a key; `None` if any of them is `NULL`.
pub(super) fn key(mapper: &Mapper, row: &Row, offset: usize, columns: &[u16]) -> Result<Option<IdentityKey>> {
    let mut values = KeyValues::new();
    for &column in columns {
        let definition = mapper.column(column);
        let value = row.get(offset + usize::from(column), definition.sql_type);
        values.push(value.map_err(|cause| unreadable(mapper, definition, cause))?);
    }
    Ok(IdentityKey::new(&values))
}

#[cold]
pub(super) fn unreadable(mapper: &Mapper, column: &ColumnDef, cause: ValueError) -> Error {
    let message = format!("{}::{} cannot be read: {cause}", mapper.name(), column.field);
    Error::new(ErrorKind::Conversion, message).with_model(mapper.name()).with_columns([column.field]).with_source(cause)
}

/// Reads an entity anew. Unless it is overwritten, what was changed in it and not flushed stays.
fn refresh(store: &mut Store, id: EntityId, row: &RowRef<'_>, met: Met) -> Result<()> {
    let slot = id.at.slot;
    let expired = store.instance(id).flags.expired;
    if met == Met::Keep && !expired {
        return Ok(());
    }
    if met == Met::Renew {
        store.note_values(id);
    }
    let set = store.of_mut(id);
    let changed = set.instance(slot).committed.clone().filter(|_| met != Met::Overwrite);
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
    // What a rollback takes back to values that were good is good.
    if met != Met::Renew || expired {
        note_loaded(store, store.mapper(id), vec![id.at]);
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
