//! The program is killed at any moment, again and again: every transaction is there as a whole or not at
//! all, and every one that the program was told of is there.

use std::time::Duration;

use retro_tests::models::ledger::{audit, metadata};
use retro_tests::{Accomplice, Random, long, on_every_backend};

/// The longest that a program works before it is killed.
const LIFETIME: u64 = 120;

#[tokio::test]
async fn a_program() {
    on_every_backend(async |db| {
        let db = db.with(metadata()).await;
        let seed = Random::seed();
        let mut random = Random::new(seed);
        let rounds = if long() { 200 } else { 20 };
        let (mut acknowledged, mut unacknowledged) = (0, 0);
        for round in 0..rounds {
            let url = db.url();
            let mut program =
                Accomplice::start(env!("CARGO_BIN_EXE_accomplice"), &["write", url, &(seed ^ round).to_string()]);
            // It works from now on.
            let first = program.says().await.expect("a program that commits");
            tokio::time::sleep(Duration::from_millis(random.below(LIFETIME))).await;
            let mut said = vec![first];
            said.extend(program.kill().await);
            db.quiet(&db.engine).await;

            let count = audit(&db).await;
            let told: Vec<i32> = said.iter().map(|line| line.parse().unwrap_or_else(|_| panic!("{line}"))).collect();
            let last = told[told.len() - 1];
            let expected: Vec<i32> = (last + 1 - told.len() as i32..=last).collect();
            assert_eq!(told, expected, "seed {seed}, round {round}");
            assert!(count == last || count == last + 1, "seed {seed}, round {round}: {count} where {last} was told");
            acknowledged += told.len();
            unacknowledged += usize::from(count > last);
        }
        println!(
            "{}: killed {rounds} times, {acknowledged} commits acknowledged, {unacknowledged} others; seed {seed}",
            db.backend()
        );
    })
    .await;
}
