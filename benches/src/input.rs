//! The jobs, what they work on, and the state of the database before each.

use retro_core::prelude::*;
use retro_examples::generate::{GenerateOptions, generate};
use retro_examples::import::{Data, StoreFile, import};
use tempfile::TempDir;

use crate::Result;
use crate::item::{Item, item};
use crate::plain::Plain;

pub(crate) const ITEMS: usize = 10_000;
pub(crate) const CHANGED: usize = 1_000;
pub(crate) const DELETED: usize = 500;
/// As many as the book's data has.
const ORDERS: usize = 4_728;

/// What both sides do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Job {
    /// Insert 10,000 items.
    Insert,
    /// Load 10,000 items.
    Load,
    /// Import a CSV file with 4,728 orders, 5,900 items and 2,800 customers.
    Import,
    /// Change a column of 1,000 of 10,000 items that are loaded.
    Update,
    /// Delete 500 orders with their items.
    Delete,
}

impl Job {
    pub(crate) const ALL: [Job; 5] = [Job::Insert, Job::Load, Job::Import, Job::Update, Job::Delete];

    pub(crate) fn name(self) -> String {
        match self {
            Job::Insert => format!("insert {ITEMS} rows"),
            Job::Load => format!("load {ITEMS} rows"),
            Job::Import => format!("import {ORDERS} orders"),
            Job::Update => format!("update {CHANGED} of {ITEMS} rows"),
            Job::Delete => format!("delete {DELETED} orders with items"),
        }
    }
}

/// The store's files, the same for both sides.
pub(crate) struct Input {
    pub(crate) files: TempDir,
}

impl Input {
    pub(crate) fn make() -> Result<Input> {
        let files = tempfile::tempdir()?;
        generate(files.path(), &GenerateOptions { orders: ORDERS, views: 0, seed: 7 })?;
        Ok(Input { files })
    }

    pub(crate) fn data(&self) -> Data {
        Data::Directory(self.files.path().to_owned())
    }

    /// Brings the database into the state before a job.
    pub(crate) async fn prepare(&self, job: Job, engine: &Engine, plain: &dyn Plain) -> Result<()> {
        let hidden = indicatif::ProgressBar::hidden();
        match job {
            Job::Insert => plain.clear(&["bench_items"]).await?,
            Job::Load | Job::Update => {
                let mut session = Session::new(engine);
                if session.count(select(Item)).await? != ITEMS as u64 {
                    plain.clear(&["bench_items"]).await?;
                    session.add_all((0..ITEMS).map(item));
                    session.commit().await?;
                }
            }
            Job::Import | Job::Delete => {
                plain.clear(&["orders_items", "orders", "customers", "products_countries", "products"]).await?;
                plain.clear(&["manufacturers", "countries"]).await?;
                import(engine, &self.data(), StoreFile::Products, &hidden).await?;
                if job == Job::Delete {
                    import(engine, &self.data(), StoreFile::Orders, &hidden).await?;
                }
            }
        }
        Ok(())
    }
}
