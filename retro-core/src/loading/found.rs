//! [`Found`]: a result whose entities are in the session, to be read as rows of a type.

use rustc_hash::FxHashSet;

use super::joined::{Field, Prepared};
use crate::engine::Row;
use crate::error::Result;
use crate::model::EntityRef;
use crate::query::{FieldColumn, Fields, Read};

/// A result before its rows have a type.
pub(crate) struct Found {
    session: u32,
    rows: Vec<Row>,
    fields: Vec<FieldColumn>,
    /// The rows that count: with a joined collection several rows stand for one.
    kept: Option<Vec<usize>>,
}

impl Found {
    pub(super) fn new(
        session: u32,
        prepared: Prepared,
        rows: Vec<Row>,
        mut entities: Vec<Vec<Option<EntityRef>>>,
    ) -> Found {
        let kept = prepared.joins_collection.then(|| distinct_rows(&prepared, &entities, rows.len()));
        let fields = prepared.fields.into_iter().map(|field| match field {
            Field::Value(value) => value,
            Field::Site(site) => FieldColumn::Entities(std::mem::take(&mut entities[site])),
        });
        Found { session, fields: fields.collect(), rows, kept }
    }

    pub(crate) fn len(&self) -> usize {
        self.kept.as_ref().map_or(self.rows.len(), Vec::len)
    }

    /// Reads all rows.
    pub(crate) fn read<R>(&self, read: &Read<R>) -> Result<Vec<R>> {
        (0..self.len()).filter_map(|number| self.read_at(number, read)).collect()
    }

    /// Reads one row, if there are so many.
    pub(crate) fn read_at<R>(&self, number: usize, read: &Read<R>) -> Option<Result<R>> {
        let index = match &self.kept {
            Some(kept) => *kept.get(number)?,
            None => number,
        };
        let row = self.rows.get(index)?;
        Some(read(&mut Fields { session: self.session, row, columns: &self.fields, index, next: 0 }))
    }
}

/// The first row of each combination of selected entities.
fn distinct_rows(prepared: &Prepared, entities: &[Vec<Option<EntityRef>>], rows: usize) -> Vec<usize> {
    let selected: Vec<&Vec<Option<EntityRef>>> = prepared
        .fields
        .iter()
        .filter_map(|field| match field {
            Field::Site(site) => entities.get(*site),
            Field::Value(_) => None,
        })
        .collect();
    let mut seen: FxHashSet<Vec<Option<EntityRef>>> = FxHashSet::default();
    (0..rows).filter(|&row| seen.insert(selected.iter().map(|found| found[row]).collect())).collect()
}
