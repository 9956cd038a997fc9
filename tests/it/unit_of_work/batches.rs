//! Many rows: few statements, and every key on its own entity.

use retro_core::prelude::*;
use retro_tests::models::keys::{self, Account, Entry};
use retro_tests::models::shop::{self, Country, Manufacturer, Product};
use retro_tests::models::trees::Node;
use retro_tests::{Verb, on_every_backend};

const MANY: i32 = 10_000;

/// `TryToFoolInsertManyValuesTest.test_original_use_case`, for 10,000 rows.
#[tokio::test]
async fn generated_keys_land_on_their_entities() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        // Names that sort otherwise than they were added, so that no order can help by chance.
        let name = |n: i32| format!("{:05}", (n * 7919) % MANY);
        let nodes = session.add_all((0..MANY).map(|n| new!(Node { name: name(n) })));
        session.commit().await.unwrap();

        let sent = db.log.count(Verb::Insert);
        assert!(sent <= 60, "{sent} statements for {MANY} rows");
        let mut stored = db.session();
        let rows: Vec<(i32, String)> = stored.all(select((Node::id, Node::name)).order_by(Node::id)).await.unwrap();
        assert_eq!(rows.len(), MANY as usize);
        for (&node, (id, name)) in nodes.iter().zip(&rows) {
            assert_eq!((session[node].id, &session[node].name), (*id, name));
        }
    })
    .await;
}

/// Children of thousands of new parents each have the key of their own.
#[tokio::test]
async fn children_of_many_parents() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        for n in 0..1_000 {
            let products = (0..3).map(|m| new!(Product { name: format!("{n}.{m}"), year: n })).collect::<Vec<_>>();
            session.add(new!(Manufacturer { name: format!("{n}"), products }));
        }
        session.commit().await.unwrap();

        let inserts = db.log.count(Verb::Insert);
        assert!(inserts <= 30, "{inserts}");
        let wrong = "SELECT COUNT(*) FROM products p JOIN manufacturers m ON m.id = p.manufacturer_id \
                     WHERE SUBSTR(p.name, 1, LENGTH(p.name) - 2) <> m.name";
        assert_eq!(db.rows(wrong).await, ["0"]);
        assert_eq!(db.rows("SELECT COUNT(*) FROM products").await, ["3000"]);
    })
    .await;
}

/// 10,000 rows change in few statements, each to its own value, and go in few.
#[tokio::test]
async fn updates_and_deletes() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let countries = session.add_all((0..MANY).map(|id| new!(Country { id, name: format!("c{id}") })));
        session.commit().await.unwrap();
        db.log.clear();

        for (n, &country) in countries.iter().enumerate().rev() {
            session[country].name = format!("{n} new");
        }
        session.commit().await.unwrap();
        let updates = db.log.count(Verb::Update);
        assert!(updates <= 60, "{updates}");
        let stored = db.rows("SELECT id, name FROM countries ORDER BY id").await;
        assert_eq!(stored.len(), MANY as usize);
        assert!(stored.iter().enumerate().all(|(n, row)| *row == format!("{n}|{n} new")));

        countries.iter().for_each(|&country| session.delete(country));
        db.log.clear();
        session.commit().await.unwrap();
        let deletes = db.log.count(Verb::Delete);
        assert!(deletes <= 60, "{deletes}");
        assert_eq!(db.rows("SELECT COUNT(*) FROM countries").await, ["0"]);
    })
    .await;
}

/// Keys that the program makes need nothing back.
#[tokio::test]
async fn client_made_keys() {
    on_every_backend(async |db| {
        let db = db.with(keys::accounts()).await;
        let mut session = db.session();
        let account = session.add(new!(Account { owner: "Ada" }));
        for amount in 0..5_000_i64 {
            session.push(account, Account::entries, new!(Entry { amount }));
        }
        session.commit().await.unwrap();

        assert!(db.log.take().iter().all(|statement| !statement.sql.contains("RETURNING")));
        for entry in session.entities(account, Account::entries) {
            let id = session[entry].id;
            assert_eq!(session.get::<Entry>(id).await.unwrap(), Some(entry));
        }
        assert_eq!(db.rows("SELECT COUNT(*) FROM entries").await, ["5000"]);
    })
    .await;
}

/// Many links of a many-to-many relationship.
#[tokio::test]
async fn associations() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let countries = session.add_all((0..100).map(|id| new!(Country { id, name: format!("c{id}") })));
        let products: Vec<Product> =
            (0..50).map(|n| new!(Product { name: format!("p{n}"), year: n, countries: countries.clone() })).collect();
        let m = session.add(new!(Manufacturer { name: "m", products }));
        session.commit().await.unwrap();
        let links: u64 = db.log.take().iter().filter(|s| s.table == "products_countries").map(|s| s.rows).sum();
        assert_eq!(links, 5_000);

        for product in session.entities(m, Manufacturer::products) {
            session.replace(product, Product::countries, countries[..10].to_vec());
        }
        session.commit().await.unwrap();
        assert!(db.log.count(Verb::Delete) <= 20);
        assert_eq!(db.rows("SELECT COUNT(*) FROM products_countries").await, ["500"]);
        assert_eq!(session.entities(countries[0], Country::products).len(), 50);
        assert!(session.entities(countries[99], Country::products).is_empty());
    })
    .await;
}
