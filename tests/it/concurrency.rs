//! Sessions beside each other: lost updates, deadlocks, a file with many writers, an exhausted pool.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use retro_core::prelude::*;
use retro_tests::models::features::{Document, Remark, Setting};
use retro_tests::models::shop::{Customer, metadata};
use retro_tests::{Backend, Capability, Db, on_every_backend};
use tokio::sync::Barrier;

#[tokio::test]
async fn a_version_catches_a_lost_update() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Document, Remark]).await;
        let mut ours = db.session();
        let document = ours.add(Document { title: "draft".into(), ..Default::default() });
        ours.commit().await.unwrap();
        let mut theirs = db.session();
        let same = theirs.get::<Document>(ours[document].id).await.unwrap().unwrap();
        theirs[same].title = "theirs".into();
        theirs.commit().await.unwrap();

        ours[document].title = "ours".into();
        let error = ours.commit().await.unwrap_err();
        assert!(error.is_stale_data(), "{error}");
        assert!(ours.commit().await.unwrap_err().is_rolled_back());
        ours.rollback().await.unwrap();
        assert_eq!(ours[document].title, "draft");
        ours.refresh(document).await.unwrap();
        assert_eq!(ours[document].title, "theirs");
        ours[document].title = "ours".into();
        ours.commit().await.unwrap();

        theirs.delete(same);
        assert!(theirs.flush().await.unwrap_err().is_stale_data());
        theirs.rollback().await.unwrap();
        assert_eq!(theirs.state(same), retro_core::session::State::Persistent);
    })
    .await;
}

/// Two transactions lock two rows in opposite order. The database breaks one off, and its replay
/// succeeds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadlock_is_replayed() {
    on_every_backend(async |db| {
        if !db.can(Capability::RowLocks) {
            return;
        }
        let db = db.with(metadata![Setting]).await;
        let mut session = db.session();
        for name in ["a", "b"] {
            session.add(Setting { name: name.into(), value: String::new(), ..Default::default() });
        }
        session.commit().await.unwrap();
        drop(session);
        let barrier = Arc::new(Barrier::new(2));
        let work = |first: &'static str, second: &'static str| {
            let (engine, barrier) = (db.engine.clone(), barrier.clone());
            async move {
                let attempts = AtomicU32::new(0);
                let done = engine.retry(5).transaction(async |session| {
                    let attempt = attempts.fetch_add(1, Ordering::Relaxed);
                    for name in [first, second] {
                        let setting = session.get::<Setting>(name.to_owned()).await?.ok_or_else(missing)?;
                        session[setting].value.push_str(first);
                        session.flush().await?;
                        if attempt == 0 && name == first {
                            barrier.wait().await;
                        }
                    }
                    Ok::<_, Error>(())
                });
                done.await.map(|()| attempts.load(Ordering::Relaxed))
            }
        };
        let one = tokio::spawn(work("a", "b"));
        let other = tokio::spawn(work("b", "a"));
        let attempts = one.await.unwrap().unwrap() + other.await.unwrap().unwrap();
        assert!(attempts > 2, "there was no deadlock");
        let mut session = db.session();
        for name in ["a", "b"] {
            let setting = session.get::<Setting>(name.to_owned()).await.unwrap().unwrap();
            assert_eq!(session[setting].value.len(), 2, "both have written once");
        }
    })
    .await;
}

fn missing() -> Error {
    unreachable!("the setting is there")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_writers_share_a_database() {
    on_every_backend(async |db| {
        let db = db.with(metadata()).await;
        let writer = |n: usize| {
            let engine = db.engine.clone();
            async move {
                for round in 0..10 {
                    let mut session = Session::new(&engine);
                    let name = format!("{n} {round}");
                    let customer = session.add(Customer { name: name.clone(), ..Default::default() });
                    session.commit().await?;
                    let found = session.one(select(Customer).filter(Customer::name.eq(name))).await?;
                    assert_eq!(found, customer);
                    session[customer].phone = Some(n.to_string());
                    session.commit().await?;
                }
                Ok::<_, Error>(())
            }
        };
        let writers: Vec<_> = (0..8).map(|n| tokio::spawn(writer(n))).collect();
        for writer in writers {
            writer.await.unwrap().unwrap();
        }
        assert_eq!(db.session().count(select(Customer).filter(Customer::phone.is_not_null())).await.unwrap(), 80);
    })
    .await;
}

#[tokio::test]
async fn an_exhausted_pool_says_so() {
    for backend in Backend::all() {
        let db = Db::create(backend).await.with(metadata()).await;
        let builder = db.engine_builder().max_connections(1).acquire_timeout(Duration::from_millis(200));
        let engine = builder.connect().await.unwrap();
        let mut holder = Session::new(&engine);
        holder.add(Customer { name: "Ann".into(), ..Default::default() });
        holder.flush().await.unwrap();
        let mut other = Session::new(&engine);
        let error = other.all(select(Customer)).await.unwrap_err();
        assert!(error.is_pool_timeout(), "{error}");
        assert!(error.to_string().contains("all 1 are in use"), "{error}");
        // It was only refused: it need not be rolled back.
        holder.commit().await.unwrap();
        assert_eq!(other.all(select(Customer)).await.unwrap().len(), 1);
        other.add(Customer { name: "Bob".into(), ..Default::default() });
        other.commit().await.unwrap();
        engine.close().await;
        db.remove().await;
    }
}

/// What waits for a connection within a flush is refused as a flush: memory is taken back.
#[tokio::test]
async fn an_exhausted_pool_in_a_flush() {
    let db = Db::create(Backend::Sqlite).await.with(metadata()).await;
    let builder = db.engine_builder().max_connections(1).acquire_timeout(Duration::from_millis(200));
    let engine = builder.connect().await.unwrap();
    let mut holder = Session::new(&engine);
    holder.add(Customer { name: "Ann".into(), ..Default::default() });
    holder.flush().await.unwrap();
    let mut other = Session::new(&engine);
    let customer = other.add(Customer { name: "Bob".into(), ..Default::default() });
    assert!(other.flush().await.unwrap_err().is_pool_timeout());
    holder.commit().await.unwrap();
    let refused = other.flush().await.unwrap_err();
    assert!(refused.is_rolled_back() && refused.to_string().contains("all 1 are in use"), "{refused}");
    other.rollback().await.unwrap();
    other.add_again(customer).unwrap();
    other.commit().await.unwrap();
    engine.close().await;
    db.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_moves_between_tasks() {
    let db = Db::in_memory().await.with(metadata()).await;
    let mut session = db.session();
    let customer = session.add(Customer { name: "Ann".into(), ..Default::default() });
    let session = tokio::spawn(async move {
        session.commit().await.unwrap();
        session.load(customer, Customer::orders).await.unwrap();
        session
    });
    let mut session = session.await.unwrap();
    session[customer].phone = Some("1".into());
    let saved = tokio::spawn(async move { session.commit().await });
    saved.await.unwrap().unwrap();
    assert_eq!(db.session().count(select(Customer).filter(Customer::phone.eq("1"))).await.unwrap(), 1);
}

/// What a handler does: its work borrows what it got, and runs in a task.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transactions_run_in_tasks() {
    let db = Db::in_memory().await.with(metadata()).await;
    let engine = db.engine.clone();
    let name = "Ann".to_owned();
    let task = tokio::spawn(async move {
        engine
            .transaction(async |session| {
                session.add(Customer { name: name.clone(), ..Default::default() });
                Ok::<_, Error>(())
            })
            .await?;
        engine
            .retry(3)
            .transaction(async |session| {
                let customer = session.one(select(Customer).filter(Customer::name.eq(name.as_str()))).await?;
                let work = async |session: &mut Session| {
                    session[customer].phone = Some(name.clone());
                    Ok::<_, Error>(())
                };
                session.nested(work).await
            })
            .await
    });
    task.await.unwrap().unwrap();
    assert_eq!(db.session().count(select(Customer).filter(Customer::phone.eq("Ann"))).await.unwrap(), 1);
}
