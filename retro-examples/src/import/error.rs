//! [`ImportError`]: where in which file, and why.

use std::io;
use std::path::{Path, PathBuf};

use super::StoreFile;

/// Why a CSV file, or one of its rows, could not be imported.
///
/// `Display` is the whole story, cause included, so there is no `source()` to print after it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file could not be opened or read to its end.
    #[error("cannot read {}: {}", path.display(), in_words(error))]
    Read {
        /// The file, as it was asked for.
        path: PathBuf,
        /// What the operating system said.
        error: io::Error,
    },

    /// The content of the file is not what it should be.
    #[error("{}: {reason}", place(path, *line, column.as_deref()))]
    Content {
        /// The file, as it was asked for; the message shows its name only.
        path: PathBuf,
        /// The line on which the row begins. The header is line 1.
        line: u64,
        /// The column's name in the header, when one column is to blame.
        column: Option<String>,
        /// What is wrong, as the end of a sentence: "`x` is not a whole number".
        reason: String,
    },

    /// The database refused the rows, or could not be asked.
    #[error("{}{error}", prefix(*file))]
    Database {
        /// The name of the file that was being imported.
        file: Option<&'static str>,
        /// What retro said.
        error: retro_core::Error,
    },
}

impl ImportError {
    /// An error about one column of a row, also for importers that find out later than the
    /// reader that a value will not do.
    ///
    /// ```
    /// use std::path::Path;
    /// use retro_examples::import::ImportError;
    ///
    /// let error = ImportError::in_column(Path::new("orders.csv"), 17, "product1", "no such product");
    /// assert_eq!(error.to_string(), "orders.csv line 17, column `product1`: no such product");
    /// ```
    pub fn in_column(path: &Path, line: u64, column: &str, reason: impl Into<String>) -> Self {
        Self::Content { path: path.to_owned(), line, column: Some(column.to_owned()), reason: reason.into() }
    }

    /// An error about a whole line.
    pub fn in_line(path: &Path, line: u64, reason: impl Into<String>) -> Self {
        Self::Content { path: path.to_owned(), line, column: None, reason: reason.into() }
    }

    /// The same error with the file that was being imported, where it does not say so yet.
    pub(super) fn in_file(self, file: StoreFile) -> Self {
        match self {
            Self::Database { file: None, error } => Self::Database { file: Some(file.name()), error },
            other => other,
        }
    }

    pub(super) fn read(path: &Path, error: io::Error) -> Self {
        Self::Read { path: path.to_owned(), error }
    }
}

impl From<retro_core::Error> for ImportError {
    fn from(error: retro_core::Error) -> Self {
        Self::Database { file: None, error }
    }
}

fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    }
}

fn prefix(file: Option<&str>) -> String {
    file.map(|file| format!("{file}: ")).unwrap_or_default()
}

fn place(path: &Path, line: u64, column: Option<&str>) -> String {
    let file = path.file_name().unwrap_or(path.as_os_str()).display();
    match column {
        Some(column) => format!("{file} line {line}, column `{column}`"),
        None => format!("{file} line {line}"),
    }
}
