//! Queries and statements without a session.

use std::time::Duration;

use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_tests::cancel::{CancelPoint, cancel_often};
use retro_tests::models::shop::{Manufacturer, Product};
use retro_tests::{Db, Verb, assert_statements, on_every_backend};

use super::{assert_idle, everywhere, shop};

#[tokio::test]
async fn values_tuples_and_plain_structs() {
    everywhere(async |db| {
        let db = shop(db, 21).await;
        let mut connection = db.engine.connection().await.unwrap();
        let products: Vec<Product> = connection.all(select(Product.owned()).order_by(Product::id)).await.unwrap();
        assert_eq!((products.len(), products[20].name.as_str()), (21, "product 0020"));
        let rows: Vec<(Product, String)> = connection
            .all(
                select((Product.owned(), Manufacturer::name))
                    .join(Product::manufacturer)
                    .filter(Product::year.eq(1981))
                    .order_by(Product::id),
            )
            .await
            .unwrap();
        assert_eq!((rows.len(), rows[0].0.year, rows[0].1.as_str()), (3, 1981, "Sinclair"));
        assert_statements(&db.log, ["SELECT products", "SELECT products"]);
        let by_year = select((Product::year, count_all())).group_by(Product::year).order_by(Product::year);
        assert_eq!(connection.first(by_year.clone()).await.unwrap(), Some((1980, 3)));
        assert_eq!(connection.count(by_year.clone()).await.unwrap(), 7);
        let page = connection.page(by_year, 2, 5).await.unwrap();
        assert_eq!((page.items, page.total), (vec![(1985, 3), (1986, 3)], 7));
        assert!(connection.exists(select(Product).filter(Product::year.eq(1986))).await.unwrap());
        assert!(!connection.exists(select(Product).filter(Product::year.eq(1))).await.unwrap());
        let name = select(Product::name).filter(Product::year.eq(1986));
        assert!(connection.one(name.clone()).await.unwrap_err().is_multiple_found());
        assert_eq!(connection.one(name.clone().order_by(Product::id).limit(1)).await.unwrap(), "product 0006");
        let none = name.filter(Product::id.lt(0));
        assert!(connection.one(none.clone()).await.unwrap_err().is_not_found());
        assert_eq!(connection.one_or_none(none).await.unwrap(), None);
        let texts = text("SELECT * FROM products WHERE id IN (:ids) ORDER BY id").bind("ids", vec![products[3].id]);
        assert_eq!(connection.one(texts.owned::<Product>()).await.unwrap().name, "product 0003");
        assert_eq!(db.log.take_all().iter().filter(|sent| sent.verb == Verb::Transaction).count(), 0);
        drop(connection);
        assert_idle(&db).await;
    })
    .await;
}

#[tokio::test]
async fn entities_need_a_session() {
    let db = shop(Db::in_memory().await, 1).await;
    let mut session = db.session();
    let product = session.first(select(Product)).await.unwrap().unwrap();
    drop(session);
    let mut connection = db.engine.connection().await.unwrap();
    db.log.clear();
    let error = connection.all(select((Product, Product::name))).await.unwrap_err();
    assert!(error.is_configuration() && error.model() == Some("Product"), "{error}");
    assert!(error.to_string().contains("select `Product.owned()`"), "{error}");
    let error = connection.stream(select(Manufacturer.optional())).await.err().unwrap();
    assert!(error.to_string().contains("select `Manufacturer.owned()`"), "{error}");
    let error = connection.all(text("SELECT * FROM products").entities::<Product>()).await.unwrap_err();
    assert!(error.to_string().contains("`.owned::<Product>()`"), "{error}");
    let error = connection.all(select(Product.owned()).options(selectin(Product::countries))).await.unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("Product::countries"), "{error}");
    let members = retro_core::session::Session::new(&db.engine).members(product, Product::countries);
    assert!(members.unwrap_err().is_detached());
    assert!(db.log.take_all().is_empty());
    // Counting finds no entities.
    assert_eq!(connection.count(select(Product)).await.unwrap(), 1);
}

#[tokio::test]
async fn each_statement_of_a_connection_takes_effect_at_once() {
    on_every_backend(async |db| {
        let db = shop(db, 5).await;
        let mut connection = db.engine.connection().await.unwrap();
        let update = text("UPDATE products SET year = :year WHERE year > :after").bind("year", 7).bind("after", 1981);
        assert_eq!(connection.execute(update).await.unwrap().rows, 3);
        drop(connection);
        assert_eq!(db.rows("SELECT COUNT(*) FROM products WHERE year = 7").await.len(), 1);
        assert_eq!(db.session().count(select(Product).filter(Product::year.eq(7))).await.unwrap(), 3);
        assert_eq!(db.log.take_all().iter().filter(|sent| sent.verb == Verb::Update).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_commits_or_does_not_happen() {
    everywhere(async |db| {
        let db = shop(db, 2).await;
        let insert = |name: &str| text("INSERT INTO manufacturers (name) VALUES (:name)").bind("name", name);
        let count = || select(count(Manufacturer));
        let mut transaction = db.engine.begin().await.unwrap();
        assert_eq!(transaction.execute(insert("Oric")).await.unwrap().rows, 1);
        assert_eq!(transaction.one(count()).await.unwrap(), 3);
        transaction.commit().await.unwrap();
        let mut transaction = db.engine.begin().await.unwrap();
        transaction.execute(insert("Jupiter")).await.unwrap();
        transaction.rollback().await.unwrap();
        let mut transaction = db.engine.begin().await.unwrap();
        transaction.execute(insert("Dragon")).await.unwrap();
        let mut rows = transaction.stream(select(Product::name).order_by(Product::id)).await.unwrap();
        assert_eq!(rows.next().await.unwrap().unwrap(), "product 0000");
        drop(rows);
        drop(transaction);
        // After an error.
        let mut transaction = db.engine.begin().await.unwrap();
        transaction.execute(insert("Tatung")).await.unwrap();
        assert!(transaction.execute(insert("Oric")).await.unwrap_err().is_unique_violation());
        drop(transaction);
        let mut connection = db.engine.connection().await.unwrap();
        let names = connection.all(select(Manufacturer::name).order_by(Manufacturer::name)).await.unwrap();
        assert_eq!(names, ["Acorn", "Oric", "Sinclair"]);
        for control in ["COMMIT", "rollback", "BEGIN", "SAVEPOINT a"] {
            assert!(connection.execute(text(control)).await.unwrap_err().is_configuration());
        }
        drop(connection);
        assert_idle(&db).await;
    })
    .await;
}

#[tokio::test]
async fn rows_one_by_one() {
    everywhere(async |db| {
        let db = shop(db, 500).await;
        let mut connection = db.engine.connection().await.unwrap();
        let mut products = connection.stream(select(Product.owned()).order_by(Product::id)).await.unwrap();
        let mut years = 0;
        while let Some(product) = products.next().await.unwrap() {
            years += i64::from(product.year);
        }
        drop(products);
        assert_eq!(connection.one(select(sum(Product::year))).await.unwrap(), years);
        let mut names = connection.stream(text("SELECT name FROM products").rows::<String>()).await.unwrap();
        names.next().await.unwrap().unwrap();
        drop(names);
        assert_eq!(connection.count(select(Product)).await.unwrap(), 500);
        drop(connection);
        assert_idle(&db).await;
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_was_interrupted_is_closed() {
    on_every_backend(async |db| {
        let db = shop(db, 150).await;
        let mut connection = db.engine.connection().await.unwrap();
        let slow = text("SELECT COUNT(*) FROM products a, products b, products c WHERE a.id + b.id <> c.id");
        let waiting = connection.one(slow.rows::<i64>());
        assert!(tokio::time::timeout(Duration::from_millis(20), waiting).await.is_err());
        let error = connection.count(select(Product)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        drop(connection);
        assert_idle(&db).await;
        assert_eq!(db.engine.connection().await.unwrap().count(select(Product)).await.unwrap(), 150);
    })
    .await;
}

/// Two rows are there together or not at all, wherever the work is given up.
#[tokio::test]
async fn a_transaction_cancelled_anywhere_happens_as_a_whole_or_not() {
    everywhere(async |db| {
        let db = shop(db, 3).await;
        let mut number = 0;
        cancel_often(3, async |point: &mut CancelPoint| {
            number += 1;
            let work = async {
                let mut transaction = db.engine.begin().await?;
                for part in ["a", "b"] {
                    let insert = text("INSERT INTO manufacturers (name) VALUES (:name)");
                    transaction.execute(insert.bind("name", format!("{number} {part}"))).await?;
                }
                let mut rows = transaction.stream(select(Product::id)).await?;
                while rows.next().await?.is_some() {}
                drop(rows);
                transaction.all(select(Product.owned())).await?;
                transaction.commit().await
            };
            let done = point.run(work).await;
            assert_idle(&db).await;
            let mut connection = db.engine.connection().await.unwrap();
            let written = connection.count(select(Manufacturer).filter(Manufacturer::name.ne("Acorn"))).await.unwrap();
            assert_eq!(written % 2, 1, "at attempt {number}");
            if let Some(result) = done {
                result.unwrap();
                let whole = Manufacturer::name.eq(format!("{number} a")) | Manufacturer::name.eq(format!("{number} b"));
                assert_eq!(connection.count(select(Manufacturer).filter(whole)).await.unwrap(), 2);
            }
        })
        .await;
    })
    .await;
}

#[test]
fn connections_and_their_futures_can_be_sent() {
    fn is_send<T: Send>(_: &T) {}
    #[allow(dead_code)] // it is compiled, and that is the test
    async fn all(engine: Engine) {
        is_send(&engine.connection());
        is_send(&engine.begin());
        let mut connection = engine.connection().await.unwrap();
        is_send(&connection.all(select(Product.owned())));
        is_send(&connection.one(text("").rows::<i32>()));
        is_send(&connection.page(select(Product::id), 1, 1));
        is_send(&connection.execute(text("")));
        is_send(&connection.explain(&select(Product::id)));
        is_send(&connection.stream(select(Product::id)).await.unwrap());
        is_send(&engine.begin().await.unwrap().commit());
    }
}
