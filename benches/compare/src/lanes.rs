//! Which peers there are on a database.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::measure::{sqlite, wire};
use crate::on_diesel::{DieselPostgres, DieselSqlite};
use crate::on_retro::OnRetro;
use crate::on_rusqlite::OnRusqlite;
use crate::on_seaorm::OnSeaOrm;
use crate::on_sqlx::{SqlxMySql, SqlxSqlite};
use crate::on_sqlx_postgres::SqlxPostgres;
use crate::on_toasty::OnToasty;
use crate::on_tokio_postgres::OnTokioPostgres;
use crate::peer::Peer;
use crate::stage::Stage;
use crate::{Arguments, Result};

/// The peers on a database, the floor first. Each works on one of the stages.
pub(crate) struct Lanes {
    pub(crate) stages: Vec<Stage>,
    pub(crate) peers: Vec<(Box<dyn Peer>, usize)>,
    pub(crate) title: &'static str,
    /// Of the files; removed at the end.
    _directory: Option<TempDir>,
}

/// Toasty takes part, and counts in its own process.
struct Toasty {
    counts: bool,
}

impl Lanes {
    /// Those that are asked for. What they send is counted if `counts` says so.
    pub(crate) async fn connect(arguments: &Arguments, counts: bool) -> Result<Lanes> {
        let toasty = (!arguments.without_toasty).then_some(Toasty { counts });
        let mut lanes = match &arguments.database {
            None => Lanes::sqlite(toasty, counts).await?,
            Some(url) => {
                let stage = Stage::build(url).await?;
                let to = if counts { wire::listen(url).await? } else { url.clone() };
                match url.starts_with("postgres") {
                    true => Lanes::postgres(stage, url, &to, toasty).await?,
                    false => Lanes::mariadb(stage, url, &to, toasty).await?,
                }
            }
        };
        if let Some(name) = &arguments.peer {
            let mut number = 0;
            lanes.peers.retain(|(peer, _)| {
                number += 1;
                number == 1 || peer.name().contains(name.as_str())
            });
        }
        Ok(lanes)
    }

    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.peers.iter().map(|(peer, _)| peer.name()).collect()
    }

    /// Drops the tables.
    pub(crate) async fn strike(&self) -> Result<()> {
        for stage in &self.stages {
            stage.strike().await?;
        }
        Ok(())
    }

    /// A file for each peer.
    async fn sqlite(toasty: Option<Toasty>, counts: bool) -> Result<Lanes> {
        if counts {
            sqlite::trace()?;
        }
        let directory = TempDir::new()?;
        let mut lanes = Lanes { stages: Vec::new(), peers: Vec::new(), title: "SQLite", _directory: None };
        let file = lanes.file(&directory, "rusqlite").await?;
        lanes.last(Box::new(OnRusqlite::connect(&file)?));
        let file = lanes.file(&directory, "sqlx").await?;
        lanes.last(Box::new(SqlxSqlite::connect(&file).await?));
        let file = lanes.file(&directory, "retro").await?;
        lanes.last(Box::new(OnRetro::connect(&format!("sqlite://{}", file.display())).await?));
        let file = lanes.file(&directory, "diesel").await?;
        lanes.last(Box::new(DieselSqlite::connect(&file)?));
        let file = lanes.file(&directory, "seaorm").await?;
        lanes.last(Box::new(OnSeaOrm::connect(&format!("sqlite://{}", file.display())).await?));
        if let Some(Toasty { counts }) = toasty {
            let file = lanes.file(&directory, "toasty").await?;
            lanes.last(Box::new(OnToasty::connect(&format!("sqlite:{}", file.display()), counts)?));
        }
        lanes._directory = Some(directory);
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

    async fn postgres(stage: Stage, url: &str, to: &str, toasty: Option<Toasty>) -> Result<Lanes> {
        let mut lanes = Lanes { stages: vec![stage], peers: Vec::new(), title: "PostgreSQL", _directory: None };
        lanes.last(Box::new(SqlxPostgres::connect(to).await?));
        lanes.last(Box::new(OnTokioPostgres::connect(to).await?));
        lanes.last(Box::new(OnRetro::connect(to).await?));
        lanes.last(Box::new(DieselPostgres::connect(to).await?));
        lanes.last(Box::new(OnSeaOrm::connect(to).await?));
        if let Some(Toasty { counts }) = toasty {
            lanes.last(Box::new(OnToasty::connect(&url.replacen("postgres:", "postgresql:", 1), counts)?));
        }
        Ok(lanes)
    }

    async fn mariadb(stage: Stage, url: &str, to: &str, toasty: Option<Toasty>) -> Result<Lanes> {
        let mut lanes = Lanes { stages: vec![stage], peers: Vec::new(), title: "MariaDB", _directory: None };
        lanes.last(Box::new(SqlxMySql::connect(to).await?));
        lanes.last(Box::new(OnRetro::connect(to).await?));
        lanes.last(Box::new(OnSeaOrm::connect(to).await?));
        if let Some(Toasty { counts }) = toasty {
            lanes.last(Box::new(OnToasty::connect(&url.replacen("mysql:", "mariadb:", 1), counts)?));
        }
        Ok(lanes)
    }
}
