//! Identity, states, and entities that leave a session.

use retro_core::prelude::*;
use retro_core::session::State;
use retro_tests::models::shop::{self, Country, Customer, Manufacturer, Order, Product};
use retro_tests::{assert_statements, on_every_backend};

fn usa() -> Country {
    new!(Country { id: 1, name: "USA" })
}

/// One row is one entity, whichever query found it.
#[tokio::test]
async fn identity() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let order = new!(Order { number: "1", customer: new!(Customer { name: "Ada" }) });
        let order = session.add(order);
        session.commit().await.unwrap();
        let ada = session.entities(order, Order::customer).unwrap();

        assert_eq!(session.one(select(Customer)).await.unwrap(), ada);
        assert_eq!(session.get::<Customer>(session[ada].id).await.unwrap(), Some(ada));
        let joined = session.one(select((Order, Customer)).join(Order::customer)).await.unwrap();
        assert_eq!(joined, (order, ada));
        assert_eq!(session.load(ada, Customer::orders).await.unwrap(), [order]);
    })
    .await;
}

/// A query that meets an entity does not overwrite what was changed or loaded.
#[tokio::test]
async fn queries_keep_values() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session().with_autoflush(false);
        let country = session.add(usa());
        session.commit().await.unwrap();
        db.execute("UPDATE countries SET name = 'theirs'").await;

        session.all(select(Country)).await.unwrap();
        assert_eq!(session[country].name, "USA");
        session[country].name = "ours".into();
        session.all(select(Country)).await.unwrap();
        assert_eq!(session[country].name, "ours");

        session.rollback().await.unwrap();
        session.all(select(Country).populate_existing()).await.unwrap();
        assert_eq!(session[country].name, "theirs");
    })
    .await;
}

/// From a plain struct to a row and away again.
#[tokio::test]
async fn life_of_an_entity() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let country = session.add(usa());
        assert_eq!(session.state(country), State::Pending);
        assert_eq!(session.pending::<Country>(), [country]);
        session.flush().await.unwrap();
        assert_eq!(session.state(country), State::Persistent);
        assert!(session.pending::<Country>().is_empty());
        assert_eq!(session.known::<Country>(), [country]);
        session.delete(country);
        assert_eq!(session.state(country), State::Persistent);
        session.flush().await.unwrap();
        assert_eq!(session.state(country), State::Deleted);
        session.commit().await.unwrap();
        assert_eq!(session.state(country), State::Detached);
        assert!(session.try_get(country).unwrap_err().is_detached());
    })
    .await;
}

/// A new entity that is deleted was never there.
#[tokio::test]
async fn delete_of_a_pending_entity() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let country = session.add(usa());
        session.delete(country);
        assert_eq!(session.state(country), State::Detached);
        session.commit().await.unwrap();
        assert_statements(&db.log, []);
    })
    .await;
}

/// `SessionStateTest.test_already_attached`: a handle works with its own session only.
#[tokio::test]
async fn handles_of_another_session() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (mut ours, mut theirs) = (db.session(), db.session());
        let country = ours.add(usa());
        theirs.add(new!(Country { id: 2, name: "Japan" }));

        assert!(theirs.try_get(country).unwrap_err().is_detached());
        assert_eq!(theirs.state(country), State::Detached);
        assert!(theirs.refresh(country).await.unwrap_err().is_detached());
        let product = theirs.add(new!(Product { name: "p", year: 1, countries: [country] }));
        let error = theirs.flush().await.unwrap_err();
        assert!(error.is_detached(), "{error:?}");
        assert!(error.to_string().contains("Product::countries"), "{error}");
        theirs.rollback().await.unwrap();
        assert_eq!(theirs.state(product), State::Detached);
        ours.commit().await.unwrap();
    })
    .await;
}

/// Indexing with a stale handle panics as an index out of bounds does, and says why.
#[tokio::test]
#[should_panic(expected = "this Country has left the session")]
async fn indexing_with_a_stale_handle() {
    let db = retro_tests::Db::in_memory().await.with(shop::metadata()).await;
    let mut session = db.session();
    let country = session.add(usa());
    session.take(country).unwrap();
    let _ = &session[country];
}

/// The slot of an entity that left is used again, and its old handle still finds nothing.
#[tokio::test]
async fn stale_handles_of_used_slots() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let old = session.add(usa());
        session.take(old).unwrap();
        let new = session.add(new!(Country { id: 2, name: "Japan" }));
        assert_ne!(old, new);
        assert!(session.try_get(old).is_err());
        assert!(session.try_get_mut(old).is_err());
        assert_eq!(session[new].name, "Japan");
    })
    .await;
}

/// `take` gives the struct back; its row stays, its changes are not written.
#[tokio::test]
async fn take() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let country = session.add(usa());
        session.commit().await.unwrap();
        session[country].name = "changed".into();

        let taken = session.take(country).unwrap();
        assert_eq!(taken.name, "changed");
        assert!(!session.contains(country));
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT name FROM countries").await, ["USA"]);

        let again = session.get::<Country>(1).await.unwrap().unwrap();
        assert_ne!(again, country);
        assert_eq!(session[again].name, "USA");
    })
    .await;
}

/// `expunge` takes along what its relationships cascade to.
#[tokio::test]
async fn expunge_cascades() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let products = ["a", "b"].map(|name| new!(Product { name, year: 1 }));
        let acorn = session.add(new!(Manufacturer { name: "Acorn", products }));
        session.commit().await.unwrap();
        let products = session.entities(acorn, Manufacturer::products);

        let taken = session.expunge(acorn).unwrap();

        assert_eq!(taken.name, "Acorn");
        assert!(products.iter().all(|&product| !session.contains(product)));
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT COUNT(*) FROM products").await, ["2"]);
    })
    .await;
}

/// A collection that a member has left by `take` is no longer loaded: the row is still there.
#[tokio::test]
async fn collections_notice_what_left() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let ada = session.add(new!(Customer { name: "Ada", orders: ["1", "2"].map(|number| new!(Order { number })) }));
        session.commit().await.unwrap();
        let orders = session.entities(ada, Customer::orders);

        session.take(orders[0]).unwrap();
        assert!(session.try_entities(ada, Customer::orders).unwrap_err().is_not_loaded());
        let again = session.load(ada, Customer::orders).await.unwrap();
        assert_eq!(again.len(), 2);
        assert_eq!(again[1], orders[1]);
        assert_ne!(again[0], orders[0]);
    })
    .await;
}

/// `expunge_all` and `expunge_every` make handles stale and lose what was not written.
#[tokio::test]
async fn expunge_all() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let ada = session.add(new!(Customer { name: "Ada" }));
        let order = session.push(ada, Customer::orders, new!(Order { number: "1" }));
        session.commit().await.unwrap();

        session.expunge_every::<Order>();
        assert!(!session.contains(order));
        assert!(session.contains(ada));
        assert_eq!(session.load(ada, Customer::orders).await.unwrap().len(), 1);

        session.add(usa());
        session[ada].name = "lost".into();
        session.expunge_all();
        assert!(!session.contains(ada));
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT name FROM customers").await, ["Ada"]);
        assert!(db.rows("SELECT name FROM countries").await.is_empty());
    })
    .await;
}

/// An entity that was taken can be added again, as a new one or merged onto its row.
#[tokio::test]
async fn taken_and_merged() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let country = session.add(usa());
        session.commit().await.unwrap();
        let mut taken = session.take(country).unwrap();
        taken.name = "merged".into();

        let merged = session.merge(taken).await.unwrap();
        session.commit().await.unwrap();

        assert_eq!(session.state(merged), State::Persistent);
        assert_eq!(db.rows("SELECT id, name FROM countries").await, ["1|merged"]);
    })
    .await;
}

/// `DeferredRelationshipExpressionTest.test_deferred_expression_unflushed`: a filter made with a pending
/// entity takes its key after the autoflush.
#[tokio::test]
async fn filters_with_pending_entities() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let ada = session.add(new!(Customer { name: "Ada" }));
        let order = session.push(ada, Customer::orders, new!(Order { number: "1" }));
        session.add(new!(Order { number: "2" }));

        let found = session.all(select(Order).filter(Order::customer.eq(ada))).await.unwrap();

        assert_eq!(found, [order]);
    })
    .await;
}
