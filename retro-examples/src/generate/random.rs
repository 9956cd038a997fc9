//! Choosing by chance, the same way on every platform.

use rand::RngExt;

/// The generator that everything draws from.
///
/// ChaCha8 because, unlike `StdRng`, it promises the same numbers for a seed in every release.
pub(super) use rand::rngs::ChaCha8Rng as StoreRng;

/// True in `percent` of a hundred cases.
pub(super) fn chance(rng: &mut StoreRng, percent: u32) -> bool {
    rng.random_range(0..100) < percent
}

/// One of `items`, which must not be empty.
pub(super) fn pick<'a, T: ?Sized>(rng: &mut StoreRng, items: &'a [&'a T]) -> &'a T {
    items[rng.random_range(0..items.len())]
}

/// Chooses indexes in proportion to weights.
///
/// The weights are integers, because sums of floats are a poor base for equal files everywhere.
pub(super) struct Weighted {
    /// For each index the sum of the weights up to it, its own included.
    up_to: Vec<u64>,
}

impl Weighted {
    /// At least one of the weights must be more than zero.
    pub(super) fn new(weights: impl IntoIterator<Item = u64>) -> Self {
        let mut total = 0;
        let add = |weight| {
            total += weight;
            total
        };
        let up_to = weights.into_iter().map(add).collect();
        Self { up_to }
    }

    pub(super) fn pick(&self, rng: &mut StoreRng) -> usize {
        self.pick_below(rng, self.up_to.len())
    }

    /// One of the first `count` indexes, of which at least one must have a weight.
    pub(super) fn pick_below(&self, rng: &mut StoreRng, count: usize) -> usize {
        let total = self.up_to[..count].last().copied().unwrap_or_default();
        let ticket = rng.random_range(0..total);
        self.up_to.partition_point(|&up_to| up_to <= ticket)
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn weights_are_followed() {
        let mut rng = StoreRng::seed_from_u64(1);
        let weighted = Weighted::new([0, 3, 0, 1]);
        let mut times = [0; 4];
        for _ in 0..4_000 {
            times[weighted.pick(&mut rng)] += 1;
        }
        assert_eq!((times[0], times[2]), (0, 0));
        assert!((2_800..3_200).contains(&times[1]), "{times:?}");
        assert!((0..100).all(|_| weighted.pick_below(&mut rng, 3) == 1));
    }
}
