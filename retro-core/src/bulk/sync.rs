//! Bringing the entities of a session in line with what a statement has written.

use crate::error::{Error, ErrorKind, Result};
use crate::identity::{IdentityKey, Lifecycle, Store};
use crate::loading;
use crate::mapping::{Direction, Mapper, Relationship};
use crate::model::{EntityId, EntityRef, KeyValues};
use crate::sql::write::{Action, Write};
use crate::transaction::Transaction;

/// The entities whose rows a statement writes, as far as that matters to the session.
pub(super) struct Affected {
    mapper: &'static Mapper,
    ids: Vec<EntityId>,
    /// In which collections they were, of those over foreign keys that the statement sets.
    homes: Vec<Home>,
}

struct Home {
    child: EntityId,
    owner: &'static Mapper,
    relationship: &'static Relationship,
    at: Option<EntityId>,
}

/// An entity is found by its key, so a statement that sets keys cannot be followed.
pub(crate) fn check_keys(store: &Store, write: &Write) -> Result<()> {
    let mapper = write.mapper;
    if !write.sync || !write.written().iter().any(|column| mapper.key().contains(column)) {
        return Ok(());
    }
    let Some(&known) = rows(store, mapper).first() else { return Ok(()) };
    let message = format!(
        "the {} sets the primary key, by which the session tells its entities apart, and it has {}; expunge them first, change the key of the entity itself, or say `.without_sync()`",
        write.describe(),
        store.describe(known),
    );
    Err(Error::new(ErrorKind::InvalidState, message).with_model(mapper.name()).with_entity(store.describe(known)))
}

/// The entities of a model that are rows.
fn rows(store: &Store, mapper: &'static Mapper) -> Vec<EntityId> {
    let Some(set) = store.set(mapper.id) else { return Vec::new() };
    let is_row = |at: &EntityRef| set.instance(at.slot).lifecycle == Lifecycle::Persistent;
    set.entities().filter(is_row).map(|at| set.id(at)).collect()
}

impl Affected {
    /// All that the statement may write.
    pub(super) fn possible(store: &Store, write: &Write) -> Affected {
        let mapper = write.mapper;
        let written = write.written();
        let writes_rows = matches!(write.action, Action::Delete) || !written.is_empty();
        let ids = if write.sync && writes_rows { rows(store, mapper) } else { Vec::new() };
        let homes = match ids.is_empty() {
            true => Vec::new(),
            false => homes(store, mapper, &ids, &written),
        };
        Affected { mapper, ids, homes }
    }

    /// Leaves those that an UPDATE or DELETE will meet, as the database says.
    pub(super) async fn narrow(&mut self, store: &Store, transaction: &mut Transaction, write: &Write) -> Result<()> {
        if let (Some(filter), false) = (&write.filter, self.ids.is_empty()) {
            self.ids = loading::meeting(store, transaction, self.mapper, &self.ids, filter).await?;
        }
        Ok(())
    }

    /// Reads their rows anew.
    pub(super) async fn renew(self, store: &mut Store, transaction: &mut Transaction) -> Result<()> {
        loading::renew(store, transaction, self.mapper, &self.ids).await?;
        self.are_renewed(store);
        Ok(())
    }

    /// Their rows have been read anew: they show up in the collections that they belong to now.
    pub(super) fn are_renewed(self, store: &mut Store) {
        for Home { child, owner, relationship, at } in self.homes {
            let now = owner_of(store, child, owner, relationship);
            if now != at {
                store.moved(child, relationship, at, now);
            }
        }
    }

    /// Their rows are gone.
    pub(super) fn are_deleted(self, store: &mut Store) {
        for &id in &self.ids {
            store.deleted(id);
        }
        store.leave_collections(&self.ids);
    }

    /// The rows of these are gone.
    pub(super) fn deleted(self, store: &mut Store, found: Vec<EntityRef>) {
        let ids = found.into_iter().map(|at| EntityId { mapper: self.mapper.id, at }).collect();
        Affected { ids, ..self }.are_deleted(store);
    }
}

/// The collections over the columns that some entities are in.
fn homes(store: &Store, mapper: &Mapper, ids: &[EntityId], columns: &[u16]) -> Vec<Home> {
    let over = |relationship: &&'static Relationship| {
        relationship.direction == Direction::OneToMany
            && relationship.target().id == mapper.id
            && relationship.remote.iter().any(|column| columns.contains(column))
    };
    let mut homes = Vec::new();
    for owner in store.sets().map(|set| set.mapper) {
        for relationship in owner.relationships.iter().filter(over) {
            homes.extend(ids.iter().map(|&child| {
                let at = owner_of(store, child, owner, relationship);
                Home { child, owner, relationship, at }
            }));
        }
    }
    homes
}

/// Whose collection a row is in, if the session has the owner.
fn owner_of(store: &Store, child: EntityId, owner: &Mapper, relationship: &Relationship) -> Option<EntityId> {
    let set = store.of(child);
    let values: KeyValues<'_> =
        relationship.remote.iter().map(|&column| set.committed(child.at.slot, column)).collect();
    let key = IdentityKey::new(&values).filter(|_| *relationship.local == *owner.key())?;
    store.find(owner, &key).map(|at| EntityId { mapper: owner.id, at })
}
