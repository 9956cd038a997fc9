//! The store of the examples as a whole: its importers against independent checksums, what they
//! send, and everyday work on 4,728 orders, each with a limit on its statements.

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
fn book() -> std::path::PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/retrofun");
    std::env::var_os("RETROFUN_DATA").unwrap_or_else(|| beside.into()).into()
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
