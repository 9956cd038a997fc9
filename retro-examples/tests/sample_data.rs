//! The shipped sample data: what the generator writes, and a store that hangs together.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDateTime};
use retro_examples::generate::{GenerateOptions, generate};
use retro_examples::import::{ArticleRow, CsvRow, OrderRow, ProductRow, ReviewRow, ViewRow, read_rows};

const FILES: [&str; 5] = ["products.csv", "orders.csv", "reviews.csv", "articles.csv", "views.csv"];

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
    generate(one.path(), &GenerateOptions { orders: 50, views: 50, seed: 1 }).unwrap();
    generate(other.path(), &GenerateOptions { orders: 50, views: 50, seed: 2 }).unwrap();
    for file in ["orders.csv", "reviews.csv", "articles.csv", "views.csv"] {
        let written = |dir: &Path| fs::read(dir.join(file)).unwrap();
        assert!(written(one.path()) != written(other.path()), "{file}");
    }
}

#[test]
fn what_is_read_does_not_change_what_is_bought() {
    let dir = tempfile::tempdir().unwrap();
    generate(dir.path(), &GenerateOptions { views: 100, ..GenerateOptions::default() }).unwrap();
    for file in &FILES[..4] {
        assert!(fs::read(dir.path().join(file)).unwrap() == fs::read(data_dir().join(file)).unwrap(), "{file}");
    }
}

#[test]
fn the_counts_are_those_of_the_files() {
    let dir = tempfile::tempdir().unwrap();
    for (orders, views) in [(0, 1), (1, 0), (300, 500)] {
        let generated = generate(dir.path(), &GenerateOptions { orders, views, seed: 3 }).unwrap();
        let written: Vec<OrderRow> = rows(dir.path(), "orders.csv");
        let names: HashSet<_> = written.iter().map(|order| &order.name).collect();
        let items: usize = written.iter().map(|order| order.items().count()).sum();
        assert_eq!((generated.orders, written.len()), (orders, orders));
        assert_eq!((generated.customers, generated.order_items), (names.len(), items));
        assert_eq!(generated.reviews, rows::<ReviewRow>(dir.path(), "reviews.csv").len());
        assert_eq!(generated.products, rows::<ProductRow>(dir.path(), "products.csv").len());
        let written: Vec<ViewRow> = rows(dir.path(), "views.csv");
        let readers: HashSet<_> = written.iter().map(|view| view.user).collect();
        assert_eq!((generated.views, written.len(), generated.readers), (views, views, readers.len()));
        assert_eq!(generated.articles, rows::<ArticleRow>(dir.path(), "articles.csv").len());
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
    let articles = fs::read_to_string(data_dir().join("articles.csv")).unwrap();
    assert!(articles.lines().skip(1).all(|line| line.starts_with('"') && line.ends_with('"')));
    let views = fs::read_to_string(data_dir().join("views.csv")).unwrap();
    assert!(views.contains("\n\"Loading games from tape, and why it fails\","));
    assert!(views.contains("\nA weekend with an Altair 8800,"));
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
fn translations_follow_their_original() {
    let products: HashSet<_> = shipped::<ProductRow>("products.csv").into_iter().map(|product| product.name).collect();
    let mut originals: HashMap<String, ArticleRow> = HashMap::new();
    let mut languages = HashSet::new();
    for article in shipped::<ArticleRow>("articles.csv") {
        languages.insert(article.language.clone().unwrap());
        assert!(article.product.as_ref().is_none_or(|product| products.contains(product)), "{article:?}");
        match &article.translation_of {
            Some(title) => {
                let original = &originals[title];
                assert!(original.timestamp < article.timestamp && original.language != article.language);
                assert!(original.author == article.author && original.product == article.product);
            }
            None => assert!(originals.insert(article.title.clone(), article).is_none()),
        }
    }
    assert_eq!(languages.len(), 6);
}

#[test]
fn what_is_read_is_published_and_readers_come_back() {
    let published: HashMap<_, _> =
        shipped::<ArticleRow>("articles.csv").into_iter().map(|article| (article.title, article.timestamp)).collect();
    let customers: HashSet<_> = shipped::<OrderRow>("orders.csv").into_iter().map(|order| order.name).collect();
    let views = shipped::<ViewRow>("views.csv");
    let (mut visits, mut readers, mut months) = (HashMap::new(), HashMap::new(), [0; 12]);
    let mut times = HashMap::<_, usize>::new();
    for view in &views {
        assert!(published[&view.title] <= view.timestamp && view.timestamp.year() == 2022, "{view:?}");
        assert!(view.customer.as_ref().is_none_or(|customer| customers.contains(customer)), "{view:?}");
        assert_eq!(*visits.entry(view.session).or_insert(view.user), view.user, "a visit is of one reader");
        assert_eq!(*readers.entry(view.user).or_insert(&view.customer), &view.customer, "a reader is one customer");
        months[view.timestamp.month0() as usize] += 1;
        *times.entry(&view.title).or_default() += 1;
    }
    assert!(views.is_sorted_by_key(|view| view.timestamp));
    assert!(readers.len() < visits.len() * 6 / 10 && visits.len() < views.len() * 6 / 10);
    let known = readers.values().filter(|customer| customer.is_some()).count();
    assert!((20..40).contains(&(known * 100 / readers.len())), "{known} of {}", readers.len());
    assert_eq!(months.iter().max(), months.last());
    assert!(times.values().max().unwrap() > &(views.len() / times.len() * 3), "some are read far more: {times:?}");
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
