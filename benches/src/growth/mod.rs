//! How time and memory grow with the number of rows: each piece of work at n, 2n and 4n.

mod models;
mod work;

use std::time::Duration;

use retro_core::prelude::*;
use retro_examples::reports::Table;

use crate::Result;
use crate::memory::Peak;
use models::{Book, Link, Shelf, Tag};
use work::Work;

const SIZES: [usize; 3] = [1, 2, 4];

/// The fastest round at one size, and what it needed at its peak.
#[derive(Clone, Copy)]
struct Measured {
    time: Duration,
    megabytes: Option<f64>,
}

pub(crate) async fn run(url: &str, rounds: usize, n: usize, only: Option<&str>) -> Result<()> {
    let engine = Engine::connect(url).await?;
    let metadata = MetaData::new().with::<Shelf>().with::<Book>().with::<Tag>().with::<Link>();
    metadata.create_all(&engine).await?;
    if Session::new(&engine).exists(select(Book)).await? {
        return Err("the database has data already, and this would delete it; give an empty one".into());
    }
    let mut rows = Vec::new();
    for work in Work::ALL.into_iter().filter(|work| only.is_none_or(|only| work.name().contains(only))) {
        let mut at = Vec::new();
        for size in SIZES {
            at.push(measure(work, &engine, &metadata, n * size, rounds).await?);
        }
        eprintln!("{} done", work.name());
        rows.push(row(work, &at));
    }
    metadata.drop_all(&engine).await?;
    let title =
        format!("{}, n = {n}, fastest of {rounds} rounds; growth is time (memory) per row, 1.0 at n", engine.dialect());
    let head = ["work", "n (ms)", "2n", "4n", "growth at 2n", "at 4n", "peak at 4n (MB)", "growth at 4n"];
    print!("{}", Table::new(&title, head, rows));
    Ok(())
}

async fn measure(work: Work, engine: &Engine, metadata: &MetaData, n: usize, rounds: usize) -> Result<Measured> {
    let mut best: Option<Measured> = None;
    for _ in 0..rounds.max(1) {
        metadata.drop_all(engine).await?;
        metadata.create_all(engine).await?;
        let peak = Peak::start();
        let time = work.run(engine, n).await?;
        let megabytes = peak.map(|peak| peak.megabytes());
        if best.is_none_or(|best| time < best.time) {
            best = Some(Measured { time, megabytes });
        }
    }
    best.ok_or_else(|| "no round was run".into())
}

fn row(work: Work, at: &[Measured]) -> [String; 8] {
    let millis = |at: &Measured| at.time.as_secs_f64() * 1e3;
    let growth = |index: usize| millis(&at[index]) / millis(&at[0]) / SIZES[index] as f64;
    let memory = at[0].megabytes.zip(at[2].megabytes);
    [
        work.name().to_owned(),
        format!("{:.1}", millis(&at[0])),
        format!("{:.1}", millis(&at[1])),
        format!("{:.1}", millis(&at[2])),
        format!("{:.2}", growth(1)),
        format!("{:.2}", growth(2)),
        memory.map_or("?".to_owned(), |(_, last)| format!("{last:.0}")),
        memory.map_or("?".to_owned(), |(first, last)| format!("{:.2}", last / first.max(1.0) / 4.0)),
    ]
}
