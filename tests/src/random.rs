//! [`Random`]: numbers that are the same for the same seed.

use std::time::{SystemTime, UNIX_EPOCH};

/// Set to repeat what a run with this seed has done.
const SEED: &str = "RETRO_SEED";

/// A small generator of random numbers (splitmix64). Tests say their seed.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Begins with a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// The seed that the environment names, or a new one.
    pub fn seed() -> u64 {
        let named = std::env::var(SEED).ok().and_then(|seed| seed.parse().ok());
        named.unwrap_or_else(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            now.as_nanos() as u64 ^ u64::from(std::process::id()) << 40
        })
    }

    /// The next number below a bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
