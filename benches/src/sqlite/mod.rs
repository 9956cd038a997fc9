//! SQLite: retro's two ways to it, and the best that can be written by hand on rusqlite.
//!
//! `cargo run --release -p retro-benches -- sqlite` lets them take turns, each on a file of its own, and
//! prints medians, and the median of the ratios of each round.

mod byhand;
mod retro;

use std::path::Path;
use std::time::Duration;

use retro_core::prelude::*;
use retro_examples::reports::Table;
use tempfile::TempDir;

use crate::Result;
use crate::item::Item;
use byhand::ByHand;
use retro::OnRetro;
pub(crate) use retro::insert_graph;

pub(crate) const PRODUCTS: usize = 100;
pub(crate) const ORDERS: usize = 2_000;
pub(crate) const LINES: usize = 3;
pub(crate) const DELETED: usize = 500;
pub(crate) const CHANGED: usize = 1_000;
pub(crate) const KEYS: usize = 1_000;
pub(crate) const GETS: usize = 10_000;
pub(crate) const TRANSACTIONS: usize = 1_000;

#[derive(Model, Debug, Clone)]
#[retro(table = "bench_wares")]
pub(crate) struct Ware {
    #[retro(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) price: f64,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "bench_buyers")]
pub(crate) struct Buyer {
    #[retro(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) city: String,
    #[retro(back_populates = buyer)]
    pub(crate) purchases: HasMany<Purchase>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "bench_purchases")]
pub(crate) struct Purchase {
    #[retro(primary_key)]
    pub(crate) id: i64,
    pub(crate) number: i64,
    #[retro(foreign_key = Buyer::id, index)]
    pub(crate) buyer_id: i64,
    #[retro(key = buyer_id, back_populates = purchases)]
    pub(crate) buyer: BelongsTo<Buyer>,
    #[retro(back_populates = purchase, cascade = "all, delete-orphan")]
    pub(crate) lines: HasMany<Line>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "bench_lines")]
pub(crate) struct Line {
    #[retro(primary_key)]
    pub(crate) id: i64,
    #[retro(foreign_key = Purchase::id, index)]
    pub(crate) purchase_id: i64,
    #[retro(foreign_key = Ware::id, index)]
    pub(crate) ware_id: i64,
    pub(crate) quantity: i32,
    pub(crate) price: f64,
    #[retro(key = purchase_id, back_populates = lines)]
    pub(crate) purchase: BelongsTo<Purchase>,
    #[retro(key = ware_id)]
    pub(crate) ware: BelongsTo<Ware>,
}

/// What all of them do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Job {
    /// Insert so many rows; their keys are known afterwards.
    Insert(usize),
    /// Insert 2,000 orders, each with a new customer and three items.
    InsertGraph,
    /// Load 100,000 rows.
    Load(usize),
    /// Load 2,000 orders with customers, items and their products.
    LoadGraph,
    /// Change a column of 1,000 of 10,000 rows that are loaded.
    Update,
    /// Load and delete 500 orders with their items.
    DeleteGraph,
    /// Get 10,000 times one of 1,000 rows.
    Get,
    /// 1,000 times: get a row, change it, commit.
    Short,
}

impl Job {
    const ALL: [Job; 9] = [
        Job::Insert(10_000),
        Job::Insert(100_000),
        Job::InsertGraph,
        Job::Load(100_000),
        Job::LoadGraph,
        Job::Update,
        Job::DeleteGraph,
        Job::Get,
        Job::Short,
    ];

    fn name(self) -> String {
        match self {
            Job::Insert(rows) => format!("insert {rows}"),
            Job::InsertGraph => "insert graph".into(),
            Job::Load(rows) => format!("load {rows}"),
            Job::LoadGraph => "load graph".into(),
            Job::Update => "update".into(),
            Job::DeleteGraph => "delete graph".into(),
            Job::Get => "get".into(),
            Job::Short => "short transactions".into(),
        }
    }
}

pub(crate) struct Settings {
    pub(crate) rounds: usize,
    /// Only jobs whose name has this in it.
    pub(crate) only: Option<String>,
    /// Only this side, for a profiler.
    pub(crate) side: Option<usize>,
}

pub(crate) async fn run(settings: Settings) -> Result<()> {
    let directory = TempDir::new()?;
    let file = |name: &str| directory.path().join(name);
    let direct = OnRetro::connect(&file("direct.sqlite"), true).await?;
    let driver = OnRetro::connect(&file("driver.sqlite"), false).await?;
    let other = OnRetro::connect(&file("byhand.sqlite"), false).await?;
    for side in [&direct, &driver, &other] {
        tables().create_all(&side.engine).await?;
    }
    other.engine.close().await;
    let byhand = ByHand::connect(&file("byhand.sqlite"))?;
    let jobs = Job::ALL.into_iter().filter(|job| {
        let name = job.name();
        settings.only.as_ref().is_none_or(|only| name.contains(only.as_str()))
    });
    let mut rows = Vec::new();
    for job in jobs {
        let mut times: [Vec<Duration>; 3] = Default::default();
        for round in 0..=settings.rounds {
            let mut took = [Duration::ZERO; 3];
            for turn in 0..3 {
                let side = (round + turn) % 3;
                if settings.side.is_some_and(|only| only != side) {
                    continue;
                }
                took[side] = match side {
                    0 => direct.run(job, &file("direct.sqlite")).await?,
                    1 => driver.run(job, &file("driver.sqlite")).await?,
                    _ => byhand.run(job)?,
                };
            }
            // The first round warms up.
            if round > 0 {
                took.into_iter().zip(&mut times).for_each(|(took, times)| times.push(took));
            }
        }
        eprintln!("{} done", job.name());
        rows.push(row(job, &times));
    }
    let title = format!("SQLite, median of {} rounds in ms", settings.rounds);
    let head = ["job", "direct", "best", "driver", "best", "rusqlite", "best", "direct/rusqlite", "driver/rusqlite"];
    print!("{}", Table::new(&title, head, rows));
    Ok(())
}

fn tables() -> MetaData {
    MetaData::new().with::<Item>().with::<Ware>().with::<Buyer>().with::<Purchase>().with::<Line>()
}

fn row(job: Job, times: &[Vec<Duration>; 3]) -> [String; 9] {
    let millis = |times: &[Duration]| times.iter().map(|time| time.as_secs_f64() * 1e3).collect::<Vec<f64>>();
    let [direct, driver, byhand] = [millis(&times[0]), millis(&times[1]), millis(&times[2])];
    let ratios = |ours: &[f64]| ours.iter().zip(&byhand).map(|(a, b)| a / b).collect::<Vec<f64>>();
    let ratio = |ours: &[f64]| format!("{:.2}", median(ratios(ours)));
    let best = |times: &[f64]| format!("{:.2}", times.iter().copied().fold(f64::INFINITY, f64::min));
    let middle = |times: &[f64]| format!("{:.2}", median(times.to_vec()));
    [
        job.name(),
        middle(&direct),
        best(&direct),
        middle(&driver),
        best(&driver),
        middle(&byhand),
        best(&byhand),
        ratio(&direct),
        ratio(&driver),
    ]
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_unstable_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Brings a file into the state before a job.
fn prepare(job: Job, connection: &mut rusqlite::Connection) -> Result<()> {
    let transaction = connection.transaction()?;
    let count = |table: &str| {
        transaction
            .query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get::<_, i64>(0))
            .map(|count| count as usize)
    };
    let items = match job {
        Job::Insert(_) => Some(0),
        Job::Load(rows) => Some(rows),
        Job::Update => Some(10_000),
        Job::Get | Job::Short => Some(KEYS),
        _ => None,
    };
    if let Some(items) = items
        && count("bench_items")? != items
    {
        transaction.execute("DELETE FROM bench_items", [])?;
        byhand::insert_items(&transaction, &mut (0..items).map(crate::item::item).collect::<Vec<_>>())?;
    }
    let graph = match job {
        Job::InsertGraph => Some(0),
        Job::LoadGraph | Job::DeleteGraph => Some(ORDERS),
        _ => None,
    };
    if let Some(orders) = graph {
        if count("bench_wares")? == 0 {
            for n in 0..PRODUCTS {
                let insert = "INSERT INTO bench_wares (name, price) VALUES (?, ?)";
                transaction.execute(insert, (format!("ware {n}"), n as f64 / 2.0))?;
            }
        }
        if count("bench_purchases")? != orders {
            for table in ["bench_lines", "bench_purchases", "bench_buyers"] {
                transaction.execute(&format!("DELETE FROM {table}"), [])?;
            }
            byhand::insert_graph(&transaction, orders)?;
        }
    }
    transaction.commit()?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

fn open(file: &Path) -> Result<rusqlite::Connection> {
    let connection = rusqlite::Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}
