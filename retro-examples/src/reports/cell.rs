//! [`Cell`] and [`Row`]: typed rows as cells, for output that does not care what they are about.

use chrono::NaiveDateTime;
use retro_core::value::Json;
use serde_json::Value;

/// One value of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A point in time, without a time zone.
    Timestamp(NaiveDateTime),
    /// Something nested.
    Json(Value),
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers.
    Int,
    /// Numbers with so many digits after the point.
    Float(usize),
    /// Texts.
    Text,
    /// Points in time.
    Timestamp,
    /// Nested values.
    Json,
}

/// A type whose values are cells.
pub trait IntoCell {
    /// What they are. The digits of a float are the report's affair.
    const KIND: Kind;
    /// The value as a cell.
    fn into_cell(self) -> Cell;
}

macro_rules! cells {
    ($($type:ty: $kind:expr, $value:ident => $cell:expr;)*) => {$(
        impl IntoCell for $type {
            const KIND: Kind = $kind;
            fn into_cell(self) -> Cell {
                let $value = self;
                $cell
            }
        }
    )*};
}
cells! {
    i32: Kind::Int, n => Cell::Int(n.into());
    i64: Kind::Int, n => Cell::Int(n);
    f64: Kind::Float(0), x => Cell::Float(x);
    String: Kind::Text, text => Cell::Text(text);
    NaiveDateTime: Kind::Timestamp, at => Cell::Timestamp(at);
    Json<Value>: Kind::Json, json => Cell::Json(json.0);
}

impl<T: IntoCell> IntoCell for Option<T> {
    const KIND: Kind = T::KIND;
    fn into_cell(self) -> Cell {
        self.map_or(Cell::Null, T::into_cell)
    }
}

/// A row of a result: a value, or a tuple of values.
pub trait Row: 'static {
    /// A name for each column.
    type Header: AsRef<[&'static str]>;
    /// What the columns are.
    const KINDS: &'static [Kind];
    /// The row as cells.
    fn into_cells(self) -> Vec<Cell>;
}

impl<T: IntoCell + 'static> Row for T {
    type Header = [&'static str; 1];
    const KINDS: &'static [Kind] = &[T::KIND];
    fn into_cells(self) -> Vec<Cell> {
        vec![self.into_cell()]
    }
}

macro_rules! tuples {
    ($($width:literal: $($t:ident $i:tt),*;)*) => {$(
        impl<$($t: IntoCell + 'static),*> Row for ($($t,)*) {
            type Header = [&'static str; $width];
            const KINDS: &'static [Kind] = &[$($t::KIND),*];
            fn into_cells(self) -> Vec<Cell> {
                vec![$(self.$i.into_cell()),*]
            }
        }
    )*};
}
tuples! {
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
}
