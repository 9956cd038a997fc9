//! What a turn takes: time and processor time, and when it is counted, allocations and statements.
//!
//! Toasty's program uses this folder too.

pub(crate) mod memory;
pub(crate) mod sqlite;
pub(crate) mod wire;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Whether turns are counted. Those that are timed aren't, as counting costs time.
static COUNTS: AtomicBool = AtomicBool::new(false);

/// What was sent by this process since it began to count.
static SENT: AtomicU64 = AtomicU64::new(0);

/// From now on turns are counted.
pub(crate) fn count() {
    COUNTS.store(true, Ordering::Relaxed);
}

fn sent_one() {
    SENT.fetch_add(1, Ordering::Relaxed);
}

/// What a turn took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measure {
    pub(crate) elapsed: Duration,
    /// Of this process with all of its threads, in user and in system mode.
    pub(crate) processor: Duration,
    /// The next four are zero unless turns are counted.
    pub(crate) allocations: u64,
    pub(crate) bytes: u64,
    /// The most bytes that were allocated and not yet freed, above those at the start.
    pub(crate) peak: u64,
    pub(crate) statements: u64,
}

/// A turn that runs.
pub(crate) struct Turn {
    started: Instant,
    processor: Duration,
    statements: u64,
}

impl Turn {
    pub(crate) fn start() -> Turn {
        if COUNTS.load(Ordering::Relaxed) {
            memory::start();
        }
        let statements = SENT.load(Ordering::Relaxed);
        let processor = processor();
        Turn { statements, processor, started: Instant::now() }
    }

    pub(crate) fn stop(self) -> Measure {
        let elapsed = self.started.elapsed();
        let processor = processor().saturating_sub(self.processor);
        let memory::Memory { allocations, bytes, peak } = memory::stop();
        let statements = SENT.load(Ordering::Relaxed) - self.statements;
        Measure { elapsed, processor, allocations, bytes, peak, statements }
    }
}

fn processor() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
