//! Random cases: how many, and from which seed.
//!
//! `RETRO_CASES=10000` runs more of them than a test does by itself. Each run has a seed of its own, which
//! a failure prints; `RETRO_SEED=..` runs the same cases again.

use std::time::{SystemTime, UNIX_EPOCH};

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// Runs a test with random inputs. A panic of the test is a failure; the smallest input that fails, as far
/// as it can be found, is printed with the seed.
#[track_caller]
pub fn run<S: Strategy>(place: &str, cases: u32, inputs: &S, test: impl Fn(S::Value))
where
    S::Value: std::fmt::Debug,
{
    let seed = number("RETRO_SEED").unwrap_or_else(fresh_seed);
    let cases = number("RETRO_CASES").and_then(|cases| cases.try_into().ok()).unwrap_or(cases);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let outcome = TestRunner::new_with_rng(config, rng).run(inputs, |input| {
        let run = std::panic::AssertUnwindSafe(|| test(input));
        std::panic::catch_unwind(run).map_err(|panic| TestCaseError::fail(message(&*panic)))
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, input)) => {
            panic!("{place}: {reason}\nafter {input:#?}\nRETRO_SEED={seed} runs it again")
        }
        Err(TestError::Abort(reason)) => panic!("{place}: {reason}"),
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn fresh_seed() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_nanos() as u64)
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>()) {
        (Some(text), _) => text.clone(),
        (_, Some(text)) => (*text).to_owned(),
        _ => "a panic without a message".to_owned(),
    }
}
