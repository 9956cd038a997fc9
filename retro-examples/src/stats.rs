//! [`Statements`] counts what is sent to the database, [`Sent`] writes it down; [`peak_memory`].

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use retro_core::{StatementEvent, StatementObserver};

/// How many statements of each kind were sent, how many rows they had, and how long they took.
///
/// ```
/// use std::sync::Arc;
/// use retro_core::prelude::*;
/// use retro_examples::stats::Statements;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// let statements = Arc::new(Statements::default());
/// let engine = Engine::builder("sqlite::memory:").observe(statements.clone()).connect().await?;
/// retro_examples::models::metadata().create_all(&engine).await?;
/// assert!(statements.of("CREATE").count >= 14);
/// # Ok(()) }
/// ```
#[derive(Debug, Default)]
pub struct Statements(Mutex<BTreeMap<String, Tally>>);

/// The statements of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many were sent.
    pub count: u64,
    /// The rows that they returned, inserted, updated or deleted.
    pub rows: u64,
    /// How long they took together.
    pub elapsed: Duration,
}

impl Statements {
    /// Those that begin with this word: `"SELECT"`, `"INSERT"`.
    pub fn of(&self, kind: &str) -> Tally {
        self.lock().get(kind).copied().unwrap_or_default()
    }

    /// All together.
    pub fn total(&self) -> Tally {
        self.lock().values().fold(Tally::default(), |sum, tally| Tally {
            count: sum.count + tally.count,
            rows: sum.rows + tally.rows,
            elapsed: sum.elapsed + tally.elapsed,
        })
    }

    /// Begins to count anew.
    pub fn reset(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Tally>> {
        // A panic elsewhere leaves counts that are as good as any.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StatementObserver for Statements {
    fn statement(&self, event: &StatementEvent<'_>) {
        let kind = event.sql.split_whitespace().next().unwrap_or_default().to_uppercase();
        let mut tallies = self.lock();
        let tally = tallies.entry(kind).or_default();
        tally.count += 1;
        tally.rows += event.rows;
        tally.elapsed += event.elapsed;
    }
}

/// A line for each kind, and one for all of them.
impl fmt::Display for Statements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<12} {:>10} {:>10} {:>10}", "statements", "sent", "rows", "seconds")?;
        let line = |f: &mut fmt::Formatter<'_>, kind: &str, tally: Tally| {
            let seconds = tally.elapsed.as_secs_f64();
            writeln!(f, "{kind:<12} {:>10} {:>10} {seconds:>10.3}", tally.count, tally.rows)
        };
        for (kind, tally) in &*self.lock() {
            line(f, kind, *tally)?;
        }
        line(f, "all", self.total())
    }
}

/// The texts of the statements, in the order in which they were sent: for programs that show them, such as
/// those of the guide.
///
/// ```
/// use retro_core::prelude::*;
/// use retro_examples::models::{Country, metadata};
/// use retro_examples::stats::Sent;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// let sent = Sent::default();
/// let engine = Engine::builder("sqlite::memory:").observe(sent.observer()).connect().await?;
/// metadata().create_all(&engine).await?;
/// sent.take();
///
/// Session::new(&engine).count(select(Country)).await?;
/// assert_eq!(sent.take(), ["SELECT COUNT(1) FROM \"countries\""]);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Sent(Arc<Mutex<Vec<String>>>);

impl Sent {
    /// For [`EngineBuilder::observe`](retro_core::EngineBuilder::observe).
    pub fn observer(&self) -> Arc<Sent> {
        Arc::new(self.clone())
    }

    /// What was sent since this was last asked.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl StatementObserver for Sent {
    fn statement(&self, event: &StatementEvent<'_>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(event.sql.to_owned());
    }
}

/// The most memory that this process has needed so far, in megabytes, where the system says so.
pub fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = peak.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024.0)
}
