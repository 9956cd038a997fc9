//! A database's refusal in the mapping's words: which model, which fields, which entity.

use super::plan::{Action, Row, Step};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::identity::Store;
use crate::mapping::Mapper;
use crate::model::EntityId;
use crate::schema::{Place, locate};
use crate::value::Value;

/// Says what the failed step was doing, and maps a violated constraint back.
#[cold]
pub(super) fn error(store: &Store, dialect: Dialect, step: &Step, error: Error) -> Error {
    let (mapper, verb, rows): (&'static Mapper, _, &[Row]) = match &step.action {
        Action::Insert { mapper, rows, .. } => (mapper, "INSERT", rows),
        Action::Update { mapper, rows, .. } => (mapper, "UPDATE", rows),
        Action::Delete { mapper, rows } => {
            let what = match rows.as_slice() {
                [one] => store.describe(one.id),
                rows => format!("{} rows of {}", rows.len(), mapper.name()),
            };
            let error = constraint(store, dialect, None, model(error, mapper));
            return error.context(format!("flush, DELETE of {what}"));
        }
        Action::Associate { secondary, pairs, .. } => {
            let error = constraint(store, dialect, None, error);
            return error.context(format!("flush, {} rows of `{}`", pairs.len(), secondary.table));
        }
    };
    let error = constraint(store, dialect, Some((mapper, rows)), model(error, mapper));
    let error = misfit(store, mapper, rows, error);
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

/// Finds the row of a value that could not be sent. The rows of a statement have as many parameters each.
fn misfit(store: &Store, mapper: &Mapper, rows: &[Row], error: Error) -> Error {
    let Some(misfit) = error.misfit().cloned() else { return error };
    let Some(row) = rows.get(misfit.row(misfit.binds / rows.len().max(1))) else { return error };
    let is_key = |&column: &u16| misfit.field == Some(mapper.column(column).field);
    // A key that cannot be sent is not quoted.
    let entity = match mapper.key().iter().any(is_key) {
        true => format!("a {}", mapper.name()),
        false => store.describe(row.id),
    };
    let message = misfit.message(mapper.name(), &format!(" of {entity}"));
    error.recast(ErrorKind::Conversion, message).with_entity(entity)
}

/// Maps a violated constraint to model and fields, and looks for the row that violates it.
fn constraint(store: &Store, dialect: Dialect, rows: Option<(&Mapper, &[Row])>, error: Error) -> Error {
    let mappers: Vec<&'static Mapper> = store.sets().map(|set| set.mapper).collect();
    let (error, place) = locate_violation(dialect, &mappers, rows.map(|(mapper, _)| mapper.table()), error);
    let (Some(place), Some((mapper, rows))) = (place, rows) else { return error };
    if mapper.name() != place.model {
        return error;
    }
    let columns: Vec<u16> =
        mapper.all_columns.iter().copied().filter(|&c| place.fields.contains(&mapper.column(c).field)).collect();
    match culprit(store, rows, &columns, error.kind()) {
        Some(id) => error.with_entity(store.describe(id)),
        None => error,
    }
}

/// Maps a violated constraint to the model that has it and its fields. `written` is the table that the
/// statement wrote: MySQL does not always say which it was.
#[cold]
pub(crate) fn locate_violation(
    dialect: Dialect,
    mappers: &[&'static Mapper],
    written: Option<&str>,
    error: Error,
) -> (Error, Option<Place>) {
    let Some(violation) = error.violation().cloned().filter(|_| error.is_integrity()) else { return (error, None) };
    let table = violation.table.as_deref().or(written);
    let Some(place) = locate(dialect, mappers, table, violation.constraint.as_deref(), &violation.columns) else {
        return (error, None);
    };
    let error = error.with_model(place.model).with_columns(place.fields.iter().copied());
    let error = match &place.constraint {
        Some(constraint) => error.with_constraint(constraint.clone()),
        None => error,
    };
    (error, Some(place))
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
