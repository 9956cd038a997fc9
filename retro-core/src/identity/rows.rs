//! [`Rows`]: the structs of one model, by slot, with an untyped face.

use std::any::Any;

use crate::engine::{Columns, Row};
use crate::error::Result;
use crate::model::{Assigned, Assignments, Mapped};
use crate::private::RowReader;
use crate::value::{Value, ValueError};

/// The structs of one model. The session's typed methods downcast it; everything else goes through
/// these methods, each of which serves a whole row so that no loop pays a dynamic call per column.
pub(crate) trait Rows: Send + Sync {
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
    /// Lends one value; `Null` for an empty slot.
    fn value(&self, slot: u32, column: u16) -> Value<'_>;
    /// Lends the values of some columns.
    fn values<'a>(&'a self, slot: u32, columns: &[u16], out: &mut Vec<Value<'a>>);
    fn set_value(&mut self, slot: u32, column: u16, value: Value<'_>) -> Result<(), ValueError>;
    /// Decodes the columns of a row and places the struct in the slot.
    fn read(&mut self, slot: u32, row: &RowRef<'_>) -> Result<()>;
    fn has_assigned(&self, slot: u32) -> bool;
    fn take_assigned(&mut self, slot: u32, relationship: u16) -> Assigned;
    /// Forgets the struct.
    fn clear(&mut self, slot: u32);
    /// Makes room for more structs.
    fn reserve(&mut self, additional: usize);
}

/// A row and where an entity's columns are in it.
#[derive(Clone, Copy)]
pub(crate) struct RowRef<'r> {
    pub(crate) row: &'r Row,
    pub(crate) columns: &'r Columns,
}

pub(crate) struct TypedRows<M> {
    rows: Vec<Option<M>>,
}

pub(crate) fn new_rows<M: Mapped>() -> Box<dyn Rows> {
    Box::new(TypedRows::<M> { rows: Vec::new() })
}

/// The structs in the slots from 0 on.
impl<M> FromIterator<M> for TypedRows<M> {
    fn from_iter<I: IntoIterator<Item = M>>(models: I) -> Self {
        TypedRows { rows: models.into_iter().map(Some).collect() }
    }
}

impl<M: Mapped> TypedRows<M> {
    pub(crate) fn get(&self, slot: u32) -> Option<&M> {
        self.rows.get(slot as usize)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut M> {
        self.rows.get_mut(slot as usize)?.as_mut()
    }

    pub(crate) fn put(&mut self, slot: u32, model: M) {
        let slot = slot as usize;
        if slot >= self.rows.len() {
            self.rows.resize_with(slot + 1, || None);
        }
        self.rows[slot] = Some(model);
    }

    pub(crate) fn take(&mut self, slot: u32) -> Option<M> {
        self.rows.get_mut(slot as usize)?.take()
    }
}

impl<M: Mapped> Rows for TypedRows<M> {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn value(&self, slot: u32, column: u16) -> Value<'_> {
        self.get(slot).map_or(Value::Null, |model| model.value(column))
    }

    fn values<'a>(&'a self, slot: u32, columns: &[u16], out: &mut Vec<Value<'a>>) {
        if let Some(model) = self.get(slot) {
            out.extend(columns.iter().map(|&column| model.value(column)));
        }
    }

    fn set_value(&mut self, slot: u32, column: u16, value: Value<'_>) -> Result<(), ValueError> {
        self.get_mut(slot).map_or(Ok(()), |model| model.set_value(column, value))
    }

    fn read(&mut self, slot: u32, row: &RowRef<'_>) -> Result<()> {
        let model = M::read(&mut RowReader::new(row.row, row.columns, M::definition()))?;
        self.put(slot, model);
        Ok(())
    }

    fn has_assigned(&self, slot: u32) -> bool {
        self.get(slot).is_some_and(M::has_assigned)
    }

    fn take_assigned(&mut self, slot: u32, relationship: u16) -> Assigned {
        self.get_mut(slot).map_or(Assigned(Assignments::Untouched), |model| model.take_assigned(relationship))
    }

    fn clear(&mut self, slot: u32) {
        self.take(slot);
    }

    fn reserve(&mut self, additional: usize) {
        self.rows.reserve(additional);
    }
}
