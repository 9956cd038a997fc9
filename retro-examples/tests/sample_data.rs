//! The shipped sample data: what the generator writes, and a store that hangs together.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDateTime};
use retro_examples::generate::{GenerateOptions, generate};
use retro_examples::import::{CsvRow, OrderRow, ProductRow, ReviewRow, read_rows};

const FILES: [&str; 3] = ["products.csv", "orders.csv", "reviews.csv"];

fn data_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn rows<R: CsvRow>(dir: &Path, file: &str) -> Vec<R> {
    read_rows::<R>(dir.join(file)).unwrap().map(|row| row.unwrap().row).collect()
}

fn shipped<R: CsvRow>(file: &str) -> Vec<R> {
    rows(&data_dir(), file)
}

#[test]
fn the_generator_writes_the_shipped_files() {
    let dir = tempfile::tempdir().unwrap();
    generate(dir.path(), &GenerateOptions::default()).unwrap();
    for file in FILES {
        let generated = fs::read(dir.path().join(file)).unwrap();
        assert!(generated == fs::read(data_dir().join(file)).unwrap(), "{file} differs");
    }
}

#[test]
fn another_seed_gives_another_year() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    generate(one.path(), &GenerateOptions { orders: 50, seed: 1 }).unwrap();
    generate(other.path(), &GenerateOptions { orders: 50, seed: 2 }).unwrap();
    let orders = |dir: &Path| fs::read(dir.join("orders.csv")).unwrap();
    assert!(orders(one.path()) != orders(other.path()));
}

#[test]
fn the_counts_are_those_of_the_files() {
    let dir = tempfile::tempdir().unwrap();
    for orders in [0, 1, 300] {
        let generated = generate(dir.path(), &GenerateOptions { orders, seed: 3 }).unwrap();
        let written: Vec<OrderRow> = rows(dir.path(), "orders.csv");
        let names: HashSet<_> = written.iter().map(|order| &order.name).collect();
        let items: usize = written.iter().map(|order| order.items().count()).sum();
        assert_eq!((generated.orders, written.len()), (orders, orders));
        assert_eq!((generated.customers, generated.order_items), (names.len(), items));
        assert_eq!(generated.reviews, rows::<ReviewRow>(dir.path(), "reviews.csv").len());
        assert_eq!(generated.products, rows::<ProductRow>(dir.path(), "products.csv").len());
    }
}

#[test]
fn quoting_is_that_of_the_format() {
    let orders = fs::read_to_string(data_dir().join("orders.csv")).unwrap();
    assert!(orders.starts_with("name,address,phone,timestamp,product1,unit_price1,quantity1,"));
    assert!(orders.lines().nth(1).unwrap().starts_with('"'));
    assert!(orders.contains(",\"\",0.00,0,\"\",0.00,0\n") && !orders.contains('\r'));
    let reviews = fs::read_to_string(data_dir().join("reviews.csv")).unwrap();
    assert!(reviews.lines().skip(1).all(|line| line.starts_with('"') && line.ends_with('"')));
    let products = fs::read_to_string(data_dir().join("products.csv")).unwrap();
    assert!(products.contains("\nUSA,\"Atari, Inc.\",Atari 400,6502,1979\n"));
}

#[test]
fn orders_are_of_known_products_each_once() {
    let products: HashSet<_> = shipped::<ProductRow>("products.csv").into_iter().map(|product| product.name).collect();
    for order in shipped::<OrderRow>("orders.csv") {
        let ordered: HashSet<_> = order.items().map(|item| item.product).collect();
        assert!(!ordered.is_empty() && ordered.len() == order.items().count(), "{order:?}");
        assert!(ordered.iter().all(|product| products.contains(*product)), "{order:?}");
        assert!(order.items().all(|item| item.quantity > 0 && item.unit_price > 0.0), "{order:?}");
    }
}

#[test]
fn reviews_follow_a_purchase_and_are_unique() {
    let mut bought: HashMap<(String, String), NaiveDateTime> = HashMap::new();
    for order in shipped::<OrderRow>("orders.csv") {
        for item in order.items() {
            let what = (order.name.clone(), item.product.to_owned());
            bought.entry(what).or_insert(order.timestamp);
        }
    }
    let mut seen = HashSet::new();
    for review in shipped::<ReviewRow>("reviews.csv") {
        let what = (review.customer.clone(), review.product.clone());
        assert!(bought.get(&what).is_some_and(|when| *when < review.timestamp), "{review:?}");
        assert!(seen.insert(what), "{review:?}");
    }
}

#[test]
fn the_year_is_plausible() {
    let orders = shipped::<OrderRow>("orders.csv");
    let mut months = BTreeMap::<u32, usize>::new();
    let mut addresses = HashMap::<&str, HashSet<&str>>::new();
    let mut phones = HashMap::<&str, &str>::new();
    for order in &orders {
        *months.entry(order.timestamp.month()).or_default() += 1;
        addresses.entry(&order.name).or_default().insert(&order.address);
        assert_eq!(*phones.entry(&order.name).or_insert(&order.phone), order.phone);
    }
    assert_eq!(months.iter().max_by_key(|(_, count)| **count).map(|(month, _)| *month), Some(12));
    assert!(months.len() == 12 && addresses.len() < orders.len() * 7 / 10);
    assert!(addresses.values().filter(|known| known.len() > 1).count() >= 5);
    let silent = shipped::<ReviewRow>("reviews.csv").iter().filter(|r| r.comment.is_none()).count();
    assert!(silent > 0);
    let timestamps: HashSet<_> = orders.iter().map(|order| order.timestamp).collect();
    assert_eq!(timestamps.len(), orders.len(), "no two orders at the same second");
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("taken");
    fs::write(&file, "").unwrap();
    let error = generate(&file, &GenerateOptions::default()).unwrap_err();
    assert_eq!(error.path(), file);
    assert!(error.to_string().starts_with(&format!("cannot write {}: ", file.display())));
}
