//! What a delete does to children: deletes them, nulls their foreign keys, leaves them to the
//! database, or refuses.

use retro_core::prelude::*;
use retro_tests::models::features::{Book, File, Folder, Hair, Head, Shelf, Thought, Tooth};
use retro_tests::models::shop::{self, Article, Country, Customer, Manufacturer, Order, OrderItem, Product};
use retro_tests::models::trees::Node;
use retro_tests::{Capability, Db, Verb, Warnings, assert_statements, on_every_backend};

async fn customer_with_orders(db: &Db) -> (Session, Entity<Customer>, Vec<Entity<Order>>) {
    let mut session = db.session();
    let orders = ["1", "2"].map(|number| new!(Order { number }));
    let customer = session.add(new!(Customer { name: "Ada", orders }));
    session.commit().await.unwrap();
    let orders = session.entities(customer, Customer::orders);
    db.log.clear();
    (session, customer, orders)
}

/// `RudimentaryFlushTest.test_one_to_many_delete_all`
#[tokio::test]
async fn one_to_many_delete_all() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (mut session, customer, orders) = customer_with_orders(&db).await;

        session.delete(customer);
        orders.iter().for_each(|&order| session.delete(order));
        // The items of the orders go with them, and the session knows that there are none.
        session.flush().await.unwrap();

        assert_statements(&db.log, ["DELETE orders x2", "DELETE customers"]);
    })
    .await;
}

/// `OneToManyTest.test_o2m_delete_parent`
#[tokio::test]
async fn o2m_delete_parent_nulls_children() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (mut session, customer, orders) = customer_with_orders(&db).await;

        session.delete(customer);
        session.flush().await.unwrap();

        assert_statements(&db.log, ["UPDATE orders (customer_id) x2", "DELETE customers"]);
        for order in orders {
            assert_eq!(session.state(order), retro_core::session::State::Persistent);
            assert_eq!(session[order].customer_id, None);
            assert_eq!(session.entities(order, Order::customer), None);
        }
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT number, customer_id FROM orders ORDER BY number").await, ["1|NULL", "2|NULL"]);
    })
    .await;
}

/// The same with children that the session has not loaded: the flush loads them first.
#[tokio::test]
async fn o2m_delete_parent_loads_children() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (_, _, _) = customer_with_orders(&db).await;
        let mut session = db.session();
        let ada = session.one(select(Customer)).await.unwrap();
        db.log.clear();

        session.delete(ada);
        session.commit().await.unwrap();

        assert_statements(&db.log, ["SELECT orders", "UPDATE orders (customer_id) x2", "DELETE customers"]);
    })
    .await;
}

/// `RudimentaryFlushTest.test_many_to_one_delete_unloaded`
#[tokio::test]
async fn many_to_one_delete_unloaded() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (mut session, customer, orders) = customer_with_orders(&db).await;
        session.expire_all();
        db.log.clear();

        orders.iter().for_each(|&order| session.delete(order));
        session.delete(customer);
        session.commit().await.unwrap();

        let deleted: Vec<String> =
            db.log.take().iter().filter(|s| s.verb == Verb::Delete).map(|s| s.table.clone()).collect();
        assert_eq!(deleted, ["orders", "customers"]);
        assert!(db.rows("SELECT id FROM orders").await.is_empty());
    })
    .await;
}

/// `RudimentaryFlushTest.test_many_to_one_delete_childonly_unloaded`
#[tokio::test]
async fn many_to_one_delete_child_only() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let article = session.add(new!(Article {
            title: "Hello",
            product: new!(Product { name: "C64", year: 1982, manufacturer: new!(Manufacturer { name: "Commodore" }) }),
        }));
        session.commit().await.unwrap();
        session.expire_all();
        db.log.clear();

        session.delete(article);
        session.flush().await.unwrap();

        let sent = db.log.take();
        assert!(sent.iter().all(|statement| statement.table == "articles"), "{sent:#?}");
    })
    .await;
}

/// `SingleCycleTest.test_many_to_one_set_null_unloaded`
#[tokio::test]
async fn many_to_one_set_null_unloaded() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        session.add(new!(Node { name: "child", parent: new!(Node { name: "parent" }) }));
        session.commit().await.unwrap();
        session.expunge_all();
        let child = session.one(select(Node).filter(Node::name.eq("child"))).await.unwrap();
        db.log.clear();

        session.set(child, Node::parent, None);
        session.flush().await.unwrap();

        assert_statements(&db.log, ["UPDATE nodes (parent_id)"]);
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT parent_id FROM nodes ORDER BY name").await, ["NULL", "NULL"]);
    })
    .await;
}

/// `PassiveDeletesTest.test_basic`
#[tokio::test]
async fn passive_deletes() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Folder, File]).await;
        let mut session = db.session();
        session.add(new!(Folder { name: "src", files: ["a", "b"].map(|name| new!(File { name })) }));
        session.commit().await.unwrap();
        session.expunge_all();
        let folder = session.one(select(Folder)).await.unwrap();
        db.log.clear();

        session.delete(folder);
        session.commit().await.unwrap();

        assert_statements(&db.log, ["DELETE folders"]);
        assert!(db.rows("SELECT id FROM files").await.is_empty());
    })
    .await;
}

/// With `passive_deletes`, the children that are loaded are deleted by the session.
#[tokio::test]
async fn passive_deletes_of_loaded_children() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Folder, File]).await;
        let mut session = db.session();
        let folder = session.add(new!(Folder { name: "src", files: ["a", "b"].map(|name| new!(File { name })) }));
        session.commit().await.unwrap();
        let files = session.entities(folder, Folder::files);
        db.log.clear();

        session.delete(folder);
        session.commit().await.unwrap();

        assert_statements(&db.log, ["DELETE files x2", "DELETE folders"]);
        assert!(files.iter().all(|&file| !session.contains(file)));
    })
    .await;
}

/// `ExtraPassiveDeletesTest.test_dont_emit`
#[tokio::test]
async fn passive_deletes_all() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Shelf, Book]).await;
        let mut session = db.session();
        let shelf = session.add(new!(Shelf { name: "top", books: [new!(Book { title: "a" })] }));
        session.commit().await.unwrap();
        db.log.clear();

        session.delete(shelf);
        session.commit().await.unwrap();

        assert_statements(&db.log, ["DELETE shelves"]);
        assert_eq!(db.rows("SELECT title, shelf_id FROM books").await, ["a|NULL"]);
    })
    .await;
}

async fn head(db: &Db) -> (Session, Entity<Head>) {
    let mut session = db.session();
    session.add(new!(Head { hairs: [new!(Hair {})], teeth: [new!(Tooth {}), new!(Tooth {})] }));
    session.commit().await.unwrap();
    session.expunge_all();
    let head = session.one(select(Head)).await.unwrap();
    db.log.clear();
    (session, head)
}

/// `CasadeWithRaiseloadTest.test_delete_skips_lazy_raise`: a row that had left the session, comes back and is
/// deleted takes its children along, although nobody may load them.
#[tokio::test]
async fn delete_skips_lazy_raise() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Head, Hair, Tooth, Thought]).await;
        let (mut session, head) = head(&db).await;
        let detached = session.take(head).unwrap();

        let head = session.merge(detached).await.unwrap();
        assert!(!session.is_loaded(head, Head::teeth));
        session.delete(head);
        session.commit().await.unwrap();

        assert!(db.rows("SELECT id FROM heads").await.is_empty());
        assert!(db.rows("SELECT id FROM teeth").await.is_empty());
        assert_eq!(db.rows("SELECT head_id FROM hairs").await, ["NULL"]);
    })
    .await;
}

/// `RaiseLoadIgnoredTest.test_delete_head`
#[tokio::test]
async fn raise_does_not_apply_to_the_flush() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Head, Hair, Tooth, Thought]).await;
        let (mut session, head) = head(&db).await;

        assert!(session.load(head, Head::hairs).await.unwrap_err().is_not_loaded());
        session.delete(head);
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT head_id FROM hairs").await, ["NULL"]);
        assert!(db.rows("SELECT id FROM teeth").await.is_empty());
    })
    .await;
}

/// The members of a write-only collection lose their foreign key like any others.
#[tokio::test]
async fn deleting_the_owner_of_a_write_only_collection() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Head, Hair, Tooth, Thought]).await;
        let (mut session, head) = head(&db).await;
        session.push(head, Head::thoughts, new!(Thought { words: "hm" }));
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT words FROM thoughts WHERE head_id IS NOT NULL").await, ["hm"]);

        session.delete(head);
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT head_id FROM thoughts").await, ["NULL"]);
    })
    .await;
}

/// `RowswitchAccountingTest.test_switch_on_delete`
#[tokio::test]
async fn delete_uses_the_key_of_the_database() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let [usa, japan] = [(1, "USA"), (2, "Japan")].map(|(id, name)| session.add(new!(Country { id, name })));
        session.commit().await.unwrap();

        session[usa].id = 5;
        session.delete(usa);
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT id FROM countries").await, ["2"]);
        assert!(session.contains(japan));
    })
    .await;
}

/// `BasicStaleChecksTest.test_update_single_missing`
#[tokio::test]
async fn update_of_a_missing_row() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let usa = session.add(new!(Country { id: 1, name: "USA" }));
        session.commit().await.unwrap();
        db.execute("DELETE FROM countries").await;

        session[usa].name = "U.S.A.".into();
        let error = session.flush().await.unwrap_err();

        assert!(error.is_stale_data(), "{error:?}");
        assert_eq!(error.model(), Some("Country"));
        assert_eq!(error.entity(), Some("Country (id = 1)"));
        session.rollback().await.unwrap();
        assert_eq!(session[usa].name, "USA");
    })
    .await;
}

/// One row of a batch is gone: the error names it.
#[tokio::test]
async fn update_of_a_missing_row_among_others() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let countries = session.add_all((1..=3).map(|id| new!(Country { id, name: format!("c{id}") })));
        session.commit().await.unwrap();
        db.execute("DELETE FROM countries WHERE id = 2").await;

        countries.iter().for_each(|&country| session[country].name.push('!'));
        let error = session.flush().await.unwrap_err();

        assert!(error.is_stale_data(), "{error:?}");
        assert_eq!(error.entity(), Some("Country (id = 2)"));
    })
    .await;
}

/// `BasicStaleChecksTest.test_delete_twice`: not an error but a warning, which a filter of `tracing` silences.
#[tokio::test]
async fn delete_twice() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let usa = session.add(new!(Country { id: 1, name: "USA" }));
        session.commit().await.unwrap();
        db.execute("DELETE FROM countries").await;

        session.delete(usa);
        session.delete(usa);
        let warnings = Warnings::default();
        let subscribed = tracing::subscriber::set_default(warnings.clone());
        session.commit().await.unwrap();
        drop(subscribed);

        assert!(!session.contains(usa));
        assert_eq!(warnings.take(), ["rows to be deleted were gone already"]);
    })
    .await;
}

/// A child whose foreign key takes no `NULL` and that does not go with its parent: the error says
/// which child needs which parent, before anything is sent.
#[tokio::test]
async fn a_child_that_needs_its_parent() {
    on_every_backend(async |db| {
        let db = db.with(metadata![retro_tests::models::features::Team, retro_tests::models::features::Game]).await;
        use retro_tests::models::features::{Game, Team};
        let mut session = db.session();
        let game = session.add(new!(Game { home: new!(Team { name: "Home" }) }));
        session.commit().await.unwrap();
        let team = session.entities(game, Game::home);
        db.log.clear();

        session.delete(team);
        let error = session.flush().await.unwrap_err();

        assert!(error.is_not_null_violation(), "{error:?}");
        assert_eq!((error.model(), error.columns()), (Some("Game"), &["home_id"][..]));
        assert!(error.to_string().contains("Game (id = 1) needs its parent"), "{error}");
        assert_eq!(db.log.count(Verb::Delete) + db.log.count(Verb::Update), 0);
        session.rollback().await.unwrap();
        assert!(session.contains(team));
    })
    .await;
}

/// A many-to-one without another side: the database refuses, and the error says so.
#[tokio::test]
async fn the_database_refuses_a_delete() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let item = session.add(new!(OrderItem {
            order: new!(Order { number: "1" }),
            product: new!(Product { name: "C64", year: 1982, manufacturer: new!(Manufacturer { name: "Commodore" }) }),
            quantity: 1,
        }));
        session.commit().await.unwrap();
        let product = session.entities(item, OrderItem::product);

        session.delete(product);
        let error = session.commit().await.unwrap_err();

        assert!(error.is_foreign_key_violation(), "{error:?}");
        if db.can(Capability::NamesForeignKey) {
            assert_eq!(error.constraint(), Some("fk_orders_items_product_id_products"));
        }
        session.rollback().await.unwrap();
        assert_eq!(session[product].name, "C64");
        assert!(session.contains(product));
    })
    .await;
}

/// Deleting a row of a many-to-many relationship deletes its association rows, loaded or not.
#[tokio::test]
async fn delete_clears_associations() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let countries = session.add_all([(1, "USA"), (2, "Japan")].map(|(id, name)| new!(Country { id, name })));
        let products: Vec<Product> =
            ["a", "b"].map(|name| new!(Product { name, year: 1, countries: countries.clone() })).into();
        session.add(new!(Manufacturer { name: "m", products }));
        session.commit().await.unwrap();
        session.expunge_all();
        let japan = session.get::<Country>(2).await.unwrap().unwrap();
        db.log.clear();

        session.delete(japan);
        session.commit().await.unwrap();

        assert_statements(&db.log, ["DELETE products_countries x2", "DELETE countries"]);
        assert_eq!(db.rows("SELECT COUNT(*) FROM products_countries").await, ["2"]);
    })
    .await;
}

/// A whole tree deleted at once: where the database checks at the end of a statement one is enough,
/// else there is one for each level.
#[tokio::test]
async fn delete_of_a_tree() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        let leaf = |name: &str| new!(Node { name });
        let inner = new!(Node { name: "inner", children: [leaf("a"), leaf("b")] });
        let root = session.add(new!(Node { name: "root", children: [inner] }));
        session.commit().await.unwrap();
        let inner = session.entities(root, Node::children)[0];
        let leaves = session.entities(inner, Node::children);
        db.log.clear();

        session.delete(root);
        session.delete(inner);
        leaves.iter().for_each(|&leaf| session.delete(leaf));
        session.commit().await.unwrap();

        if db.can(Capability::ChecksAtStatementEnd) {
            assert_statements(&db.log, ["DELETE nodes x4"]);
        } else {
            assert_statements(&db.log, ["DELETE nodes x2", "DELETE nodes", "DELETE nodes"]);
        }
    })
    .await;
}
