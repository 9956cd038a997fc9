//! What is in the database after an import, against counts and SHA-256 sums that SQLAlchemy's
//! import of the same files (`book.json`) and a script that reads the files alone (`sample.json`)
//! have given.

use std::collections::BTreeMap;

use retro_core::prelude::*;
use retro_examples::import::{Data, StoreFile};
use retro_examples::models::{
    BlogArticle, BlogAuthor, BlogSession, BlogUser, BlogView, Country, Customer, Language, Manufacturer, Order,
    OrderItem, Product, ProductReview,
};
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
            StoreFile::Articles | StoreFile::Languages => "blog_articles",
            StoreFile::Views => "blog_views",
        };
        assert_eq!(rows as u64, golden.rows[table], "{file}");
    }
    let mut session = db.session();
    let others = [
        ("manufacturers", session.count(select(Manufacturer)).await.unwrap()),
        ("countries", session.count(select(Country)).await.unwrap()),
        ("blog_authors", session.count(select(BlogAuthor)).await.unwrap()),
        ("languages", session.count(select(Language)).await.unwrap()),
        ("blog_users", session.count(select(BlogUser)).await.unwrap()),
        ("blog_sessions", session.count(select(BlogSession)).await.unwrap()),
    ];
    for (table, rows) in others {
        assert_eq!(rows, golden.rows[table], "rows of {table}");
    }
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
        "blog_articles" => {
            let related = (joined(BlogArticle::author), joined(BlogArticle::product), joined(BlogArticle::language));
            let query = select(BlogArticle).options(related).options(selectin(BlogArticle::translation_of));
            let articles = session.all(query).await?;
            let articles = session.views(&articles);
            let lines = articles.map(|article| {
                format!(
                    "{}|{}|{}|{}|{}|{}",
                    article.title(),
                    article.author().name(),
                    article.product().map(|product| product.name()).unwrap_or_default(),
                    article.timestamp(),
                    article.language().map(|language| language.name()).unwrap_or_default(),
                    article.translation_of().map(|original| original.title()).unwrap_or_default()
                )
            });
            lines.collect()
        }
        "blog_views" => {
            let query = select((BlogArticle::title, BlogView::timestamp, Customer::name.nullable()));
            let query = query.join(BlogArticle::views).join(BlogView::session).join(BlogSession::user);
            let rows = session.all(query.outer_join(BlogUser::customer)).await?;
            let line = |(title, timestamp, customer): (String, NaiveDateTime, Option<String>)| {
                format!("{title}|{timestamp}|{}", customer.unwrap_or_default())
            };
            rows.into_iter().map(line).collect()
        }
        other => panic!("no lines of {other}"),
    })
}
