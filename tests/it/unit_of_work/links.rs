//! Both sides of a relationship change at once, loaded or not, without a statement.

use retro_core::prelude::*;
use retro_tests::models::features::{Album, Game, Team, Track};
use retro_tests::models::keys::{self, Account, Entry};
use retro_tests::models::shop::{self, Country, Customer, Manufacturer, Order, Product};
use retro_tests::models::trees::Task;
use retro_tests::{Db, assert_statements, on_every_backend};

/// Ada has two orders, Bob none; nothing is in the session that is returned.
async fn shop_with_orders(db: Db) -> Db {
    let db = db.with(shop::metadata()).await;
    let mut session = db.session();
    session.add(new!(Customer { name: "Ada", orders: ["1", "2"].map(|number| new!(Order { number })) }));
    session.add(new!(Customer { name: "Bob" }));
    session.commit().await.unwrap();
    db.log.clear();
    db
}

async fn customer(session: &mut Session, name: &str) -> Entity<Customer> {
    session.one(select(Customer).filter(Customer::name.eq(name))).await.unwrap()
}

async fn order(session: &mut Session, number: &str) -> Entity<Order> {
    session.one(select(Order).filter(Order::number.eq(number))).await.unwrap()
}

/// `O2MCollectionTest.test_collection_move_hitslazy`
#[tokio::test]
async fn collection_move_sends_nothing() {
    on_every_backend(async |db| {
        let db = shop_with_orders(db).await;
        let mut session = db.session();
        let first = order(&mut session, "1").await;
        let bob = customer(&mut session, "Bob").await;
        db.log.clear();

        session.push(bob, Customer::orders, first);
        assert_statements(&db.log, []);
        assert_eq!(session.entities(first, Order::customer), Some(bob));
        assert!(!session.is_loaded(bob, Customer::orders));

        let orders = session.load(bob, Customer::orders).await.unwrap();
        assert_eq!(orders, [first]);
    })
    .await;
}

/// `O2MCollectionTest.test_collection_move_preloaded`
#[tokio::test]
async fn collection_move_preloaded() {
    on_every_backend(async |db| {
        let db = shop_with_orders(db).await;
        let mut session = db.session();
        let (ada, bob) = (customer(&mut session, "Ada").await, customer(&mut session, "Bob").await);
        let orders = session.load(ada, Customer::orders).await.unwrap();
        session.load(bob, Customer::orders).await.unwrap();
        db.log.clear();

        session.push(bob, Customer::orders, orders[0]);

        assert_eq!(session.entities(orders[0], Order::customer), Some(bob));
        assert_eq!(session.entities(ada, Customer::orders), [orders[1]]);
        assert_eq!(session.entities(bob, Customer::orders), [orders[0]]);
        assert_eq!(session[orders[0]].customer_id, Some(session[bob].id));
        assert_statements(&db.log, []);
    })
    .await;
}

/// `O2MCollectionTest.test_collection_assignment_mutates_previous_one`
#[tokio::test]
async fn collection_assignment_mutates_previous_one() {
    on_every_backend(async |db| {
        let db = shop_with_orders(db).await;
        let mut session = db.session();
        let (ada, bob) = (customer(&mut session, "Ada").await, customer(&mut session, "Bob").await);
        let orders = session.load(ada, Customer::orders).await.unwrap();

        session.replace(bob, Customer::orders, orders.clone());

        assert!(session.entities(ada, Customer::orders).is_empty());
        assert_eq!(session.entities(bob, Customer::orders), orders);
    })
    .await;
}

/// `O2MCollectionTest.test_set_none`
#[tokio::test]
async fn set_none_on_an_unloaded_collection() {
    on_every_backend(async |db| {
        let db = shop_with_orders(db).await;
        let mut session = db.session().with_autoflush(false);
        let (ada, first) = (customer(&mut session, "Ada").await, order(&mut session, "1").await);
        db.log.clear();

        session.set(first, Order::customer, None);
        assert_statements(&db.log, []);

        let orders = session.load(ada, Customer::orders).await.unwrap();
        assert_eq!(orders.len(), 1);
        assert!(!orders.contains(&first));
        assert_statements(&db.log, ["SELECT orders"]);
    })
    .await;
}

/// `O2MCollectionTest.test_append_del`: a collection is a set, so pushing what is there changes nothing.
#[tokio::test]
async fn pushing_a_member_again() {
    on_every_backend(async |db| {
        let db = shop_with_orders(db).await;
        let mut session = db.session();
        let ada = customer(&mut session, "Ada").await;
        let orders = session.load(ada, Customer::orders).await.unwrap();
        db.log.clear();

        session.push(ada, Customer::orders, orders[0]);
        assert_eq!(session.entities(ada, Customer::orders), orders);
        session.commit().await.unwrap();
        assert_statements(&db.log, []);

        assert!(session.remove(ada, Customer::orders, orders[0]));
        assert!(!session.remove(ada, Customer::orders, orders[0]));
    })
    .await;
}

/// `O2MCollectionTest.test_bulk_replace`
#[tokio::test]
async fn bulk_replace() {
    on_every_backend(async |db| {
        let db = shop_with_orders(db).await;
        let mut session = db.session();
        let ada = customer(&mut session, "Ada").await;
        let [first, second] = session.load(ada, Customer::orders).await.unwrap()[..] else { panic!() };
        let third = session.add(new!(Order { number: "3" }));
        db.log.clear();

        session.replace(ada, Customer::orders, [third, second, third, second]);

        assert_eq!(session.entities(ada, Customer::orders), [third, second]);
        assert_eq!(session.entities(first, Order::customer), None);
        assert_eq!(session.entities(second, Order::customer), Some(ada));
        session.commit().await.unwrap();
        assert_statements(&db.log, ["INSERT orders", "UPDATE orders (customer_id)"]);
        assert_eq!(db.rows("SELECT number, customer_id FROM orders ORDER BY number").await, ["1|NULL", "2|1", "3|1"]);
    })
    .await;
}

async fn shop_with_countries(db: Db) -> Db {
    let db = db.with(shop::metadata()).await;
    let mut session = db.session();
    let [usa, japan] = [(1, "USA"), (2, "Japan")].map(|(id, name)| session.add(new!(Country { id, name })));
    let products = [
        new!(Product { name: "a", year: 1, countries: [usa, japan] }),
        new!(Product { name: "b", year: 2, countries: [japan] }),
    ];
    session.add(new!(Manufacturer { name: "m", products }));
    session.commit().await.unwrap();
    db.log.clear();
    db
}

async fn product(session: &mut Session, name: &str) -> Entity<Product> {
    session.one(select(Product).filter(Product::name.eq(name))).await.unwrap()
}

/// `M2MCollectionMoveTest.test_pending_combines_with_flushed`
#[tokio::test]
async fn pending_combines_with_flushed() {
    on_every_backend(async |db| {
        let db = shop_with_countries(db).await;
        let mut session = db.session().with_autoflush(false);
        let japan = session.get::<Country>(2).await.unwrap().unwrap();
        let (a, b) = (product(&mut session, "a").await, product(&mut session, "b").await);
        let usa = session.get::<Country>(1).await.unwrap().unwrap();
        db.log.clear();

        session.push(b, Product::countries, usa);
        assert_statements(&db.log, []);
        let mut products = session.load(usa, Country::products).await.unwrap();
        products.sort_by_key(|&product| session[product].name.clone());
        assert_eq!(products, [a, b]);
        assert_statements(&db.log, ["SELECT products"]);

        session.commit().await.unwrap();
        assert_statements(&db.log, ["INSERT products_countries"]);
        session.commit().await.unwrap();
        assert_statements(&db.log, []);
        assert_eq!(session.load(japan, Country::products).await.unwrap().len(), 2);
    })
    .await;
}

/// `M2MCollectionMoveTest.test_add_remove_pending_backref`
#[tokio::test]
async fn add_remove_pending() {
    on_every_backend(async |db| {
        let db = shop_with_countries(db).await;
        let mut session = db.session().with_autoflush(false);
        let usa = session.get::<Country>(1).await.unwrap().unwrap();
        let b = product(&mut session, "b").await;
        db.log.clear();

        session.push(usa, Country::products, b);
        session.remove(b, Product::countries, usa);

        let products = session.load(usa, Country::products).await.unwrap();
        assert!(!products.contains(&b));
        db.log.clear();
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT COUNT(*) FROM products_countries").await, ["3"]);
    })
    .await;
}

/// `M2MTest.test_bidirectional`
#[tokio::test]
async fn many_to_many_filled_from_both_sides() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let usa = session.add(new!(Country { id: 1, name: "USA" }));
        let m = session.add(new!(Manufacturer { name: "m" }));
        let a = session.add(new!(Product { name: "a", year: 1, manufacturer: m, countries: [usa] }));
        session.push(usa, Country::products, a);
        let b = session.push(usa, Country::products, new!(Product { name: "b", year: 1, manufacturer: m }));
        session.push(b, Product::countries, usa);
        session.commit().await.unwrap();

        assert_statements(
            &db.log,
            ["INSERT countries", "INSERT manufacturers", "INSERT products x2", "INSERT products_countries x2"],
        );
        assert_eq!(session.entities(usa, Country::products), [a, b]);
        assert_eq!(session.entities(b, Product::countries), [usa]);
    })
    .await;
}

/// `SingleCycleM2MTest.test_many_to_many_one`
#[tokio::test]
async fn self_referential_many_to_many() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Task]).await;
        let mut session = db.session();
        let tasks: Vec<Entity<Task>> = (1..=4).map(|n| session.add(new!(Task { name: format!("t{n}") }))).collect();
        session.push(tasks[0], Task::needs, tasks[1]);
        session.push(tasks[0], Task::needs, tasks[2]);
        session.push(tasks[1], Task::needs, tasks[3]);
        session.push(tasks[3], Task::needed_by, tasks[2]);
        session.push(tasks[1], Task::needs, tasks[1]);
        session.commit().await.unwrap();
        assert_statements(&db.log, ["INSERT tasks x4", "INSERT task_dependencies x5"]);
        assert_eq!(session.entities(tasks[3], Task::needed_by), [tasks[1], tasks[2]]);

        tasks.iter().for_each(|&task| session.delete(task));
        session.commit().await.unwrap();

        let sent = db.log.take();
        let cleared: u64 = sent.iter().filter(|s| s.table == "task_dependencies").map(|s| s.rows).sum();
        assert_eq!(cleared, 5);
        assert!(db.rows("SELECT id FROM tasks").await.is_empty());
    })
    .await;
}

/// `M2MTest.test_stale_conditions`
#[tokio::test]
async fn many_to_many_stale() {
    on_every_backend(async |db| {
        let db = shop_with_countries(db).await;
        let mut session = db.session();
        let a = product(&mut session, "a").await;
        let countries = session.load(a, Product::countries).await.unwrap();
        session.commit().await.unwrap();
        db.execute("DELETE FROM products_countries").await;

        session.remove(a, Product::countries, countries[0]);
        let error = session.commit().await.unwrap_err();

        assert!(error.is_stale_data(), "{error:?}");
        session.rollback().await.unwrap();
        assert_eq!(session.entities(a, Product::countries), countries);
    })
    .await;
}

/// Swapping countries is one DELETE and one INSERT of association rows.
#[tokio::test]
async fn many_to_many_replace() {
    on_every_backend(async |db| {
        let db = shop_with_countries(db).await;
        let mut session = db.session();
        let a = product(&mut session, "a").await;
        session.load(a, Product::countries).await.unwrap();
        let usa = session.get::<Country>(1).await.unwrap().unwrap();
        session.load(usa, Country::products).await.unwrap();
        db.log.clear();

        let uk = session.add(new!(Country { id: 3, name: "UK" }));
        let japan = session.get::<Country>(2).await.unwrap().unwrap();
        session.replace(a, Product::countries, [japan, uk]);

        assert!(session.entities(usa, Country::products).is_empty());
        assert_eq!(session.entities(uk, Country::products), [a]);
        session.commit().await.unwrap();
        assert_statements(&db.log, ["INSERT countries", "DELETE products_countries", "INSERT products_countries"]);
    })
    .await;
}

/// The same without having loaded the collection: the flush reads the old members first.
#[tokio::test]
async fn many_to_many_replace_unloaded() {
    on_every_backend(async |db| {
        let db = shop_with_countries(db).await;
        let mut session = db.session();
        let a = product(&mut session, "a").await;
        let japan = session.get::<Country>(2).await.unwrap().unwrap();
        db.log.clear();

        session.replace(a, Product::countries, [japan]);
        session.commit().await.unwrap();

        assert_statements(&db.log, ["SELECT countries", "DELETE products_countries"]);
        assert_eq!(session.entities(a, Product::countries), [japan]);
    })
    .await;
}

/// The same from the other side, with a member that was there all along: neither side links it again.
#[tokio::test]
async fn many_to_many_replace_unloaded_from_the_other_side() {
    on_every_backend(async |db| {
        let db = shop_with_countries(db).await;
        let mut session = db.session();
        let b = product(&mut session, "b").await;
        let japan = session.get::<Country>(2).await.unwrap().unwrap();
        db.log.clear();

        session.replace(japan, Country::products, [b]);
        session.commit().await.unwrap();

        assert_statements(&db.log, ["SELECT products", "DELETE products_countries"]);
        assert_eq!(session.entities(japan, Country::products), [b]);
        assert_eq!(session.load(b, Product::countries).await.unwrap(), [japan]);
    })
    .await;
}

/// A key that the program makes is copied when linked, before any flush; one that the database makes,
/// with the flush.
#[tokio::test]
async fn client_made_keys_are_copied_at_once() {
    on_every_backend(async |db| {
        let db = db.with(keys::accounts()).await;
        let mut session = db.session();
        let account = session.add(new!(Account { owner: "Ada" }));
        let entry = session.push(account, Account::entries, new!(Entry { amount: 5_i64 }));
        assert_eq!(session[entry].account_id, session[account].id);
        session.commit().await.unwrap();

        assert_statements(&db.log, ["INSERT accounts", "INSERT entries"]);
        let id = session[account].id;
        session.expunge_all();
        let account = session.get::<Account>(id).await.unwrap().unwrap();
        assert_eq!(session.load(account, Account::entries).await.unwrap().len(), 1);
    })
    .await;
}

/// Where a relationship and a foreign key are both set by hand, the relationship wins.
#[tokio::test]
async fn the_relationship_wins() {
    on_every_backend(async |db| {
        let db = shop_with_orders(db).await;
        let mut session = db.session();
        let (ada, bob) = (customer(&mut session, "Ada").await, customer(&mut session, "Bob").await);
        let customer_id = session[ada].id;
        let new = session.add(new!(Order { number: "3", customer_id, customer: bob }));
        let first = order(&mut session, "1").await;
        session.set(first, Order::customer, bob);
        session[first].customer_id = Some(customer_id);
        session.commit().await.unwrap();

        assert_eq!(session[new].customer_id, Some(session[bob].id));
        assert_eq!(session[first].customer_id, Some(session[bob].id));
        assert_eq!(db.rows("SELECT number, customer_id FROM orders ORDER BY number").await, ["1|2", "2|1", "3|2"]);
    })
    .await;
}

/// A foreign key set by hand moves the row between the loaded collections in memory.
#[tokio::test]
async fn foreign_key_by_hand_moves_the_row() {
    on_every_backend(async |db| {
        let db = shop_with_orders(db).await;
        let mut session = db.session();
        let (ada, bob) = (customer(&mut session, "Ada").await, customer(&mut session, "Bob").await);
        let orders = session.load(ada, Customer::orders).await.unwrap();
        session.load(bob, Customer::orders).await.unwrap();

        session[orders[0]].customer_id = Some(session[bob].id);
        session.flush().await.unwrap();

        assert_eq!(session.entities(orders[0], Order::customer), Some(bob));
        assert_eq!(session.entities(ada, Customer::orders), [orders[1]]);
        assert_eq!(session.entities(bob, Customer::orders), [orders[0]]);
    })
    .await;
}

/// Two relationships to one target have each their own foreign key and collection.
#[tokio::test]
async fn two_relationships_to_one_target() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Team, Game]).await;
        let mut session = db.session();
        let [red, blue] = ["red", "blue"].map(|name| session.add(new!(Team { name })));
        let game = session.add(new!(Game { home: red, away: blue }));
        session.commit().await.unwrap();
        assert_statements(&db.log, ["INSERT teams x2", "INSERT games"]);
        assert_eq!(session.entities(red, Team::home_games), [game]);
        assert!(session.entities(red, Team::away_games).is_empty());

        session.set(game, Game::home, blue);
        session.set(game, Game::away, red);
        session.commit().await.unwrap();
        assert_statements(&db.log, ["UPDATE games (home_id, away_id)"]);
        assert_eq!(session.entities(red, Team::away_games), [game]);
        assert_eq!(session.entities(blue, Team::home_games), [game]);
    })
    .await;
}

/// A collection without another side keeps its own record.
#[tokio::test]
async fn one_to_many_without_inverse() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Album, Track]).await;
        let mut session = db.session();
        let track = |title: &str| new!(Track { title });
        let one = session.add(new!(Album { title: "one", tracks: ["a", "b"].map(track) }));
        let two = session.add(new!(Album { title: "two" }));
        session.commit().await.unwrap();
        assert_statements(&db.log, ["INSERT albums x2", "INSERT tracks x2"]);
        let [a, b] = session.entities(one, Album::tracks)[..] else { panic!() };

        session.remove(one, Album::tracks, a);
        session.push(two, Album::tracks, a);
        session.remove(one, Album::tracks, b);
        session.commit().await.unwrap();

        assert_statements(&db.log, ["UPDATE tracks (album_id) x2"]);
        assert_eq!(db.rows("SELECT title, album_id FROM tracks ORDER BY title").await, ["a|2", "b|NULL"]);
        assert_eq!(session[a].album_id, Some(session[two].id));
        assert_eq!(session[b].album_id, None);

        session.delete(two);
        session.commit().await.unwrap();
        assert_statements(&db.log, ["UPDATE tracks (album_id)", "DELETE albums"]);
    })
    .await;
}

/// Members pushed through the field join what the session knows.
#[tokio::test]
async fn pushes_through_the_field() {
    on_every_backend(async |db| {
        let db = shop_with_orders(db).await;
        let mut session = db.session();
        let ada = customer(&mut session, "Ada").await;

        session[ada].orders.push(new!(Order { number: "3" }));
        session.commit().await.unwrap();

        let orders = session.load(ada, Customer::orders).await.unwrap();
        assert_eq!(orders.len(), 3);
        assert_eq!(db.rows("SELECT COUNT(*) FROM orders WHERE customer_id = 1").await, ["3"]);
    })
    .await;
}

/// A one-to-one relationship: the new member displaces the old one.
#[tokio::test]
async fn one_to_one_displaces() {
    on_every_backend(async |db| {
        use shop::ProductDetail;
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let detail = |code: &str| new!(ProductDetail { code });
        let atom = session.add(new!(Product {
            name: "Atom",
            year: 1980,
            manufacturer: new!(Manufacturer { name: "Acorn" }),
            detail: detail("old"),
        }));
        session.commit().await.unwrap();
        let old = session.entities(atom, Product::detail).unwrap();

        let new = session.add(new!(ProductDetail { code: "new", product: atom }));
        assert_eq!(session.entities(atom, Product::detail), Some(new));
        session.commit().await.unwrap();

        assert!(!session.contains(old));
        assert_eq!(db.rows("SELECT code FROM product_details").await, ["new"]);

        session.set(atom, Product::detail, None);
        session.commit().await.unwrap();
        assert!(db.rows("SELECT code FROM product_details").await.is_empty());
    })
    .await;
}

/// The same where the old one is not loaded.
#[tokio::test]
async fn one_to_one_displaces_unloaded() {
    on_every_backend(async |db| {
        use shop::ProductDetail;
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        session.add(new!(Product {
            name: "Atom",
            year: 1980,
            manufacturer: new!(Manufacturer { name: "Acorn" }),
            detail: new!(ProductDetail { code: "old" }),
        }));
        session.commit().await.unwrap();
        session.expunge_all();
        let atom = product(&mut session, "Atom").await;

        session.set(atom, Product::detail, new!(ProductDetail { code: "new" }));
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT code FROM product_details").await, ["new"]);
    })
    .await;
}

/// A foreign key set by hand is not undone by loading the old parent's collection without a flush.
#[tokio::test]
async fn loading_respects_foreign_keys_set_by_hand() {
    on_every_backend(async |db| {
        let db = shop_with_orders(db).await;
        let mut session = db.session().with_autoflush(false);
        let (ada, first) = (customer(&mut session, "Ada").await, order(&mut session, "1").await);

        session[first].customer_id = None;
        let orders = session.load(ada, Customer::orders).await.unwrap();

        assert!(!orders.contains(&first));
        assert_eq!(session.entities(first, Order::customer), None);
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT number, customer_id FROM orders ORDER BY number").await, ["1|NULL", "2|1"]);
    })
    .await;
}

/// Removing one from a collection in which it is not leaves it with its parent, which the session need not
/// have.
#[tokio::test]
async fn removing_a_member_of_another_collection() {
    on_every_backend(async |db| {
        let db = shop_with_orders(db).await;
        let mut session = db.session();
        let (bob, first) = (customer(&mut session, "Bob").await, order(&mut session, "1").await);
        db.log.clear();

        assert!(!session.remove(bob, Customer::orders, first));
        session.commit().await.unwrap();

        assert_statements(&db.log, []);
        let ada = session.load(first, Order::customer).await.unwrap().unwrap();
        assert_eq!(session[ada].name, "Ada");
    })
    .await;
}

/// A parent that has left the session and is read again has its children, and loses them as any other does.
#[tokio::test]
async fn a_parent_that_came_back_loses_its_child() {
    on_every_backend(async |db| {
        let db = shop_with_orders(db).await;
        let mut session = db.session();
        let ada = customer(&mut session, "Ada").await;
        let orders = session.load(ada, Customer::orders).await.unwrap();
        session.take(ada).unwrap();
        let ada = customer(&mut session, "Ada").await;
        assert_eq!(session.load(ada, Customer::orders).await.unwrap(), orders);

        session[orders[0]].customer_id = None;
        session.flush().await.unwrap();

        assert_eq!(session.entities(ada, Customer::orders), [orders[1]]);
    })
    .await;
}
