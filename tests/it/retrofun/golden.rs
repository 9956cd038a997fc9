//! What is in the database after an import, against counts and SHA-256 sums that SQLAlchemy's
//! import of the same files (`book.json`) and a script that reads the files alone (`sample.json`)
//! have given.

use std::collections::BTreeMap;

use retro_core::prelude::*;
use retro_examples::import::{Data, StoreFile};
use retro_examples::models::{Country, Customer, Manufacturer, Order, OrderItem, Product, ProductReview};
use retro_tests::{Db, on_every_backend};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{bring_in, tables};

#[derive(Deserialize)]
struct Golden {
    rows: BTreeMap<String, u64>,
    sha256: BTreeMap<String, String>,
}

#[tokio::test]
async fn the_sample_arrives_as_it_is() {
    let golden = include_str!("../../golden/retrofun/sample.json");
    on_every_backend(async |db| check(db, &Data::Shipped, golden).await).await;
}

#[cfg(feature = "golden")]
#[tokio::test]
async fn the_data_of_the_book_arrives_as_it_does_with_sqlalchemy() {
    let golden = include_str!("../../golden/retrofun/book.json");
    on_every_backend(async |db| check(db, &Data::Directory(super::book()), golden).await).await;
}

async fn check(db: Db, data: &Data, golden: &str) {
    let golden: Golden = serde_json::from_str(golden).unwrap();
    let db = tables(db).await;
    for file in StoreFile::ALL {
        let rows = bring_in(&db, data, file).await.unwrap();
        let table = match file {
            StoreFile::Products => "products",
            StoreFile::Orders => "orders",
            StoreFile::Reviews => "product_reviews",
        };
        assert_eq!(rows as u64, golden.rows[table], "{file}");
    }
    let mut session = db.session();
    assert_eq!(session.count(select(Manufacturer)).await.unwrap(), golden.rows["manufacturers"]);
    assert_eq!(session.count(select(Country)).await.unwrap(), golden.rows["countries"]);
    for (table, expected) in &golden.sha256 {
        let mut lines = lines(&mut session, table).await.unwrap();
        assert_eq!(lines.len() as u64, golden.rows[table], "rows of {table}");
        lines.sort_unstable();
        let sum = Sha256::digest(lines.join("\n")).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(sum, *expected, "rows of {table}, beginning with {:#?}", &lines[..3]);
    }
}

/// The rows of a table as the checksums want them. UUIDs are random, so rows are known by names.
async fn lines(session: &mut Session, table: &str) -> Result<Vec<String>, Error> {
    Ok(match table {
        "products" => {
            let query = select((Product::name, Manufacturer::name, Product::year, Product::cpu));
            let rows = session.all(query.join(Product::manufacturer)).await?;
            let line = |(name, manufacturer, year, cpu): (String, String, i32, Option<String>)| {
                format!("{name}|{manufacturer}|{year}|{}", cpu.unwrap_or_default())
            };
            rows.into_iter().map(line).collect()
        }
        "products_countries" => {
            let rows = session.all(select((Product::name, Country::name)).join(Product::countries)).await?;
            rows.into_iter().map(|(product, country)| format!("{product}|{country}")).collect()
        }
        "customers" => {
            let rows = session.all(select((Customer::name, Customer::address, Customer::phone))).await?;
            let line = |(name, address, phone): (String, Option<String>, Option<String>)| {
                format!("{name}|{}|{}", address.unwrap_or_default(), phone.unwrap_or_default())
            };
            rows.into_iter().map(line).collect()
        }
        "orders" => {
            let rows = session.all(select((Order::timestamp, Customer::name)).join(Order::customer)).await?;
            rows.into_iter().map(|(timestamp, customer)| format!("{timestamp}|{customer}")).collect()
        }
        "orders_items" => {
            let query = select((Order::timestamp, Product::name, OrderItem::quantity, OrderItem::unit_price));
            let rows = session.all(query.join(Order::items).join(OrderItem::product)).await?;
            let line = |(timestamp, product, quantity, price): (NaiveDateTime, String, i32, f64)| {
                format!("{timestamp}|{product}|{quantity}|{price:.2}")
            };
            rows.into_iter().map(line).collect()
        }
        "product_reviews" => {
            let columns = (ProductReview::timestamp, ProductReview::rating, ProductReview::comment);
            let query = select((Product::name, Customer::name, columns));
            let rows = session.all(query.join(Product::reviews).join(ProductReview::customer)).await?;
            rows.into_iter()
                .map(|(product, customer, (timestamp, rating, comment))| {
                    format!("{product}|{customer}|{timestamp}|{rating}|{}", comment.unwrap_or_default())
                })
                .collect()
        }
        other => panic!("no lines of {other}"),
    })
}
