//! The binds of a step: the values of its rows, lent by the structs.

use super::plan::{Row, Step};
use super::work::{AssociationKind, Doomed};
use crate::error::{Error, ErrorKind, Result};
use crate::identity::{EntitySet, Store};
use crate::mapping::Mapper;
use crate::model::EntityId;
use crate::sql::{Bind, Statement};
use crate::value::{SqlType, Value};

/// Collects the values of rows, column by column where the database takes arrays.
pub(crate) struct Binder<'a> {
    columns: Vec<BindColumn>,
    pub(crate) values: Vec<Value<'a>>,
    arrays: bool,
}

struct BindColumn {
    sql_type: SqlType,
    sensitive: bool,
}

impl<'a> Binder<'a> {
    pub(crate) fn new(arrays: bool) -> Self {
        Binder { columns: Vec::new(), values: Vec::new(), arrays }
    }

    pub(crate) fn column(&mut self, mapper: &Mapper, column: u16) {
        let definition = mapper.column(column);
        self.columns.push(BindColumn { sql_type: definition.sql_type, sensitive: definition.sensitive });
    }

    pub(crate) fn finish(self, rows: usize) -> Vec<Bind<'a>> {
        let width = self.columns.len();
        if !self.arrays || rows == 1 {
            let columns = self.columns.iter().cycle();
            return self
                .values
                .into_iter()
                .zip(columns)
                .map(|(value, column)| Bind::new(column.sql_type, value).sensitive(column.sensitive))
                .collect();
        }
        let mut arrays: Vec<Vec<Value<'a>>> = self.columns.iter().map(|_| Vec::with_capacity(rows)).collect();
        for (n, value) in self.values.into_iter().enumerate() {
            arrays[n % width].push(value);
        }
        arrays
            .into_iter()
            .zip(self.columns)
            .map(|(values, column)| Bind::array(column.sql_type, values).sensitive(column.sensitive))
            .collect()
    }
}

/// The statement of an INSERT step.
pub(super) fn insert<'a>(
    store: &'a Store,
    step: &Step,
    mapper: &'static Mapper,
    columns: &[u16],
    rows: &[Row],
    arrays: bool,
) -> Result<Statement<'a>> {
    let Some(set) = store.set(mapper.id) else { return Ok(Statement::cached(step.sql.clone(), Vec::new())) };
    let mut binder = Binder::new(arrays);
    columns.iter().for_each(|&column| binder.column(mapper, column));
    binder.values.reserve(rows.len() * columns.len());
    for row in rows {
        set.rows.values(row.id.at.slot, columns, &mut binder.values);
    }
    check(store, &binder.values, columns, rows)?;
    Ok(Statement::cached(step.sql.clone(), binder.finish(rows.len())))
}

/// Finds a value that has no form in the database.
fn check(store: &Store, values: &[Value<'_>], columns: &[u16], rows: &[Row]) -> Result<()> {
    let Some(n) = values.iter().position(|value| matches!(value, Value::Invalid(_))) else { return Ok(()) };
    let row = &rows[n / columns.len()];
    Err(invalid(store, row.id, columns[n % columns.len()], &values[n]))
}

#[cold]
fn invalid(store: &Store, id: EntityId, column: u16, value: &Value<'_>) -> Error {
    let mapper = store.mapper(id);
    let field = mapper.column(column).field;
    let reason = match value {
        Value::Invalid(reason) => reason.as_ref(),
        _ => "it has no form in the database",
    };
    Error::new(
        ErrorKind::Conversion,
        format!("{}::{field} of {} cannot be written: {reason}", mapper.name(), store.describe(id)),
    )
    .with_model(mapper.name())
    .with_columns([field])
    .with_entity(store.describe(id))
}

/// The statement of an UPDATE step. For one row the new values come first, as the text has them;
/// for many rows the key does.
pub(super) fn update<'a>(
    store: &'a Store,
    step: &Step,
    mapper: &'static Mapper,
    columns: &[u16],
    rows: &[Row],
    version: Option<u16>,
    arrays: bool,
) -> Result<Statement<'a>> {
    let Some(set) = store.set(mapper.id) else { return Ok(Statement::cached(step.sql.clone(), Vec::new())) };
    let single = rows.len() == 1;
    let matched: Vec<u16> = mapper.key().iter().copied().chain(version).collect();
    let mut binder = Binder::new(arrays);
    let written = columns.iter().copied().chain(version);
    if single {
        written.for_each(|column| binder.column(mapper, column));
        matched.iter().for_each(|&column| binder.column(mapper, column));
    } else {
        matched.iter().for_each(|&column| binder.column(mapper, column));
        written.for_each(|column| binder.column(mapper, column));
    }
    for row in rows {
        if single {
            new_values(store, set, row, columns, version, &mut binder.values)?;
        }
        matched_values(set, row.replaces.unwrap_or(row.id), &matched, &mut binder.values);
        if !single {
            new_values(store, set, row, columns, version, &mut binder.values)?;
        }
    }
    Ok(Statement::cached(step.sql.clone(), binder.finish(rows.len())))
}

fn new_values<'a>(
    store: &Store,
    set: &'a EntitySet,
    row: &Row,
    columns: &[u16],
    version: Option<u16>,
    out: &mut Vec<Value<'a>>,
) -> Result<()> {
    let first = out.len();
    set.rows.values(row.id.at.slot, columns, out);
    if let Some(n) = out[first..].iter().position(|value| matches!(value, Value::Invalid(_))) {
        return Err(invalid(store, row.id, columns[n], &out[first + n]));
    }
    out.extend(version.map(|column| next_version(set, row.replaces.unwrap_or(row.id), column)));
    Ok(())
}

/// The version that an UPDATE writes: one more than the committed one.
pub(super) fn next_version(set: &EntitySet, id: EntityId, column: u16) -> Value<'static> {
    match set.committed(id.at.slot, column) {
        Value::Int(version) => Value::Int(version.wrapping_add(1)),
        _ => Value::Int(1),
    }
}

fn matched_values<'a>(set: &'a EntitySet, id: EntityId, columns: &[u16], out: &mut Vec<Value<'a>>) {
    out.extend(columns.iter().map(|&column| set.committed(id.at.slot, column)));
}

/// The statement of a DELETE step.
pub(super) fn delete<'a>(
    store: &'a Store,
    step: &Step,
    mapper: &'static Mapper,
    rows: &[Doomed],
    arrays: bool,
) -> Statement<'a> {
    let mut binder = Binder::new(arrays);
    let matched: Vec<u16> = mapper.key().iter().copied().chain(mapper.def.version).collect();
    matched.iter().for_each(|&column| binder.column(mapper, column));
    if let Some(set) = store.set(mapper.id) {
        for doomed in rows {
            matched_values(set, doomed.id, &matched, &mut binder.values);
        }
    }
    Statement::cached(step.sql.clone(), binder.finish(rows.len()))
}

/// The binds of the keys of some rows.
pub(super) fn keys<'a>(store: &'a Store, mapper: &'static Mapper, rows: &[EntityId], arrays: bool) -> Vec<Bind<'a>> {
    let mut binder = Binder::new(arrays);
    mapper.key().iter().for_each(|&column| binder.column(mapper, column));
    if let Some(set) = store.set(mapper.id) {
        for &id in rows {
            matched_values(set, id, mapper.key(), &mut binder.values);
        }
    }
    binder.finish(rows.len())
}

/// The statement of a step on association rows. Removed rows are named by the keys that the
/// database has, added ones by the keys that the entities have now.
pub(super) fn associate<'a>(
    store: &'a Store,
    step: &Step,
    kind: AssociationKind,
    (local, remote): (&[u16], &[u16]),
    pairs: &[(EntityId, EntityId)],
    arrays: bool,
) -> Statement<'a> {
    let mut binder = Binder::new(arrays);
    let ends = |&(left, right): &(EntityId, EntityId)| -> Vec<(EntityId, u16)> {
        let remote = if kind == AssociationKind::Clear { &[][..] } else { remote };
        local.iter().map(|&c| (left, c)).chain(remote.iter().map(|&c| (right, c))).collect()
    };
    if let Some(first) = pairs.first() {
        ends(first).into_iter().for_each(|(id, column)| binder.column(store.mapper(id), column));
    }
    for pair in pairs {
        for (id, column) in ends(pair) {
            binder.values.push(match kind {
                AssociationKind::Add => store.value(id, column),
                AssociationKind::Remove | AssociationKind::Clear => store.of(id).committed(id.at.slot, column),
            });
        }
    }
    Statement::once(step.sql.clone(), binder.finish(pairs.len()))
}
