//! From the store's CSV files to its database.
//!
//! [`import`] brings one file into the database, all of it or nothing; only views, of which there may
//! be millions, are committed as they come, and go on where they were interrupted. [`import_all`]
//! brings in a whole directory. [`read_rows`] opens a file, checks its header and yields its rows as
//! typed structs with the line that each came from. Every [`ImportError`] says, in plain words, what
//! to mend and where.

mod articles;
mod data;
mod error;
mod field;
mod languages;
mod lines;
mod named;
mod orders;
mod products;
mod reader;
mod reviews;
mod rows;
mod views;

use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use retro_core::prelude::*;

pub use data::{Data, StoreFile};
pub use error::ImportError;
use named::named;
pub use reader::{CsvRow, Located, Rows, read_rows};
pub use rows::{ArticleRow, OrderLine, OrderRow, ProductRow, ReviewRow, ViewRow};

/// Rows of `views.csv` between two commits, unless [`import_views`] says otherwise.
const VIEWS_PER_COMMIT: usize = 100_000;

/// What [`import`] did.
#[derive(Debug, Clone, Copy)]
pub struct Imported {
    /// The file.
    pub file: StoreFile,
    /// Its rows that were imported.
    pub rows: usize,
    /// Rows before them that were skipped, because an import before this one had committed them.
    pub skipped: usize,
    /// From opening the file until its rows were committed.
    pub elapsed: Duration,
}

/// Imports one file in one transaction: one session, one flush, one commit. What the file refers to
/// must be there already: [`StoreFile`] has the files in the right order. The bar, which may be
/// hidden, counts the bytes read.
///
/// Views are let go every 10,000 rows and committed every 100,000, so that memory does not grow with
/// the file. Rows that an import before this one has committed are skipped, whether it failed, was
/// killed or came to its end; for this all views of the database must be of this file, which may have
/// grown since, but only at its end, and one import must run at a time.
///
/// # Errors
///
/// [`ImportError`] for the first row that is wrong, refers to something unknown, or was imported
/// before; or what the database reports. Nothing of the file is kept then, or of views what was
/// committed before.
///
/// ```
/// use indicatif::ProgressBar;
/// use retro_core::prelude::*;
/// use retro_examples::import::{Data, StoreFile, import};
/// use retro_examples::models;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let engine = Engine::connect("sqlite::memory:").await?;
/// models::metadata().create_all(&engine).await?;
/// let imported = import(&engine, &Data::Shipped, StoreFile::Products, &ProgressBar::hidden()).await?;
/// assert!(imported.rows > 100);
/// # Ok(()) }
/// ```
pub async fn import(
    engine: &Engine,
    data: &Data,
    file: StoreFile,
    progress: &ProgressBar,
) -> Result<Imported, ImportError> {
    import_file(engine, data, file, VIEWS_PER_COMMIT, progress).await
}

/// Imports `views.csv` as [`import`] does, with a commit whenever so many rows are sent, at least one.
/// Fewer are sooner safe. More are sooner done: between two commits SQLite writes each page of its
/// indexes once, and identifiers that are random leave hardly any page alone.
///
/// # Errors
///
/// As [`import`].
pub async fn import_views(
    engine: &Engine,
    data: &Data,
    per_commit: usize,
    progress: &ProgressBar,
) -> Result<Imported, ImportError> {
    import_file(engine, data, StoreFile::Views, per_commit.max(1), progress).await
}

/// Imports everything that there is, one file after the other, without progress bars: products, orders
/// and reviews, and what there is of the blog.
///
/// # Errors
///
/// As [`import`], at the first file that fails; those before it stay imported.
///
/// ```
/// use retro_core::prelude::*;
/// use retro_examples::import::{Data, import_all};
/// use retro_examples::models::{self, BlogView};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let engine = Engine::connect("sqlite::memory:").await?;
/// models::metadata().create_all(&engine).await?;
/// let imported = import_all(&engine, &Data::Shipped).await?;
/// let views = Session::new(&engine).count(select(BlogView)).await?;
/// assert_eq!(imported.last().map(|views| views.rows as u64), Some(views));
/// # Ok(()) }
/// ```
pub async fn import_all(engine: &Engine, data: &Data) -> Result<Vec<Imported>, ImportError> {
    let mut imported = Vec::new();
    for file in data.files() {
        imported.push(import(engine, data, file, &ProgressBar::hidden()).await?);
    }
    Ok(imported)
}

async fn import_file(
    engine: &Engine,
    data: &Data,
    file: StoreFile,
    views_per_commit: usize,
    progress: &ProgressBar,
) -> Result<Imported, ImportError> {
    let started = Instant::now();
    let mut session = Session::new(engine);
    let read = read(&mut session, data, file, views_per_commit, progress).await;
    let (rows, skipped) = read.map_err(|error| error.in_file(file))?;
    progress.set_message(format!("{file}: writing {rows} rows"));
    session.commit().await.map_err(|error| ImportError::from(error).in_file(file))?;
    Ok(Imported { file, rows, skipped, elapsed: started.elapsed() })
}

/// Takes the rows of a file into the session: how many, and how many were skipped before them.
async fn read(
    session: &mut Session,
    data: &Data,
    file: StoreFile,
    views_per_commit: usize,
    progress: &ProgressBar,
) -> Result<(usize, usize), ImportError> {
    let rows = match file {
        StoreFile::Products => products::import(session, data.rows(file, progress)?).await?,
        StoreFile::Orders => orders::import(session, data.rows(file, progress)?).await?,
        StoreFile::Reviews => reviews::import(session, data.rows(file, progress)?).await?,
        StoreFile::Articles => articles::import(session, data.rows(file, progress)?).await?,
        StoreFile::Languages => languages::import(session, data.rows(file, progress)?).await?,
        StoreFile::Views => {
            let mut rows = data.rows(file, progress)?;
            let skipped = views::skip_imported(session, &mut rows).await?;
            // What takes no time to skip says nothing about the rest.
            progress.reset_eta();
            return Ok((views::import(session, rows, views_per_commit).await?, skipped));
        }
    };
    Ok((rows, 0))
}
