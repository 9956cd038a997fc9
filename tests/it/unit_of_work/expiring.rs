//! Refresh, expire, fresh: bringing memory up to date.

use retro_core::prelude::*;
use retro_tests::models::shop::{self, Country, Customer, Manufacturer, Order, Product};
use retro_tests::{Db, assert_statements, on_every_backend};

async fn with_usa(db: Db) -> (Db, Session, Entity<Country>) {
    let db = db.with(shop::metadata()).await;
    let mut session = db.session();
    let usa = session.add(new!(Country { id: 1, name: "USA" }));
    session.commit().await.unwrap();
    db.log.clear();
    (db, session, usa)
}

/// Refresh reads the row anew and discards what was changed.
#[tokio::test]
async fn refresh() {
    on_every_backend(async |db| {
        let (db, mut session, usa) = with_usa(db).await;
        db.execute("UPDATE countries SET name = 'theirs'").await;
        session[usa].name = "ours".into();

        session.refresh(usa).await.unwrap();

        assert_eq!(session[usa].name, "theirs");
        assert!(!session.is_modified(usa));
        assert_statements(&db.log, ["SELECT countries"]);
        session.commit().await.unwrap();
        assert_statements(&db.log, []);
    })
    .await;
}

/// An expired entity shows the last known values until it is read anew.
#[tokio::test]
async fn expire_and_fresh() {
    on_every_backend(async |db| {
        let (db, mut session, usa) = with_usa(db).await;
        db.execute("UPDATE countries SET name = 'theirs'").await;

        session[usa].name = "ours".into();
        session.expire(usa).unwrap();
        assert!(session.is_expired(usa));
        assert_eq!(session[usa].name, "USA");
        assert_eq!(session.fresh(usa).await.unwrap().name, "theirs");
        assert!(!session.is_expired(usa));
        session.fresh(usa).await.unwrap();
        assert_statements(&db.log, ["SELECT countries"]);
    })
    .await;
}

/// A query that meets an expired entity reads it.
#[tokio::test]
async fn queries_read_what_is_expired() {
    on_every_backend(async |db| {
        let (db, mut session, usa) = with_usa(db).await;
        db.execute("UPDATE countries SET name = 'theirs'").await;
        session.expire_all();

        session.all(select(Country)).await.unwrap();

        assert_eq!(session[usa].name, "theirs");
        assert!(!session.is_expired(usa));
    })
    .await;
}

/// `fresh` reads all expired entities that came with one result at once.
#[tokio::test]
async fn fresh_reads_the_cohort() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        session.add_all((1..=5).map(|id| new!(Country { id, name: format!("c{id}") })));
        session.commit().await.unwrap();
        let all = session.all(select(Country)).await.unwrap();
        session.expire_all();
        db.log.clear();

        for country in all {
            session.fresh(country).await.unwrap();
        }
        assert_statements(&db.log, ["SELECT countries"]);
    })
    .await;
}

/// A commit keeps the values unless told otherwise.
#[tokio::test]
async fn expire_on_commit() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session().expire_on_commit(true);
        let usa = session.add(new!(Country { id: 1, name: "USA" }));
        session.commit().await.unwrap();
        assert!(session.is_expired(usa));
        db.execute("UPDATE countries SET name = 'theirs'").await;

        assert_eq!(session.fresh(usa).await.unwrap().name, "theirs");
        session.commit().await.unwrap();
        assert!(session.is_expired(usa));
    })
    .await;
}

/// `ExpireTest.test_rollback_undoes_expunge_from_deleted`
#[tokio::test]
async fn rollback_undoes_expunge_from_deleted() {
    on_every_backend(async |db| {
        let (db, mut session, usa) = with_usa(db).await;
        session.add(new!(Country { id: 2, name: "Japan" }));
        session.flush().await.unwrap();
        session.rollback().await.unwrap();
        db.execute("DELETE FROM countries").await;
        session.expire(usa).unwrap();

        assert_eq!(session.get::<Country>(1).await.unwrap(), None);
        assert!(!session.known::<Country>().contains(&usa));
        session.rollback().await.unwrap();
        assert!(session.known::<Country>().contains(&usa));
    })
    .await;
}

/// Refreshing a row that is gone is an error.
#[tokio::test]
async fn refresh_of_a_row_that_is_gone() {
    on_every_backend(async |db| {
        let (db, mut session, usa) = with_usa(db).await;
        db.execute("DELETE FROM countries").await;

        let error = session.refresh(usa).await.unwrap_err();
        assert!(error.is_not_found(), "{error:?}");
        assert_eq!(error.entity(), Some("Country (id = 1)"));
        session.rollback().await.unwrap();
        session.expire(usa).unwrap();
        assert!(session.fresh(usa).await.unwrap_err().is_not_found());
    })
    .await;
}

/// What is not a row yet cannot be refreshed or expired.
#[tokio::test]
async fn pending_entities_are_not_rows() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let usa = session.add(new!(Country { id: 1, name: "USA" }));
        assert!(session.refresh(usa).await.is_err());
        assert!(session.expire(usa).is_err());
        session.commit().await.unwrap();
    })
    .await;
}

/// `ExpireTest.test_lazyload_autoflushes`
#[tokio::test]
async fn lazy_load_autoflushes() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let ada = session.add(new!(Customer { name: "Ada", orders: ["1", "2"].map(|number| new!(Order { number })) }));
        session.commit().await.unwrap();
        let orders = session.entities(ada, Customer::orders);
        session.expire(ada).unwrap();
        db.log.clear();

        session[orders[0]].number = "9".into();
        let loaded = session.load(ada, Customer::orders).await.unwrap();

        assert_eq!(loaded, [orders[1], orders[0]]);
        assert_statements(&db.log, ["UPDATE orders (number)", "SELECT orders"]);
    })
    .await;
}

/// Expiring cascades where the relationship says so, and unloads collections.
#[tokio::test]
async fn expire_cascades() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let acorn = session.add(new!(Manufacturer { name: "Acorn", products: [new!(Product { name: "a", year: 1 })] }));
        session.commit().await.unwrap();
        let atom = session.entities(acorn, Manufacturer::products)[0];

        session.expire(acorn).unwrap();

        assert!(session.is_expired(atom));
        assert!(!session.is_loaded(acorn, Manufacturer::products));
        db.execute("UPDATE products SET year = 5").await;
        session.refresh(acorn).await.unwrap();
        session.load(acorn, Manufacturer::products).await.unwrap();
        assert_eq!(session[atom].year, 5);
    })
    .await;
}
