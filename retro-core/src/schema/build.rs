//! From models to tables.

use super::naming;
use super::{CheckConstraint, Column, Condition, ForeignKey, Index, PrimaryKey, Table, UniqueConstraint};
use crate::mapping::{Mapper, Relationship, Secondary};
use crate::model::{ColumnDef, ForeignKeyAction, ForeignKeyDef, ModelDef};
use crate::value::SqlType;

/// The table of a model.
pub(crate) fn table(def: &'static ModelDef) -> Table {
    let primary_key = names(def, def.primary_key);
    let mut table = Table {
        name: def.table.to_string(),
        comment: def.comment.map(str::to_string),
        columns: def.columns.iter().map(column).collect(),
        primary_key: PrimaryKey { name: naming::primary_key(def.table), columns: primary_key },
        foreign_keys: def.foreign_keys.iter().map(|key| foreign_key(def, key)).collect(),
        indexes: indexes(def),
        unique_constraints: unique_constraints(def),
        check_constraints: check_constraints(def),
    };
    for key in def.foreign_keys.iter().filter(|key| key.index) {
        add_index(&mut table, names(def, key.columns));
    }
    table
}

/// The association table of a many-to-many relationship, unless a model has it for its own: two
/// foreign keys that together are the primary key.
pub(crate) fn association_table(mapper: &Mapper, relationship: &Relationship) -> Option<Table> {
    let secondary = relationship.secondary.as_ref().filter(|secondary| secondary.model.is_none())?;
    let target = (relationship.def.target)();
    let sides =
        [(mapper.def, &relationship.local, &secondary.local), (target, &relationship.remote, &secondary.remote)];
    let mut table = Table {
        name: secondary.table.to_string(),
        comment: None,
        columns: Vec::new(),
        primary_key: PrimaryKey { name: naming::primary_key(secondary.table), columns: Vec::new() },
        foreign_keys: Vec::new(),
        indexes: Vec::new(),
        unique_constraints: Vec::new(),
        check_constraints: Vec::new(),
    };
    for (def, referenced, columns) in sides {
        add_side(&mut table, secondary, def, referenced, columns);
    }
    for side in 0..table.foreign_keys.len() {
        let columns = table.foreign_keys[side].columns.clone();
        add_index(&mut table, columns);
    }
    Some(table)
}

/// The names of a model's columns.
pub(crate) fn names(def: &ModelDef, columns: &[u16]) -> Vec<String> {
    columns.iter().map(|&column| def.columns[usize::from(column)].name.to_string()).collect()
}

fn column(def: &ColumnDef) -> Column {
    Column {
        name: def.name.to_string(),
        sql_type: def.sql_type,
        nullable: def.nullable,
        length: def.length,
        precision: def.precision,
        generated: def.generated,
        server_default: def.server_default.map(str::to_string),
        comment: def.comment.map(str::to_string),
    }
}

fn foreign_key(def: &'static ModelDef, key: &ForeignKeyDef) -> ForeignKey {
    let target = (key.target)();
    let columns = names(def, key.columns);
    ForeignKey {
        name: naming::foreign_key(def.table, &columns, target.table),
        columns,
        target: target.table.to_string(),
        references: names(target, key.references),
        on_delete: key.on_delete,
        on_update: key.on_update,
    }
}

fn indexes(def: &'static ModelDef) -> Vec<Index> {
    let index = |index: &crate::model::IndexDef| {
        let columns = names(def, index.columns);
        Index {
            name: index.name.map_or_else(|| naming::index(def.table, &columns), str::to_string),
            columns,
            unique: index.unique,
            filter: index.filter.map(str::to_string),
        }
    };
    def.indexes.iter().map(index).collect()
}

fn unique_constraints(def: &'static ModelDef) -> Vec<UniqueConstraint> {
    let unique = |unique: &crate::model::UniqueDef| {
        let columns = names(def, unique.columns);
        UniqueConstraint {
            name: unique.name.map_or_else(|| naming::unique(def.table, &columns), str::to_string),
            columns,
        }
    };
    def.uniques.iter().map(unique).collect()
}

/// The model's own, then one for each enum column.
fn check_constraints(def: &'static ModelDef) -> Vec<CheckConstraint> {
    let own = def.checks.iter().map(|check| CheckConstraint {
        name: naming::check(def.table, check.name),
        condition: Condition::Sql(check.condition.to_string()),
    });
    let enums = def.columns.iter().filter_map(|column| match column.sql_type {
        SqlType::Enum(kind) => Some(CheckConstraint {
            name: naming::check(def.table, column.name),
            condition: Condition::OneOf {
                column: column.name.to_string(),
                values: kind.variants.iter().map(|variant| variant.to_string()).collect(),
            },
        }),
        _ => None,
    });
    own.chain(enums).collect()
}

/// An index for a foreign key, unless looking up by its columns is served already.
fn add_index(table: &mut Table, columns: Vec<String>) {
    if !table.has_index_on(&columns) {
        let name = naming::index(&table.name, &columns);
        table.indexes.push(Index { name, columns, unique: false, filter: None });
    }
}

/// The columns of an association table that name one side, which have the types of its key.
fn add_side(table: &mut Table, secondary: &Secondary, def: &ModelDef, referenced: &[u16], columns: &[String]) {
    for (name, &key) in columns.iter().zip(referenced) {
        let key = column(&def.columns[usize::from(key)]);
        let name = name.clone();
        table.columns.push(Column { name, generated: false, server_default: None, comment: None, ..key });
    }
    table.primary_key.columns.extend_from_slice(columns);
    table.foreign_keys.push(ForeignKey {
        name: naming::foreign_key(secondary.table, columns, def.table),
        columns: columns.to_vec(),
        target: def.table.to_string(),
        references: names(def, referenced),
        on_delete: ForeignKeyAction::NoAction,
        on_update: ForeignKeyAction::NoAction,
    });
}
