//! The same statements on a connection, and in a transaction without a session. Texts run as they do.

use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_tests::models::shop::{Manufacturer, Product};
use retro_tests::{Capability, Verb, on_every_backend};

use super::{machines, products, stored};

fn machine(name: &str, year: i32) -> Product {
    new!(Product { name, year, manufacturer_id: 1 })
}

#[tokio::test]
async fn on_a_connection() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut connection = db.engine.connection().await.unwrap();
        let new = insert(Product).values([machine("BBC", 1981), machine("Master", 1986)]);
        assert_eq!(connection.execute(new).await.unwrap().rows, 2);
        let upsert = insert(Product).value(machine("BBC", 1982)).on_conflict(Product::name).update_all();
        assert_eq!(connection.execute(upsert).await.unwrap().rows, 1);
        let later = update(Product).set(Product::year.to(Product::year + 1)).filter(Product::cpu.eq("Z80"));
        assert_eq!(connection.execute(later).await.unwrap().rows, 2);
        assert_eq!(connection.execute(delete(Product).filter(Product::id.le(2))).await.unwrap().rows, 2);
        let sent = db.log.take();
        let sent: Vec<(Verb, &str, bool)> = sent.iter().map(|it| (it.verb, &*it.table, it.failed)).collect();
        let verbs = [Verb::Insert, Verb::Insert, Verb::Update, Verb::Delete];
        assert_eq!(sent, verbs.map(|verb| (verb, "products", false)), "nothing besides");
        let text = text("UPDATE products SET year = :year WHERE name = :name").bind("year", 1).bind("name", "Master");
        assert_eq!(connection.execute(&text).await.unwrap().rows, 1);
        assert_eq!(stored(&db).await, ["ZX81|1982", "Electron|1983", "BBC|1982", "Master|1"]);
    })
    .await;
}

#[tokio::test]
async fn in_a_transaction() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        for keep in [false, true] {
            let mut transaction = db.engine.begin().await.unwrap();
            let many = (0..3_000).map(|n| machine(&format!("p{n}"), n));
            assert_eq!(transaction.execute(insert(Product).values(many)).await.unwrap().rows, 3_000);
            assert_eq!(transaction.execute(delete(Product).filter(Product::year.gt(1000))).await.unwrap().rows, 2_003);
            match keep {
                true => transaction.commit().await.unwrap(),
                false => transaction.rollback().await.unwrap(),
            }
            assert_eq!(stored(&db).await.len(), if keep { 1_001 } else { 4 });
        }
    })
    .await;
}

#[tokio::test]
async fn returning() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut connection = db.engine.connection().await.unwrap();
        let gone = delete(Product).filter(Product::year.eq(1980)).returning(Product.owned());
        let result = connection.fetch(gone).await;
        if !db.can(Capability::DeleteReturning) {
            assert_eq!(result.unwrap_err().kind(), ErrorKind::Configuration);
            return;
        }
        let mut names: Vec<String> = result.unwrap().into_iter().map(|product| product.name).collect();
        names.sort();
        assert_eq!(names, ["Atom", "ZX80"]);
        let error = connection.fetch(delete(Product).returning(Product)).await.unwrap_err();
        assert!(error.to_string().contains("return `Product.owned()` for plain structs"), "{error}");
        assert_eq!(stored(&db).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn errors() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let acorn = session.get::<Manufacturer>(1).await.unwrap().unwrap();
        let mut connection = db.engine.connection().await.unwrap();
        let error = connection.execute(insert(Product).value(machine("ZX81", 1))).await.unwrap_err();
        assert_eq!((error.model(), error.columns()), (Some("Product"), &["name"][..]));
        let theirs = delete(Product).filter(Product::manufacturer.eq(acorn));
        let error = connection.execute(theirs).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Detached, "{error}");
        assert_eq!(connection.execute(delete(Product)).await.unwrap().rows, 4, "it can be used on");
    })
    .await;
}

/// In a session a text is a step like any other: what waits is written first, and a refusal fails the
/// transaction.
#[tokio::test]
async fn a_text_in_a_session() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let all = products(&mut session).await;
        session[all[0]].year = 1;
        db.log.clear();
        let later = text("UPDATE products SET year = year + 1 WHERE id < :id").bind("id", 3);
        assert_eq!(session.execute(later).await.unwrap().rows, 2);
        let sent: Vec<String> = db.log.take().iter().map(|sent| format!("{} {}", sent.verb, sent.rows)).collect();
        assert_eq!(sent, ["UPDATE 1", "UPDATE 2"]);
        assert_eq!(session[all[1]].year, 1980, "entities do not follow");
        session.refresh(all[1]).await.unwrap();
        assert_eq!(session[all[1]].year, 1981);

        let error = session.execute(text("UPDATE products SET name = 'same'")).await.unwrap_err();
        assert!(error.is_unique_violation(), "{error}");
        assert!(session.execute(delete(Product)).await.unwrap_err().is_rolled_back());
        session.rollback().await.unwrap();
        assert_eq!(session[all[0]].year, 1980);
    })
    .await;
}
