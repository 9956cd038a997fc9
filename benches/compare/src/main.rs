//! retro, its peers and hand-written SQL do the same jobs in turns; medians and ratios go into a table.

mod graph;
mod job;
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

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use tempfile::TempDir;

use job::Job;
use on_diesel::{DieselPostgres, DieselSqlite};
use on_retro::OnRetro;
use on_rusqlite::OnRusqlite;
use on_seaorm::OnSeaOrm;
use on_sqlx::{SqlxMySql, SqlxSqlite};
use on_sqlx_postgres::SqlxPostgres;
use on_toasty::OnToasty;
use on_tokio_postgres::OnTokioPostgres;
use peer::Peer;
use stage::Stage;

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

/// The peers on a database, the floor first. Each works on one of the stages.
struct Lanes {
    stages: Vec<Stage>,
    peers: Vec<(Box<dyn Peer>, usize)>,
    title: &'static str,
}

impl Lanes {
    /// A file for each peer.
    async fn sqlite(directory: &TempDir, without_toasty: bool) -> Result<Lanes> {
        let mut lanes = Lanes { stages: Vec::new(), peers: Vec::new(), title: "SQLite" };
        let file = lanes.file(directory, "rusqlite").await?;
        lanes.last(Box::new(OnRusqlite::connect(&file)?));
        let file = lanes.file(directory, "sqlx").await?;
        lanes.last(Box::new(SqlxSqlite::connect(&file).await?));
        let file = lanes.file(directory, "retro").await?;
        lanes.last(Box::new(OnRetro::connect(&format!("sqlite://{}", file.display())).await?));
        let file = lanes.file(directory, "diesel").await?;
        lanes.last(Box::new(DieselSqlite::connect(&file)?));
        let file = lanes.file(directory, "seaorm").await?;
        lanes.last(Box::new(OnSeaOrm::connect(&format!("sqlite://{}", file.display())).await?));
        if !without_toasty {
            let file = lanes.file(directory, "toasty").await?;
            lanes.last(Box::new(OnToasty::connect(&format!("sqlite:{}", file.display()))?));
        }
        Ok(lanes)
    }

    async fn file(&mut self, directory: &TempDir, name: &str) -> Result<PathBuf> {
        let file = directory.path().join(format!("{name}.sqlite"));
        self.stages.push(Stage::build(&format!("sqlite://{}", file.display())).await?);
        Ok(file)
    }

    fn last(&mut self, peer: Box<dyn Peer>) {
        self.peers.push((peer, self.stages.len() - 1));
    }

    async fn postgres(url: &str, without_toasty: bool) -> Result<Lanes> {
        let mut lanes = Lanes { stages: vec![Stage::build(url).await?], peers: Vec::new(), title: "PostgreSQL" };
        lanes.last(Box::new(SqlxPostgres::connect(url).await?));
        lanes.last(Box::new(OnTokioPostgres::connect(url).await?));
        lanes.last(Box::new(OnRetro::connect(url).await?));
        lanes.last(Box::new(DieselPostgres::connect(url).await?));
        lanes.last(Box::new(OnSeaOrm::connect(url).await?));
        if !without_toasty {
            lanes.last(Box::new(OnToasty::connect(&url.replacen("postgres:", "postgresql:", 1))?));
        }
        Ok(lanes)
    }

    async fn mariadb(url: &str, without_toasty: bool) -> Result<Lanes> {
        let mut lanes = Lanes { stages: vec![Stage::build(url).await?], peers: Vec::new(), title: "MariaDB" };
        lanes.last(Box::new(SqlxMySql::connect(url).await?));
        lanes.last(Box::new(OnRetro::connect(url).await?));
        lanes.last(Box::new(OnSeaOrm::connect(url).await?));
        if !without_toasty {
            lanes.last(Box::new(OnToasty::connect(&url.replacen("mysql:", "mariadb:", 1))?));
        }
        Ok(lanes)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let directory = TempDir::new()?;
    let mut lanes = match &arguments.database {
        None => Lanes::sqlite(&directory, arguments.without_toasty).await?,
        Some(url) if url.starts_with("postgres") => Lanes::postgres(url, arguments.without_toasty).await?,
        Some(url) => Lanes::mariadb(url, arguments.without_toasty).await?,
    };
    let result = compare(&arguments, &mut lanes).await;
    for stage in &lanes.stages {
        stage.strike().await?;
    }
    result
}

async fn compare(arguments: &Arguments, lanes: &mut Lanes) -> Result<()> {
    if let Some(name) = &arguments.peer {
        let mut number = 0;
        lanes.peers.retain(|(peer, _)| {
            number += 1;
            number == 1 || peer.name().contains(name.as_str())
        });
    }
    let mut rows = Vec::new();
    for job in Job::ALL {
        if arguments.job.as_ref().is_some_and(|name| !job.name().contains(name.as_str())) {
            continue;
        }
        let mut times: Vec<Vec<Option<Duration>>> = vec![Vec::new(); lanes.peers.len()];
        for round in 0..=arguments.rounds {
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
                    times[side].push(took);
                }
            }
        }
        eprintln!("{} done", job.name());
        rows.push((job, times));
    }
    let names: Vec<&str> = lanes.peers.iter().map(|(peer, _)| peer.name()).collect();
    print!("{}", table::render(lanes.title, arguments.rounds, &names, &rows));
    Ok(())
}
