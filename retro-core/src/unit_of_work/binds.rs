//! The binds of a step: the values of its rows, lent by the structs.

use super::plan::{Row, Step};
use super::work::{AssociationKind, Doomed};
use crate::identity::{EntitySet, Store};
use crate::mapping::Mapper;
use crate::model::{ColumnDef, EntityId};
use crate::sql::{Bind, Statement};
use crate::value::Value;

/// Collects the values of rows, column by column where the database takes arrays.
pub(crate) struct Binder<'a> {
    columns: Vec<BindColumn>,
    pub(crate) values: Vec<Value<'a>>,
    arrays: bool,
}

struct BindColumn {
    definition: &'static ColumnDef,
    is_written: bool,
}

impl BindColumn {
    fn finish<'a>(&self, bind: Bind<'a>) -> Bind<'a> {
        bind.sensitive(self.definition.sensitive).written_to(self.is_written.then_some(self.definition))
    }
}

impl<'a> Binder<'a> {
    pub(crate) fn new(arrays: bool) -> Self {
        Binder { columns: Vec::new(), values: Vec::new(), arrays }
    }

    /// A column that is written.
    pub(crate) fn written(&mut self, mapper: &Mapper, column: u16) {
        self.columns.push(BindColumn { definition: mapper.column(column), is_written: true });
    }

    /// A column by which rows are found.
    fn matched(&mut self, mapper: &Mapper, column: u16) {
        self.columns.push(BindColumn { definition: mapper.column(column), is_written: false });
    }

    pub(crate) fn finish(self, rows: usize) -> Vec<Bind<'a>> {
        let width = self.columns.len();
        if !self.arrays || rows == 1 {
            let columns = self.columns.iter().cycle();
            return self
                .values
                .into_iter()
                .zip(columns)
                .map(|(value, column)| column.finish(Bind::new(column.definition.sql_type, value)))
                .collect();
        }
        let mut arrays: Vec<Vec<Value<'a>>> = self.columns.iter().map(|_| Vec::with_capacity(rows)).collect();
        for (n, value) in self.values.into_iter().enumerate() {
            arrays[n % width].push(value);
        }
        arrays
            .into_iter()
            .zip(self.columns)
            .map(|(values, column)| column.finish(Bind::array(column.definition.sql_type, values)))
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
) -> Statement<'a> {
    let Some(set) = store.set(mapper.id) else { return Statement::cached(step.sql.clone(), Vec::new()) };
    let mut binder = Binder::new(arrays);
    columns.iter().for_each(|&column| binder.written(mapper, column));
    binder.values.reserve(rows.len() * columns.len());
    for row in rows {
        set.rows.values(row.id.at.slot, columns, &mut binder.values);
    }
    Statement::cached(step.sql.clone(), binder.finish(rows.len())).bounded()
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
) -> Statement<'a> {
    let Some(set) = store.set(mapper.id) else { return Statement::cached(step.sql.clone(), Vec::new()) };
    let single = rows.len() == 1;
    let matched: Vec<u16> = mapper.key().iter().copied().chain(version).collect();
    let mut binder = Binder::new(arrays);
    let written = columns.iter().copied().chain(version);
    if single {
        written.for_each(|column| binder.written(mapper, column));
        matched.iter().for_each(|&column| binder.matched(mapper, column));
    } else {
        matched.iter().for_each(|&column| binder.matched(mapper, column));
        written.for_each(|column| binder.written(mapper, column));
    }
    // Where what others may refer to changes, the database looks for them, as for a DELETE.
    let is_bounded = !mapper.unique_columns().flatten().any(|column| columns.contains(column));
    for row in rows {
        if single {
            new_values(set, row, columns, version, &mut binder.values);
        }
        matched_values(set, row.replaces.unwrap_or(row.id), &matched, &mut binder.values);
        if !single {
            new_values(set, row, columns, version, &mut binder.values);
        }
    }
    let statement = Statement::cached(step.sql.clone(), binder.finish(rows.len()));
    if is_bounded { statement.bounded() } else { statement }
}

fn new_values<'a>(set: &'a EntitySet, row: &Row, columns: &[u16], version: Option<u16>, out: &mut Vec<Value<'a>>) {
    set.rows.values(row.id.at.slot, columns, out);
    out.extend(version.map(|column| next_version(set, row.replaces.unwrap_or(row.id), column)));
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
    matched.iter().for_each(|&column| binder.matched(mapper, column));
    if let Some(set) = store.set(mapper.id) {
        for doomed in rows {
            matched_values(set, doomed.id, &matched, &mut binder.values);
        }
    }
    // Not bounded: the database looks for rows that refer to these, if need be through whole tables.
    Statement::cached(step.sql.clone(), binder.finish(rows.len()))
}

/// The binds of the keys of some rows.
pub(super) fn keys<'a>(store: &'a Store, mapper: &'static Mapper, rows: &[EntityId], arrays: bool) -> Vec<Bind<'a>> {
    let mut binder = Binder::new(arrays);
    mapper.key().iter().for_each(|&column| binder.matched(mapper, column));
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
        ends(first).into_iter().for_each(|(id, column)| binder.matched(store.mapper(id), column));
    }
    for pair in pairs {
        for (id, column) in ends(pair) {
            binder.values.push(match kind {
                AssociationKind::Add => store.value(id, column),
                AssociationKind::Remove | AssociationKind::Clear => store.of(id).committed(id.at.slot, column),
            });
        }
    }
    Statement::once(step.sql.clone(), binder.finish(pairs.len())).bounded()
}
