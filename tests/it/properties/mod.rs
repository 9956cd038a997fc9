//! Random queries: what a database finds is what plain Rust finds in the same rows, and no text is
//! ever taken for SQL.
//!
//! `PROPTEST_CASES=5000` tries more. A failure prints the smallest case that fails and a seed:
//! `RETRO_SEED=17` tries the same cases again.

mod evaluate;
mod expressions;
mod generate;
mod texts;

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use retro_core::prelude::*;
use retro_tests::{Backend, Db};

/// So many cases are tried where nothing else is asked for.
const CASES: u32 = 150;

/// Tries a property with random cases on every backend, on one database with the tables of
/// `metadata`. What a case writes is rolled back with its session.
fn check<T: Debug + Clone>(
    metadata: fn() -> MetaData,
    cases: impl Fn() -> proptest::strategy::BoxedStrategy<T>,
    property: impl AsyncFn(&Db, T),
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let seed = match std::env::var("RETRO_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => any_seed(),
    };
    let mut config = Config { failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    for backend in Backend::all() {
        let name = backend.name();
        let db = runtime.block_on(async { Db::create(backend).await.with(metadata()).await });
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&u64::to_le_bytes(seed));
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let outcome = TestRunner::new_with_rng(config.clone(), rng).run(&cases(), |case| {
            let run = AssertUnwindSafe(|| runtime.block_on(property(&db, case.clone())));
            catch_unwind(run).map_err(|panic| {
                TestCaseError::fail(panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "a panic".into()))
            })
        });
        runtime.block_on(db.remove());
        match outcome {
            Ok(()) => {}
            Err(TestError::Fail(reason, case)) => {
                panic!("on {name}, with RETRO_SEED={seed}: {reason}\nwith {case:#?}")
            }
            Err(TestError::Abort(reason)) => panic!("on {name}: {reason}"),
        }
    }
}

/// Another one in each run.
fn any_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0)
}

/// A list of random things, short or empty more often than long.
fn few<S: Strategy>(of: S, most: usize) -> proptest::collection::VecStrategy<S> {
    proptest::collection::vec(of, 0..=most)
}
