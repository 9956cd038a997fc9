//! What the importers send, and what they refuse.

use std::fs;

use retro_core::Dialect;
use retro_core::prelude::*;
use retro_examples::generate::{GenerateOptions, generate};
use retro_examples::import::{Data, StoreFile};
use retro_examples::models::{Country, Customer, Manufacturer, Order, OrderItem, Product, ProductReview};
use retro_tests::{Verb, on_every_backend};

use super::{Directory, ORDERS, bring_in, tables};

#[tokio::test]
async fn orders_arrive_in_few_statements() {
    on_every_backend(async |db| {
        let db = tables(db).await;
        let directory = Directory::new();
        generate(&directory.0, &GenerateOptions { orders: ORDERS, views: 0, seed: 7 }).unwrap();
        bring_in(&db, &directory.data(), StoreFile::Products).await.unwrap();
        db.log.clear();

        bring_in(&db, &directory.data(), StoreFile::Orders).await.unwrap();

        let selects = db.log.count(Verb::Select);
        let inserts: Vec<_> = db.log.take().into_iter().filter(|sent| sent.verb == Verb::Insert).collect();
        let rows: u64 = inserts.iter().map(|sent| sent.rows).sum();
        assert!(rows > 2 * ORDERS as u64, "{rows} rows of orders, items and customers");
        let limit = match db.engine.dialect() {
            Dialect::Postgres => 40,
            Dialect::MySql => 60,
            _ => rows / 50,
        };
        assert!(inserts.len() as u64 <= limit, "{} INSERTs for {rows} rows", inserts.len());
        assert_eq!(selects, 3, "products, customers and orders that are known");
    })
    .await;
}

#[tokio::test]
async fn a_bad_row_stops_the_import_and_nothing_of_the_file_is_kept() {
    let products = "country,manufacturer,name,cpu,year\nUK,Sinclair,ZX81,Z80,1981\nUK,Sinclair,QL,68008,";
    on_every_backend(async |db| {
        let db = tables(db).await;
        let directory = Directory::new();
        let path = directory.0.join("products.csv");
        fs::write(&path, format!("{products}MCMLXXXIV\n")).unwrap();

        let error = bring_in(&db, &directory.data(), StoreFile::Products).await.unwrap_err();

        assert_eq!(error.to_string(), "products.csv line 3, column `year`: `MCMLXXXIV` is not a whole number");
        let mut session = db.session();
        assert_eq!(session.count(select(Product)).await.unwrap(), 0);
        assert_eq!(session.count(select(Manufacturer)).await.unwrap(), 0);
        assert_eq!(session.count(select(Country)).await.unwrap(), 0);
        drop(session);

        fs::write(&path, format!("{products}1984\n")).unwrap();
        assert_eq!(bring_in(&db, &directory.data(), StoreFile::Products).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_is_unknown_or_stands_twice_is_named_with_its_place() {
    const HEADER: &str = "name,address,phone,timestamp,product1,unit_price1,quantity1,product2,unit_price2,quantity2,\
                          product3,unit_price3,quantity3";
    let order = |product1: &str, product2: &str| {
        format!("Ada,Here,1,2022-01-01 10:00:00,{product1},1.00,1,{product2},1.00,1,,0.00,0\n")
    };
    let good = order("ZX81", "");
    let cases = [
        (order("QL", ""), "line 3, column `product1`: there is no product `QL`"),
        (order("ZX-81", ""), "line 3, column `product1`: there is no product `ZX-81`; did you mean `ZX81`?"),
        (order("ZX81", "ZX81"), "line 3, column `product2`: `ZX81` is in this order twice"),
        (
            good.clone(),
            "line 3, column `timestamp`: Ada has an order of 2022-01-01 10:00:00 already; was this file imported before?",
        ),
    ];
    on_every_backend(async |db| {
        let db = tables(db).await;
        let directory = Directory::new();
        let write = |name: &str, text: String| fs::write(directory.0.join(name), text).unwrap();
        write("products.csv", "country,manufacturer,name,cpu,year\nUK,Sinclair,ZX81,Z80,1981\n".into());
        bring_in(&db, &directory.data(), StoreFile::Products).await.unwrap();
        for (bad, expected) in &cases {
            write("orders.csv", format!("{HEADER}\n{good}{bad}"));
            let error = bring_in(&db, &directory.data(), StoreFile::Orders).await.unwrap_err();
            assert_eq!(error.to_string(), format!("orders.csv {expected}"));
        }
        write("reviews.csv", "customer,product,timestamp,rating,comment\nAda,ZX81,2022-01-01 10:00:00,5,\n".into());
        let error = bring_in(&db, &directory.data(), StoreFile::Reviews).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "reviews.csv line 2, column `customer`: there is no customer `Ada`, nor any other yet"
        );
        let mut session = db.session();
        assert_eq!(session.count(select(Customer)).await.unwrap(), 0);
        assert_eq!(session.count(select(Order)).await.unwrap(), 0);
        assert_eq!(session.count(select(OrderItem)).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_imported_once() {
    on_every_backend(async |db| {
        let db = tables(db).await;
        for file in StoreFile::ALL {
            bring_in(&db, &Data::Shipped, file).await.unwrap();
        }
        for file in [StoreFile::Products, StoreFile::Orders, StoreFile::Reviews, StoreFile::Articles] {
            let error = bring_in(&db, &Data::Shipped, file).await.unwrap_err().to_string();
            assert!(error.starts_with(&format!("{file} line 2, column ")), "{error}");
            assert!(error.ends_with("already; was this file imported before?"), "{error}");
        }
        let mut session = db.session();
        assert_eq!(session.count(select(Product)).await.unwrap(), 165);
        assert_eq!(session.count(select(Order)).await.unwrap(), 1_000);
        assert_eq!(session.count(select(ProductReview)).await.unwrap(), 315);
    })
    .await;
}
