//! Rules of the whole struct: its key, its version, and what names several columns.

use proc_macro2::Ident;

use crate::ast::{CompositeForeignKey, ForeignKeyAction, Index, Model};
use crate::attr::At;
use crate::ctxt::Ctxt;
use crate::words::did_you_mean;

pub(super) fn check(cx: &Ctxt, model: &Model) {
    primary_key(cx, model);
    one_version(cx, model);
    column_names(cx, model);
    columns_struct(cx, model);
    for index in model.indexes.iter().chain(&model.uniques) {
        index_columns(cx, model, index);
    }
    for key in &model.foreign_keys {
        foreign_key(cx, model, key);
    }
    check_names(cx, model);
}

/// `struct Product { name: String }`: nothing tells one row from another.
fn primary_key(cx: &Ctxt, model: &Model) {
    // `PrimaryKey` is implemented for tuples of up to so many.
    const MOST: usize = 5;
    let key = model.primary_key();
    match key.get(MOST) {
        Some(&beyond) => {
            let message = format!("a primary key has at most {MOST} columns");
            cx.error(&model.columns[beyond].field.ident, message);
        }
        None if key.is_empty() && !model.is_broken => {
            let place = model.columns.iter().find(|column| column.field.name() == "id");
            let place = place.map_or(&model.ident, |column| &column.field.ident);
            cx.error(place, "a model has a primary key: add `#[retro(primary_key)]` to its field, or to several");
        }
        None => {}
    }
}

/// `#[retro(version)] a: i32, #[retro(version)] b: i32`
fn one_version(cx: &Ctxt, model: &Model) {
    for again in model.columns.iter().filter_map(|column| column.version.as_ref()).skip(1) {
        cx.error(again, "a model has one version column");
    }
}

/// `#[retro(column = "name")] title: String` beside `name: String`
fn column_names(cx: &Ctxt, model: &Model) {
    let names: Vec<String> = model.columns.iter().map(|column| column.name()).collect();
    for (i, column) in model.columns.iter().enumerate() {
        if let Some(first) = names[..i].iter().position(|name| name.eq_ignore_ascii_case(&names[i])) {
            let first = model.columns[first].field.name();
            cx.error(
                &column.field.ident,
                format!(
                    "the column `{}` belongs to the field `{first}` already; give one another `column = \"..\"`",
                    names[i]
                ),
            );
        }
    }
}

/// `struct Product` with `columns = Product`
fn columns_struct(cx: &Ctxt, model: &Model) {
    if let Some(columns) = model.columns_struct.as_ref().filter(|columns| **columns == model.ident) {
        cx.error(columns, format!("the name is taken: write `columns = {}Columns`", model.ident));
    }
}

/// `index(nam)`, `unique(name, name)`, `index(manufacturer)`
fn index_columns(cx: &Ctxt, model: &Model, index: &Index) {
    if index.columns.value.is_empty() {
        cx.error(&index.columns.at, "it names no fields");
    }
    known_columns(cx, model, &index.columns);
}

/// Reports fields that are no columns, or named twice. Gives the places of all, if they are known.
fn known_columns(cx: &Ctxt, model: &Model, columns: &At<Vec<Ident>>) -> Option<Vec<usize>> {
    let mut known = Vec::new();
    for (i, field) in columns.value.iter().enumerate() {
        if columns.value[..i].contains(field) {
            cx.error(field, format!("`{field}` is named twice"));
        }
        match model.position(field) {
            Some(position) => known.push(position),
            None => cx.error(field, unknown_column(model, field)),
        }
    }
    (known.len() == columns.value.len()).then_some(known)
}

/// Why a name is not that of a column, with what may have been meant.
pub(super) fn unknown_column(model: &Model, field: &Ident) -> String {
    if let Some(relationship) = model.relationships.iter().find(|relationship| relationship.field.ident == *field) {
        let key = model.key_of(relationship).unwrap_or_default();
        let keys: Vec<String> = key.iter().map(|&column| model.columns[column].field.name()).collect();
        let remedy = if keys.is_empty() { String::new() } else { format!("; name its key: `{}`", keys.join(", ")) };
        return format!("`{field}` is a relationship, not a column{remedy}");
    }
    let names: Vec<String> = model.columns.iter().map(|column| column.field.name()).collect();
    let meant = did_you_mean(&field.to_string(), names.iter().map(String::as_str));
    format!("`{}` has no column field `{field}`{meant}", model.ident)
}

/// `foreign_key(columns = (a, b), references = Parent::a)`
fn foreign_key(cx: &Ctxt, model: &Model, key: &CompositeForeignKey) {
    let (columns, references) = (key.columns.value.len(), key.references.len());
    if columns != references {
        cx.error(
            &key.columns.at,
            format!(
                "{columns} columns cannot refer to {references}: name as many `references` as `columns`, in one order"
            ),
        );
    }
    let Some(known) = known_columns(cx, model, &key.columns) else { return };
    for action in [&key.on_delete, &key.on_update].into_iter().flatten() {
        if action.value == ForeignKeyAction::SetNull
            && let Some(solid) = known.iter().map(|&i| &model.columns[i]).find(|column| !column.nullable)
        {
            let solid = &solid.field.ident;
            cx.error(&action.at, format!("the columns cannot be set NULL: make `{solid}` an `Option`"));
        }
    }
}

/// `check(positive, "a > 0"), check(positive, "b > 0")`
fn check_names(cx: &Ctxt, model: &Model) {
    for (i, check) in model.checks.iter().enumerate() {
        if model.checks[..i].iter().any(|first| first.name == check.name) {
            cx.error(&check.condition, format!("another check is called `{}` already", check.name));
        }
    }
}
