//! Names of constraints and indexes, which must be unique in the whole schema: that is what the
//! strictest databases ask for.

use std::collections::HashMap;

use super::{Verification, same_name};
use crate::mapping::Problem;
use crate::schema::Table;

pub(super) fn verify(to: &mut Verification<'_>) {
    let mut seen: HashMap<String, &str> = to.tables.iter().map(|table| (table.name.to_lowercase(), "")).collect();
    let mut problems = Vec::new();
    for (i, table) in to.tables.iter().enumerate() {
        // Two models of one table are reported as that.
        if to.tables[..i].iter().any(|first| same_name(&first.name, &table.name)) {
            continue;
        }
        for (name, what, columns) in names(table) {
            let Some(first) = seen.insert(name.to_lowercase(), &table.name) else { continue };
            let first = match first {
                "" => format!("the table `{name}`"),
                first => format!("another one of the table `{first}`"),
            };
            let message = format!("{what} of `{}` is called `{name}`, as is {first}; give one a `name`", table.name);
            problems.push(place(to, table, columns, message));
        }
    }
    to.problems.append(&mut problems);
}

/// Where the user wrote it: at the model's first field that it is about.
fn place(to: &Verification<'_>, table: &Table, columns: &[String], message: String) -> Problem {
    if let Some(def) = to.model_of(&table.name) {
        let column = columns.first().and_then(|name| def.columns.iter().find(|column| column.name == *name));
        return Problem { model: def.name, field: column.map_or("", |column| column.field), message };
    }
    let relationship = to.mappers.iter().find_map(|mapper| {
        let of_table = |secondary: &crate::mapping::Secondary| secondary.table == table.name;
        let relationship = mapper.relationships.iter().find(|other| other.secondary.as_ref().is_some_and(of_table))?;
        Some((mapper.name(), relationship.name()))
    });
    let (model, field) = relationship.unwrap_or_default();
    Problem { model, field, message }
}

fn names(table: &Table) -> Vec<(&str, &'static str, &[String])> {
    let key = &table.primary_key;
    let mut names = vec![(key.name.as_str(), "the primary key", &key.columns[..])];
    names.extend(
        table.unique_constraints.iter().map(|one| (one.name.as_str(), "a unique constraint", &one.columns[..])),
    );
    names.extend(table.indexes.iter().map(|one| (one.name.as_str(), "an index", &one.columns[..])));
    names.extend(table.foreign_keys.iter().map(|one| (one.name.as_str(), "a foreign key", &one.columns[..])));
    names.extend(table.check_constraints.iter().map(|one| (one.name.as_str(), "a check constraint", &[][..])));
    names
}
