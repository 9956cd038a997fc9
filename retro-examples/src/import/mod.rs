//! From the store's CSV files to its database.
//!
//! [`import`] brings one file into the database, all of it or nothing. [`read_rows`] opens a file,
//! checks its header and yields its rows as typed structs with the line that each came from. Every
//! [`ImportError`] says, in plain words, what to mend and where.

mod data;
mod error;
mod field;
mod lines;
mod orders;
mod products;
mod reader;
mod reviews;
mod rows;

use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use retro_core::prelude::*;

pub use data::{Data, StoreFile};
pub use error::ImportError;
pub use reader::{CsvRow, Located, Rows, read_rows};
pub use rows::{OrderLine, OrderRow, ProductRow, ReviewRow};

/// What [`import`] did.
#[derive(Debug, Clone, Copy)]
pub struct Imported {
    /// The file.
    pub file: StoreFile,
    /// Its rows.
    pub rows: usize,
    /// From opening the file until its rows were committed.
    pub elapsed: Duration,
}

/// Imports one file in one transaction: one session, one flush, one commit.
///
/// What the file refers to must be there already, so products come before orders, and orders before
/// reviews. The bar, which may be hidden, counts the bytes read.
///
/// # Errors
///
/// [`ImportError`] for the first row that is wrong, refers to something unknown, or was imported
/// before; or what the database reports. Nothing of the file is kept then.
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
    let started = Instant::now();
    let mut session = Session::new(engine);
    let rows = match file {
        StoreFile::Products => products::import(&mut session, data.rows(file, progress)?).await,
        StoreFile::Orders => orders::import(&mut session, data.rows(file, progress)?).await,
        StoreFile::Reviews => reviews::import(&mut session, data.rows(file, progress)?).await,
    };
    let rows = rows.map_err(|error| error.in_file(file))?;
    progress.set_message(format!("{file}: writing {rows} rows"));
    session.commit().await.map_err(|error| ImportError::from(error).in_file(file))?;
    Ok(Imported { file, rows, elapsed: started.elapsed() })
}
