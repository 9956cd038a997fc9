//! [`read_rows`]: from a file to typed rows, or to an error that says where.

use std::fs::File;
use std::io::{BufReader, Read};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, ErrorKind, ReaderBuilder, StringRecord};
use serde::de::DeserializeOwned;

use super::error::ImportError;
use super::field::row_of_fields;
use super::lines::Lines;

/// A struct that is read from the rows of a CSV file.
pub trait CsvRow: DeserializeOwned {
    /// The columns that the file must have, in any order; others are ignored.
    const COLUMNS: &'static [&'static str];
}

/// A row and the line of the file on which it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Located<R> {
    /// The line, counted from 1 (the header) as an editor does, quoted line breaks included.
    pub line: u64,
    /// What stands there.
    pub row: R,
}

/// Opens a CSV file, checks its header, and returns its rows.
///
/// The rows are read as the iterator is advanced. One that is wrong is an `Err` of its own, and
/// the next call goes on with the next row, so that a caller may collect all the errors of a file.
///
/// # Errors
///
/// [`ImportError`] if the file cannot be opened, is empty, or has not the columns of `R`.
///
/// ```
/// use retro_examples::import::{ProductRow, read_rows};
///
/// let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/products.csv");
/// for product in read_rows::<ProductRow>(path)? {
///     let product = product?;
///     assert!(product.line > 1 && product.row.year >= 1975);
/// }
/// # Ok::<(), retro_examples::import::ImportError>(())
/// ```
pub fn read_rows<R: CsvRow>(path: impl AsRef<Path>) -> Result<Rows<R>, ImportError> {
    let path = path.as_ref();
    let file = File::open(path).map_err(|error| ImportError::read(path, error))?;
    Rows::new(path, file)
}

/// Where the bytes of a file come from.
type Source = Box<dyn Read + Send>;

/// The rows of a CSV file; see [`read_rows`].
pub struct Rows<R> {
    path: PathBuf,
    reader: csv::Reader<Lines<BufReader<Source>>>,
    headers: StringRecord,
    /// Reused from row to row.
    record: ByteRecord,
    finished: bool,
    row: PhantomData<fn() -> R>,
}

impl<R: CsvRow> Iterator for Rows<R> {
    type Item = Result<Located<R>, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        match self.read_record() {
            Ok(Some(line)) => Some(self.row(line).map(|row| Located { line, row })),
            Ok(None) => {
                self.finished = true;
                None
            }
            Err(error) => {
                self.finished = true;
                Some(Err(error))
            }
        }
    }
}

impl<R: CsvRow> Rows<R> {
    /// The rows of something else than a file in a directory. The path is what errors show.
    ///
    /// # Errors
    ///
    /// As [`read_rows`].
    pub fn new(path: &Path, source: impl Read + Send + 'static) -> Result<Self, ImportError> {
        let source: Source = Box::new(source);
        let mut rows = Rows {
            path: path.to_owned(),
            // Flexible, because the count of fields is checked here, with a better message.
            reader: ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(Lines::new(BufReader::new(source))),
            headers: StringRecord::new(),
            record: ByteRecord::new(),
            finished: false,
            row: PhantomData,
        };
        rows.read_header()?;
        Ok(rows)
    }

    /// An error about a column of a row that was read before, for importers that find out later
    /// than the reader that a value will not do.
    pub fn error(&self, line: u64, column: &str, reason: impl Into<String>) -> ImportError {
        ImportError::in_column(&self.path, line, column, reason)
    }

    /// An error about a whole row that was read before.
    pub fn error_in_line(&self, line: u64, reason: impl Into<String>) -> ImportError {
        ImportError::in_line(&self.path, line, reason)
    }

    fn read_header(&mut self) -> Result<(), ImportError> {
        let Some(line) = self.read_record()? else {
            let columns = R::COLUMNS.join(",");
            let reason = format!("the file is empty, its first line must be the header: {columns}");
            return Err(ImportError::in_line(&self.path, 1, reason));
        };
        let headers =
            self.text().map_err(|_| ImportError::in_line(&self.path, line, "the header is not valid UTF-8"))?;
        check_header(R::COLUMNS, &headers).map_err(|reason| ImportError::in_line(&self.path, line, reason))?;
        self.headers = headers;
        Ok(())
    }

    /// Reads the next record and returns the line on which it begins, `None` after the last.
    fn read_record(&mut self) -> Result<Option<u64>, ImportError> {
        let quotes_before = self.reader.get_ref().quotes();
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(self.unreadable(error)),
        }
        let source = self.reader.get_ref();
        let fields = self.record.as_slice();
        let breaks = |fields: &[u8]| fields.iter().filter(|&&byte| byte == b'\n').count() as u64;
        // A quote that is never closed makes the rest of the file one field, without a word from
        // the csv crate. Closed ones come in pairs, doubled ones within a field too.
        if source.ended() && (source.quotes() - quotes_before) % 2 == 1 {
            // The file's last line break is part of the field, but begins no line.
            let fields = fields.strip_suffix(b"\n").unwrap_or(fields);
            let line = source.line().saturating_sub(breaks(fields));
            let reason = "a quotation mark is opened here and never closed";
            return Err(ImportError::in_line(&self.path, line, reason));
        }
        Ok(Some(source.line().saturating_sub(breaks(fields))))
    }

    fn unreadable(&self, error: csv::Error) -> ImportError {
        match error.into_kind() {
            ErrorKind::Io(error) => ImportError::read(&self.path, error),
            // Not with the options that the reader is built with, but the type allows it.
            other => {
                let line = self.reader.get_ref().line();
                ImportError::in_line(&self.path, line, format!("not a CSV record: {other:?}"))
            }
        }
    }

    /// The current record as text, or the index of the field that is not UTF-8.
    fn text(&self) -> Result<StringRecord, usize> {
        StringRecord::from_byte_record(self.record.clone()).map_err(|error| error.utf8_error().field())
    }

    fn row(&self, line: u64) -> Result<R, ImportError> {
        let (expected, found) = (self.headers.len(), self.record.len());
        if found != expected {
            let reason = format!("{found} fields where the header has {expected}");
            return Err(ImportError::in_line(&self.path, line, reason));
        }
        let in_column = |column: &str, reason: String| ImportError::in_column(&self.path, line, column, reason);
        let record = self
            .text()
            .map_err(|field| in_column(self.headers.get(field).unwrap_or("?"), "not valid UTF-8".to_owned()))?;
        row_of_fields(&self.headers, &record).map_err(|(column, reason)| in_column(column, reason.to_string()))
    }
}

fn check_header(columns: &[&str], headers: &StringRecord) -> Result<(), String> {
    let times = |column: &str| headers.iter().filter(|&header| header == column).count();
    let missing: Vec<_> =
        columns.iter().filter(|column| times(column) == 0).map(|column| format!("`{column}`")).collect();
    match missing.as_slice() {
        [] => {}
        [column] => return Err(format!("the column {column} is missing")),
        _ => return Err(format!("the columns {} are missing", missing.join(", "))),
    }
    match columns.iter().find(|column| times(column) > 1) {
        Some(column) => Err(format!("the column `{column}` stands there more than once")),
        None => Ok(()),
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
