//! Copying a detached graph into a session.

use retro_core::prelude::*;
use retro_core::session::State;
use retro_tests::models::keys::{self, Currency, Price};
use retro_tests::models::shop::{self, Country, Customer, Order};
use retro_tests::{assert_statements, on_every_backend};

/// `MergeTest.test_transient_to_pending_no_pk`
#[tokio::test]
async fn transient_to_pending_without_key() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let merged = session.merge(new!(Customer { name: "Ada" })).await.unwrap();
        assert_statements(&db.log, []);
        assert_eq!(session.state(merged), State::Pending);
        session.commit().await.unwrap();
        assert_statements(&db.log, ["INSERT customers"]);
    })
    .await;
}

/// A struct whose key has a row is copied onto it: one SELECT, and an UPDATE of what differs.
#[tokio::test]
async fn onto_a_row() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        db.execute("INSERT INTO customers (id, name, phone) VALUES (7, 'Ada', '1')").await;
        let mut session = db.session();

        let merged = session.merge(new!(Customer { id: 7, name: "Ada", phone: "2" })).await.unwrap();
        session.commit().await.unwrap();

        assert_statements(&db.log, ["SELECT customers", "UPDATE customers (phone)"]);
        assert_eq!(session.get::<Customer>(7).await.unwrap(), Some(merged));
        session.merge(new!(Customer { id: 7, name: "Ada", phone: "2" })).await.unwrap();
        session.commit().await.unwrap();
        assert_statements(&db.log, []);
    })
    .await;
}

/// Onto an entity that the session has: no statement, the same handle.
#[tokio::test]
async fn onto_an_entity() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let usa = session.add(new!(Country { id: 1, name: "USA" }));
        session.commit().await.unwrap();
        db.log.clear();

        let merged = session.merge(new!(Country { id: 1, name: "U.S.A." })).await.unwrap();
        assert_eq!(merged, usa);
        assert_eq!(session[usa].name, "U.S.A.");
        assert_statements(&db.log, []);
        session.rollback().await.unwrap();
        assert_eq!(session[usa].name, "USA");
    })
    .await;
}

/// `MergeTest.test_resolve_conflicts_persistent`
#[tokio::test]
async fn two_copies_of_one_key() {
    on_every_backend(async |db| {
        let db = db.with(keys::currencies()).await;
        db.execute("INSERT INTO currencies (code, name) VALUES ('EUR', 'stored')").await;
        let mut session = db.session();
        let price = |amount: i32, name: &str| new!(Price { amount, currency: new!(Currency { code: "EUR", name }) });
        let first = session.merge(price(1, "first")).await.unwrap();
        let last = session.merge(price(2, "last")).await.unwrap();
        session.commit().await.unwrap();

        assert_eq!(session.entities(first, Price::currency), session.entities(last, Price::currency));
        assert_eq!(db.rows("SELECT name FROM currencies").await, ["last"]);
        assert_eq!(db.rows("SELECT currency_code FROM prices").await, ["EUR", "EUR"]);
    })
    .await;
}

/// The same within one graph, for a key that has no row yet.
#[tokio::test]
async fn two_copies_of_one_new_key() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        use shop::{Manufacturer, Product};
        let usa = |name: &str| new!(Country { id: 1, name });
        let products = [
            new!(Product { name: "a", year: 1, countries: [usa("first")] }),
            new!(Product { name: "b", year: 1, countries: [usa("last")] }),
        ];
        let merged = session.merge(new!(Manufacturer { name: "m", products })).await.unwrap();
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT id, name FROM countries").await, ["1|last"]);
        assert_eq!(db.rows("SELECT COUNT(*) FROM products_countries").await, ["2"]);
        assert_eq!(session.entities(merged, Manufacturer::products).len(), 2);
    })
    .await;
}

/// A graph: what has a row is updated, what has none is added, what is no longer linked leaves.
#[tokio::test]
async fn a_graph() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let order = |id: i32, number: &str| new!(Order { id, number });
        session.add(new!(Customer { id: 1, name: "Ada", orders: [order(101, "1"), order(102, "2")] }));
        session.commit().await.unwrap();
        let mut session = db.session();

        let copy = new!(Customer { id: 1, name: "Ada", orders: [order(102, "2!"), new!(Order { number: "3" })] });
        let ada = session.merge(copy).await.unwrap();
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT number, customer_id FROM orders ORDER BY number").await, ["1|NULL", "2!|1", "3|1"]);
        assert_eq!(session.load(ada, Customer::orders).await.unwrap().len(), 2);
    })
    .await;
}
