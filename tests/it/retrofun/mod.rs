//! The store of the examples as a whole: its importers against independent checksums, what they
//! send, and everyday work on 4,728 orders, each with a limit on its statements.

#[cfg(feature = "golden")]
mod command;
mod golden;
mod import;
mod reports;
mod views;
mod work;

use indicatif::ProgressBar;
use retro_core::prelude::*;
use retro_examples::generate::{GenerateOptions, generate};
use retro_examples::import::{Data, ImportError, StoreFile, import};
use retro_examples::models::metadata;
use retro_tests::Db;

/// As many orders as the book's file has.
const ORDERS: usize = 4_728;

/// The store's tables, empty.
async fn tables(db: Db) -> Db {
    db.with(metadata()).await
}

/// The store after a year of business.
async fn store(db: Db) -> Db {
    let db = tables(db).await;
    let directory = Directory::new();
    generate(&directory.0, &GenerateOptions { orders: ORDERS, views: 0, seed: 7 }).unwrap();
    let data = directory.data();
    for file in StoreFile::ALL {
        bring_in(&db, &data, file).await.unwrap();
    }
    db.log.clear();
    db
}

/// The directory of the book's files, which are not part of this repository: the feature `golden` says
/// that they lie beside it, or `RETROFUN_DATA` names where they are.
#[cfg(feature = "golden")]
pub(crate) fn book() -> std::path::PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/retrofun");
    std::env::var_os("RETROFUN_DATA").unwrap_or_else(|| beside.into()).into()
}

/// What SQLAlchemy finds in the data of the book, which lies there too, or where `RETRO_GOLDEN` says.
#[cfg(feature = "golden")]
pub(crate) fn golden_queries() -> Vec<u8> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/golden");
    let directory = std::env::var_os("RETRO_GOLDEN").unwrap_or_else(|| beside.into());
    let path = std::path::Path::new(&directory).join("queries.json");
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whether a found value is the expected one. Databases add numbers with a point in different orders, so
/// that the last of the digits may differ by one.
#[cfg(feature = "golden")]
pub(crate) fn same(found: &serde_json::Value, expected: &serde_json::Value, digits: i32) -> bool {
    use serde_json::Value;
    match (found, expected) {
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| same(a, b, digits))
        }
        (Value::Number(number), Value::Number(other)) if number.is_f64() || other.is_f64() => {
            let near = |a: f64, b: f64| (a - b).abs() <= 1.01 * 10f64.powi(-digits);
            number.as_f64().zip(other.as_f64()).is_some_and(|(a, b)| near(a, b))
        }
        _ => found == expected,
    }
}

async fn bring_in(db: &Db, data: &Data, file: StoreFile) -> Result<usize, ImportError> {
    let imported = import(&db.engine, data, file, &ProgressBar::hidden()).await?;
    Ok(imported.rows)
}

/// A directory that is gone after the test.
struct Directory(std::path::PathBuf);

impl Directory {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("retrofun_{}", Uuid::new_v4().simple()));
        std::fs::create_dir(&path).unwrap();
        Directory(path)
    }

    fn data(&self) -> Data {
        Data::Directory(self.0.clone())
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
