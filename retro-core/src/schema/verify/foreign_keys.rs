//! A model's foreign keys: their targets, types and actions.

use super::{Verification, field, path};
use crate::model::{ForeignKeyAction, ForeignKeyDef, ModelDef};
use crate::schema::build;

pub(super) fn verify(to: &mut Verification<'_>, def: &'static ModelDef) {
    for key in def.foreign_keys {
        let Some(&first) = key.columns.first() else { continue };
        let first = field(def, first);
        target(to, def, first, key);
        types(to, def, key);
        actions(to, def, first, key);
    }
}

fn target(to: &mut Verification<'_>, def: &'static ModelDef, first: &'static str, key: &ForeignKeyDef) {
    let target = (key.target)();
    if !to.has_model(target) {
        to.problem(def, first, format!("it refers to {}, which is not in the metadata; add it", target.name));
        return;
    }
    if key.columns.len() != key.references.len() {
        let (from, into) = (key.columns.len(), key.references.len());
        to.problem(def, first, format!("a foreign key of {from} columns cannot refer to {into} of {}", target.name));
        return;
    }
    if !build::table(target).is_unique(&build::names(target, key.references)) {
        let references = path(target, key.references);
        to.problem(
            def,
            first,
            format!("it refers to {references}, which neither is the primary key nor unique; make it `unique`"),
        );
    }
}

fn types(to: &mut Verification<'_>, def: &'static ModelDef, key: &ForeignKeyDef) {
    let target = (key.target)();
    for (&from, &into) in key.columns.iter().zip(key.references) {
        let (column, referenced) = (&def.columns[usize::from(from)], &target.columns[usize::from(into)]);
        if column.sql_type != referenced.sql_type {
            to.problem(
                def,
                column.field,
                format!(
                    "it is a {} and refers to {}, a {}; they must have the same type",
                    column.sql_type,
                    path(target, &[into]),
                    referenced.sql_type
                ),
            );
        }
    }
}

fn actions(to: &mut Verification<'_>, def: &'static ModelDef, first: &'static str, key: &ForeignKeyDef) {
    let Some(&solid) = key.columns.iter().find(|&&column| !def.columns[usize::from(column)].nullable) else { return };
    for (event, action) in [("on_delete", key.on_delete), ("on_key_update", key.on_update)] {
        if action == ForeignKeyAction::SetNull {
            let solid = field(def, solid);
            to.problem(def, first, format!("`{event} = \"set null\"` needs `{solid}` to be an `Option`"));
        }
    }
}
