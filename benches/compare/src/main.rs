//! retro, its peers and hand-written SQL do the same jobs in turns; medians and ratios go into tables.
//!
//! Then each does each job once more, while what it allocates and sends is counted.

mod graph;
mod job;
mod lanes;
mod measure;
mod on_diesel;
mod on_retro;
mod on_rusqlite;
mod on_seaorm;
mod on_sqlx;
mod on_sqlx_postgres;
mod on_toasty;
mod on_tokio_postgres;
mod peer;
mod stage;
mod table;

use clap::Parser;

use job::Job;
use lanes::Lanes;
use measure::Measure;

#[global_allocator]
static ALLOCATOR: measure::memory::Counting = measure::memory::Counting;

type Error = Box<dyn std::error::Error + Send + Sync>;
type Result<T, E = Error> = std::result::Result<T, E>;

/// Compares retro, its peers and hand-written SQL.
#[derive(Parser)]
struct Arguments {
    /// An empty database of PostgreSQL or MariaDB; without it, files of SQLite in a temporary folder.
    #[arg(long)]
    database: Option<String>,
    /// Rounds that count; one before them warms up.
    #[arg(long, default_value_t = 9)]
    rounds: usize,
    /// Only jobs with this in their names.
    #[arg(long)]
    job: Option<String>,
    /// Only the floor and peers with this in their names.
    #[arg(long)]
    peer: Option<String>,
    /// Leave Toasty out, which is built in a crate of its own.
    #[arg(long)]
    without_toasty: bool,
}

/// Of each job, and in it of each peer, what each round took; nothing where a peer doesn't do it.
type Rows = Vec<(Job, Vec<Vec<Option<Measure>>>)>;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let lanes = Lanes::connect(&arguments, false).await?;
    let (lanes, timed) = run(&arguments, lanes, arguments.rounds).await;
    lanes.strike().await?;
    let timed = timed?;
    drop(lanes);
    eprintln!("once more, counted");
    measure::count();
    let lanes = Lanes::connect(&arguments, true).await?;
    let (lanes, counted) = run(&arguments, lanes, 1).await;
    lanes.strike().await?;
    print!("{}", table::render(lanes.title, arguments.rounds, &lanes.names(), &timed, &counted?));
    Ok(())
}

/// The lanes come back whatever happens, as their tables are to be dropped.
async fn run(arguments: &Arguments, mut lanes: Lanes, rounds: usize) -> (Lanes, Result<Rows>) {
    let rows = turns(arguments, &mut lanes, rounds).await;
    (lanes, rows)
}

async fn turns(arguments: &Arguments, lanes: &mut Lanes, rounds: usize) -> Result<Rows> {
    let mut rows = Vec::new();
    for job in Job::ALL {
        if arguments.job.as_ref().is_some_and(|name| !job.name().contains(name.as_str())) {
            continue;
        }
        let mut measured: Vec<Vec<Option<Measure>>> = vec![Vec::new(); lanes.peers.len()];
        for round in 0..=rounds {
            for turn in 0..lanes.peers.len() {
                // Each goes first once in a while, so that none always finds warm caches.
                let side = (round + turn) % lanes.peers.len();
                let (peer, stage) = &mut lanes.peers[side];
                let stage = &mut lanes.stages[*stage];
                let keys = stage.prepare(job).await?;
                let took = peer.run(job, &keys).await.map_err(|e| format!("{}, {}: {e}", peer.name(), job.name()))?;
                if took.is_some() {
                    stage.verify(job).await.map_err(|e| format!("{}, {}: {e}", peer.name(), job.name()))?;
                }
                // The first round warms up.
                if round > 0 {
                    measured[side].push(took);
                }
            }
        }
        eprintln!("{} done", job.name());
        rows.push((job, measured));
    }
    Ok(rows)
}
