//! [`Found`]: a result whose entities are in the session, to be read as rows of a type.

use rustc_hash::FxHashSet;

use super::joined::Prepared;
use super::loader::Rows;
use crate::error::Result;
use crate::model::EntityRef;
use crate::query::{Expr, FieldColumn, Fields, Read, Selection};

/// A result before its rows have a type.
pub(crate) struct Found {
    session: u32,
    rows: Rows,
    fields: Vec<FieldColumn>,
    entities: Vec<Vec<Option<EntityRef>>>,
    /// The rows that count: with a joined collection several rows stand for one.
    kept: Option<Vec<usize>>,
}

impl Found {
    pub(super) fn new(session: u32, prepared: Prepared, rows: Rows, entities: Vec<Vec<Option<EntityRef>>>) -> Found {
        let kept = prepared.joins_collection.then(|| distinct_rows(&prepared, &entities, rows.len()));
        Found { session, fields: prepared.fields, rows, entities, kept }
    }

    pub(crate) fn len(&self) -> usize {
        self.kept.as_ref().map_or_else(|| self.rows.len(), Vec::len)
    }

    /// The number that the only row of a counting query has.
    pub(crate) fn count(&self) -> Result<u64> {
        let count: Option<i64> = self.read_at(0, &<Expr<i64> as Selection>::read).transpose()?;
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
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
        if index >= self.rows.len() {
            return None;
        }
        let row = self.rows.get(index);
        let (session, columns, entities) = (self.session, &self.fields, &self.entities);
        Some(read(&mut Fields { session, row, columns, entities, index, next: 0 }))
    }
}

/// The first row of each combination of selected entities.
fn distinct_rows(prepared: &Prepared, entities: &[Vec<Option<EntityRef>>], rows: usize) -> Vec<usize> {
    let selected: Vec<&Vec<Option<EntityRef>>> = prepared
        .fields
        .iter()
        .filter_map(|field| match field {
            FieldColumn::Entity(site) => entities.get(*site),
            _ => None,
        })
        .collect();
    let mut seen: FxHashSet<Vec<Option<EntityRef>>> = FxHashSet::default();
    (0..rows).filter(|&row| seen.insert(selected.iter().map(|found| found[row]).collect())).collect()
}
