//! From a constraint's name, as the naming convention has it, back to the columns it is about.

use super::Mapper;
use crate::schema::naming;

impl Mapper {
    /// The columns of the constraint or index of this name; empty if the table has none of it.
    pub(crate) fn constraint_columns(&self, name: &str) -> Vec<u16> {
        let def = self.def;
        let names = |columns: &[u16]| -> Vec<&'static str> { columns.iter().map(|&c| self.column(c).name).collect() };
        let is = |explicit: Option<&str>, conventional: String| explicit.map_or(conventional == name, |given| given == name);
        for unique in def.uniques {
            if is(unique.name, naming::unique(def.table, &names(unique.columns))) {
                return unique.columns.to_vec();
            }
        }
        for index in def.indexes {
            if is(index.name, naming::index(def.table, &names(index.columns))) {
                return index.columns.to_vec();
            }
        }
        for key in def.foreign_keys {
            if is(None, naming::foreign_key(def.table, &names(key.columns), (key.target)().table)) {
                return key.columns.to_vec();
            }
        }
        if name == naming::primary_key(def.table) || name == "PRIMARY" || name == format!("{}_pkey", def.table) {
            return def.primary_key.to_vec();
        }
        // A check is about the columns that its condition names.
        let check = def.checks.iter().find(|check| is(None, naming::check(def.table, check.name)));
        let mentions = |c: &u16| check.is_some_and(|check| mentions(check.condition, self.column(*c).name));
        self.all_columns.iter().copied().filter(mentions).collect()
    }
}

/// Whether an SQL condition names a column, as a word of its own.
fn mentions(condition: &str, column: &str) -> bool {
    condition.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == column)
}
