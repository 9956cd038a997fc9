//! [`Sheet`]: the answer to a report, and how it is written down.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Cell, Column, Kind, Table};

/// The rows that a report found.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The name of the report.
    pub id: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, with a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// As a table to be read.
    pub fn table(&self) -> Table {
        Table::of_columns(self.title, &self.columns, self.texts())
    }

    /// As CSV: a line with the names of the columns, and one for each row. What is nested is written
    /// as JSON.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_csv(&self, out: impl Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(self.columns.iter().map(|column| column.name))?;
        for row in self.texts() {
            csv.write_record(row)?;
        }
        csv.flush()
    }

    /// As a JSON object with `id`, `columns` and `rows`, a line for each row.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_json(&self, mut out: impl Write) -> io::Result<()> {
        let columns: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        write!(out, "{{\"id\": {}, \"columns\": {}, \"rows\": [", json!(self.id), json!(columns))?;
        for (number, row) in self.rows.iter().enumerate() {
            let row: Value = self.cells(row).map(json).collect();
            write!(out, "{}\n  {row}", if number == 0 { "" } else { "," })?;
        }
        write!(out, "]}}")
    }

    fn texts(&self) -> impl Iterator<Item = Vec<String>> {
        self.rows.iter().map(|row| self.cells(row).map(text).collect())
    }

    fn cells<'s>(&'s self, row: &'s [Cell]) -> impl Iterator<Item = (&'s Cell, Kind)> {
        row.iter().zip(self.columns.iter().map(|column| column.kind))
    }
}

fn text((cell, kind): (&Cell, Kind)) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => match kind {
            Kind::Float(digits) => format!("{number:.digits$}"),
            _ => number.to_string(),
        },
        Cell::Text(text) => text.clone(),
        Cell::Timestamp(at) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
        Cell::Json(value) => value.to_string(),
    }
}

fn json((cell, kind): (&Cell, Kind)) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Int(number) => json!(number),
        // Through its digits, so that it is the number that the other formats show.
        Cell::Float(_) => text((cell, kind)).parse::<f64>().map_or(Value::Null, |number| json!(number)),
        Cell::Text(_) | Cell::Timestamp(_) => json!(text((cell, kind))),
        Cell::Json(value) => value.clone(),
    }
}
