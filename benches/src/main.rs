//! retro against hand-written sqlx, and the memory of a long import.
//!
//! `cargo run --release -p retro-benches -- [--database URL]` compares; `.. -- memory` inserts a
//! million rows and prints what the process needs; `.. -- query` builds and renders a query;
//! `.. -- growth` does each piece of work at three sizes; `.. -- sqlite` compares the ways to SQLite;
//! `.. -- copy` the ways of rows to PostgreSQL; `.. -- access` reaches loaded entities by their handles.

mod access;
mod compare;
mod copy;
mod growth;
mod input;
mod item;
mod memory;
mod plain;
mod query;
mod retro;
mod sqlite;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What every part returns when something fails: a benchmark can only stop then.
type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

#[derive(Debug, Parser)]
#[command(name = "retro-benches", about = "retro against hand-written sqlx, taking turns in one run")]
struct Cli {
    /// An empty database: sqlite://FILE, postgres://.. or mysql://.. [default: a temporary SQLite file]
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,

    /// How often each side runs each job, after once to warm up.
    #[arg(long, global = true, default_value_t = 9)]
    rounds: usize,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Insert rows with a commit and an expunge every 10,000, and print the memory in use.
    Memory {
        /// How many rows.
        #[arg(long, default_value_t = 1_000_000)]
        rows: usize,
    },
    /// Compare the ways to SQLite with each other and with rusqlite.
    Sqlite {
        /// Only the jobs that have this in their names.
        #[arg(long)]
        only: Option<String>,

        /// Only one side, for a profiler: 0 directly, 1 through the driver, 2 rusqlite.
        #[arg(long)]
        side: Option<usize>,
    },
    /// Build a query of medium size and render it, and print how long each takes.
    Query,
    /// Reach loaded entities by their handles, and print the nanoseconds that each access takes.
    Access,
    /// Do each piece of work with n, 2n and 4n rows, and print how time and memory grow.
    Growth {
        /// How many rows.
        #[arg(long, default_value_t = 25_000)]
        rows: usize,
        /// Only the work whose name has this in it.
        #[arg(long, default_value = "")]
        only: String,
        /// Draw it into this SVG file.
        #[arg(long, value_name = "FILE")]
        plot: Option<PathBuf>,
    },
    /// Rows with keys of their own to PostgreSQL: COPY beside INSERT .. SELECT .. FROM UNNEST.
    Copy,
    /// One piece of `growth` at one size: what that starts.
    #[command(hide = true)]
    GrowthOf { place: usize, rows: usize },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    if let Some(Command::Query) = cli.command {
        return query::run(cli.rounds);
    }
    if let Some(Command::Sqlite { only, side }) = cli.command {
        return sqlite::run(sqlite::Settings { rounds: cli.rounds, only, side }).await;
    }
    let directory = tempfile::tempdir()?;
    let url = cli.database.unwrap_or_else(|| format!("sqlite://{}", directory.path().join("bench.sqlite").display()));
    match cli.command {
        Some(Command::Access) => access::run(&url, cli.rounds).await,
        Some(Command::Memory { rows }) => memory::run(&url, rows).await,
        Some(Command::Growth { rows, only, plot }) => {
            growth::run(&url, &growth::Settings { rounds: cli.rounds, rows, only, plot })
        }
        Some(Command::Copy) => copy::run(&url, cli.rounds).await,
        Some(Command::GrowthOf { place, rows }) => growth::run_one(&url, place, rows).await,
        _ => compare::run(&url, cli.rounds).await,
    }
}
