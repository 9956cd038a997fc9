//! Parents are written before children, children deleted before parents, and rows of one shape share
//! a statement.

use retro_core::prelude::*;
use retro_tests::models::shop::{self, Country, Manufacturer, Order, OrderItem, Product};
use retro_tests::models::trees::Node;
use retro_tests::{assert_statements, on_every_backend};

/// `RudimentaryFlushTest.test_one_to_many_save`
#[tokio::test]
async fn one_to_many_save() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let product = |name: &str| new!(Product { name, year: 1982 });
        let acorn = session.add(new!(Manufacturer { name: "Acorn", products: [product("Atom"), product("Electron")] }));
        session.flush().await.unwrap();

        assert_statements(&db.log, ["INSERT manufacturers", "INSERT products x2"]);
        for product in session.entities(acorn, Manufacturer::products) {
            assert_eq!(session[product].manufacturer_id, session[acorn].id);
        }
    })
    .await;
}

/// `RudimentaryFlushTest.test_natural_ordering`
#[tokio::test]
async fn natural_ordering() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let atom = session.add(new!(Product { name: "Atom", year: 1980, manufacturer_id: 7 }));
        let acorn = session.add(new!(Manufacturer { id: 7, name: "Acorn" }));
        session.flush().await.unwrap();
        assert_statements(&db.log, ["INSERT manufacturers", "INSERT products"]);

        session.delete(acorn);
        session.delete(atom);
        session.flush().await.unwrap();
        let sent = db.log.take();
        let deletes: Vec<&str> =
            sent.iter().filter(|s| s.verb == retro_tests::Verb::Delete).map(|s| s.table.as_str()).collect();
        assert_eq!(deletes.last(), Some(&"manufacturers"));
        assert!(deletes.contains(&"products"));
    })
    .await;
}

/// `RudimentaryFlushTest.test_natural_selfref`
#[tokio::test]
async fn natural_selfref() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        session.add(new!(Node { id: 1, name: "a" }));
        session.add(new!(Node { id: 2, name: "b", parent_id: 1 }));
        session.add(new!(Node { id: 3, name: "c", parent_id: 2 }));
        session.flush().await.unwrap();

        assert_statements(&db.log, ["INSERT nodes x3"]);
    })
    .await;
}

/// A parent with a known key that is added after its child comes before it all the same.
#[tokio::test]
async fn selfref_by_value_in_any_order() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        session.add(new!(Node { id: 3, name: "c", parent_id: 2 }));
        session.add(new!(Node { id: 2, name: "b", parent_id: 1 }));
        session.add(new!(Node { id: 1, name: "a" }));
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT id, parent_id FROM nodes ORDER BY id").await, ["1|NULL", "2|1", "3|2"]);
    })
    .await;
}

/// `SingleCycleTest.test_bidirectional_multilevel_save`
#[tokio::test]
async fn bidirectional_multilevel_save() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        let leaf = |name: &str| new!(Node { name });
        let inner = |name: &str, children: Vec<Node>| new!(Node { name, children });
        let root = session.add(inner(
            "n1",
            vec![leaf("n11"), inner("n12", vec![leaf("n121"), leaf("n122"), leaf("n123")]), leaf("n13")],
        ));
        session.commit().await.unwrap();

        assert_statements(&db.log, ["INSERT nodes", "INSERT nodes x3", "INSERT nodes x3"]);
        let middle = session.entities(root, Node::children)[1];
        for leaf in session.entities(middle, Node::children) {
            assert_eq!(session[leaf].parent_id, Some(session[middle].id));
        }
        let stored =
            db.rows("SELECT c.name, p.name FROM nodes c LEFT JOIN nodes p ON p.id = c.parent_id ORDER BY c.name").await;
        assert_eq!(stored, ["n1|NULL", "n11|n1", "n12|n1", "n121|n12", "n122|n12", "n123|n12", "n13|n1"]);
    })
    .await;
}

/// `BatchInsertsTest.test_batch_interaction`
#[tokio::test]
async fn batch_interaction() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        let name = |n: i32| format!("n{n}");
        session.add_all((1..=3).map(|n| new!(Node { name: name(n) })));
        session.add_all((4..=5).map(|n| new!(Node { id: n + 100, name: name(n) })));
        session.add(new!(Node { name: name(6) }));
        session.commit().await.unwrap();

        assert_statements(
            &db.log,
            [
                "INSERT nodes (name, parent_id) x3",
                "INSERT nodes (id, name, parent_id) x2",
                "INSERT nodes (name, parent_id)",
            ],
        );
        assert_eq!(db.rows("SELECT name FROM nodes WHERE id > 100 AND id < 106 ORDER BY id").await, ["n4", "n5"]);
    })
    .await;
}

/// `RudimentaryFlushTest.test_m2o_flush_size`: the cost of a flush is that of what changed.
#[tokio::test]
async fn only_what_changed_is_planned() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let products = (0..20).map(|n| new!(Product { name: format!("p{n}"), year: n })).collect::<Vec<_>>();
        session.add(new!(Manufacturer { name: "Acorn", products }));
        session.commit().await.unwrap();

        session.add(new!(Manufacturer { name: "Sinclair" }));
        let plan = session.plan().await.unwrap();

        assert_eq!(plan.statements().len(), 1);
        assert_eq!(plan.statements()[0].rows.len(), 1);
    })
    .await;
}

/// Inserts in the order of `add`, whatever the keys; updates and deletes by primary key, whatever the
/// order of the changes.
#[tokio::test]
async fn the_order_is_deterministic() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let countries = session.add_all([3, 1, 2].map(|id| new!(Country { id, name: format!("c{id}") })));
        let plan = session.plan().await.unwrap();
        let keys = |plan: &retro_core::session::FlushPlan| -> Vec<String> {
            plan.statements().iter().flat_map(|s| &s.rows).map(|row| row.entity.clone()).collect()
        };
        assert_eq!(keys(&plan), ["Country (id = 3)", "Country (id = 1)", "Country (id = 2)"]);
        session.flush().await.unwrap();

        for &country in &countries {
            session[country].name.push('!');
        }
        let plan = session.plan().await.unwrap();
        assert_eq!(keys(&plan), ["Country (id = 1)", "Country (id = 2)", "Country (id = 3)"]);
        session.flush().await.unwrap();

        countries.iter().for_each(|&country| session.delete(country));
        let plan = session.plan().await.unwrap();
        let deleted: Vec<String> =
            plan.statements().last().unwrap().rows.iter().map(|row| row.entity.clone()).collect();
        assert_eq!(deleted, ["Country (id = 1)", "Country (id = 2)", "Country (id = 3)"]);
    })
    .await;
}

/// An association object's key is made of the keys of its parents, which the same flush generates.
#[tokio::test]
async fn a_key_made_of_generated_keys() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let c64 = new!(Product { name: "C64", year: 1982, manufacturer: new!(Manufacturer { name: "Commodore" }) });
        let item = session.add(new!(OrderItem {
            order: new!(Order { number: "1" }),
            product: c64,
            quantity: 2,
            unit_price: 199.5,
        }));
        session.commit().await.unwrap();

        assert_statements(&db.log, ["INSERT orders", "INSERT manufacturers", "INSERT products", "INSERT orders_items"]);
        let key = (session[item].order_id, session[item].product_id);
        assert_eq!(session.get::<OrderItem>(key).await.unwrap(), Some(item));
        assert_statements(&db.log, []);
    })
    .await;
}
