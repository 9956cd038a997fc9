//! Rules of one relationship.

use crate::ast::{CascadeWord, Lazy, Model, PassiveDeletes, Relationship, RelationshipKind, Secondary};
use crate::attr::At;
use crate::ctxt::Ctxt;
use crate::types::last_name;

use super::table::unknown_column;

/// How many relationships a model can have: an entity has a bit for each, set when it changed.
const MOST: usize = 64;

/// A model with more relationships than its entities can keep account of.
pub(super) fn check_number(cx: &Ctxt, model: &Model) {
    if let Some(first) = model.relationships.get(MOST) {
        let message = format!(
            "`{}` has {} relationships, and a model can have {MOST} at most: load some of them with queries of their own",
            model.ident,
            model.relationships.len()
        );
        cx.error(&first.field.ident, message);
    }
}

pub(super) fn check(cx: &Ctxt, model: &Model, relationship: &Relationship) {
    if relationship.kind == RelationshipKind::BelongsTo {
        key(cx, model, relationship);
    }
    key_words(cx, relationship);
    secondary(cx, model, relationship);
    single_parent(cx, relationship);
    collection_words(cx, relationship);
}

/// `author: BelongsTo<Author>` without an `author_id`, with one that is no foreign key, or with one
/// that is an `Option`
fn key(cx: &Ctxt, model: &Model, relationship: &Relationship) {
    if let Some(key) = &relationship.key {
        for field in key.value.iter().filter(|field| model.position(field).is_none()) {
            cx.error(field, unknown_column(model, field));
        }
    }
    match model.key_of(relationship) {
        Some(columns) => {
            is_foreign_key(cx, model, relationship, &columns);
            is_as_optional(cx, model, relationship, &columns);
        }
        None if relationship.key.is_none() => {
            let message = format!(
                "no foreign key field `{}` in `{}`: add it, or name it with `#[retro(key = field)]`",
                relationship.conventional_key(),
                model.ident
            );
            cx.error(&relationship.field.ident, message);
        }
        None => {}
    }
}

fn is_foreign_key(cx: &Ctxt, model: &Model, relationship: &Relationship, columns: &[usize]) {
    let target = target_name(relationship);
    let is_composite = model.foreign_keys.iter().any(|key| {
        let positions: Option<Vec<usize>> = key.columns.value.iter().map(|field| model.position(field)).collect();
        positions.as_deref() == Some(columns)
    });
    if is_composite {
        return;
    }
    match columns {
        [column] => {
            let field = &model.columns[*column].field;
            if model.columns[*column].foreign_key.is_none() {
                let message =
                    format!("`{}` is no foreign key: give it `#[retro(foreign_key = {target}::..)]`", field.name());
                cx.error(&relationship.field.ident, message);
            }
        }
        several => {
            let names: Vec<String> = several.iter().map(|&column| model.columns[column].field.name()).collect();
            let names = names.join(", ");
            let places = several.iter().map(|_| format!("{target}::..")).collect::<Vec<_>>().join(", ");
            let message = format!(
                "no foreign key over ({names}): give the struct \
                 `#[retro(foreign_key(columns = ({names}), references = ({places})))]`"
            );
            match &relationship.key {
                Some(key) => cx.error(&key.at, message),
                None => cx.error(&relationship.field.ident, message),
            }
        }
    }
}

fn is_as_optional(cx: &Ctxt, model: &Model, relationship: &Relationship, columns: &[usize]) {
    let target = target_name(relationship);
    let keys: Vec<_> = columns.iter().map(|&column| &model.columns[column]).collect();
    match keys.iter().find(|key| key.nullable) {
        Some(key) if !relationship.optional => {
            let message = format!("`{}` may be NULL: write `BelongsTo<Option<{target}>>`", key.field.name());
            cx.error(&relationship.field.ty, message);
        }
        None if relationship.optional => {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{}`", key.field.name())).collect();
            let message = format!(
                "its key is never NULL: write `BelongsTo<{target}>`, or make {} an `Option`",
                keys.join(" or ")
            );
            cx.error(&relationship.field.ty, message);
        }
        _ => {}
    }
}

/// `#[retro(key = ..)]` on a `HasMany`, `#[retro(foreign_key = ..)]` on a `BelongsTo`
fn key_words(cx: &Ctxt, relationship: &Relationship) {
    let (kind, target) = (relationship.kind, target_name(relationship));
    if let Some(key) = &relationship.key {
        let message = match kind {
            RelationshipKind::BelongsTo => return,
            RelationshipKind::ManyToMany => "the keys of a `ManyToMany` are in its `secondary` table".to_string(),
            _ => format!("the key of a `{kind:?}` is in the target: write `foreign_key = {target}::..`"),
        };
        cx.error(&key.at, message);
    }
    if let Some(key) = &relationship.foreign_key {
        let message = match kind {
            RelationshipKind::HasOne | RelationshipKind::HasMany => return,
            RelationshipKind::ManyToMany => "the keys of a `ManyToMany` are in its `secondary` table",
            RelationshipKind::BelongsTo => {
                "`foreign_key` goes on the key field; a `BelongsTo` names that: `key = field`"
            }
        };
        cx.error(&key.at, message);
    }
}

/// `#[retro(secondary = ..)]` on what is not a `ManyToMany`, or with columns that do not fit the key
fn secondary(cx: &Ctxt, model: &Model, relationship: &Relationship) {
    let Some(At { at, value }) = &relationship.secondary else { return };
    if relationship.kind != RelationshipKind::ManyToMany {
        let message = format!("a `{:?}` has no association table; make the field a `ManyToMany`", relationship.kind);
        return cx.error(at, message);
    }
    let (local, remote) = match value {
        Secondary::Table { local, remote, .. } => (local.len(), remote.len()),
        Secondary::Model { local, remote, .. } => (local.len(), remote.len()),
    };
    let key = model.primary_key().len();
    let is_table = matches!(value, Secondary::Table { .. });
    if is_table && is_self(model, relationship) && (local == 0 || remote == 0) {
        let message = "a model's relationship to itself names both columns: \
             `secondary(table = \"..\", local = \"..\", remote = \"..\")`";
        cx.error(at, message);
    } else if is_table && local != 0 && key != 0 && local != key {
        cx.error(at, format!("`local` names {local} columns, and the key of `{}` has {key}", model.ident));
    } else if is_table && is_self(model, relationship) && local != remote {
        cx.error(at, format!("`remote` names {remote} columns, and the key of `{}` has {key}", model.ident));
    }
}

/// `#[retro(cascade = "all, delete-orphan")]` where a target may have several parents
fn single_parent(cx: &Ctxt, relationship: &Relationship) {
    let Some(cascade) = &relationship.cascade else { return };
    if relationship.cascades(CascadeWord::DeleteOrphan)
        && !relationship.kind.has_key_in_target()
        && relationship.single_parent.is_none()
    {
        let message = format!(
            "`delete-orphan` on a `{:?}` needs `single_parent`: a target that others refer to is no orphan",
            relationship.kind
        );
        cx.error(&cascade.at, message);
    }
}

/// `#[retro(order_by = ..)]` on what is not a collection, and the like
fn collection_words(cx: &Ctxt, relationship: &Relationship) {
    let kind = relationship.kind;
    if !kind.is_collection() {
        if let Some(first) = relationship.order_by.first() {
            cx.error(&first.column, format!("a `{kind:?}` leads to one row, which has no order: leave `order_by` out"));
        }
        if let Some(lazy) = relationship.lazy.as_ref().filter(|lazy| lazy.value == Lazy::WriteOnly) {
            cx.error(&lazy.at, format!("only a collection can be `write_only`, not a `{kind:?}`"));
        }
    }
    if let Some(passive) = &relationship.passive_deletes
        && kind == RelationshipKind::BelongsTo
        && passive.value != PassiveDeletes::No
    {
        let message = "`passive_deletes` goes on the other side: it is about the rows that refer to a deleted one";
        cx.error(&passive.at, message);
    }
    if let Some(post_update) = &relationship.post_update
        && kind == RelationshipKind::ManyToMany
    {
        cx.error(post_update, "a `ManyToMany` has no foreign key column to update: leave `post_update` out");
    }
}

fn is_self(model: &Model, relationship: &Relationship) -> bool {
    matches!(last_name(&relationship.target), Some(name) if model.ident == name || name == "Self")
}

fn target_name(relationship: &Relationship) -> String {
    last_name(&relationship.target).unwrap_or_else(|| "Target".to_string())
}
