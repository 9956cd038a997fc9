//! The clock of the part that is timed.

use std::time::{Duration, Instant};

/// Neither call is inlined, so that callgrind can count the timed part alone, into the second of its files:
/// `--dump-before=retro_benches::growth::clock::Clock::start`, and the same with `stop`.
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
