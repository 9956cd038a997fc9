//! Where the files are: in a directory, or in the program itself.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use super::{CsvRow, ImportError, Rows};

/// One of the store's files, in the order in which they can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StoreFile {
    /// `products.csv`: machines, who made them and where.
    Products,
    /// `orders.csv`: who ordered what and when.
    Orders,
    /// `reviews.csv`: what customers think of products.
    Reviews,
}

impl StoreFile {
    /// All files.
    pub const ALL: [StoreFile; 3] = [StoreFile::Products, StoreFile::Orders, StoreFile::Reviews];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            StoreFile::Products => "products.csv",
            StoreFile::Orders => "orders.csv",
            StoreFile::Reviews => "reviews.csv",
        }
    }

    /// The sample that is part of the program, so that it works wherever it is copied to.
    fn shipped(self) -> &'static str {
        match self {
            StoreFile::Products => include_str!("../../data/products.csv"),
            StoreFile::Orders => include_str!("../../data/orders.csv"),
            StoreFile::Reviews => include_str!("../../data/reviews.csv"),
        }
    }
}

impl fmt::Display for StoreFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where the files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// The sample that is part of the program.
    Shipped,
    /// Files in a directory.
    Directory(PathBuf),
}

impl Data {
    /// The rows of a file; the bar counts the bytes that are read.
    pub(super) fn rows<R: CsvRow>(&self, file: StoreFile, progress: &ProgressBar) -> Result<Rows<R>, ImportError> {
        match self {
            Data::Shipped => {
                let text = file.shipped();
                counted(Path::new(file.name()), text.as_bytes(), text.len() as u64, progress)
            }
            Data::Directory(directory) => {
                let path = directory.join(file.name());
                let unreadable = |error| ImportError::read(&path, error);
                let source = File::open(&path).map_err(unreadable)?;
                let size = source.metadata().map_err(unreadable)?.len();
                counted(&path, source, size, progress)
            }
        }
    }
}

fn counted<R: CsvRow>(
    path: &Path,
    source: impl Read + Send + 'static,
    size: u64,
    progress: &ProgressBar,
) -> Result<Rows<R>, ImportError> {
    progress.set_length(size);
    Rows::new(path, progress.wrap_read(source))
}
