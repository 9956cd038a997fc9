//! Many tasks that want the same rows: nothing is lost, and nobody is refused for good.

use std::time::Duration;

use futures::future::try_join_all;
use retro_core::prelude::*;
use retro_core::{Engine, Isolation};
use retro_tests::models::features::{Job, Setting};
use retro_tests::models::ledger::{add_batch, audit};
use retro_tests::{Capability, Db, Random, long, on_every_backend};

const TASKS: u64 = 16;

/// An account of a bank.
#[derive(Model, Debug, Clone)]
#[retro(table = "accounts")]
struct Account {
    #[retro(primary_key, generated = false)]
    id: i32,
    balance: i32,
}

/// What every task does so often.
fn rounds(few: usize) -> usize {
    if long() { few * 10 } else { few }
}

/// Runs so many tasks at once, and waits for all of them.
async fn tasks<F: Future<Output = Result<T, Error>> + Send + 'static, T: Send + 'static>(
    count: u64,
    task: impl Fn(u64) -> F,
) -> Vec<T> {
    let tasks = (0..count).map(|number| {
        let task = tokio::spawn(task(number));
        async move { task.await.unwrap_or_else(|error| panic!("task {number}: {error}")) }
    });
    try_join_all(tasks).await.unwrap()
}

/// A version column catches every lost update.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_counter() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Setting]).await;
        let mut session = db.session();
        session.add(new!(Setting { name: "counter", value: "0" }));
        session.commit().await.unwrap();
        let rounds = rounds(8);
        let stale = tasks(TASKS, |_| count(db.engine.clone(), rounds)).await;
        let (expected, stale) = (TASKS as usize * rounds, stale.iter().sum::<usize>());
        println!("{}: {TASKS} tasks counted to {expected}, {stale} lost updates caught", db.backend());
        assert!(stale > 0, "nobody was in anybody's way");
        assert_eq!(db.rows("SELECT value, version FROM settings").await, [format!("{expected}|{}", expected + 1)]);
    })
    .await;
}

/// Adds one so often. Gives how often somebody else was faster.
async fn count(engine: Engine, rounds: usize) -> Result<usize, Error> {
    let mut session = Session::new(&engine);
    let counter = session.one(select(Setting)).await?;
    let mut stale = 0;
    for _ in 0..rounds {
        loop {
            let value: usize = session.fresh(counter).await?.value.parse().unwrap();
            session[counter].value = (value + 1).to_string();
            match session.commit().await {
                Ok(()) => break,
                Err(error) if error.is_stale_data() || error.is_serialization_failure() => stale += 1,
                Err(error) => return Err(error),
            }
            session.rollback().await?;
            session.expire(counter)?;
        }
    }
    Ok(stale)
}

/// Money is moved between accounts by many at once, with locks that are taken in any order: deadlocks
/// are broken by the database and tried again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bank_that_locks() {
    on_every_backend(async |db| bank(db, None).await).await;
}

/// The same without a lock, at a level where the database finds out by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bank_that_is_serializable() {
    on_every_backend(async |db| bank(db, Some(Isolation::Serializable)).await).await;
}

const ACCOUNTS: u64 = 5;

async fn bank(db: Db, isolation: Option<Isolation>) {
    let db = db.with(metadata![Account]).await;
    let mut session = db.session();
    session.add_all((0..ACCOUNTS as i32).map(|id| Account { id, balance: 100 }));
    session.commit().await.unwrap();
    let rounds = rounds(10);
    let seed = Random::seed();
    let attempts = tasks(TASKS, |number| transfers(db.engine.clone(), isolation, Random::new(seed ^ number), rounds));
    let attempts: usize = attempts.await.iter().sum();
    let transfers = TASKS as usize * rounds;
    println!("{}: {transfers} transfers in {attempts} attempts, {isolation:?}; seed {seed}", db.backend());
    assert_eq!(db.rows("SELECT CAST(SUM(balance) AS CHAR(10)) FROM accounts").await[0].trim(), "500");
    let moved = db.rows("SELECT balance FROM accounts").await;
    assert!(moved.iter().any(|balance| balance != "100"), "{moved:?}");
    db.quiet(&db.engine).await;
}

/// Moves money so often. Gives how many attempts it took.
async fn transfers(
    engine: Engine,
    isolation: Option<Isolation>,
    mut random: Random,
    rounds: usize,
) -> Result<usize, Error> {
    let attempts = std::sync::atomic::AtomicUsize::new(0);
    for _ in 0..rounds {
        let from = random.below(ACCOUNTS) as i32;
        let to = (from + 1 + random.below(ACCOUNTS - 1) as i32) % ACCOUNTS as i32;
        let amount = 1 + random.below(20) as i32;
        let retry = engine.retry(100);
        let retry = isolation.map_or(retry, |isolation| retry.with_isolation(isolation));
        retry
            .transaction(async |session| {
                attempts.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                for (id, difference) in [(from, -amount), (to, amount)] {
                    let mut account = select(Account).filter(Account::id.eq(id));
                    if isolation.is_none() {
                        account = account.for_update();
                    }
                    let account = session.one(account).await?;
                    session[account].balance += difference;
                    session.flush().await?;
                }
                Ok::<_, Error>(())
            })
            .await?;
    }
    Ok(attempts.into_inner())
}

/// Two transactions that each read what the other writes: one of them is told to try again.
#[tokio::test]
async fn a_write_skew() {
    on_every_backend(async |db| {
        if !db.can(Capability::RowLocks) {
            return;
        }
        let db = db.with(metadata![Account]).await;
        let mut session = db.session();
        session.add_all((0..2).map(|id| Account { id, balance: 100 }));
        session.commit().await.unwrap();
        let work = async |writes: i32| {
            let mut session = db.session().with_isolation(Isolation::Serializable);
            let accounts = session.all(select(Account).order_by(Account::id)).await?;
            // Both have read before either writes.
            tokio::time::sleep(Duration::from_millis(100)).await;
            session[accounts[writes as usize]].balance -= 150;
            session.commit().await
        };
        let (one, other) = tokio::join!(work(0), work(1));
        assert!(one.is_err() != other.is_err(), "{one:?}, {other:?}");
        let error = one.and(other).unwrap_err();
        assert!(error.is_serialization_failure() && !error.is_outcome_unknown(), "{error:?}");
        assert_eq!(db.rows("SELECT balance FROM accounts ORDER BY balance").await, ["-50", "100"]);
    })
    .await;
}

/// A reader that is asked to be serializable holds others off where there are no locks on rows.
#[tokio::test]
async fn what_was_read_is_still_so() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Account]).await;
        let mut session = db.session();
        session.add(Account { id: 1, balance: 100 });
        session.commit().await.unwrap();
        let add = async |amount| {
            let work = async |session: &mut Session| {
                let account = session.one(select(Account)).await?;
                tokio::time::sleep(Duration::from_millis(50)).await;
                session[account].balance += amount;
                Ok::<_, Error>(())
            };
            db.engine.retry(20).with_isolation(Isolation::Serializable).transaction(work).await
        };
        let (one, other) = tokio::join!(add(1), add(10));
        one.and(other).unwrap();
        assert_eq!(db.rows("SELECT balance FROM accounts").await, ["111"]);
    })
    .await;
}

/// Eight writers with a connection each and many small commits: they wait for each other, and none is
/// told that the database is busy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_writers() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Setting]).await;
        let engine = db.engine_builder().max_connections(8).connect().await.unwrap();
        let rounds = rounds(40);
        tasks(8, |number| {
            let engine = engine.clone();
            async move {
                for round in 0..rounds {
                    let mut session = Session::new(&engine);
                    let setting = session.add(new!(Setting { name: format!("{number} {round}"), value: "new" }));
                    session.commit().await?;
                    session[setting].value = "changed".into();
                    session.commit().await?;
                }
                Ok(())
            }
        })
        .await;
        let all = select(Setting).filter(Setting::value.eq("changed"));
        assert_eq!(db.session().count(all).await.unwrap(), 8 * rounds as u64);
        db.quiet(&engine).await;
        engine.close().await;
    })
    .await;
}

/// Several workers take jobs of one queue: each job is done once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_of_jobs() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Job]).await;
        let jobs = rounds(40);
        let mut session = db.session();
        session.add_all((0..jobs).map(|number| new!(Job { name: number.to_string() })));
        session.commit().await.unwrap();
        drop(session);
        let taken = tasks(4, |_| take_jobs(db.engine.clone())).await;
        println!("{}: 4 workers took {:?} jobs", db.backend(), taken.iter().map(Vec::len).collect::<Vec<_>>());
        let mut all = taken.concat();
        all.sort_unstable();
        assert_eq!(all, (1..=jobs as i32).collect::<Vec<_>>());
        let done = db.rows("SELECT COUNT(*) FROM jobs WHERE status = 'done' AND attempts = 1").await;
        assert_eq!(done, [jobs.to_string()]);
    })
    .await;
}

/// Takes jobs as long as there are any. Gives their keys.
async fn take_jobs(engine: Engine) -> Result<Vec<i32>, Error> {
    let mut taken = Vec::new();
    loop {
        let new = select(Job).filter(Job::status.eq("new")).order_by(Job::id);
        let mut session = Session::new(&engine);
        let Some(job) = session.first(new.clone().limit(1).skip_locked()).await? else {
            session.rollback().await?;
            if session.exists(new).await? {
                // Others have them.
                tokio::time::sleep(Duration::from_millis(1)).await;
                continue;
            }
            return Ok(taken);
        };
        // The work itself.
        tokio::time::sleep(Duration::from_millis(2)).await;
        session[job].status = "done".into();
        session[job].attempts += 1;
        session.commit().await?;
        taken.push(session[job].id);
    }
}

/// Many tasks add to one ledger: each of its transactions reads, inserts on two levels, updates, and has
/// a savepoint.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_ledger() {
    on_every_backend(async |db| {
        let db = db.with(retro_tests::models::ledger::metadata()).await;
        add_batch(&mut db.session(), 1).await.unwrap();
        let rounds = rounds(3);
        tasks(8, |number| {
            let engine = db.engine.clone();
            async move {
                for round in 0..rounds {
                    let size = 1 + (number as i32 + round as i32) % 4;
                    let retry = engine.retry(100).with_isolation(Isolation::Serializable);
                    retry.transaction(async |session| add_batch(session, size).await).await?;
                }
                Ok(())
            }
        })
        .await;
        assert_eq!(audit(&db).await, 1 + 8 * rounds as i32);
    })
    .await;
}
