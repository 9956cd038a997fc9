//! [`FlushPlan`]: a plan that can be printed and compared.

use std::fmt;

use super::plan::{Action, Plan, Row, UpdateWhy};
use super::work::{AssociationKind, Source, Why};
use crate::identity::{Lifecycle, Store};
use crate::mapping::Mapper;
use crate::model::EntityId;

/// What a flush would send: ordered statements with their rows and reasons. Printing it gives all.
#[derive(Debug, Clone, PartialEq)]
pub struct FlushPlan {
    statements: Vec<PlannedStatement>,
}

/// One statement of a plan.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PlannedStatement {
    /// Its text.
    pub sql: String,
    /// The rows that it writes.
    pub rows: Vec<PlannedRow>,
}

/// One row of a planned statement.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PlannedRow {
    /// Model and key.
    pub entity: String,
    /// Why it is written.
    pub reason: String,
    /// What is written: field and value. A key that is not known before the flush names the entity
    /// whose key it is; sensitive values are masked.
    pub values: Vec<(String, String)>,
}

impl FlushPlan {
    /// The statements, in the order in which they will be sent.
    pub fn statements(&self) -> &[PlannedStatement] {
        &self.statements
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }
}

impl fmt::Display for FlushPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, statement) in self.statements.iter().enumerate() {
            writeln!(f, "{}. {}", n + 1, statement.sql)?;
            for row in &statement.rows {
                write!(f, "   {}: {}", row.entity, row.reason)?;
                for (n, (field, value)) in row.values.iter().enumerate() {
                    write!(f, "{}{field} = {value}", if n == 0 { "; " } else { ", " })?;
                }
                writeln!(f)?;
            }
        }
        Ok(())
    }
}

pub(super) fn describe(store: &Store, plan: &Plan) -> FlushPlan {
    let statements = plan
        .steps
        .iter()
        .map(|step| PlannedStatement { sql: step.sql.to_string(), rows: rows(store, &step.action) })
        .collect();
    FlushPlan { statements }
}

fn rows(store: &Store, action: &Action) -> Vec<PlannedRow> {
    match action {
        Action::Insert { mapper, columns, rows } => {
            rows.iter().map(|row| written(store, mapper, row, columns, "it is new")).collect()
        }
        Action::Update { mapper, columns, rows, why } => {
            let reason = |row: &Row| match (why, row.replaces) {
                (UpdateWhy::PostUpdate, _) => "its foreign key is written after the rows on both sides",
                (UpdateWhy::BeforeDelete, _) => "its foreign key is cleared before the rows on both sides go",
                (UpdateWhy::Changed, Some(_)) => "it takes the row of a deleted entity",
                (UpdateWhy::Changed, None) => "it changed",
            };
            rows.iter().map(|row| written(store, mapper, row, columns, reason(row))).collect()
        }
        Action::Delete { rows, .. } => rows
            .iter()
            .map(|doomed| PlannedRow {
                entity: store.describe(doomed.id),
                reason: match doomed.why {
                    Why::Asked => "it was deleted".into(),
                    Why::Cascade(of) => format!("{} is deleted, which cascades", store.describe(of)),
                    Why::Orphan => "it lost its parent".into(),
                },
                values: Vec::new(),
            })
            .collect(),
        Action::Associate { kind, pairs, .. } => pairs.iter().map(|&pair| associated(store, *kind, pair)).collect(),
    }
}

fn associated(store: &Store, kind: AssociationKind, (left, right): (EntityId, EntityId)) -> PlannedRow {
    let (entity, reason) = match kind {
        AssociationKind::Add => {
            (format!("{} with {}", store.describe(left), store.describe(right)), "they were linked")
        }
        AssociationKind::Remove => {
            (format!("{} with {}", store.describe(left), store.describe(right)), "they were unlinked")
        }
        AssociationKind::Clear => (store.describe(left), "it is deleted, and its links with it"),
    };
    PlannedRow { entity, reason: reason.into(), values: Vec::new() }
}

fn written(store: &Store, mapper: &Mapper, row: &Row, columns: &[u16], reason: &str) -> PlannedRow {
    let value = |&column: &u16| {
        let definition = mapper.column(column);
        let source = row.sources.iter().find(|(c, _)| *c == column).map(|(_, source)| *source);
        let shown = match source {
            _ if definition.sensitive => "***".to_string(),
            Some(Source::Null) => "NULL".to_string(),
            Some(Source::OnUpdate) => "its on-update value".to_string(),
            Some(Source::Of(parent, of)) => parents_value(store, parent, of),
            None => store.value(row.id, column).to_string(),
        };
        (definition.field.to_string(), shown)
    };
    PlannedRow { entity: store.describe(row.id), reason: reason.into(), values: columns.iter().map(value).collect() }
}

fn parents_value(store: &Store, parent: EntityId, column: u16) -> String {
    let mapper = store.mapper(parent);
    if store.lifecycle(parent) == Lifecycle::Pending && mapper.generated_key == Some(column) {
        return format!("the key of {}", store.describe(parent));
    }
    store.value(parent, column).to_string()
}
