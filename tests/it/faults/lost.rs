//! What a session says when its connection is gone, and what the pool does about it.

use std::time::Duration;

use retro_core::prelude::*;
use retro_core::{ErrorKind, Isolation};
use retro_tests::models::shop::Country;
use retro_tests::{Capability, Db, Fault, Proxy, Way, on_every_backend};

use super::unit::shop;

/// Runs a test with an engine of one connection over a line that breaks.
async fn over_a_line(test: impl AsyncFn(Db, Proxy, Engine)) {
    on_every_backend(async |db| {
        if !db.can(Capability::Server) {
            return;
        }
        let db = shop(db).await;
        let proxy = Proxy::start(db.url()).await;
        let builder = db.engine_through(&proxy).max_connections(1).acquire_timeout(Duration::from_secs(20));
        let engine = builder.connect().await.unwrap();
        db.quiet(&engine).await;
        test(db, proxy, engine).await;
    })
    .await;
}

fn country(id: i32) -> Country {
    new!(Country { id, name: id.to_string() })
}

/// The first error is the one that is reported until the rollback.
#[tokio::test]
async fn after_it_has_written() {
    over_a_line(async |_, proxy, engine| {
        let mut session = Session::new(&engine);
        session.add(country(7));
        session.flush().await.unwrap();
        proxy.arm(Way::ToServer, Fault::Drop, 0);
        let first = session.all(select(Country)).await.unwrap_err();
        assert!(first.is_disconnected() && !first.is_outcome_unknown(), "{first:?}");
        for _ in 0..2 {
            let refused = session.commit().await.unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::RolledBack, "{refused:?}");
            assert!(refused.to_string().contains(&first.to_string()), "{refused:?}");
            assert!(!refused.is_outcome_unknown(), "{refused:?}");
        }
        session.rollback().await.unwrap();
        assert_eq!(session.count(select(Country)).await.unwrap(), 2);
    })
    .await;
}

/// A transaction that has only read goes on with another connection, and has nothing to commit.
#[tokio::test]
async fn after_it_has_only_read() {
    over_a_line(async |_, proxy, engine| {
        let mut session = Session::new(&engine);
        for _ in 0..2 {
            let countries = session.all(select(Country)).await.unwrap();
            assert_eq!(countries.len(), 2);
            proxy.arm(Way::ToServer, Fault::Drop, 0);
            let error = session.count(select(Country)).await.unwrap_err();
            assert!(error.is_disconnected(), "{error:?}");
            session.commit().await.unwrap();
        }
        session.add(country(7));
        session.commit().await.unwrap();
    })
    .await;
}

/// What was read so far cannot be had again by a transaction that was promised to see nothing new.
#[tokio::test]
async fn after_it_has_read_a_snapshot() {
    over_a_line(async |db, proxy, engine| {
        let mut session = Session::new(&engine).with_isolation(Isolation::RepeatableRead);
        assert_eq!(session.count(select(Country)).await.unwrap(), 2);
        proxy.arm(Way::ToServer, Fault::Drop, 0);
        let first = session.count(select(Country)).await.unwrap_err();
        assert!(first.is_disconnected(), "{first:?}");
        db.execute("INSERT INTO countries (id, name) VALUES (3, 'Z')").await;
        let refused = session.count(select(Country)).await.unwrap_err();
        assert!(refused.is_rolled_back(), "{refused:?}");
        session.rollback().await.unwrap();
        assert_eq!(session.count(select(Country)).await.unwrap(), 3);
    })
    .await;
}

/// A lock goes with the connection: another one does not have it, so it cannot go on with the work.
#[tokio::test]
async fn after_it_has_locked() {
    over_a_line(async |db, proxy, engine| {
        let mut session = Session::new(&engine);
        let mine = session.one(select(Country).filter(Country::id.eq(1)).for_update()).await.unwrap();
        proxy.arm(Way::ToServer, Fault::Drop, 0);
        let first = session.count(select(Country)).await.unwrap_err();
        assert!(first.is_disconnected(), "{first:?}");
        db.execute("UPDATE countries SET name = 'theirs' WHERE id = 1").await;
        session[mine].name = "mine".into();
        let refused = session.commit().await.unwrap_err();
        assert!(refused.is_rolled_back() && refused.to_string().contains(&first.to_string()), "{refused:?}");
        session.rollback().await.unwrap();
        assert_eq!(db.rows("SELECT name FROM countries WHERE id = 1").await, ["theirs"]);
    })
    .await;
}

/// The first error is the one that `nested` returns, though it cannot roll back to its savepoint.
#[tokio::test]
async fn in_a_savepoint() {
    over_a_line(async |_, proxy, engine| {
        let mut session = Session::new(&engine);
        let lost = session.nested(async |session| {
            proxy.arm(Way::ToServer, Fault::Drop, 0);
            session.add(country(7));
            session.flush().await.map(drop)
        });
        let first = lost.await.unwrap_err();
        assert!(first.is_disconnected(), "{first:?}");
        let refused = session.rollback_nested().await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::RolledBack, "{refused:?}");
        assert!(refused.to_string().contains(&first.to_string()), "{refused:?}");
        session.rollback().await.unwrap();
        session.add(country(8));
        session.commit().await.unwrap();
    })
    .await;
}

/// A connection that does not answer when it is given back is closed, and not waited for while others
/// wait for it.
#[tokio::test]
async fn when_it_is_given_back() {
    over_a_line(async |_, proxy, engine| {
        let mut session = Session::new(&engine);
        session.add(country(7));
        session.flush().await.unwrap();
        // The COMMIT passes.
        proxy.arm(Way::ToServer, Fault::Silence, 1);
        session.commit().await.unwrap();
        proxy.fired().await;
        assert_eq!(session.count(select(Country)).await.unwrap(), 3);
    })
    .await;
}

/// A server that hangs up on those who do nothing in a transaction says so before it does: that is a
/// connection lost, and not a statement that failed.
#[tokio::test]
async fn after_it_was_idle_in_a_transaction() {
    on_every_backend(async |db| {
        let Some((limit, wait)) = db.hangs_up_on_the_idle() else { return };
        let db = shop(db).await;
        let engine = db.engine_builder().max_connections(1).on_connect(limit).connect().await.unwrap();
        let mut session = Session::new(&engine);
        session.add(country(7));
        session.flush().await.unwrap();
        tokio::time::sleep(wait).await;
        let error = session.all(select(Country)).await.unwrap_err();
        assert!(error.is_disconnected() && !error.is_outcome_unknown(), "{error:?}");
        let refused = session.commit().await.unwrap_err();
        assert!(refused.is_rolled_back() && refused.to_string().contains(&error.to_string()), "{refused:?}");
        session.rollback().await.unwrap();
        assert_eq!(session.count(select(Country)).await.unwrap(), 2);
        drop(session);
        db.quiet(&engine).await;
    })
    .await;
}
