//! Where the files are: in a directory, or in the program itself.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use super::{CsvRow, ImportError, Rows};

/// What can be imported, in the order in which it can be: a file, or what is left of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StoreFile {
    /// `products.csv`: machines, who made them and where.
    Products,
    /// `orders.csv`: who ordered what and when.
    Orders,
    /// `reviews.csv`: what customers think of products.
    Reviews,
    /// `articles.csv`: the articles of the blog and their authors.
    Articles,
    /// `articles.csv` once more: languages, and which articles are translations of others.
    Languages,
    /// `views.csv`: who read which article when.
    Views,
}

impl StoreFile {
    /// All, in order.
    pub const ALL: [StoreFile; 6] = [
        StoreFile::Products,
        StoreFile::Orders,
        StoreFile::Reviews,
        StoreFile::Articles,
        StoreFile::Languages,
        StoreFile::Views,
    ];

    /// The name of the file.
    pub fn name(self) -> &'static str {
        match self {
            StoreFile::Products => "products.csv",
            StoreFile::Orders => "orders.csv",
            StoreFile::Reviews => "reviews.csv",
            StoreFile::Articles | StoreFile::Languages => "articles.csv",
            StoreFile::Views => "views.csv",
        }
    }

    /// Whether it is of the blog, which a store need not have.
    fn is_of_the_blog(self) -> bool {
        matches!(self, StoreFile::Articles | StoreFile::Languages | StoreFile::Views)
    }

    /// The sample that is part of the program, so that it works wherever it is copied to.
    fn shipped(self) -> &'static str {
        match self {
            StoreFile::Products => include_str!("../../data/products.csv"),
            StoreFile::Orders => include_str!("../../data/orders.csv"),
            StoreFile::Reviews => include_str!("../../data/reviews.csv"),
            StoreFile::Articles | StoreFile::Languages => include_str!("../../data/articles.csv"),
            StoreFile::Views => include_str!("../../data/views.csv"),
        }
    }
}

/// The name of the file, and what is read of it where that is not all.
impl fmt::Display for StoreFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            StoreFile::Languages => f.write_str(" (languages)"),
            _ => Ok(()),
        }
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
    /// What there is to import, in order: everything, but of the blog only files that are there. That
    /// another file is missing is for [`import`](super::import) to say.
    pub fn files(&self) -> Vec<StoreFile> {
        StoreFile::ALL.into_iter().filter(|file| !file.is_of_the_blog() || self.has(*file)).collect()
    }

    fn has(&self, file: StoreFile) -> bool {
        match self {
            Data::Shipped => true,
            // One that cannot be asked for is tried, which says why.
            Data::Directory(directory) => directory.join(file.name()).try_exists().unwrap_or(true),
        }
    }

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
