//! From a constraint that a database names back to the model and its fields.

use super::{Table, build, naming};
use crate::dialect::Dialect;
use crate::mapping::Mapper;
use crate::model::ModelDef;

/// What a constraint is about, in the words of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) model: &'static str,
    /// Its fields. Of an association table's constraint, the relationship.
    pub(crate) fields: Vec<&'static str>,
    /// The name that the constraint has in the models, whatever the database made of it.
    pub(crate) constraint: Option<String>,
}

/// Finds what a constraint is about; `None` if no model has it. Databases say different things:
/// PostgreSQL names the table and the constraint, SQLite the table and the columns, MySQL the
/// constraint and not always the table; then whoever knows which table the statement wrote should
/// say so, because every primary key is called `PRIMARY` there.
///
/// Called when a statement has failed, so it is made for few calls and not for speed.
pub(crate) fn locate(
    dialect: Dialect,
    mappers: &[&'static Mapper],
    table: Option<&str>,
    constraint: Option<&str>,
    columns: &[String],
) -> Option<Place> {
    let sought = Sought { dialect, table, constraint, columns };
    let in_tables = mappers.iter().find_map(|mapper| sought.in_table_of(mapper.def));
    in_tables.or_else(|| mappers.iter().find_map(|mapper| sought.in_associations_of(mapper)))
}

struct Sought<'a> {
    dialect: Dialect,
    table: Option<&'a str>,
    constraint: Option<&'a str>,
    columns: &'a [String],
}

impl Sought<'_> {
    fn in_table_of(&self, def: &'static ModelDef) -> Option<Place> {
        let table = build::table(def);
        let (columns, constraint) = self.in_table(&table)?;
        let field = |column: &String| def.columns.iter().find(|def| def.name == *column).map(|def| def.field);
        Some(Place { model: def.name, fields: columns.iter().filter_map(field).collect(), constraint })
    }

    fn in_associations_of(&self, mapper: &Mapper) -> Option<Place> {
        mapper.relationships.iter().find_map(|relationship| {
            let table = build::association_table(mapper, relationship)?;
            let (_, constraint) = self.in_table(&table)?;
            Some(Place { model: mapper.name(), fields: vec![relationship.name()], constraint })
        })
    }

    /// The columns of the constraint and its name, if the table has it.
    fn in_table(&self, table: &Table) -> Option<(Vec<String>, Option<String>)> {
        if self.table.is_some_and(|sought| !sought.eq_ignore_ascii_case(&table.name)) {
            return None;
        }
        if let Some(sought) = self.constraint {
            let found = constraints(table).find(|(name, _)| self.is(sought, table, name));
            if let Some((name, columns)) = found {
                return Some((columns, Some(name)));
            }
        }
        let known = |column: &String| table.column(column).is_some();
        if self.columns.is_empty() || self.table.is_none() || !self.columns.iter().all(known) {
            return None;
        }
        let unique = constraints(table).find(|(_, columns)| columns == self.columns);
        Some((self.columns.to_vec(), unique.map(|(name, _)| name)))
    }

    fn is(&self, sought: &str, table: &Table, name: &str) -> bool {
        sought == naming::fit(name, self.dialect.ddl().identifier_limit)
            || (sought == "PRIMARY" && name == table.primary_key.name && self.table.is_some())
    }
}

/// The name and the columns of each constraint and index of a table.
fn constraints(table: &Table) -> impl Iterator<Item = (String, Vec<String>)> + '_ {
    use super::Condition;
    let key = &table.primary_key;
    let checks = table.check_constraints.iter().map(|check| match &check.condition {
        Condition::OneOf { column, .. } => (check.name.clone(), vec![column.clone()]),
        Condition::Sql(_) => (check.name.clone(), Vec::new()),
    });
    std::iter::once((key.name.clone(), key.columns.clone()))
        .chain(table.unique_constraints.iter().map(|unique| (unique.name.clone(), unique.columns.clone())))
        .chain(
            table.indexes.iter().filter(|index| index.unique).map(|index| (index.name.clone(), index.columns.clone())),
        )
        .chain(table.foreign_keys.iter().map(|key| (key.name.clone(), key.columns.clone())))
        .chain(checks)
}
