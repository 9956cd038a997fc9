//! From tables to statements: CREATE, ALTER and DROP as text.
//!
//! Written here and not by sea-query, which leaves out the names of foreign keys on SQLite, does
//! not escape names of indexes, and panics on what a dialect lacks. What differs between dialects
//! is asked of [`Ddl`](crate::dialect::Ddl).

use super::order::is_forward;
use super::{Column, Condition, ForeignKey, Index, Table, naming};
use crate::dialect::{Comments, Ddl, Dialect};
use crate::model::ForeignKeyAction;

/// The statements that create `tables`, which are some or all of `schema`, in its order.
pub(super) fn create(dialect: Dialect, schema: &[Table], tables: &[Table]) -> Vec<String> {
    let script = Script { dialect, ddl: dialect.ddl(), schema };
    let mut statements = Vec::new();
    for table in tables {
        script.table(table, &mut statements);
    }
    for table in tables {
        let later = table.foreign_keys.iter().filter(|key| script.comes_later(table, key));
        statements.extend(later.map(|key| script.add_foreign_key(table, key)));
    }
    statements
}

/// The statement that drops a foreign key, by the name that the database has for it.
pub(super) fn drop_foreign_key(dialect: Dialect, table: &str, name: &str) -> String {
    format!("ALTER TABLE {} DROP CONSTRAINT {}", dialect.quote(table), dialect.quote(name))
}

/// The statement that drops a table.
pub(super) fn drop_table(dialect: Dialect, table: &str) -> String {
    format!("DROP TABLE {}", dialect.quote(table))
}

struct Script<'s> {
    dialect: Dialect,
    ddl: &'static Ddl,
    schema: &'s [Table],
}

impl Script<'_> {
    /// The table, its indexes, its comments.
    fn table(&self, table: &Table, statements: &mut Vec<String>) {
        let mut lines: Vec<String> = table.columns.iter().map(|column| self.column(column)).collect();
        lines.extend(self.constraints(table));
        if self.ddl.inline_indexes {
            lines.extend(table.indexes.iter().map(|index| self.inline_index(index)));
        }
        let body = lines.join(",\n    ");
        let options = self.ddl.table_options;
        let comment = match &table.comment {
            Some(comment) if self.ddl.comments == Comments::Inline => {
                format!(" COMMENT={}", self.dialect.text_literal(comment))
            }
            _ => String::new(),
        };
        let (create, name) = (self.ddl.create_table, self.dialect.quote(&table.name));
        statements.push(format!("{create} {name} (\n    {body}\n){options}{comment}"));
        if !self.ddl.inline_indexes {
            statements.extend(table.indexes.iter().map(|index| self.create_index(table, index)));
        }
        if self.ddl.comments == Comments::Statements {
            statements.extend(self.comment_statements(table));
        }
    }

    fn column(&self, column: &Column) -> String {
        let mut line = format!("{} {}", self.dialect.quote(&column.name), self.dialect.type_name(column));
        if !column.nullable {
            line.push_str(" NOT NULL");
        }
        if let Some(default) = self.dialect.server_default(column) {
            line.push_str(" DEFAULT ");
            line.push_str(default);
        }
        if column.generated {
            line.push_str(self.ddl.generated);
        }
        if let Some(comment) = column.comment.as_ref().filter(|_| self.ddl.comments == Comments::Inline) {
            line.push_str(" COMMENT ");
            line.push_str(&self.dialect.text_literal(comment));
        }
        line
    }

    fn constraints(&self, table: &Table) -> Vec<String> {
        let key = &table.primary_key;
        let mut lines = vec![format!("{} PRIMARY KEY {}", self.constraint(&key.name), self.columns(&key.columns))];
        lines.extend(
            table
                .unique_constraints
                .iter()
                .map(|unique| format!("{} UNIQUE {}", self.constraint(&unique.name), self.columns(&unique.columns))),
        );
        lines.extend(
            table
                .check_constraints
                .iter()
                .map(|check| format!("{} CHECK ({})", self.constraint(&check.name), self.condition(&check.condition))),
        );
        let now = table.foreign_keys.iter().filter(|key| !self.comes_later(table, key));
        lines.extend(now.map(|key| self.foreign_key(key)));
        lines
    }

    fn constraint(&self, name: &str) -> String {
        format!("CONSTRAINT {}", self.name(name))
    }

    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Sql(sql) => sql.clone(),
            Condition::OneOf { column, values } => {
                let values: Vec<String> = values.iter().map(|value| self.dialect.text_literal(value)).collect();
                format!("{} IN ({})", self.dialect.quote(column), values.join(", "))
            }
        }
    }

    fn foreign_key(&self, key: &ForeignKey) -> String {
        let mut line = format!(
            "{} FOREIGN KEY {} REFERENCES {} {}",
            self.constraint(&key.name),
            self.columns(&key.columns),
            self.dialect.quote(&key.target),
            self.columns(&key.references),
        );
        for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
            if let Some(action) = action_sql(action) {
                line.push_str(&format!(" ON {event} {action}"));
            }
        }
        line
    }

    fn add_foreign_key(&self, table: &Table, key: &ForeignKey) -> String {
        format!("ALTER TABLE {} ADD {}", self.dialect.quote(&table.name), self.foreign_key(key))
    }

    /// Whether a foreign key must wait until all tables are there.
    fn comes_later(&self, table: &Table, key: &ForeignKey) -> bool {
        !self.ddl.foreign_keys_are_fixed && is_forward(self.schema, &table.name, &key.target)
    }

    fn create_index(&self, table: &Table, index: &Index) -> String {
        let unique = if index.unique { "UNIQUE " } else { "" };
        let (name, on) = (self.name(&index.name), self.dialect.quote(&table.name));
        format!("CREATE {unique}INDEX {name} ON {on} {}{}", self.columns(&index.columns), self.filter(index))
    }

    fn inline_index(&self, index: &Index) -> String {
        let unique = if index.unique { "UNIQUE " } else { "" };
        format!("{unique}INDEX {} {}{}", self.name(&index.name), self.columns(&index.columns), self.filter(index))
    }

    /// Where there are no partial indexes, an index of all rows serves as well. A unique one does
    /// not; verification has refused it.
    fn filter(&self, index: &Index) -> String {
        match &index.filter {
            Some(filter) if self.ddl.partial_indexes => format!(" WHERE {filter}"),
            _ => String::new(),
        }
    }

    fn comment_statements(&self, table: &Table) -> Vec<String> {
        let name = self.dialect.quote(&table.name);
        let of_table = table
            .comment
            .iter()
            .map(|comment| format!("COMMENT ON TABLE {name} IS {}", self.dialect.text_literal(comment)));
        let of_columns = table.columns.iter().filter_map(|column| {
            let comment = self.dialect.text_literal(column.comment.as_ref()?);
            Some(format!("COMMENT ON COLUMN {name}.{} IS {comment}", self.dialect.quote(&column.name)))
        });
        of_table.chain(of_columns).collect()
    }

    fn columns(&self, columns: &[String]) -> String {
        let columns: Vec<String> = columns.iter().map(|column| self.dialect.quote(column)).collect();
        format!("({})", columns.join(", "))
    }

    /// The name of a constraint or an index, quoted, of a length that the database takes.
    fn name(&self, name: &str) -> String {
        self.dialect.quote(&naming::fit(name, self.ddl.identifier_limit))
    }
}

/// `None` where saying nothing means the same.
fn action_sql(action: ForeignKeyAction) -> Option<&'static str> {
    match action {
        ForeignKeyAction::NoAction => None,
        ForeignKeyAction::Restrict => Some("RESTRICT"),
        ForeignKeyAction::Cascade => Some("CASCADE"),
        ForeignKeyAction::SetNull => Some("SET NULL"),
        ForeignKeyAction::SetDefault => Some("SET DEFAULT"),
    }
}
