//! The texts of a flush's statements, by shape.
//!
//! They are written by hand because there are only four kinds of them, each the same for every
//! model; the ones that come again are kept, so that a flush builds no strings.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::work::{AssociationChange, AssociationKind};
use crate::dialect::{Capabilities, Dialect, GeneratedKeys, Placeholder, UpdateForm};
use crate::mapping::{Mapper, MapperId};
use crate::value::SqlType;

/// Rows of these counts are kept: single rows and those of full statements. Others come rarely.
#[derive(Debug)]
pub(crate) struct Templates {
    dialect: Dialect,
    capabilities: Capabilities,
    texts: Mutex<HashMap<Key, Arc<str>>>,
}

/// What the text of a statement depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape<'a> {
    Insert {
        mapper: &'static Mapper,
        columns: &'a [u16],
        rows: usize,
    },
    /// An INSERT that gives nothing back.
    BulkInsert {
        mapper: &'static Mapper,
        columns: &'a [u16],
        rows: usize,
    },
    Update {
        mapper: &'static Mapper,
        columns: &'a [u16],
        rows: usize,
        versioned: bool,
    },
    Delete {
        mapper: &'static Mapper,
        rows: usize,
    },
    /// Rows by their keys, to see what has become of them.
    Select {
        mapper: &'static Mapper,
        columns: &'a [u16],
        rows: usize,
    },
    Associate {
        change: &'a AssociationChange,
        mappers: (&'static Mapper, &'static Mapper),
        rows: usize,
    },
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    kind: u8,
    mapper: MapperId,
    columns: Box<[u16]>,
    rows: usize,
}

impl Templates {
    pub(crate) fn new(dialect: Dialect, capabilities: Capabilities) -> Self {
        Templates { dialect, capabilities, texts: Mutex::default() }
    }

    /// The text of a statement of this shape.
    pub(crate) fn text(&self, shape: Shape<'_>) -> Arc<str> {
        let Some(key) = self.key(shape) else { return self.write(shape).into() };
        // The map is only ever whole: a panic elsewhere while it was locked has not harmed it.
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        texts.entry(key).or_insert_with(|| self.write(shape).into()).clone()
    }

    /// Under what a text is kept, if it is. An array is one bind whatever its length, so there the
    /// number of rows does not matter.
    fn key(&self, shape: Shape<'_>) -> Option<Key> {
        let (kind, mapper, columns, rows, most) = match shape {
            Shape::Insert { mapper, columns, rows } => (0, mapper, columns, rows, self.capabilities.rows_per_insert),
            Shape::BulkInsert { mapper, columns, rows } => {
                (4, mapper, columns, rows, self.capabilities.rows_per_insert)
            }
            Shape::Update { mapper, columns, rows, versioned } => {
                (1 + u8::from(versioned), mapper, columns, rows, self.capabilities.rows_per_update)
            }
            Shape::Delete { mapper, rows } => (3, mapper, &[][..], rows, self.capabilities.rows_per_delete),
            Shape::Select { .. } | Shape::Associate { .. } => return None,
        };
        if columns.is_empty() && matches!(kind, 0 | 4) {
            return None;
        }
        let rows = match (self.capabilities.array_binds, rows) {
            (_, 1) => 1,
            (true, _) => 2,
            (false, rows) if rows == most => rows,
            _ => return None,
        };
        Some(Key { kind, mapper: mapper.id, columns: columns.into(), rows })
    }

    fn write(&self, shape: Shape<'_>) -> String {
        let mut text = Text { dialect: self.dialect, capabilities: self.capabilities, sql: String::new(), binds: 0 };
        match shape {
            Shape::Insert { mapper, columns, rows } => text.insert(mapper, columns, rows).returning(mapper, columns),
            Shape::BulkInsert { mapper, columns, rows } => {
                text.insert(mapper, columns, rows);
            }
            Shape::Update { mapper, columns, rows, versioned } => {
                let version = mapper.def.version.filter(|_| versioned);
                match rows {
                    1 => text.update_one(mapper, columns, version),
                    _ => text.update_many(mapper, columns, version, rows),
                }
            }
            Shape::Delete { mapper, rows } => text.delete(mapper, rows),
            Shape::Select { mapper, columns, rows } => text.select(mapper, columns, rows),
            Shape::Associate { change, mappers, rows } => text.associate(change, mappers, rows),
        }
        text.sql
    }
}

/// Which columns an INSERT gives back: the generated key and what server defaults filled in. `None`
/// where nothing is given back that the driver does not report anyway.
pub(crate) fn returned(mapper: &Mapper, columns: &[u16], capabilities: &Capabilities) -> Option<Vec<u16>> {
    if !capabilities.insert_returning {
        return None;
    }
    let generated = mapper.generated_key.filter(|key| !columns.contains(key));
    let filled: Vec<u16> = mapper
        .all_columns
        .iter()
        .copied()
        .filter(|c| Some(*c) != generated && !columns.contains(c))
        .filter(|&c| mapper.column(c).server_default.is_some())
        .collect();
    let by_driver = capabilities.generated_keys != GeneratedKeys::Returning;
    if filled.is_empty() && (generated.is_none() || by_driver) {
        return None;
    }
    // The key comes first: it tells which row is whose.
    let mut returned: Vec<u16> = mapper.key().to_vec();
    returned.extend(filled);
    Some(returned)
}

struct Text {
    dialect: Dialect,
    capabilities: Capabilities,
    sql: String,
    binds: usize,
}

impl Text {
    fn put(&mut self, text: &str) -> &mut Self {
        self.sql.push_str(text);
        self
    }

    fn number(&mut self, number: usize) -> &mut Self {
        self.put(&number.to_string())
    }

    fn name(&mut self, identifier: &str) -> &mut Self {
        let quoted = self.dialect.quote(identifier);
        self.put(&quoted)
    }

    fn bind(&mut self) -> &mut Self {
        self.binds += 1;
        match self.capabilities.placeholder {
            Placeholder::Question => self.sql.push('?'),
            Placeholder::Numbered => {
                let number = self.binds;
                self.put("$").number(number);
            }
        }
        self
    }

    /// A bound array, with its type said, because the server cannot infer it from `UNNEST`.
    fn array(&mut self, sql_type: SqlType) -> &mut Self {
        let name = self.dialect.array_type(sql_type);
        self.bind().put("::").put(name)
    }

    fn list<T>(&mut self, items: &[T], separator: &str, mut each: impl FnMut(&mut Self, &T)) -> &mut Self {
        for (n, item) in items.iter().enumerate() {
            if n > 0 {
                self.put(separator);
            }
            each(self, item);
        }
        self
    }

    fn columns(&mut self, mapper: &Mapper, columns: &[u16]) -> &mut Self {
        self.list(columns, ", ", |text, &column| {
            text.name(mapper.column(column).name);
        })
    }

    /// `(?, ?), (?, ?)`
    fn rows(&mut self, columns: usize, rows: usize) -> &mut Self {
        self.list(&vec![(); rows], ", ", |text, ()| {
            text.put("(").list(&vec![(); columns], ", ", |text, ()| {
                text.bind();
            });
            text.put(")");
        })
    }

    /// `UNNEST($1::int4[], $2::text[])`
    fn unnest(&mut self, types: &[SqlType]) -> &mut Self {
        self.put("UNNEST(").list(types, ", ", |text, &sql_type| {
            text.array(sql_type);
        });
        self.put(")")
    }

    /// `c0, c1`: names of an inner list, which cannot clash with a table's.
    fn aliases(&mut self, count: usize) -> &mut Self {
        let numbers: Vec<usize> = (0..count).collect();
        self.list(&numbers, ", ", |text, &n| {
            text.put("c").number(n);
        })
    }

    fn insert(&mut self, mapper: &Mapper, columns: &[u16], rows: usize) -> &mut Self {
        self.put("INSERT INTO ").name(mapper.table());
        if columns.is_empty() {
            // Only a row of nothing but generated values has no columns.
            self.insert_defaults(mapper, rows);
        } else if self.capabilities.array_binds && rows > 1 {
            let types: Vec<SqlType> = columns.iter().map(|&c| mapper.column(c).sql_type).collect();
            self.put(" (").columns(mapper, columns).put(") SELECT ").aliases(columns.len()).put(" FROM ");
            self.unnest(&types).put(" WITH ORDINALITY AS v(").aliases(columns.len()).put(", n) ORDER BY n");
        } else {
            self.put(" (").columns(mapper, columns).put(") VALUES ").rows(columns.len(), rows);
        }
        self
    }

    fn returning(&mut self, mapper: &Mapper, columns: &[u16]) {
        if let Some(returned) = returned(mapper, columns, &self.capabilities) {
            self.put(" RETURNING ").columns(mapper, &returned);
        }
    }

    fn insert_defaults(&mut self, mapper: &Mapper, rows: usize) {
        let key = mapper.generated_key.unwrap_or_default();
        let generated = self.dialect.generated_value();
        self.put(" (").columns(mapper, &[key]).put(") VALUES ");
        self.list(&vec![(); rows], ", ", |text, ()| {
            text.put("(").put(generated).put(")");
        });
    }

    /// `"a" = ?, "b" = ?`, and the version counted up.
    fn update_one(&mut self, mapper: &Mapper, columns: &[u16], version: Option<u16>) {
        self.put("UPDATE ").name(mapper.table()).put(" SET ");
        let set: Vec<u16> = columns.iter().copied().chain(version).collect();
        self.assignments(mapper, &set);
        self.put(" WHERE ");
        let matched: Vec<u16> = mapper.key().iter().copied().chain(version).collect();
        self.list(&matched, " AND ", |text, &column| {
            text.name(mapper.column(column).name).put(" = ").bind();
        });
    }

    fn assignments(&mut self, mapper: &Mapper, columns: &[u16]) {
        self.list(columns, ", ", |text, &column| {
            text.name(mapper.column(column).name).put(" = ").bind();
        });
    }

    /// Many rows: a list of keys, old versions and new values, joined with the table. The list's
    /// columns are `c0, c1, ..` in the order: key, committed version, new values, new version.
    fn update_many(&mut self, mapper: &Mapper, columns: &[u16], version: Option<u16>, rows: usize) {
        let matched: Vec<u16> = mapper.key().iter().copied().chain(version).collect();
        let set: Vec<u16> = columns.iter().copied().chain(version).collect();
        let names: Vec<&str> = matched.iter().map(|&column| mapper.column(column).name).collect();
        let width = matched.len() + set.len();
        match self.capabilities.update_form {
            UpdateForm::FromUnnest => {
                let types: Vec<SqlType> =
                    matched.iter().chain(&set).map(|&column| mapper.column(column).sql_type).collect();
                self.put("UPDATE ").name(mapper.table()).put(" AS t SET ").set_from_list(
                    mapper,
                    &set,
                    matched.len(),
                    "",
                );
                self.put(" FROM ").unnest(&types).put(" AS v(").aliases(width).put(") WHERE ");
                self.matches(&names);
            }
            UpdateForm::FromValues => {
                self.put("WITH v(").aliases(width).put(") AS (VALUES ").rows(width, rows).put(") UPDATE ");
                self.name(mapper.table()).put(" AS t SET ").set_from_list(mapper, &set, matched.len(), "");
                self.put(" FROM v WHERE ").matches(&names);
            }
            UpdateForm::JoinSelect => {
                self.put("UPDATE ").name(mapper.table()).put(" AS t JOIN (").selects(width, rows).put(") AS v ON ");
                self.matches(&names);
                self.put(" SET ").set_from_list(mapper, &set, matched.len(), "t.");
            }
        }
    }

    /// `"a" = v.c2, "b" = v.c3`
    fn set_from_list(&mut self, mapper: &Mapper, columns: &[u16], first: usize, prefix: &str) -> &mut Self {
        let numbered: Vec<(usize, u16)> = columns.iter().copied().enumerate().collect();
        self.list(&numbered, ", ", |text, &(n, column)| {
            text.put(prefix).name(mapper.column(column).name).put(" = v.c").number(first + n);
        })
    }

    /// `t."id" = v.c0 AND t."version" = v.c1`
    fn matches(&mut self, names: &[&str]) -> &mut Self {
        let numbered: Vec<(usize, &str)> = names.iter().copied().enumerate().collect();
        self.list(&numbered, " AND ", |text, &(n, name)| {
            text.put("t.").name(name).put(" = v.c").number(n);
        })
    }

    /// `SELECT ? AS c0, ? AS c1 UNION ALL SELECT ?, ?`
    fn selects(&mut self, width: usize, rows: usize) -> &mut Self {
        let numbers: Vec<usize> = (0..rows).collect();
        self.list(&numbers, " UNION ALL ", |text, &row| {
            text.put("SELECT ");
            let columns: Vec<usize> = (0..width).collect();
            text.list(&columns, ", ", |text, &n| {
                text.bind();
                if row == 0 {
                    text.put(" AS c").number(n);
                }
            });
        })
    }

    fn select(&mut self, mapper: &Mapper, columns: &[u16], rows: usize) {
        let key: Vec<(&str, SqlType)> =
            mapper.key().iter().map(|&column| (mapper.column(column).name, mapper.column(column).sql_type)).collect();
        self.put("SELECT ")
            .columns(mapper, columns)
            .put(" FROM ")
            .name(mapper.table())
            .put(" WHERE ")
            .in_list(&key, rows);
    }

    fn delete(&mut self, mapper: &Mapper, rows: usize) {
        let matched: Vec<(&str, SqlType)> = mapper
            .key()
            .iter()
            .copied()
            .chain(mapper.def.version)
            .map(|column| (mapper.column(column).name, mapper.column(column).sql_type))
            .collect();
        self.delete_from(mapper.table(), &matched, rows);
    }

    /// Deletes the rows of a table that have some values in some columns.
    fn delete_from(&mut self, table: &str, matched: &[(&str, SqlType)], rows: usize) {
        if rows > 1 && matched.len() > 1 && self.capabilities.joins_row_lists {
            self.put("DELETE t FROM (").selects(matched.len(), rows).put(") AS v STRAIGHT_JOIN ").name(table);
            let names: Vec<&str> = matched.iter().map(|(name, _)| *name).collect();
            self.put(" AS t ON ").matches(&names);
        } else {
            self.put("DELETE FROM ").name(table).put(" WHERE ").in_list(matched, rows);
        }
    }

    /// `"id" IN (?, ?)`, `"id" = ANY($1)`, and the same for several columns.
    fn in_list(&mut self, columns: &[(&str, SqlType)], rows: usize) {
        if rows == 1 {
            self.list(columns, " AND ", |text, (name, _)| {
                text.name(name).put(" = ").bind();
            });
            return;
        }
        let types: Vec<SqlType> = columns.iter().map(|(_, sql_type)| *sql_type).collect();
        match (columns, self.capabilities.array_binds) {
            ([(name, sql_type)], true) => {
                self.name(name).put(" = ANY(").array(*sql_type).put(")");
            }
            ([(name, _)], false) => {
                self.name(name).put(" IN (").list(&vec![(); rows], ", ", |text, ()| {
                    text.bind();
                });
                self.put(")");
            }
            (_, arrays) => {
                self.put("(").list(columns, ", ", |text, (name, _)| {
                    text.name(name);
                });
                self.put(") IN (");
                if arrays {
                    self.put("SELECT * FROM ").unnest(&types);
                } else if self.capabilities.joins_row_lists {
                    self.put("SELECT ")
                        .aliases(columns.len())
                        .put(" FROM (")
                        .selects(columns.len(), rows)
                        .put(") AS v");
                } else {
                    self.put(self.dialect.row_values()).rows(columns.len(), rows);
                }
                self.put(")");
            }
        }
    }

    fn associate(&mut self, change: &AssociationChange, mappers: (&Mapper, &Mapper), rows: usize) {
        let typed = |names: &'static [String], mapper: &Mapper, columns: &[u16]| -> Vec<(&'static str, SqlType)> {
            names.iter().zip(columns).map(|(name, &c)| (name.as_str(), mapper.column(c).sql_type)).collect()
        };
        let local = typed(&change.secondary.local, mappers.0, change.local);
        let both: Vec<(&str, SqlType)> =
            local.iter().copied().chain(typed(&change.secondary.remote, mappers.1, change.remote)).collect();
        let types: Vec<SqlType> = both.iter().map(|(_, sql_type)| *sql_type).collect();
        match change.kind {
            AssociationKind::Clear => {
                self.delete_from(change.secondary.table, &local, rows);
            }
            AssociationKind::Remove => {
                self.delete_from(change.secondary.table, &both, rows);
            }
            AssociationKind::Add => {
                self.put("INSERT INTO ").name(change.secondary.table).put(" (").list(&both, ", ", |text, (name, _)| {
                    text.name(name);
                });
                if self.capabilities.array_binds && rows > 1 {
                    self.put(") SELECT * FROM ").unnest(&types);
                } else {
                    self.put(") VALUES ").rows(both.len(), rows);
                }
            }
        }
    }
}
