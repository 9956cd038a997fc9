//! [`Batch`]: rows that were stepped through, side by side in a few allocations.

use std::borrow::Cow;
use std::sync::Arc;

use crate::engine::row::{Number, Row, malformed};
use crate::value::{SqlType, Value, ValueError};

use super::row::{from_bytes, from_text};

/// A batch is closed when it has so many rows, or so much text or bytes: places in it fit 32 bits, and
/// growing it copies little.
const FULL_ROWS: usize = 1024;
const FULL_BYTES: usize = 1 << 22;

/// Rows of one result.
pub(crate) struct Batch {
    names: Arc<[Box<str>]>,
    /// Row by row.
    cells: Vec<Cell>,
    text: String,
    bytes: Vec<u8>,
}

/// A value. Text and bytes lie in the batch from a place on, so long.
#[derive(Clone, Copy)]
enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(u32, u32),
    /// What SQLite calls text and is not UTF-8.
    NoText,
    Blob(u32, u32),
}

impl Batch {
    pub(in crate::engine) fn width(&self) -> usize {
        self.names.len()
    }

    pub(in crate::engine) fn name(&self, index: usize) -> &str {
        self.names.get(index).map_or("", |name| name)
    }

    /// A value of a row, as the type that is expected of it.
    #[inline]
    pub(in crate::engine) fn get(&self, row: u32, index: usize, sql_type: SqlType) -> Result<Value<'_>, ValueError> {
        let cell = self.cells.get(row as usize * self.width() + index).copied();
        match cell.unwrap_or(Cell::Null) {
            Cell::Null => Ok(Value::Null),
            Cell::Integer(v) => match sql_type {
                SqlType::I64 | SqlType::I32 | SqlType::I16 => Ok(Value::Int(v)),
                _ => Number::Int(v).into_value(sql_type),
            },
            Cell::Real(v) => Number::Float(v).into_value(sql_type),
            Cell::Text(at, length) => {
                let text = &self.text[at as usize..][..length as usize];
                match sql_type {
                    SqlType::Text => Ok(Value::Text(Cow::Borrowed(text))),
                    _ => from_text(text, sql_type),
                }
            }
            Cell::NoText => Err(malformed(sql_type)),
            Cell::Blob(at, length) => from_bytes(&self.bytes[at as usize..][..length as usize], sql_type),
        }
    }
}

/// Takes rows, value by value.
pub(super) struct Gather {
    rows: Vec<Row>,
    open: Batch,
    in_open: u32,
}

impl Gather {
    pub(super) fn new() -> Gather {
        let open = Batch { names: Arc::new([]), cells: Vec::new(), text: String::new(), bytes: Vec::new() };
        Gather { rows: Vec::new(), open, in_open: 0 }
    }

    /// What the columns of the rows that follow are called. There are as many as names.
    pub(super) fn set_names(&mut self, names: Arc<[Box<str>]>) {
        self.close();
        self.open.names = names;
    }

    pub(super) fn null(&mut self) {
        self.open.cells.push(Cell::Null);
    }

    pub(super) fn integer(&mut self, value: i64) {
        self.open.cells.push(Cell::Integer(value));
    }

    pub(super) fn real(&mut self, value: f64) {
        self.open.cells.push(Cell::Real(value));
    }

    pub(super) fn text(&mut self, bytes: &[u8]) {
        self.open.cells.push(match (std::str::from_utf8(bytes), place(self.open.text.len(), bytes.len())) {
            (Ok(text), Some((at, length))) => {
                self.open.text.push_str(text);
                Cell::Text(at, length)
            }
            _ => Cell::NoText,
        });
    }

    pub(super) fn blob(&mut self, bytes: &[u8]) {
        self.open.cells.push(match place(self.open.bytes.len(), bytes.len()) {
            Some((at, length)) => {
                self.open.bytes.extend_from_slice(bytes);
                Cell::Blob(at, length)
            }
            None => Cell::NoText,
        });
    }

    /// The row has all its values.
    pub(super) fn end_row(&mut self) {
        self.in_open += 1;
        if self.in_open as usize >= FULL_ROWS || self.open.text.len() + self.open.bytes.len() >= FULL_BYTES {
            self.close();
        }
    }

    /// Forgets all rows.
    pub(super) fn clear(&mut self) {
        *self = Gather::new();
    }

    /// The rows so far, which are no longer here.
    pub(super) fn take(&mut self) -> Vec<Row> {
        self.close();
        std::mem::take(&mut self.rows)
    }

    fn close(&mut self) {
        let count = std::mem::take(&mut self.in_open);
        if count == 0 {
            return;
        }
        let width = self.open.width();
        // Another batch of the same size is likely to follow one that is full.
        let cells = if count as usize >= FULL_ROWS { Vec::with_capacity(FULL_ROWS * width) } else { Vec::new() };
        let text = String::with_capacity(if cells.capacity() > 0 { self.open.text.len() } else { 0 });
        let next = Batch { names: Arc::clone(&self.open.names), cells, text, bytes: Vec::new() };
        let full = Arc::new(std::mem::replace(&mut self.open, next));
        self.rows.extend((0..count).map(|at| Row::Stepped(Arc::clone(&full), at)));
    }
}

/// No value is longer than SQLite's limit of 2^31 bytes, and a batch has less than `FULL_BYTES` before
/// its last row. A row of many such values is none that anybody could have.
fn place(at: usize, length: usize) -> Option<(u32, u32)> {
    Some((u32::try_from(at).ok()?, u32::try_from(length).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Arc<[Box<str>]> {
        names.iter().map(|&name| name.into()).collect()
    }

    #[test]
    fn rows_come_back_as_they_went_in_across_batches() {
        let mut gather = Gather::new();
        gather.set_names(names(&["n", "t", "b", "r", "x"]));
        let count = FULL_ROWS * 2 + 5;
        for n in 0..count {
            gather.integer(n as i64);
            gather.text(format!("text {n}").as_bytes());
            gather.blob(&[n as u8; 3]);
            gather.real(n as f64 / 2.0);
            gather.null();
            gather.end_row();
        }
        let rows = gather.take();
        assert_eq!(rows.len(), count);
        for (n, row) in rows.iter().enumerate() {
            assert_eq!((row.len(), row.name(1), row.name(9)), (5, "t", ""));
            assert_eq!(row.get(0, SqlType::I64).unwrap(), Value::Int(n as i64));
            assert_eq!(row.get(1, SqlType::Text).unwrap(), Value::Text(format!("text {n}").into()));
            assert_eq!(row.get(2, SqlType::Bytes).unwrap(), Value::Bytes(vec![n as u8; 3].into()));
            assert_eq!(row.get(3, SqlType::F64).unwrap(), Value::Float(n as f64 / 2.0));
            assert_eq!(row.get(4, SqlType::Text).unwrap(), Value::Null);
            assert!(row.get(5, SqlType::I64).is_err());
        }
    }

    #[test]
    fn text_that_is_none_is_an_error_where_it_is_read_only() {
        let mut gather = Gather::new();
        gather.set_names(names(&["bad", "good"]));
        gather.text(&[b'a', 0xff]);
        gather.text("ä\0".as_bytes());
        gather.end_row();
        let rows = gather.take();
        let error = rows[0].get(0, SqlType::Text).unwrap_err().to_string();
        assert!(error.contains("not a valid"), "{error}");
        assert_eq!(rows[0].get(1, SqlType::Text).unwrap(), Value::Text("ä\0".into()));
    }

    #[test]
    fn large_values_close_a_batch() {
        let mut gather = Gather::new();
        gather.set_names(names(&["b"]));
        for n in 0..3u8 {
            gather.blob(&vec![n; FULL_BYTES]);
            gather.end_row();
        }
        let rows = gather.take();
        for (n, row) in rows.iter().enumerate() {
            let Value::Bytes(bytes) = row.get(0, SqlType::Bytes).unwrap() else { panic!("no bytes") };
            assert!(bytes.len() == FULL_BYTES && bytes.iter().all(|&byte| byte == n as u8));
        }
    }
}
