//! A schema as plain data: what the models make of a database, in the words of SQL.
//!
//! Nothing here knows a model or a dialect. `build` makes it from the models, `ddl` spells it, and
//! since it can be compared it can be diffed.

use crate::model::ForeignKeyAction;
use crate::value::SqlType;

/// A table.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Table {
    /// Its name.
    pub name: String,
    /// A comment on it.
    pub comment: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its primary key.
    pub primary_key: PrimaryKey,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Its indexes, those of its foreign keys included. The primary key and the unique constraints
    /// have indexes that are not listed.
    pub indexes: Vec<Index>,
    /// Its unique constraints.
    pub unique_constraints: Vec<UniqueConstraint>,
    /// Its check constraints, those of its enum columns included.
    pub check_constraints: Vec<CheckConstraint>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub sql_type: SqlType,
    /// Whether it takes `NULL`.
    pub nullable: bool,
    /// The length of a text or bytes column.
    pub length: Option<u32>,
    /// Precision and scale of a decimal column.
    pub precision: Option<(u32, u32)>,
    /// Whether the database makes the value where an INSERT gives none.
    pub generated: bool,
    /// The default that the database fills in, as SQL.
    pub server_default: Option<String>,
    /// A comment on it.
    pub comment: Option<String>,
}

/// A primary key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PrimaryKey {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ForeignKey {
    /// Its name.
    pub name: String,
    /// This table's columns.
    pub columns: Vec<String>,
    /// The table that they refer to.
    pub target: String,
    /// The columns of that table, in the same order.
    pub references: Vec<String>,
    /// What happens to the row when its target is deleted.
    pub on_delete: ForeignKeyAction,
    /// What happens to the row when its target's key changes.
    pub on_update: ForeignKeyAction,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// Whether no two rows may have the same values in it.
    pub unique: bool,
    /// The condition of a partial index, as SQL.
    pub filter: Option<String>,
}

/// A unique constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UniqueConstraint {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
}

/// A check constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckConstraint {
    /// Its name.
    pub name: String,
    /// What it demands of a row.
    pub condition: Condition,
}

/// What a check constraint demands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// A condition as the model wrote it, in SQL.
    Sql(String),
    /// A column holds one of these texts: an enum. Kept apart from SQL because each database quotes
    /// it in its own way, and so that a new variant shows as what it is.
    OneOf {
        /// The column.
        column: String,
        /// The texts.
        values: Vec<String>,
    },
}

impl Table {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether some index begins with these columns, in any order, so that looking rows up by them
    /// needs no other. A partial index does not count: it lacks rows.
    pub(crate) fn has_index_on(&self, columns: &[String]) -> bool {
        let leads = |indexed: &[String]| {
            indexed.len() >= columns.len() && indexed[..columns.len()].iter().all(|column| columns.contains(column))
        };
        leads(&self.primary_key.columns)
            || self.unique_constraints.iter().any(|unique| leads(&unique.columns))
            || self.indexes.iter().any(|index| index.filter.is_none() && leads(&index.columns))
    }

    /// Whether the database sees to it that these columns, in any order, tell rows apart, so that a
    /// foreign key may refer to them.
    pub(crate) fn is_unique(&self, columns: &[String]) -> bool {
        let same = |key: &[String]| key.len() == columns.len() && key.iter().all(|column| columns.contains(column));
        same(&self.primary_key.columns)
            || self.unique_constraints.iter().any(|unique| same(&unique.columns))
            || self.indexes.iter().any(|index| index.unique && index.filter.is_none() && same(&index.columns))
    }
}
