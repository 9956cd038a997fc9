//! The server dies, is not there, stops, runs out of disk or of connections, and comes back.

use std::time::{Duration, Instant};

use retro_core::prelude::*;
use retro_tests::models::ledger::{self, audit};
use retro_tests::models::shop::Country;
use retro_tests::{Accomplice, Db, Kind, OwnServer, Random, long};

use super::unit::{Unit, shop};

/// The longest that a server works before it is killed.
const LIFETIME: u64 = 200;

#[tokio::test]
async fn one_that_dies() {
    for kind in Kind::all() {
        let mut server = OwnServer::new(kind);
        server.start().await;
        let db = shop(Db::create(server.backend()).await).await;
        between_transactions(&db, &mut server).await;
        in_a_transaction(&db, &mut server).await;
        in_a_savepoint(&db, &mut server).await;
        before_the_commit(&db, &mut server).await;
        while_nobody_looks(&db, &mut server).await;
        in_order(&db, &mut server).await;
    }
}

/// Connections that the pool has kept are replaced, and nobody notices.
async fn between_transactions(db: &Db, server: &mut OwnServer) {
    let unit = Unit::build(db, "between".into()).await;
    let mut session = db.session();
    let cast = unit.load(&mut session).await.unwrap();
    let others = [db.session(), db.session()].map(async |mut session| session.count(select(Country)).await.unwrap());
    futures::future::join_all(others).await;
    db.quiet(&db.engine).await;
    server.kill();
    server.start().await;
    unit.work(&mut session, &cast).await.unwrap();
    assert_eq!(unit.stored(db).await, unit.after());
}

async fn in_a_transaction(db: &Db, server: &mut OwnServer) {
    let unit = Unit::build(db, "transaction".into()).await;
    let mut session = db.session();
    let cast = unit.load(&mut session).await.unwrap();
    let before = unit.memory(&mut session, &cast);
    unit.change(&mut session, &cast);
    session.flush().await.unwrap();
    server.kill();
    let error = unit.work(&mut session, &cast).await.unwrap_err();
    assert!(error.is_disconnected() && !error.is_outcome_unknown(), "{error:?}");
    assert!(session.commit().await.unwrap_err().is_rolled_back());
    session.rollback().await.unwrap();
    assert_eq!(unit.memory(&mut session, &cast), before);
    server.start().await;
    assert_eq!(unit.stored(db).await, unit.before());
    unit.go_on(db, &mut session, &cast).await;
}

async fn in_a_savepoint(db: &Db, server: &mut OwnServer) {
    let unit = Unit::build(db, "savepoint".into()).await;
    let mut session = db.session();
    let cast = unit.load(&mut session).await.unwrap();
    let before = unit.memory(&mut session, &cast);
    session.begin_nested().await.unwrap();
    server.kill();
    unit.change(&mut session, &cast);
    let first = session.flush().await.unwrap_err();
    assert!(first.is_disconnected(), "{first:?}");
    let refused = session.rollback_nested().await.unwrap_err();
    assert!(refused.is_rolled_back() && refused.to_string().contains(&first.to_string()), "{refused:?}");
    server.start().await;
    assert!(session.rollback_nested().await.unwrap_err().is_rolled_back(), "the savepoint is gone for good");
    session.rollback().await.unwrap();
    assert_eq!(unit.memory(&mut session, &cast), before);
    unit.go_on(db, &mut session, &cast).await;
}

/// Nobody can tell that from a server that dies when it has committed.
async fn before_the_commit(db: &Db, server: &mut OwnServer) {
    let unit = Unit::build(db, "commit".into()).await;
    let mut session = db.session();
    let cast = unit.load(&mut session).await.unwrap();
    unit.change(&mut session, &cast);
    session.flush().await.unwrap();
    server.kill();
    let error = session.commit().await.unwrap_err();
    assert!(error.is_disconnected() && error.is_outcome_unknown(), "{error:?}");
    assert!(session.commit().await.unwrap_err().is_outcome_unknown());
    session.rollback().await.unwrap();
    server.start().await;
    assert_eq!(unit.stored(db).await, unit.before());
    unit.learn(db, &mut session, &cast).await;
    unit.go_on(db, &mut session, &cast).await;
}

/// A server that is not there is an error of that kind, after the time that a connection may take.
async fn while_nobody_looks(db: &Db, server: &mut OwnServer) {
    let engine = db.engine_builder().acquire_timeout(Duration::from_millis(300)).connect().await.unwrap();
    let mut session = Session::new(&engine);
    session.count(select(Country)).await.unwrap();
    session.rollback().await.unwrap();
    server.kill();
    let started = Instant::now();
    session.add(new!(Country { id: 9, name: "Z" }));
    let error = session.commit().await.unwrap_err();
    assert!(error.is_disconnected() && !error.is_outcome_unknown(), "{error:?}");
    assert!(error.to_string().contains("check that the server runs"), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    let elsewhere = db.engine_builder().acquire_timeout(Duration::from_millis(300)).connect().await;
    assert!(elsewhere.unwrap_err().is_disconnected());
    session.rollback().await.unwrap();
    server.start().await;
    let unit = Unit::build(db, "down".into()).await;
    let cast = unit.load(&mut session).await.unwrap();
    unit.work(&mut session, &cast).await.unwrap();
    engine.close().await;
}

/// A server that is told to stop says so to whoever is in a transaction.
async fn in_order(db: &Db, server: &mut OwnServer) {
    let unit = Unit::build(db, "order".into()).await;
    let mut session = db.session();
    let cast = unit.load(&mut session).await.unwrap();
    let before = unit.memory(&mut session, &cast);
    unit.change(&mut session, &cast);
    session.flush().await.unwrap();
    server.stop().await;
    server.start().await;
    let error = unit.work(&mut session, &cast).await.unwrap_err();
    assert!(error.is_disconnected() && !error.is_outcome_unknown(), "{error:?}");
    session.rollback().await.unwrap();
    assert_eq!(unit.memory(&mut session, &cast), before);
    unit.go_on(db, &mut session, &cast).await;
}

/// Killed at any moment while a program works on it: every transaction is there as a whole or not at
/// all, and every one that the program was told of is there.
#[tokio::test]
async fn one_that_dies_again_and_again() {
    for kind in Kind::all() {
        let mut server = OwnServer::new(kind);
        server.start().await;
        let db = Db::create(server.backend()).await.with(ledger::metadata()).await;
        let seed = Random::seed();
        let mut random = Random::new(seed);
        let rounds = if long() { 50 } else { 4 };
        let (mut acknowledged, mut unknown) = (0, 0);
        for round in 0..rounds {
            let arguments = ["write", db.url(), &(seed ^ round).to_string()];
            let mut program = Accomplice::start(env!("CARGO_BIN_EXE_accomplice"), &arguments);
            let mut said = vec![program.says().await.expect("a program that commits")];
            tokio::time::sleep(Duration::from_millis(random.below(LIFETIME))).await;
            server.kill();
            said.extend(program.rest().await);
            server.start().await;

            let count = audit(&db).await;
            let error = said.pop().unwrap_or_default();
            assert!(error.starts_with("Disconnected"), "seed {seed}, round {round}: {error}");
            let last: i32 = said[said.len() - 1].parse().unwrap();
            let may_be_there = error.contains("may have happened");
            assert!(
                count == last || may_be_there && count == last + 1,
                "seed {seed}, round {round}: {count} where {last} was told, and then {error}"
            );
            acknowledged += said.len();
            unknown += usize::from(may_be_there);
        }
        println!(
            "{kind:?}: server killed {rounds} times, {acknowledged} commits acknowledged, {unknown} unknown; seed {seed}"
        );
    }
}
