//! How time and memory grow with the number of rows: each piece of work at n, 2n and 4n.

mod clock;
mod compared;
mod models;
mod plot;
mod work;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use retro_core::prelude::*;
use retro_examples::reports::Table;

use crate::Result;
use crate::item::Item;
use crate::memory;
use crate::sqlite::{Buyer, Line, Purchase, Ware};
use models::{Book, Link, Shelf, Tag};
use plot::Panel;
use work::Work;

const SIZES: [usize; 3] = [1, 2, 4];

/// What is asked for.
pub(crate) struct Settings {
    pub(crate) rounds: usize,
    /// The least number of rows.
    pub(crate) rows: usize,
    /// Only the work whose name has this in it.
    pub(crate) only: String,
    /// Where to draw it.
    pub(crate) plot: Option<PathBuf>,
}

/// The fastest round at one size, and what the process needed at its peak.
#[derive(Debug, Clone, Copy)]
struct Measured {
    millis: f64,
    megabytes: f64,
}

/// Measures every piece of work at each size, in a process of its own: what was freed before would hide
/// what is needed.
pub(crate) fn run(url: &str, settings: &Settings) -> Result<()> {
    let &Settings { rounds, rows: n, ref only, ref plot } = settings;
    let (mut rows, mut panels) = (Vec::new(), Vec::new());
    for work in Work::ALL.into_iter().filter(|work| work.name().contains(only)) {
        let mut at = Vec::new();
        for size in SIZES {
            let mut best = elsewhere(url, work, n * size)?;
            for _ in 1..rounds {
                let again = elsewhere(url, work, n * size)?;
                best = Measured { millis: best.millis.min(again.millis), megabytes: again.megabytes };
            }
            at.push(best);
        }
        let row = row(work, &at);
        eprintln!("{}", row.join("  "));
        rows.push(row);
        panels.push(panel(work, n, &at));
    }
    let kind = url.split(':').next().unwrap_or(url);
    let title = format!("{kind}, n = {n}, fastest of {rounds} rounds; growth is per row, 1.0 at n");
    let head = ["work", "n (ms)", "2n", "4n", "growth at 2n", "at 4n", "peak at 4n (MB)", "growth at 4n"];
    print!("{}", Table::new(&title, head, rows));
    if let Some(path) = plot {
        let title = format!("{kind}: time for each of n rows, fastest of {rounds} rounds; level is linear");
        plot::write(path, &title, &panels)?;
    }
    Ok(())
}

/// Does a piece of work in another process.
fn elsewhere(url: &str, work: Work, n: usize) -> Result<Measured> {
    let program = std::env::current_exe()?;
    let place = Work::ALL.iter().position(|other| *other == work).unwrap_or_default();
    let arguments = ["--database", url, "growth-of", &place.to_string(), &n.to_string()];
    let output = Command::new(program).args(arguments).stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8(output.stdout)?;
    let numbers: Vec<f64> = text.split_whitespace().map(str::parse).collect::<std::result::Result<_, _>>()?;
    match numbers[..] {
        [millis, megabytes] if output.status.success() => Ok(Measured { millis, megabytes }),
        _ => Err(format!("`{}` with {n} rows failed", work.name()).into()),
    }
}

/// Does a piece of work here and prints what it needed.
pub(crate) async fn run_one(url: &str, place: usize, n: usize) -> Result<()> {
    let work = Work::ALL.get(place).copied().ok_or("no such work")?;
    let engine = Engine::connect(url).await?;
    let metadata = MetaData::new().with::<Shelf>().with::<Book>().with::<Tag>().with::<Link>();
    let metadata = metadata.with::<Item>().with::<Ware>().with::<Buyer>().with::<Purchase>().with::<Line>();
    metadata.create_all(&engine).await?;
    let mut session = Session::new(&engine);
    if session.exists(select(Book)).await? || session.exists(select(Item)).await? {
        return Err("the database has data already, and this would delete it; give an empty one".into());
    }
    drop(session);
    let before = memory::peak().unwrap_or(f64::NAN);
    let result = work.run(&engine, n).await;
    let peak = memory::peak().unwrap_or(f64::NAN);
    metadata.drop_all(&engine).await?;
    println!("{} {}", result?.as_secs_f64() * 1e3, peak - before);
    Ok(())
}

fn row(work: Work, at: &[Measured]) -> [String; 8] {
    let growth = |of: fn(&Measured) -> f64, index: usize| of(&at[index]) / of(&at[0]) / SIZES[index] as f64;
    let millis = |at: &Measured| at.millis;
    let megabytes = |at: &Measured| at.megabytes.max(0.1);
    [
        work.name().to_owned(),
        format!("{:.1}", at[0].millis),
        format!("{:.1}", at[1].millis),
        format!("{:.1}", at[2].millis),
        format!("{:.2}", growth(millis, 1)),
        format!("{:.2}", growth(millis, 2)),
        format!("{:.1}", at[2].megabytes),
        format!("{:.2}", growth(megabytes, 2)),
    ]
}

fn panel(work: Work, n: usize, at: &[Measured]) -> Panel {
    let rows = SIZES.map(|size| (n * size) as f64);
    let points = rows.into_iter().zip(at).map(|(rows, at)| (rows, at.millis * 1e3 / rows));
    Panel { name: work.name(), points: points.collect() }
}
