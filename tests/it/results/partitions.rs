//! Rows in parts, and memory that stays flat.

use retro_core::prelude::*;
use retro_tests::models::shop::{Manufacturer, Product};
use retro_tests::{Db, assert_statements, on_every_backend};

use super::{assert_idle, everywhere, shop};

#[tokio::test]
async fn the_entities_of_a_part_leave_with_the_next() {
    everywhere(async |db| {
        let db = shop(db, 1_010).await;
        let mut session = db.session();
        let mut parts = session.partitions(select(Product).order_by(Product::id), 100).await.unwrap();
        let (mut sizes, mut first) = (Vec::new(), None);
        while let Some(products) = parts.next().await.unwrap() {
            sizes.push(products.len());
            assert!(parts.views(&products).all(|view| view.name().starts_with("product")));
            assert_eq!(parts[products[0]].id, parts.view(products[0]).id());
            first.get_or_insert(products[0]);
        }
        drop(parts);
        assert_eq!(sizes, [100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 10]);
        assert_statements(&db.log, ["SELECT products"]);
        assert!(session.known::<Product>().is_empty());
        assert!(session.try_get(first.unwrap()).unwrap_err().is_detached());
        session.commit().await.unwrap();
        drop(session);
        assert_idle(&db).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_there_before_stays() {
    everywhere(async |db| {
        let db = shop(db, 50).await;
        let mut session = db.session();
        let known = session.first(select(Product).order_by(Product::id)).await.unwrap().unwrap();
        session[known].year = 3;
        let query = select(Product).order_by(Product::id).options(joined(Product::manufacturer));
        let mut parts = session.partitions(query, 7).await.unwrap();
        while let Some(products) = parts.next().await.unwrap() {
            assert!(parts.views(&products).all(|view| !view.manufacturer().name().is_empty()));
        }
        drop(parts);
        // The manufacturer of the product that stays is linked to it, the other one is not.
        assert_eq!(session.known::<Product>(), [known]);
        assert_eq!(session.known::<Manufacturer>().len(), 1);
        assert_eq!(session.view(known).manufacturer().name(), "Acorn");
        session[known].year = 4;
        session.commit().await.unwrap();
        assert_eq!(session.count(select(Product).filter(Product::year.eq(4))).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_part_at_hand_stays_when_the_rest_is_given_up() {
    everywhere(async |db| {
        let db = shop(db, 500).await;
        let mut session = db.session();
        let mut parts = session.partitions(select(Product).order_by(Product::id), 40).await.unwrap();
        parts.next().await.unwrap().unwrap();
        let part = parts.next().await.unwrap().unwrap();
        drop(parts);
        assert_eq!(session.known::<Product>().len(), 40);
        db.log.clear();
        // They came together.
        for &product in &part {
            session.load(product, Product::countries).await.unwrap();
        }
        assert_statements(&db.log, ["SELECT countries"]);
        session[part[0]].year = 1;
        session.commit().await.unwrap();
        assert_eq!(session.one(select(min(Product::year))).await.unwrap(), Some(1));
    })
    .await;
}

/// A transaction that has written notes what it reads, for a rollback; of entities that have left
/// nothing is noted any more.
#[tokio::test]
async fn within_a_transaction_that_has_written() {
    on_every_backend(async |db| {
        let db = shop(db, 90).await;
        let mut session = db.session();
        let maker = session.add(new!(Manufacturer { name: "Jupiter" }));
        let product = session.push(maker, Manufacturer::products, new!(Product { name: "Ace", year: 1982 }));
        session.flush().await.unwrap();
        let query = select(Product).order_by(Product::id).options(joined(Product::manufacturer));
        let mut parts = session.partitions(query, 20).await.unwrap();
        let mut rows = 0;
        while let Some(products) = parts.next().await.unwrap() {
            rows += products.len();
        }
        drop(parts);
        assert_eq!(rows, 91);
        assert_eq!((session.known::<Product>(), session.known::<Manufacturer>()), (vec![product], vec![maker]));
        session.rollback().await.unwrap();
        assert!(session.known::<Product>().is_empty());
        assert_eq!(session.count(select(Product)).await.unwrap(), 90);
    })
    .await;
}

#[tokio::test]
async fn parts_of_values_and_texts() {
    on_every_backend(async |db| {
        let db = shop(db, 10).await;
        let mut session = db.session();
        let mut parts =
            session.partitions(select((Product::id, Product::name)).order_by(Product::id), 4).await.unwrap();
        let mut names = Vec::new();
        while let Some(rows) = parts.next().await.unwrap() {
            names.push(rows.into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(" "));
        }
        drop(parts);
        assert_eq!(names.len(), 3);
        assert_eq!(names[2], "product 0008 product 0009");
        let all = text("SELECT * FROM products ORDER BY id").entities::<Product>();
        let mut parts = session.partitions(all, 6).await.unwrap();
        assert_eq!(parts.next().await.unwrap().unwrap().len(), 6);
        let rest = parts.next().await.unwrap().unwrap();
        assert_eq!(parts[rest[3]].name, "product 0009");
        drop(parts);
        assert_eq!(session.known::<Product>().len(), 4);
    })
    .await;
}

#[tokio::test]
async fn parts_of_nothing() {
    let db = shop(Db::in_memory().await, 1).await;
    let mut session = db.session();
    let error = session.partitions(select(Product), 0).await.err().unwrap();
    assert!(error.is_configuration(), "{error}");
    let mut parts = session.partitions(select(Product).filter(Product::year.eq(0)), 10).await.unwrap();
    assert!(parts.next().await.unwrap().is_none());
    assert!(parts.next().await.unwrap().is_none());
}
