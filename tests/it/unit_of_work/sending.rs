//! Sessions and all their futures can live in a spawned task.

use retro_core::prelude::*;
use retro_tests::Db;
use retro_tests::models::shop::{self, Customer, Order};

fn is_send<T: Send>(value: T) -> T {
    value
}

fn assert_send<T: Send>() {}
fn assert_sync<T: Sync>() {}

/// The types. That this compiles is the test.
#[test]
fn types_are_send_and_sync() {
    assert_send::<Session>();
    assert_sync::<Session>();
    assert_send::<Engine>();
    assert_sync::<Engine>();
    assert_send::<Entity<Customer>>();
    assert_sync::<Entity<Customer>>();
    assert_send::<Customer>();
    assert_send::<shop::CustomerView<'_>>();
    assert_send::<Error>();
    assert_sync::<Error>();
}

/// The futures, each run through a function that takes only those that are `Send`.
#[tokio::test]
async fn futures_are_send() {
    let db = Db::in_memory().await.with(shop::metadata()).await;
    let mut session = db.session();
    let ada = session.add(new!(Customer { name: "Ada", orders: [new!(Order { number: "1" })] }));
    is_send(session.plan()).await.unwrap();
    is_send(session.flush()).await.unwrap();
    is_send(session.begin_nested()).await.unwrap();
    is_send(session.commit_nested()).await.unwrap();
    is_send(session.begin_nested()).await.unwrap();
    is_send(session.rollback_nested()).await.unwrap();
    is_send(session.commit()).await.unwrap();
    is_send(session.all(select(Customer).options(selectin(Customer::orders)))).await.unwrap();
    is_send(session.one(select(Customer))).await.unwrap();
    is_send(session.first(select(Customer))).await.unwrap();
    is_send(session.one_or_none(select(Customer))).await.unwrap();
    is_send(session.count(select(Customer))).await.unwrap();
    is_send(session.exists(select(Customer))).await.unwrap();
    is_send(session.get::<Customer>(1)).await.unwrap();
    is_send(session.load(ada, Customer::orders)).await.unwrap();
    is_send(session.load_only(ada, Customer::orders)).await.unwrap();
    is_send(session.refresh(ada)).await.unwrap();
    is_send(session.fresh(ada)).await.unwrap();
    is_send(session.merge(new!(Customer { name: "Bob" }))).await.unwrap();
    is_send(session.rollback()).await.unwrap();
}

/// A session moves into a task and back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_in_a_task() {
    let db = Db::in_memory().await.with(shop::metadata()).await;
    let mut session = db.session();
    let ada = session.add(new!(Customer { name: "Ada" }));
    let mut session = tokio::spawn(async move {
        session.commit().await.unwrap();
        session
    })
    .await
    .unwrap();
    assert_eq!(session[ada].name, "Ada");
    assert_eq!(session.count(select(Customer)).await.unwrap(), 1);
}
