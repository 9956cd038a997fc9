//! Futures that are dropped at any await: nothing leaks, nothing is corrupted, and nothing is reported
//! that did not happen.

use retro_core::prelude::*;
use retro_core::session::State;
use retro_tests::cancel::for_each_cancel_point;
use retro_tests::models::shop::{self, Country, Customer, Order};
use retro_tests::{Db, on_every_backend};

async fn count(db: &Db, table: &str) -> String {
    db.rows(&format!("SELECT COUNT(*) FROM {table}")).await.remove(0)
}

/// A flush that is dropped: the session refuses to go on until it is rolled back, then all is as before.
#[tokio::test]
async fn flush() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        db.execute("INSERT INTO countries (id, name) VALUES (1, 'USA')").await;
        for_each_cancel_point(async |point| {
            let mut session = db.session();
            let usa = session.get::<Country>(1).await.unwrap().unwrap();
            session[usa].name = "changed".into();
            let ada = session.add(new!(Customer { name: "Ada", orders: [new!(Order { number: "1" })] }));
            match point.run(session.flush()).await {
                Some(result) => assert_eq!(result.unwrap().inserted, 2),
                None => {
                    let refused = session.flush().await;
                    assert!(refused.is_ok() || refused.unwrap_err().is_rolled_back());
                }
            }
            session.rollback().await.unwrap();

            assert_eq!(session[usa].name, "USA");
            assert_eq!(session.state(ada), State::Detached);
            assert_eq!(session[ada].id, 0);
            assert!(!session.in_transaction());
            session.commit().await.unwrap();
            assert_eq!(count(&db, "customers").await, "0");
        })
        .await;
    })
    .await;
}

/// A commit that is dropped: whatever became of it, the database has all or nothing, and the session
/// finds out after a rollback.
#[tokio::test]
async fn commit() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut attempt = 0;
        for_each_cancel_point(async |point| {
            attempt += 1;
            let name = attempt.to_string();
            let mut session = db.session();
            session.add(new!(Customer { name: &*name, orders: [new!(Order { number: &*name })] }));
            let committed = point.run(session.commit()).await;
            let unknown = session.flush().await.is_err_and(|error| error.is_outcome_unknown());
            session.rollback().await.unwrap();
            drop(session);

            // In one statement: a COMMIT that was given up may still be on its way and arrive between two.
            let found = format!(
                "SELECT COUNT(*) FROM customers WHERE name = '{name}' UNION ALL \
                 SELECT COUNT(*) FROM orders WHERE number = '{name}'"
            );
            let found = db.rows(&found).await;
            assert!(found == ["0", "0"] || found == ["1", "1"], "{found:?}");
            if let Some(result) = committed {
                result.unwrap();
                assert_eq!(found, ["1", "1"]);
            } else {
                assert!(unknown || found == ["0", "0"], "it happened, and the session did not know that it may have");
            }
            // The connection, if it went back to the pool, is clean.
            let mut session = db.session();
            session.add(new!(Country { id: 1, name: "USA" }));
            session.flush().await.unwrap();
            session.rollback().await.unwrap();
        })
        .await;
    })
    .await;
}

/// A query that is dropped: the session goes on, or says that it must be rolled back.
#[tokio::test]
async fn query() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut setup = db.session();
        setup.add(new!(Customer { name: "Ada", orders: ["1", "2"].map(|number| new!(Order { number })) }));
        setup.commit().await.unwrap();
        for_each_cancel_point(async |point| {
            let mut session = db.session();
            let query = || select(Customer).options(selectin(Customer::orders));
            point.run(session.all(query())).await;

            let found = session.all(query()).await.unwrap();
            assert_eq!(session.load(found[0], Customer::orders).await.unwrap().len(), 2);
            session[found[0]].name = "Ada".into();
            session.commit().await.unwrap();
        })
        .await;
    })
    .await;
}

/// Savepoint commands that are dropped: a rollback of the whole transaction is always possible.
#[tokio::test]
async fn savepoints() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        for_each_cancel_point(async |point| {
            let mut session = db.session();
            session.add(new!(Country { id: 1, name: "USA" }));
            session.flush().await.unwrap();
            point
                .run(async {
                    session.begin_nested().await.unwrap();
                    session.add(new!(Country { id: 2, name: "Japan" }));
                    session.flush().await.unwrap();
                    session.rollback_nested().await.unwrap();
                    session.begin_nested().await.unwrap();
                    session.commit_nested().await.unwrap();
                })
                .await;
            session.rollback().await.unwrap();

            assert!(session.is_clean());
            assert_eq!(session.count(select(Country)).await.unwrap(), 0);
            session.commit().await.unwrap();
        })
        .await;
        assert_eq!(count(&db, "countries").await, "0");
    })
    .await;
}

/// A session that is dropped together with its future in the middle of a transaction.
#[tokio::test]
async fn dropped_with_the_session() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        for_each_cancel_point(async |point| {
            let engine = db.engine.clone();
            point
                .run(async move {
                    let mut session = Session::new(&engine);
                    session.add(new!(Country { id: 1, name: "USA" }));
                    session.flush().await.unwrap();
                    session.rollback().await.unwrap();
                })
                .await;
            assert_eq!(count(&db, "countries").await, "0");
        })
        .await;
    })
    .await;
}
