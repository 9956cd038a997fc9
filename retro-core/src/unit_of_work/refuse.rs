//! What a flush refuses before it sends anything, because no database could do it.

use crate::error::{Error, ErrorKind};
use crate::identity::Store;
use crate::mapping::Relationship;
use crate::model::EntityId;

/// A child whose foreign key takes no `NULL` loses its parent: because that is deleted, or because it was
/// set to none.
#[cold]
pub(super) fn needs_parent(
    store: &Store,
    child: EntityId,
    relationship: &Relationship,
    columns: &[u16],
    parent: Option<EntityId>,
) -> Error {
    let mapper = store.mapper(child);
    let fields: Vec<&str> = columns.iter().map(|&c| mapper.column(c).field).collect();
    let child_name = store.describe(child);
    let message = match parent {
        Some(parent) => format!(
            "{} is deleted, but {child_name} needs its parent: {}::{} takes no NULL; delete the {} too, give `{}` \
             the cascade \"all, delete-orphan\", or let the database do it with passive_deletes",
            store.describe(parent),
            mapper.name(),
            fields.join(", "),
            mapper.name(),
            relationship.name(),
        ),
        None => format!(
            "{child_name} needs its parent: {}::{} takes no NULL, and `{}` was set to none; delete it, or give it \
             another parent before the flush",
            mapper.name(),
            fields.join(", "),
            relationship.name(),
        ),
    };
    Error::new(ErrorKind::NotNullViolation, message)
        .with_model(mapper.name())
        .with_columns(columns.iter().map(|&c| mapper.column(c).field))
        .with_entity(child_name)
}

/// A row is linked to one that is not, and will not be.
#[cold]
pub(super) fn outside(store: &Store, child: EntityId, relationship: &Relationship, parent: EntityId) -> Error {
    let mapper = store.mapper(child);
    let message = format!(
        "{} is linked by {}::{} to {}, which is no longer part of the unit of work; add it again or link another",
        store.describe(child),
        mapper.name(),
        relationship.name(),
        store.describe(parent),
    );
    Error::new(ErrorKind::InvalidState, message).with_model(mapper.name()).with_columns([relationship.name()])
}

/// A row that no UPDATE could name.
#[cold]
pub(super) fn key_with_null(store: &Store, id: EntityId) -> Error {
    let name = store.mapper(id).name();
    Error::new(ErrorKind::InvalidState, format!("a {name} whose primary key holds NULL cannot be updated"))
        .with_model(name)
}
