//! The memory of a long import: a commit and an expunge now and then keep it flat.

use std::time::Instant;

use retro_core::prelude::*;

use crate::Result;
use crate::item::{Item, item};

/// Rows between two commits.
const BATCH: usize = 10_000;
/// Rows between two lines of output.
const STEP: usize = 100_000;

pub(crate) async fn run(url: &str, rows: usize) -> Result<()> {
    let engine = Engine::connect(url).await?;
    let metadata = MetaData::new().with::<Item>();
    metadata.create_all(&engine).await?;
    let started = Instant::now();
    let mut session = Session::new(&engine);
    println!("{:>10} {:>10} {:>12} {:>12}", "rows", "seconds", "now (MB)", "peak (MB)");
    let mut added = 0;
    while added < rows {
        let batch = BATCH.min(rows - added);
        session.add_all((added..added + batch).map(item));
        session.commit().await?;
        // What is committed is not needed again.
        session.expunge_every::<Item>();
        added += batch;
        if added.is_multiple_of(STEP) || added == rows {
            let seconds = started.elapsed().as_secs_f64();
            let (now, peak) = (megabytes("VmRSS:"), megabytes("VmHWM:"));
            println!("{added:>10} {seconds:>10.2} {now:>12} {peak:>12}");
        }
    }
    assert_eq!(session.count(select(Item)).await?, rows as u64);
    drop(session);
    metadata.drop_all(&engine).await?;
    Ok(())
}

fn megabytes(field: &str) -> String {
    of_process(field).map_or("?".to_owned(), |megabytes| format!("{megabytes:.1}"))
}

/// What Linux says about this process, in megabytes; nothing elsewhere.
fn of_process(field: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes: Option<f64> =
        status.lines().find_map(|line| line.strip_prefix(field)?.split_whitespace().next()?.parse().ok());
    Some(kilobytes? / 1024.0)
}

/// The most that the process has needed, in megabytes.
pub(crate) fn peak() -> Option<f64> {
    of_process("VmHWM:")
}
