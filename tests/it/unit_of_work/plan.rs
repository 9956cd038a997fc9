//! `plan` says what `flush` sends.

use retro_core::prelude::*;
use retro_core::session::FlushPlan;
use retro_tests::models::features::{Document, Remark};
use retro_tests::models::shop::{self, Country, Customer, Manufacturer, Order, Product};
use retro_tests::models::trees::{Ball, Person};
use retro_tests::{Db, on_every_backend};

/// Flushes, and compares what was sent with the plan made right before.
async fn flush_as_planned(db: &Db, session: &mut Session) -> FlushPlan {
    let plan = session.plan().await.unwrap();
    db.log.clear();
    let outcome = session.flush().await.unwrap();
    let planned: Vec<&str> = plan.statements().iter().map(|statement| statement.sql.as_str()).collect();
    let sent = db.log.take();
    let sent: Vec<&str> = sent.iter().map(|statement| statement.sql.as_str()).collect();
    assert_eq!(planned, sent);
    assert_eq!(outcome.statements, planned.len());
    assert!(session.plan().await.unwrap().is_empty());
    plan
}

/// A day of work: what is planned is what is sent, each time.
#[tokio::test]
async fn flush_executes_the_plan() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let countries = session.add_all((1..=3).map(|id| new!(Country { id, name: format!("c{id}") })));
        let product = |name: &str| new!(Product { name, year: 1, countries: countries.clone() });
        let acorn = session.add(new!(Manufacturer { name: "Acorn", products: ["a", "b", "c"].map(product) }));
        let ada = session.add(new!(Customer { name: "Ada", orders: ["1", "2"].map(|number| new!(Order { number })) }));
        flush_as_planned(&db, &mut session).await;

        let products = session.entities(acorn, Manufacturer::products);
        session[products[0]].year = 2;
        session.remove(products[0], Product::countries, countries[0]);
        session.remove(acorn, Manufacturer::products, products[1]);
        session.delete(ada);
        session.delete(countries[2]);
        session.push(acorn, Manufacturer::products, new!(Product { name: "d", year: 4 }));
        flush_as_planned(&db, &mut session).await;

        session.delete(acorn);
        flush_as_planned(&db, &mut session).await;
        session.commit().await.unwrap();
        assert!(db.rows("SELECT name FROM products").await.is_empty());
    })
    .await;
}

/// Cycles that an UPDATE breaks, and versions.
#[tokio::test]
async fn post_updates_are_planned() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Person, Ball]).await;
        let mut session = db.session();
        let person = session.add(new!(Person { name: "p" }));
        let ball = session.push(person, Person::balls, new!(Ball { colour: "red" }));
        session.set(person, Person::favourite, ball);
        let plan = flush_as_planned(&db, &mut session).await;
        assert!(plan.to_string().contains("its foreign key is written after the rows on both sides"), "{plan}");
    })
    .await;
}

/// What is printed names entities, reasons and values; a key that is not known yet names whose it is.
#[tokio::test]
async fn plans_can_be_read() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        session.add(new!(Customer { name: "Ada", orders: [new!(Order { number: "1" })] }));
        let plan = session.plan().await.unwrap();
        let order = &plan.statements()[1].rows[0];
        assert_eq!((order.entity.as_str(), order.reason.as_str()), ("new Order #0", "it is new"));
        let customer_id = order.values.iter().find(|(field, _)| field == "customer_id").unwrap();
        assert_eq!(customer_id.1, "the key of new Customer #0");

        session.flush().await.unwrap();
        let ada = session.known::<Customer>()[0];
        session.delete(ada);
        let plan = session.plan().await.unwrap();
        let reasons: Vec<&str> = plan.statements().iter().map(|s| s.rows[0].reason.as_str()).collect();
        assert_eq!(reasons, ["it changed", "it was deleted"]);
    })
    .await;
}

/// Planning writes nothing and changes nothing, however often it is asked for.
#[tokio::test]
async fn planning_changes_nothing() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Document, Remark]).await;
        let mut session = db.session();
        let document = session.add(new!(Document { title: "a", remarks: [new!(Remark { text: "r" })] }));
        let first = session.plan().await.unwrap();
        assert_eq!(first, session.plan().await.unwrap());
        assert_eq!(session[document].id, 0);
        assert!(!session.in_transaction());
        session.commit().await.unwrap();

        session.delete(document);
        let first = session.plan().await.unwrap();
        assert_eq!(first, session.plan().await.unwrap());
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT text, document_id FROM remarks").await, ["r|NULL"]);
    })
    .await;
}
