//! A model's relationships: their targets, and that all who use an association table mean the same.

use super::{Verification, same_name};
use crate::mapping::{Mapper, Relationship, Secondary};
use crate::model::ModelDef;
use crate::schema::{Table, build};

pub(super) fn verify(to: &mut Verification<'_>, mapper: &Mapper) {
    for relationship in &mapper.relationships {
        targets(to, mapper.def, relationship);
        if let Some(secondary) = &relationship.secondary {
            other_side(to, mapper, relationship, secondary);
            association(to, mapper, relationship, secondary);
        }
    }
}

fn targets(to: &mut Verification<'_>, def: &'static ModelDef, relationship: &Relationship) {
    let association = relationship.secondary.as_ref().and_then(|secondary| secondary.model);
    for model in std::iter::once((relationship.def.target)()).chain(association) {
        if !to.has_model(model) {
            let name = model.name;
            to.problem(def, relationship.name(), format!("it leads to {name}, which is not in the metadata; add it"));
        }
    }
}

/// Both sides must use one table, and the same columns of it. Reported at the first side only.
fn other_side(to: &mut Verification<'_>, mapper: &Mapper, relationship: &Relationship, secondary: &Secondary) {
    let Some(inverse) = relationship.inverse() else { return };
    let Some(other) = &inverse.secondary else { return };
    if !relationship.owns_secondary(mapper) {
        return;
    }
    let agree = other.table == secondary.table && other.local == secondary.remote && other.remote == secondary.local;
    if !agree {
        let target = (relationship.def.target)();
        to.problem(
            mapper.def,
            relationship.name(),
            format!(
                "its other side {}::{} uses {} and it uses {}; both must use the same",
                target.name,
                inverse.name(),
                describe(other.table, &other.remote, &other.local),
                describe(secondary.table, &secondary.local, &secondary.remote),
            ),
        );
    }
}

/// An association table must not be a model's, and whoever uses it must describe the same table.
fn association(to: &mut Verification<'_>, mapper: &Mapper, relationship: &Relationship, secondary: &Secondary) {
    let Some(table) = build::association_table(mapper, relationship) else { return };
    if let Some(model) = to.model_of(secondary.table) {
        let name = model.name;
        let message = format!("`{}` is the table of {name}; write `secondary = {name}`", secondary.table);
        to.problem(mapper.def, relationship.name(), message);
        return;
    }
    if let Some(column) = repeated(&table) {
        to.problem(
            mapper.def,
            relationship.name(),
            format!(
                "both sides of `{}` would have the column `{column}`; name them: \
                 `secondary(table = \"..\", local = \"..\", remote = \"..\")`",
                table.name
            ),
        );
        return;
    }
    // A disagreement of the two sides has been told already.
    let is_inverse = relationship.inverse().is_some() && !relationship.owns_secondary(mapper);
    let first = to.tables.iter().find(|first| first.name == table.name);
    if let Some(first) = first.filter(|first| !is_inverse && !same_association(first, &table)) {
        let (first, own) = (columns(first), columns(&table));
        to.problem(
            mapper.def,
            relationship.name(),
            format!("it needs the columns {own} of `{}`, for which another relationship says {first}", table.name),
        );
    }
}

/// The same foreign keys, whichever side comes first.
fn same_association(a: &Table, b: &Table) -> bool {
    a.foreign_keys.len() == b.foreign_keys.len() && a.foreign_keys.iter().all(|key| b.foreign_keys.contains(key))
}

fn repeated(table: &Table) -> Option<&str> {
    let names = || table.columns.iter().map(|column| column.name.as_str());
    names().enumerate().find(|(i, name)| names().take(*i).any(|other| same_name(other, name))).map(|(_, name)| name)
}

fn describe(table: &str, local: &[String], remote: &[String]) -> String {
    format!("`{table}` ({}; {})", local.join(", "), remote.join(", "))
}

fn columns(table: &Table) -> String {
    let columns: Vec<String> =
        table.foreign_keys.iter().map(|key| format!("{} -> {}", key.columns.join(", "), key.target)).collect();
    format!("({})", columns.join("; "))
}
