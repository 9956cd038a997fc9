//! Both sides take turns at each job; medians, ratios and statements go into a table.

use std::time::Duration;

use retro_core::prelude::*;
use retro_examples::models::{Customer, Product};
use retro_examples::reports::Table;

use crate::Result;
use crate::input::{Input, Job};
use crate::item::Item;
use crate::plain;
use crate::retro::Retro;

/// What one side needed for a job.
#[derive(Default)]
struct Measured {
    times: Vec<Duration>,
    statements: u64,
}

impl Measured {
    fn add(&mut self, (elapsed, statements): (Duration, u64)) {
        self.times.push(elapsed);
        self.statements = statements;
    }

    /// In milliseconds.
    fn median(&mut self) -> f64 {
        self.times.sort_unstable();
        self.times.get(self.times.len() / 2).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    }

    fn min(&self) -> f64 {
        self.times.iter().min().map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    }
}

pub(crate) async fn run(url: &str, rounds: usize) -> Result<()> {
    let retro = Retro::connect(url).await?;
    let metadata = retro_examples::models::metadata().with::<Item>();
    metadata.create_all(&retro.engine).await?;
    refuse_data(&retro.engine).await?;
    let plain = plain::connect(url).await?;
    let input = Input::make()?;
    let mut rows = Vec::new();
    for job in Job::ALL {
        let (mut ours, mut theirs) = (Measured::default(), Measured::default());
        for round in 0..=rounds {
            // Each side goes first every other time, so that neither always finds warm caches.
            for turn in 0..2 {
                input.prepare(job, &retro.engine, &*plain).await?;
                let (side, result) = match (round + turn) % 2 {
                    0 => (&mut ours, retro.run(job, &input).await?),
                    _ => (&mut theirs, plain.run(job, &input).await?),
                };
                // The first round warms up.
                if round > 0 {
                    side.add(result);
                }
            }
        }
        eprintln!("{} done", job.name());
        rows.push(row(job, &mut ours, &mut theirs));
    }
    metadata.drop_all(&retro.engine).await?;
    let title = format!("{}, median of {rounds} rounds in ms", retro.engine.dialect());
    print!(
        "{}",
        Table::new(&title, ["job", "retro", "best", "sqlx", "best", "ratio", "sent by retro", "by hand"], rows)
    );
    Ok(())
}

/// The jobs empty the tables, so nobody's data may be there.
async fn refuse_data(engine: &Engine) -> Result<()> {
    let mut session = Session::new(engine);
    let mut is_empty = !session.exists(select(Item)).await?;
    is_empty &= !session.exists(select(Product)).await?;
    is_empty &= !session.exists(select(Customer)).await?;
    match is_empty {
        true => Ok(()),
        false => Err("the database has data already, and this would delete it; give an empty one".into()),
    }
}

fn row(job: Job, ours: &mut Measured, theirs: &mut Measured) -> [String; 8] {
    let (our_median, their_median) = (ours.median(), theirs.median());
    [
        job.name(),
        format!("{our_median:.1}"),
        format!("{:.1}", ours.min()),
        format!("{their_median:.1}"),
        format!("{:.1}", theirs.min()),
        format!("{:.2}", our_median / their_median),
        ours.statements.to_string(),
        theirs.statements.to_string(),
    ]
}
