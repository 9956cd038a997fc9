//! [`Table`]: rows and columns as text.

use std::fmt;

use super::{Column, Kind};

/// A table to be printed: numbers to the right, everything else to the left.
#[derive(Debug, Clone)]
pub struct Table {
    title: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Which columns stand to the right.
    numbers: Vec<bool>,
}

impl Table {
    /// A table of rows that have as many cells as the header.
    pub fn new<const N: usize>(title: &str, header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> Self {
        let rows: Vec<Vec<String>> = rows.into_iter().map(Vec::from).collect();
        let is_number = |column: usize| rows.iter().all(|row| row[column].parse::<f64>().is_ok());
        let numbers = (0..N).map(is_number).collect();
        Table { title: title.to_owned(), header: header.map(str::to_owned).into(), rows, numbers }
    }

    /// A table of rows whose columns say themselves what they are.
    pub(super) fn of_columns(title: &str, columns: &[Column], rows: impl Iterator<Item = Vec<String>>) -> Self {
        Table {
            title: title.to_owned(),
            header: columns.iter().map(|column| column.name.to_owned()).collect(),
            rows: rows.collect(),
            numbers: columns.iter().map(|column| matches!(column.kind, Kind::Int | Kind::Float(_))).collect(),
        }
    }

    fn widths(&self) -> Vec<usize> {
        let longest = |column: usize| {
            let cells = self.rows.iter().map(|row| &row[column]);
            cells.chain([&self.header[column]]).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        (0..self.header.len()).map(longest).collect()
    }
}

/// Ends with a line break.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        let rule: Vec<String> = widths.iter().map(|&width| "-".repeat(width)).collect();
        writeln!(f, "{}", self.title)?;
        for row in [&self.header, &rule].into_iter().chain(&self.rows) {
            let cells = row.iter().enumerate().map(|(column, cell)| match (self.numbers[column], widths[column]) {
                (true, width) => format!("{cell:>width$}"),
                (false, width) => format!("{cell:<width$}"),
            });
            writeln!(f, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_to_the_right() {
        let rows = [["Amiga", "9"], ["ZX Spectrum", "10"]].map(|row| row.map(str::to_owned));
        let table = Table::new("Sales", ["product", "units"], rows).to_string();
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(lines[1..4], ["  product      units", "  -----------  -----", "  Amiga            9"]);
    }
}
