//! Toasty, in a process of its own: its SQLite is another version than sqlx's, and a program can have one.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use async_trait::async_trait;

use crate::Result;
use crate::measure::Measure;
use crate::peer::{Peer, Took};

const CRATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/toasty");

pub(crate) struct OnToasty {
    child: Child,
    asks: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    is_mariadb: bool,
}

impl OnToasty {
    /// Builds its program, and starts it.
    pub(crate) fn connect(url: &str, counts: bool) -> Result<OnToasty> {
        let manifest = format!("{CRATE}/Cargo.toml");
        let mut cargo = Command::new("cargo");
        // What the cargo says to this program that runs it would have the other one build all anew.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_")) {
            cargo.env_remove(name);
        }
        let built = cargo.args(["build", "--release", "--manifest-path", &manifest]).status()?;
        if !built.success() {
            return Err("Toasty's program could not be built; see --without-toasty".into());
        }
        let mut child = Command::new(format!("{CRATE}/target/release/retro-compare-toasty"))
            .arg(url)
            .args(counts.then_some("--count"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let asks = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or("no standard output")?);
        Ok(OnToasty { child, asks, answers, is_mariadb: url.starts_with("mariadb") })
    }

    /// It does one job at a time, and this process has nothing else to do meanwhile.
    fn ask(&mut self, job: &str, rows: usize) -> Took {
        let asks = self.asks.as_mut().ok_or("no standard input")?;
        writeln!(asks, "{job} {rows}")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        let numbers: Vec<u64> = answer.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let [elapsed, processor, allocations, bytes, peak, statements] = numbers[..] else {
            return Err("no answer".into());
        };
        let (elapsed, processor) = (Duration::from_nanos(elapsed), Duration::from_nanos(processor));
        Ok(Some(Measure { elapsed, processor, allocations, bytes, peak, statements }))
    }
}

impl Drop for OnToasty {
    fn drop(&mut self) {
        // It ends with its input.
        drop(self.asks.take());
        _ = self.child.wait();
    }
}

#[async_trait(?Send)]
impl Peer for OnToasty {
    fn name(&self) -> &'static str {
        "Toasty"
    }

    async fn insert(&mut self, rows: usize) -> Took {
        self.ask("insert", rows)
    }

    async fn insert_graph(&mut self) -> Took {
        self.ask("insert-graph", 0)
    }

    async fn load(&mut self, rows: usize) -> Took {
        self.ask("load", rows)
    }

    async fn load_graph(&mut self) -> Took {
        self.ask("load-graph", 0)
    }

    async fn update(&mut self) -> Took {
        self.ask("update", 0)
    }

    /// It sends a DELETE with an alias, which MariaDB knows from version 11.6 on.
    async fn delete_graph(&mut self) -> Took {
        if self.is_mariadb {
            return Ok(None);
        }
        self.ask("delete-graph", 0)
    }

    async fn get(&mut self, _keys: &[i64]) -> Took {
        self.ask("get", 0)
    }

    async fn short(&mut self, _keys: &[i64]) -> Took {
        self.ask("short", 0)
    }
}
