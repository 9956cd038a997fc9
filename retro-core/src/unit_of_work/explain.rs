//! A database's refusal in the mapping's words: which model, which fields, which entity.

use super::plan::{Action, Row, Step};
use crate::error::{Error, ErrorKind};
use crate::identity::Store;
use crate::mapping::Mapper;
use crate::model::EntityId;
use crate::value::Value;

/// Says what the failed step was doing, and maps a violated constraint back.
#[cold]
pub(super) fn error(store: &Store, step: &Step, error: Error) -> Error {
    let (mapper, verb, rows): (&'static Mapper, _, &[Row]) = match &step.action {
        Action::Insert { mapper, rows, .. } => (mapper, "INSERT", rows),
        Action::Update { mapper, rows, .. } => (mapper, "UPDATE", rows),
        Action::Delete { mapper, rows } => {
            let what = match rows.as_slice() {
                [one] => store.describe(one.id),
                rows => format!("{} rows of {}", rows.len(), mapper.name()),
            };
            return model(error, mapper).context(format!("flush, DELETE of {what}"));
        }
        Action::Associate { secondary, pairs, .. } => {
            return error.context(format!("flush, {} rows of `{}`", pairs.len(), secondary.table));
        }
    };
    let error = constraint(store, mapper, rows, model(error, mapper));
    let what = match (error.entity(), rows) {
        (Some(entity), _) => entity.to_string(),
        (None, [row]) => store.describe(row.id),
        (None, rows) => format!("{} rows of {}", rows.len(), mapper.name()),
    };
    error.context(format!("flush, {verb} of {what}"))
}

fn model(error: Error, mapper: &Mapper) -> Error {
    if error.model().is_some() { error } else { error.with_model(mapper.name()) }
}

/// Maps a violated constraint to fields, and looks for the row that violates it.
fn constraint(store: &Store, mapper: &'static Mapper, rows: &[Row], error: Error) -> Error {
    if !error.is_integrity() {
        return error;
    }
    let Some(violation) = error.violation().cloned() else { return error };
    let mut columns: Vec<u16> = violation
        .columns
        .iter()
        .filter_map(|name| mapper.all_columns.iter().copied().find(|&c| mapper.column(c).name == *name))
        .collect();
    if let (true, Some(name)) = (columns.is_empty(), &violation.constraint) {
        columns = mapper.constraint_columns(name);
    }
    let mut error = error.with_columns(columns.iter().map(|&column| mapper.column(column).field));
    if let Some(id) = culprit(store, rows, &columns, error.kind()) {
        error = error.with_entity(store.describe(id));
    }
    error
}

/// The row that violates a constraint, where memory can tell: the only one, the one that holds a
/// `NULL`, the second of two that are equal.
fn culprit(store: &Store, rows: &[Row], columns: &[u16], kind: ErrorKind) -> Option<EntityId> {
    if let [row] = rows {
        return Some(row.id);
    }
    let values = |id: EntityId| -> Vec<Value<'_>> { columns.iter().map(|&c| store.value(id, c)).collect() };
    match kind {
        ErrorKind::NotNullViolation => rows.iter().map(|row| row.id).find(|&id| values(id).iter().any(Value::is_null)),
        ErrorKind::UniqueViolation if !columns.is_empty() => {
            let mut seen: std::collections::HashSet<crate::identity::IdentityKey> = Default::default();
            rows.iter()
                .map(|row| row.id)
                .find(|&id| crate::identity::IdentityKey::new(&values(id)).is_some_and(|key| !seen.insert(key)))
        }
        _ => None,
    }
}
