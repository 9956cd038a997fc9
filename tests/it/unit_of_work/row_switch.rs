//! A row that is deleted and added again with the same key in one flush is updated.

use retro_core::prelude::*;
use retro_core::session::State;
use retro_tests::models::features::Setting;
use retro_tests::models::keys::{self, Account, Currency, Entry, Price, Region};
use retro_tests::models::shop::{self, Article, Country, Manufacturer, Order, OrderItem, Product};
use retro_tests::models::trees::{Ball, Node, Person};
use retro_tests::{Db, Verb, assert_statements, on_every_backend};

/// `RowSwitchTest.test_onetomany`
#[tokio::test]
async fn one_to_many() {
    on_every_backend(async |db| {
        let db = db.with(keys::accounts()).await;
        let mut session = db.session();
        let id = Uuid::new_v4();
        let entries = |amounts: [i64; 2]| amounts.map(|amount| new!(Entry { amount }));
        let old = session.add(new!(Account { id, owner: "Ada", entries: entries([1, 2]) }));
        session.commit().await.unwrap();
        db.log.clear();

        session.delete(old);
        let new = session.add(new!(Account { id, owner: "Bob", entries: entries([3, 4]) }));
        session.commit().await.unwrap();

        assert_statements(&db.log, ["UPDATE accounts (owner)", "INSERT entries x2", "DELETE entries x2"]);
        assert_eq!(db.rows("SELECT owner FROM accounts").await, ["Bob"]);
        assert_eq!(db.rows("SELECT amount FROM entries ORDER BY amount").await, ["3", "4"]);
        assert_eq!(session.get::<Account>(id).await.unwrap(), Some(new));
        assert!(!session.contains(old));
    })
    .await;
}

/// `RowSwitchTest.test_manytomany`
#[tokio::test]
async fn many_to_many() {
    on_every_backend(async |db| {
        let db = db.with(keys::currencies()).await;
        let mut session = db.session();
        let region = |code: &str| new!(Region { code });
        let old = session.add(new!(Currency { code: "EUR", name: "Euro", regions: ["DE", "FR"].map(region) }));
        session.commit().await.unwrap();
        let regions = session.entities(old, Currency::regions);
        db.log.clear();

        regions.iter().for_each(|&region| session.delete(region));
        session.delete(old);
        let new = session.add(new!(Currency { code: "EUR", name: "Euro!", regions: ["IT"].map(region) }));
        session.commit().await.unwrap();

        assert_eq!(db.log.count(Verb::Update), 1);
        assert_eq!(db.rows("SELECT name FROM currencies").await, ["Euro!"]);
        assert_eq!(db.rows("SELECT code FROM regions").await, ["IT"]);
        assert_eq!(db.rows("SELECT COUNT(*) FROM currencies_regions").await, ["1"]);
        assert_eq!(session.entities(new, Currency::regions).len(), 1);
    })
    .await;
}

async fn priced(db: &Db) -> (Session, Entity<Currency>, Entity<Currency>) {
    let mut session = db.session();
    let eur = session.add(new!(Currency { code: "EUR", name: "Euro" }));
    let usd = session.add(new!(Currency { code: "USD", name: "Dollar" }));
    session.commit().await.unwrap();
    (session, eur, usd)
}

/// `RowswitchM2OTest.test_set_none_replaces_m2o`
#[tokio::test]
async fn set_none_replaces_many_to_one() {
    on_every_backend(async |db| {
        let db = db.with(keys::currencies()).await;
        let (mut session, eur, _) = priced(&db).await;
        let old = session.add(new!(Price { id: 5, amount: 1, currency: eur }));
        session.commit().await.unwrap();

        session.delete(old);
        session.add(new!(Price { id: 5, amount: 1, currency: None::<Entity<Currency>> }));
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT id, amount, currency_code FROM prices").await, ["5|1|NULL"]);
    })
    .await;
}

/// The same with nothing said about the currency at all: a new struct has none.
#[tokio::test]
async fn unset_replaces_many_to_one() {
    on_every_backend(async |db| {
        let db = db.with(keys::currencies()).await;
        let (mut session, eur, usd) = priced(&db).await;
        let old = session.add_all([5, 6].map(|id| new!(Price { id, amount: 1, currency: eur })));
        session.commit().await.unwrap();

        old.iter().for_each(|&price| session.delete(price));
        session.add(new!(Price { id: 5, amount: 2 }));
        session.add(new!(Price { id: 6, amount: 2, currency: usd }));
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT id, amount, currency_code FROM prices ORDER BY id").await, ["5|2|NULL", "6|2|USD"]);
    })
    .await;
}

/// `RowSwitchTest.test_row_switch` of versions
#[tokio::test]
async fn versioned() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Setting]).await;
        let mut session = db.session();
        let old = session.add(new!(Setting { name: "theme", value: "dark" }));
        session.commit().await.unwrap();
        db.log.clear();

        session.delete(old);
        let new = session.add(new!(Setting { name: "theme", value: "light" }));
        session.commit().await.unwrap();

        assert_statements(&db.log, ["UPDATE settings (value, version)"]);
        assert_eq!(session[new].version, 2);
        session[new].value = "blue".into();
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT value, version FROM settings").await, ["blue|3"]);
    })
    .await;
}

/// `CascadeToFKPKTest.test_rowswitch_doesntfire`
#[tokio::test]
async fn key_columns_are_not_written() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let product = new!(Product { name: "C64", year: 1982, manufacturer: new!(Manufacturer { name: "Commodore" }) });
        let old = session.add(new!(OrderItem { order: new!(Order { number: "1" }), product, quantity: 1 }));
        session.commit().await.unwrap();
        let (order, product) = (session.entities(old, OrderItem::order), session.entities(old, OrderItem::product));
        db.log.clear();

        session.delete(old);
        let new = session.push(order, Order::items, new!(OrderItem { product, quantity: 9 }));
        session.commit().await.unwrap();

        assert_statements(&db.log, ["UPDATE orders_items (quantity)"]);
        assert_eq!(session.entities(order, Order::items), [new]);
        assert_eq!(session.state(new), State::Persistent);
    })
    .await;
}

/// `ReversePKsTest.test_reverse`
#[tokio::test]
async fn keys_move_in_either_direction() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let [a, b] = [(1, "a"), (2, "b")].map(|(id, name)| session.add(new!(Country { id, name })));
        session.commit().await.unwrap();

        // `a` gives its key up, `b` takes it.
        session[a].id = 3;
        session[b].id = 1;
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT id, name FROM countries ORDER BY id").await, ["1|b", "3|a"]);
        assert_eq!(session.get::<Country>(1).await.unwrap(), Some(b));
        assert_eq!(session.get::<Country>(3).await.unwrap(), Some(a));
        assert_eq!(session.get::<Country>(2).await.unwrap(), None);

        // And back: now the one with the higher key takes, the one with the lower key gives up.
        session[a].id = 1;
        session[b].id = 2;
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT id, name FROM countries ORDER BY id").await, ["1|a", "2|b"]);
        assert_eq!(session.get::<Country>(1).await.unwrap(), Some(a));
        assert_eq!(session.get::<Country>(2).await.unwrap(), Some(b));
        assert_eq!(session.get::<Country>(3).await.unwrap(), None);
    })
    .await;
}

/// The same along a chain: each row takes the key of the next one, whatever the order of the keys.
#[tokio::test]
async fn keys_move_along_a_chain() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let all: Vec<Entity<Country>> =
            (1..=4).map(|id| session.add(new!(Country { id, name: format!("c{id}") }))).collect();
        session.commit().await.unwrap();

        for &country in &all {
            session[country].id += 1;
        }
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT id, name FROM countries ORDER BY id").await, ["2|c1", "3|c2", "4|c3", "5|c4"]);
        for (country, id) in all.iter().zip(2..) {
            assert_eq!(session.get::<Country>(id).await.unwrap(), Some(*country));
        }

        for &country in &all {
            session[country].id -= 1;
        }
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT id, name FROM countries ORDER BY id").await, ["1|c1", "2|c2", "3|c3", "4|c4"]);
    })
    .await;
}

/// Unique values that pass from row to row: whoever gives one up is written before whoever takes it, be it a
/// changed row or a new one.
#[tokio::test]
async fn unique_values_move() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let country = |id: i32, name: &str| new!(Country { id, name });
        let [a, b, c] = [(1, "a"), (2, "b"), (3, "c")].map(|(id, name)| session.add(country(id, name)));
        session.commit().await.unwrap();
        db.log.clear();

        session[a].name = "b".into();
        session[b].name = "c".into();
        session[c].name = "d".into();
        session.add(country(4, "a"));
        session.commit().await.unwrap();

        let update = "UPDATE countries (name)";
        assert_statements(&db.log, [update, update, update, "INSERT countries"]);
        assert_eq!(db.rows("SELECT id, name FROM countries ORDER BY id").await, ["1|b", "2|c", "3|d", "4|a"]);
    })
    .await;
}

/// The same where new and changed rows of one table depend on each other.
#[tokio::test]
async fn unique_values_move_within_a_tree() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let [a, b] = ["a", "b"].map(|title| session.add(new!(Article { title })));
        session.commit().await.unwrap();

        session[a].title = "old a".into();
        let new = session.add(new!(Article { title: "a", translation_of: a }));
        session.set(b, Article::translation_of, new);
        session.commit().await.unwrap();

        let stored = "SELECT a.title, o.title FROM articles a LEFT JOIN articles o ON o.id = a.translation_of_id \
                      ORDER BY a.title";
        assert_eq!(db.rows(stored).await, ["a|old a", "b|a", "old a|NULL"]);
    })
    .await;
}

/// Two rows that exchange a unique value cannot do so in one flush: no order of two statements can.
#[tokio::test]
async fn unique_values_are_not_exchanged() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let [a, b] = [(1, "a"), (2, "b")].map(|(id, name)| session.add(new!(Country { id, name })));
        session.commit().await.unwrap();

        session[a].name = "b".into();
        session[b].name = "a".into();
        assert!(session.commit().await.unwrap_err().is_unique_violation());
        session.rollback().await.unwrap();

        session[a].name = "x".into();
        session.flush().await.unwrap();
        session[b].name = "a".into();
        session[a].name = "b".into();
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT name FROM countries ORDER BY id").await, ["b", "a"]);
    })
    .await;
}

/// Deletes come last: what a deleted row had can be taken after a flush.
#[tokio::test]
async fn what_a_deleted_row_had_is_free_after_the_flush() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let [usa, japan] = [(1, "USA"), (2, "Japan")].map(|(id, name)| session.add(new!(Country { id, name })));
        session.commit().await.unwrap();

        session.delete(usa);
        session[japan].id = 1;
        assert!(session.commit().await.unwrap_err().is_unique_violation());
        session.rollback().await.unwrap();

        session.delete(usa);
        session.flush().await.unwrap();
        session[japan].id = 1;
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT id, name FROM countries").await, ["1|Japan"]);
        assert_eq!(session.get::<Country>(1).await.unwrap(), Some(japan));
    })
    .await;
}

/// A row that is replaced without any change: the new entity has the row.
#[tokio::test]
async fn nothing_changes() {
    on_every_backend(async |db| {
        let db = db.with(keys::accounts()).await;
        let mut session = db.session();
        let id = Uuid::new_v4();
        let old = session.add(new!(Account { id, owner: "Ada" }));
        session.commit().await.unwrap();
        db.log.clear();

        session.delete(old);
        let new = session.add(new!(Account { id, owner: "Ada" }));
        session.commit().await.unwrap();

        assert_statements(&db.log, []);
        assert_eq!(session.state(new), State::Persistent);
        assert_eq!(session.state(old), State::Detached);
        assert_eq!(session.get::<Account>(id).await.unwrap(), Some(new));
    })
    .await;
}

/// `SingleCycleTest.test_cycle_rowswitch`
#[tokio::test]
async fn within_a_self_referential_collection() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        let root = session.add(new!(Node { id: 1, name: "root", children: [new!(Node { id: 2, name: "old" })] }));
        session.commit().await.unwrap();
        let old = session.entities(root, Node::children)[0];

        session.delete(old);
        let new = session.add(new!(Node { id: 2, name: "new" }));
        session.replace(root, Node::children, [new]);
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT id, name, parent_id FROM nodes ORDER BY id").await, ["1|root|NULL", "2|new|1"]);
        assert_eq!(session.entities(root, Node::children), [new]);
    })
    .await;
}

/// A reference that is written by an UPDATE of its own survives: the old one is not cleared after the new one
/// was written.
#[tokio::test]
async fn with_a_post_update() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Person, Ball]).await;
        let mut session = db.session();
        let [red, blue] = ["red", "blue"].map(|colour| session.add(new!(Ball { colour })));
        let old = session.add(new!(Person { id: 5, name: "old", favourite: red, second: red }));
        session.commit().await.unwrap();

        session.delete(old);
        let new = session.add(new!(Person { id: 5, name: "new" }));
        session.set(new, Person::favourite, blue);
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT id, name, favourite_id, second_id FROM people").await, ["5|new|2|NULL"]);
        assert_eq!(session[new].favourite_id, Some(session[blue].id));
    })
    .await;
}

/// A rollback takes a row switch back: the old entity has the row again.
#[tokio::test]
async fn rolled_back() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let old = session.add(new!(Country { id: 1, name: "USA" }));
        session.commit().await.unwrap();

        session.delete(old);
        let new = session.add(new!(Country { id: 1, name: "U.S.A." }));
        session.flush().await.unwrap();
        session.rollback().await.unwrap();

        assert_eq!(session.state(old), State::Persistent);
        assert_eq!(session.state(new), State::Detached);
        assert_eq!(session.get::<Country>(1).await.unwrap(), Some(old));
        assert_eq!(session[old].name, "USA");
    })
    .await;
}
