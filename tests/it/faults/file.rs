//! A SQLite file that another process has locked.

use std::time::{Duration, Instant};

use retro_core::prelude::*;
use retro_tests::models::shop::Country;
use retro_tests::{Accomplice, Backend, Db};

use super::unit::{Unit, shop};

/// Waits no longer than this for a lock.
const BUSY: Duration = Duration::from_millis(200);

async fn file() -> Db {
    shop(Db::create(Backend::Sqlite).await).await
}

/// Another process that has executed something and holds the lock that it took.
async fn locked(db: &Db, sql: &str) -> Accomplice {
    let mut other = Accomplice::start(env!("CARGO_BIN_EXE_accomplice"), &["lock", db.url(), sql]);
    assert_eq!(other.says().await.as_deref(), Some("locked"));
    other
}

async fn impatient(db: &Db) -> Engine {
    let busy = format!("PRAGMA busy_timeout = {}", BUSY.as_millis());
    db.engine_builder().on_connect(busy).connect().await.unwrap()
}

/// A lock that is released in time is waited for, by default.
#[tokio::test]
async fn for_a_while() {
    let db = file().await;
    let mut other = locked(&db, "BEGIN IMMEDIATE").await;
    let mut session = db.session();
    session.add(new!(Country { id: 7, name: "late" }));
    let started = Instant::now();
    let (committed, _) = tokio::join!(session.commit(), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        other.let_go();
    });
    committed.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(250), "{:?}: it was not locked", started.elapsed());
    db.remove().await;
}

/// A lock that is not released is an error that can be tried again, after the time that was set.
#[tokio::test]
async fn for_too_long() {
    let db = file().await;
    let engine = impatient(&db).await;
    let unit = Unit::build(&db, "locked".into()).await;
    let mut session = Session::new(&engine);
    let cast = unit.load(&mut session).await.unwrap();
    let before = unit.memory(&mut session, &cast);
    let mut other = locked(&db, "BEGIN IMMEDIATE").await;

    let started = Instant::now();
    let error = unit.work(&mut session, &cast).await.unwrap_err();
    assert!(error.is_serialization_failure() && !error.is_outcome_unknown(), "{error:?}");
    assert!(error.to_string().contains("locked"), "{error:?}");
    assert!(started.elapsed() >= BUSY && started.elapsed() < BUSY * 20, "{:?}", started.elapsed());
    session.rollback().await.unwrap();
    assert_eq!(unit.memory(&mut session, &cast), before);
    assert_eq!(session.count(select(Country)).await.unwrap(), 2, "readers are not in the way of a writer");
    assert_eq!(unit.stored(&db).await, unit.before());
    other.let_go();
    assert_eq!(other.rest().await, ["released"]);
    unit.go_on(&db, &mut session, &cast).await;
    engine.close().await;
    db.remove().await;
}

/// Work that is tried again gets through when the lock is gone.
#[tokio::test]
async fn for_longer_than_one_attempt() {
    let db = file().await;
    let engine = impatient(&db).await;
    let mut other = locked(&db, "BEGIN IMMEDIATE").await;
    let work = engine.retry(20).transaction(async |session| {
        session.add(new!(Country { id: 7, name: "late" }));
        Ok::<_, Error>(())
    });
    let (done, _) = tokio::join!(work, async {
        tokio::time::sleep(BUSY * 2).await;
        other.let_go();
    });
    done.unwrap();
    assert_eq!(db.rows("SELECT name FROM countries WHERE id = 7").await, ["late"]);
    engine.close().await;
    db.remove().await;
}

/// A process that lets nobody else in: the error says what to look for.
#[tokio::test]
async fn against_everybody() {
    let db = file().await;
    let engine = impatient(&db).await;
    let mut session = Session::new(&engine);
    assert_eq!(session.count(select(Country)).await.unwrap(), 2);
    engine.close().await;
    db.engine.close().await;
    let mut other = locked(&db, "PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT").await;

    let busy = format!("PRAGMA busy_timeout = {}", BUSY.as_millis());
    let builder = || db.engine_builder().on_connect(busy.clone()).acquire_timeout(BUSY * 5);
    let engine = builder().connect_lazy().unwrap();
    let mut session = Session::new(&engine);
    session.add(new!(Country { id: 7, name: "late" }));
    let error = session.commit().await.unwrap_err();
    assert!(error.is_disconnected(), "{error:?}");
    assert!(error.to_string().contains("locked"), "{error:?}");
    session.rollback().await.unwrap();
    other.let_go();
    assert_eq!(other.rest().await, ["released"]);
    session.add(new!(Country { id: 7, name: "late" }));
    session.commit().await.unwrap();
    engine.close().await;
    db.remove().await;
}
