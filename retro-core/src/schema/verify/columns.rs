//! A model's table, columns, primary key and version.

use super::{Verification, field, same_name};
use crate::model::ModelDef;
use crate::value::SqlType;

pub(super) fn verify(to: &mut Verification<'_>, def: &'static ModelDef) {
    table(to, def);
    columns(to, def);
    primary_key(to, def);
    version(to, def);
}

/// Reported at the second model of the table.
fn table(to: &mut Verification<'_>, def: &'static ModelDef) {
    let Some(first) = to.model_of(def.table) else { return };
    if !std::ptr::eq(first, def) {
        to.problem(def, "", format!("its table `{}` is the table of {} already", def.table, first.name));
    }
}

fn columns(to: &mut Verification<'_>, def: &'static ModelDef) {
    for (i, column) in def.columns.iter().enumerate() {
        let first = def.columns[..i].iter().find(|first| same_name(first.name, column.name));
        if let Some(first) = first {
            to.problem(
                def,
                column.field,
                format!(
                    "its column `{}` is the column of `{}` already; give it `column = \"..\"`",
                    column.name, first.field
                ),
            );
        }
    }
}

fn primary_key(to: &mut Verification<'_>, def: &'static ModelDef) {
    if def.primary_key.is_empty() {
        to.problem(def, "", "it has no primary key; give a field `#[retro(primary_key)]`");
    }
    for &key in def.primary_key {
        if def.columns[usize::from(key)].nullable {
            to.problem(def, field(def, key), "a primary key cannot be NULL: its type cannot be an `Option`");
        }
    }
    for (i, column) in def.columns.iter().enumerate().filter(|(_, column)| column.generated) {
        if def.primary_key != [i as u16] {
            to.problem(def, column.field, "only a primary key of one column can be generated");
        } else if !is_integer(column.sql_type) {
            to.problem(def, column.field, format!("a {} cannot be generated, only an integer can", column.sql_type));
        }
    }
}

fn version(to: &mut Verification<'_>, def: &'static ModelDef) {
    let Some(version) = def.version else { return };
    let column = &def.columns[usize::from(version)];
    if !is_integer(column.sql_type) {
        to.problem(def, column.field, format!("a version counts, so it is an integer and not a {}", column.sql_type));
    } else if column.nullable {
        to.problem(def, column.field, "a version is always there: its type cannot be an `Option`");
    }
}

fn is_integer(sql_type: SqlType) -> bool {
    matches!(sql_type, SqlType::I16 | SqlType::I32 | SqlType::I64)
}
