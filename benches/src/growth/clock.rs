//! The clock of the part that is timed.

use std::time::{Duration, Instant};

/// Neither call is inlined, so that callgrind can be told by their names where to begin and where to end:
/// `--zero-before='*Clock::start*' --dump-before='*Clock::stop*'`.
pub(super) struct Clock(Instant);

impl Clock {
    #[inline(never)]
    pub(super) fn start() -> Clock {
        Clock(Instant::now())
    }

    #[inline(never)]
    pub(super) fn stop(&self) -> Duration {
        self.0.elapsed()
    }
}
