//! Rules of one column.

use crate::ast::{Column, ForeignKeyAction, Model};
use crate::ctxt::Ctxt;
use crate::types::{ColumnKind, remedy};

pub(super) fn check(cx: &Ctxt, model: &Model, column: &Column) {
    column_type(cx, column);
    measures(cx, column);
    primary_key(cx, column);
    generated(cx, model, column);
    version(cx, column);
    foreign_key(cx, column);
    index(cx, column);
}

/// `year: u32`, `tags: Vec<String>`
fn column_type(cx: &Ctxt, column: &Column) {
    if let Some(remedy) = remedy(&column.field.ty) {
        cx.error(&column.field.ty, format!("this type cannot be stored in a column: {remedy}"));
    }
}

/// `#[retro(length = 64)] year: i32`, `#[retro(precision = (10, 2))] price: f64`
fn measures(cx: &Ctxt, column: &Column) {
    let Some(kind) = column.kind else { return };
    if let Some(length) = &column.length
        && !matches!(kind, ColumnKind::Text | ColumnKind::Bytes)
    {
        cx.error(&length.at, "only text and bytes have a `length`: leave it out, or make the field a `String`");
    }
    if let Some(precision) = &column.precision
        && kind != ColumnKind::Decimal
    {
        cx.error(&precision.at, "only a `Decimal` has a `precision`: leave it out, or make the field a `Decimal`");
    }
}

/// `#[retro(primary_key)] id: Option<i32>`
fn primary_key(cx: &Ctxt, column: &Column) {
    if column.primary_key.is_some() && column.nullable {
        let remedy = "write the type alone: a generated integer key is 0 until the row is inserted";
        cx.error(&column.field.ty, format!("a primary key is never NULL: {remedy}"));
    }
}

/// `#[retro(primary_key, generated)] code: String`, `#[retro(primary_key, default = 1)] id: i32`
fn generated(cx: &Ctxt, model: &Model, column: &Column) {
    let is_only_key = column.primary_key.is_some() && model.primary_key().len() == 1;
    if let Some(generated) = &column.generated {
        let is_other_type = column.kind.is_some_and(|kind| kind != ColumnKind::Integer);
        if !is_only_key {
            cx.error(&generated.at, "only a primary key of one field is generated");
        } else if generated.value && is_other_type {
            cx.error(
                &generated.at,
                "the database generates integer keys only: make the field an `i32` or `i64`, or give it a `default = ..`",
            );
        }
        if !is_only_key || is_other_type {
            return;
        }
    }
    let Some(position) = model.position(&column.field.ident) else { return };
    if !model.is_generated(position) {
        return;
    }
    let defaults = [column.default.as_ref().map(|it| &it.at), column.server_default.as_ref().map(|it| &it.at)];
    for default in defaults.into_iter().flatten() {
        cx.error(default, "the database generates this key: add `generated = false` to make it otherwise");
    }
}

/// `#[retro(version)] version: String`
fn version(cx: &Ctxt, column: &Column) {
    let Some(version) = &column.version else { return };
    if column.primary_key.is_some() {
        cx.error(version, "a primary key cannot be the version: it does not change");
    } else if column.nullable {
        cx.error(&column.field.ty, "a version is always there: write the type without `Option`");
    } else if column.kind.is_some_and(|kind| kind != ColumnKind::Integer) {
        cx.error(&column.field.ty, "a version counts: make the field an `i32` or `i64`");
    }
}

/// `#[retro(foreign_key = Parent::id, on_delete = "set null")] parent_id: i32`
fn foreign_key(cx: &Ctxt, column: &Column) {
    let Some(key) = &column.foreign_key else { return };
    for action in [&key.on_delete, &key.on_update].into_iter().flatten() {
        if action.value == ForeignKeyAction::SetNull && !column.nullable {
            cx.error(&action.at, "the column cannot be set NULL: make the field an `Option`, or choose another action");
        }
    }
}

/// `#[retro(index = false)]` where there is no foreign key
fn index(cx: &Ctxt, column: &Column) {
    if let Some(index) = &column.index
        && !index.value
        && column.foreign_key.is_none()
    {
        cx.error(&index.at, "`index = false` keeps a foreign key from its index, and this is none: leave it out");
    }
}
