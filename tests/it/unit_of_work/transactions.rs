//! Commit, rollback, savepoints, and what they do to memory.

use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_core::session::State;
use retro_tests::models::features::Job;
use retro_tests::models::shop::{self, Country, Customer, Manufacturer, Order, Product};
use retro_tests::{Db, assert_statements, on_every_backend};

fn country(id: i32, name: &str) -> Country {
    new!(Country { id, name })
}

/// A session with USA, committed.
async fn with_usa(db: Db) -> (Db, Session, Entity<Country>) {
    let db = db.with(shop::metadata()).await;
    let mut session = db.session();
    let usa = session.add(country(1, "USA"));
    session.commit().await.unwrap();
    db.log.clear();
    (db, session, usa)
}

async fn names(db: &Db) -> Vec<String> {
    db.rows("SELECT name FROM countries ORDER BY id").await
}

/// `RollbackRecoverTest.test_pk_violation`
#[tokio::test]
async fn pk_violation() {
    on_every_backend(async |db| {
        let (db, mut session, usa) = with_usa(db).await;

        session[usa].name = "U.S.A.".into();
        let twin = session.add(country(1, "Twin"));
        let japan = session.add(country(2, "Japan"));
        let error = session.commit().await.unwrap_err();
        assert!(error.is_unique_violation(), "{error:?}");
        session.rollback().await.unwrap();

        assert_eq!(session[usa].name, "USA");
        assert_eq!(session.state(twin), State::Detached);
        assert_eq!(session.state(japan), State::Detached);
        assert_eq!(session.take(twin).unwrap().name, "Twin");
        session.add_again(japan).unwrap();
        session[usa].name = "America".into();
        session.commit().await.unwrap();
        assert_eq!(names(&db).await, ["America", "Japan"]);
    })
    .await;
}

/// `RollbackRecoverTest.test_pk_violation_with_savepoint`
#[tokio::test]
async fn pk_violation_with_savepoint() {
    on_every_backend(async |db| {
        let (db, mut session, usa) = with_usa(db).await;

        session[usa].name = "U.S.A.".into();
        session.begin_nested().await.unwrap();
        let twin = session.add(country(1, "Twin"));
        session[usa].name = "inner".into();
        assert!(session.flush().await.unwrap_err().is_unique_violation());
        session.rollback_nested().await.unwrap();

        assert_eq!(session[usa].name, "U.S.A.");
        assert_eq!(session.state(twin), State::Detached);
        session.add(country(2, "Japan"));
        session.commit().await.unwrap();
        assert_eq!(names(&db).await, ["U.S.A.", "Japan"]);
    })
    .await;
}

/// `SessionTransactionTest.test_preserve_flush_error`
#[tokio::test]
async fn preserve_flush_error() {
    on_every_backend(async |db| {
        let (db, mut session, _) = with_usa(db).await;

        session.add(country(1, "Twin"));
        let first = session.commit().await.unwrap_err();
        for _ in 0..3 {
            let again = session.commit().await.unwrap_err();
            assert!(again.is_rolled_back(), "{again:?}");
            assert!(again.to_string().contains(&first.to_string()), "{again}");
        }
        assert!(session.all(select(Country)).await.unwrap_err().is_rolled_back());
        assert!(session.get::<Country>(9).await.unwrap_err().is_rolled_back());
        session.rollback().await.unwrap();
        assert_eq!(session.all(select(Country)).await.unwrap().len(), 1);
        assert_eq!(names(&db).await, ["USA"]);
    })
    .await;
}

/// `SessionTransactionTest.test_warning_on_using_inactive_session_dirty`: what is changed after a failed
/// flush is discarded with the rest.
#[tokio::test]
async fn changes_after_a_failed_flush() {
    on_every_backend(async |db| {
        let (_db, mut session, usa) = with_usa(db).await;

        session.add(country(1, "Twin"));
        session.flush().await.unwrap_err();
        session[usa].name = "changed".into();
        let late = session.add(country(7, "late"));
        session.rollback().await.unwrap();

        assert_eq!(session[usa].name, "USA");
        assert!(!session.is_modified(usa));
        assert_eq!(session.state(late), State::Detached);
        assert!(session.is_clean());
    })
    .await;
}

/// `SavepointTest.test_savepoint_rollback`
#[tokio::test]
async fn savepoint_rollback() {
    on_every_backend(async |db| {
        let (db, mut session, usa) = with_usa(db).await;
        let japan = session.add(country(2, "Japan"));

        session.begin_nested().await.unwrap();
        let uk = session.add(country(3, "UK"));
        session[usa].name = "edited".into();
        session[japan].name = "edited too".into();
        session.flush().await.unwrap();
        session.rollback_nested().await.unwrap();

        assert_eq!(session[usa].name, "USA");
        assert_eq!(session[japan].name, "Japan");
        assert_eq!(session.state(japan), State::Persistent);
        assert_eq!(session.state(uk), State::Detached);
        session.commit().await.unwrap();
        assert_eq!(names(&db).await, ["USA", "Japan"]);
    })
    .await;
}

/// `SavepointTest.test_savepoint_rollback_collections`: opening a savepoint flushes first.
#[tokio::test]
async fn opening_a_savepoint_flushes() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let ada = session.add(new!(Customer { name: "Ada", orders: [new!(Order { number: "1" })] }));
        session.commit().await.unwrap();
        let second = session.push(ada, Customer::orders, new!(Order { number: "2" }));
        session[ada].name = "Ada L.".into();

        session.begin_nested().await.unwrap();
        session.push(ada, Customer::orders, new!(Order { number: "3" }));
        session.remove(ada, Customer::orders, second);
        session.rollback_nested().await.unwrap();

        assert_eq!(session[ada].name, "Ada L.");
        assert_eq!(session.entities(ada, Customer::orders).len(), 2);
        assert_eq!(session.entities(second, Order::customer), Some(ada));
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT number, customer_id FROM orders ORDER BY number").await, ["1|1", "2|1"]);
    })
    .await;
}

/// `SessionTransactionTest.test_dirty_state_transferred_deep_nesting`
#[tokio::test]
async fn released_changes_belong_to_the_outer_level() {
    on_every_backend(async |db| {
        let (db, mut session, usa) = with_usa(db).await;

        session.begin_nested().await.unwrap();
        session.begin_nested().await.unwrap();
        session[usa].name = "inner".into();
        session.commit_nested().await.unwrap();
        assert_eq!(session[usa].name, "inner");
        session.rollback_nested().await.unwrap();
        assert_eq!(session[usa].name, "USA");

        session.begin_nested().await.unwrap();
        session[usa].name = "kept".into();
        session.commit_nested().await.unwrap();
        session.rollback().await.unwrap();
        assert_eq!(session[usa].name, "USA");
        assert_eq!(names(&db).await, ["USA"]);
    })
    .await;
}

/// `SessionTransactionTest.test_nested_accounting_deleted_items_restored`
#[tokio::test]
async fn deleted_in_a_released_savepoint() {
    on_every_backend(async |db| {
        let (db, mut session, usa) = with_usa(db).await;

        session.begin_nested().await.unwrap();
        session.delete(usa);
        session.commit_nested().await.unwrap();
        assert_eq!(session.state(usa), State::Deleted);
        assert_eq!(session.get::<Country>(1).await.unwrap(), None);
        session.rollback().await.unwrap();

        assert_eq!(session.state(usa), State::Persistent);
        assert_eq!(session.get::<Country>(1).await.unwrap(), Some(usa));
        assert_eq!(names(&db).await, ["USA"]);
    })
    .await;
}

/// `AutoExpireTest.test_update_deleted_on_rollback_orphan`
#[tokio::test]
async fn an_orphan_comes_back() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let product = |name: &str| new!(Product { name, year: 1 });
        let acorn = session.add(new!(Manufacturer { name: "Acorn", products: ["a", "b", "c"].map(product) }));
        session.commit().await.unwrap();
        let products = session.entities(acorn, Manufacturer::products);

        session.remove(acorn, Manufacturer::products, products[1]);
        session.flush().await.unwrap();
        assert_eq!(session.state(products[1]), State::Deleted);
        session.rollback().await.unwrap();

        assert_eq!(session.state(products[1]), State::Persistent);
        assert_eq!(session.entities(acorn, Manufacturer::products), products);
        assert_eq!(session.entities(products[1], Product::manufacturer), acorn);
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT COUNT(*) FROM products").await, ["3"]);
    })
    .await;
}

/// `NaturalPKRollbackTest.test_key_replaced_by_update`
#[tokio::test]
async fn key_replaced_by_update() {
    on_every_backend(async |db| {
        let (_db, mut session, usa) = with_usa(db).await;
        let japan = session.add(country(2, "Japan"));
        session.commit().await.unwrap();

        session.delete(usa);
        session.flush().await.unwrap();
        session[japan].id = 1;
        session.flush().await.unwrap();
        assert_eq!(session.get::<Country>(1).await.unwrap(), Some(japan));
        session.rollback().await.unwrap();

        assert_eq!(session.get::<Country>(1).await.unwrap(), Some(usa));
        assert_eq!(session.get::<Country>(2).await.unwrap(), Some(japan));
        assert_eq!(session[japan].id, 2);
    })
    .await;
}

/// `SessionStateTest.test_deleted_flag`
#[tokio::test]
async fn add_of_a_deleted_entity() {
    on_every_backend(async |db| {
        let (_db, mut session, usa) = with_usa(db).await;

        session.delete(usa);
        session.add_again(usa).unwrap();
        session.flush().await.unwrap();
        assert_eq!(session.state(usa), State::Persistent);

        session.delete(usa);
        session.flush().await.unwrap();
        assert_eq!(session.state(usa), State::Deleted);
        assert!(session.add_again(usa).is_err());
        session.rollback().await.unwrap();
        assert_eq!(session.state(usa), State::Persistent);
        session.add_again(usa).unwrap();
    })
    .await;
}

/// Generated keys, server defaults and foreign keys of what was inserted are taken back too, so that a
/// struct that is added again is as new.
#[tokio::test]
async fn rollback_takes_generated_keys_back() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await.with(metadata![Job]).await;
        let mut session = db.session();
        let acorn = session.add(new!(Manufacturer { name: "Acorn", products: [new!(Product { name: "a", year: 1 })] }));
        let atom = session.entities(acorn, Manufacturer::products)[0];
        let job = session.add(new!(Job { name: "j" }));
        session.flush().await.unwrap();
        assert!(session[acorn].id != 0 && session[atom].manufacturer_id == session[acorn].id);
        assert_eq!(session[job].status, "new");
        session.rollback().await.unwrap();

        let manufacturer = session.take(acorn).unwrap();
        assert_eq!(manufacturer.id, 0);
        let atom = session.take(atom).unwrap();
        assert_eq!((atom.id, atom.name.as_str()), (0, "a"));
        let again = session.add(manufacturer);
        session.push(again, Manufacturer::products, atom);
        session.commit().await.unwrap();
        assert_eq!(
            db.rows("SELECT p.name, m.name FROM products p JOIN manufacturers m ON m.id = p.manufacturer_id").await,
            ["a|Acorn"]
        );
    })
    .await;
}

/// Everything at once: values, collections, references, states, identity; and no SELECT.
#[tokio::test]
async fn rollback_restores_memory() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let order = |number: &str| new!(Order { number });
        let ada = session.add(new!(Customer { name: "Ada", phone: "1", orders: ["1", "2"].map(order) }));
        let bob = session.add(new!(Customer { name: "Bob", orders: ["3"].map(order) }));
        session.commit().await.unwrap();
        let (hers, his) = (session.entities(ada, Customer::orders), session.entities(bob, Customer::orders));
        db.log.clear();

        session[ada].name = "changed".into();
        session[ada].phone = None;
        session.replace(bob, Customer::orders, [hers[1], his[0]]);
        session.flush().await.unwrap();
        session.set(hers[0], Order::customer, None);
        session.delete(his[0]);
        let new = session.push(ada, Customer::orders, order("4"));
        session.flush().await.unwrap();
        session.set(new, Order::customer, bob);
        session[ada].name = "again".into();
        db.log.clear();
        session.rollback().await.unwrap();

        assert_statements(&db.log, []);
        assert_eq!((session[ada].name.as_str(), session[ada].phone.as_deref()), ("Ada", Some("1")));
        assert_eq!(session.entities(ada, Customer::orders), hers);
        assert_eq!(session.entities(bob, Customer::orders), his);
        for &order in &hers {
            assert_eq!(session.entities(order, Order::customer), Some(ada));
            assert_eq!(session[order].customer_id, Some(session[ada].id));
        }
        assert_eq!(session.state(his[0]), State::Persistent);
        assert_eq!(session.state(new), State::Detached);
        assert!(session.is_clean());
        session.commit().await.unwrap();
        assert_statements(&db.log, []);
    })
    .await;
}

/// What was loaded while the transaction had written is not trusted after the rollback.
#[tokio::test]
async fn rows_read_in_the_transaction() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        session.add(new!(Customer { name: "Ada" }));
        session.commit().await.unwrap();
        session.expunge_all();

        let ada = session.one(select(Customer)).await.unwrap();
        session.push(ada, Customer::orders, new!(Order { number: "1" }));
        session.flush().await.unwrap();
        let orders = session.load(ada, Customer::orders).await.unwrap();
        assert_eq!(orders.len(), 1);
        session.rollback().await.unwrap();

        assert!(session.load(ada, Customer::orders).await.unwrap().is_empty());
        assert_eq!(session[ada].name, "Ada");
    })
    .await;
}

/// A child that was moved before its parent's collection was loaded is in it after the rollback, in its
/// place.
#[tokio::test]
async fn a_child_moved_before_the_collection_was_loaded() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session().with_autoflush(false);
        let orders = ["1", "2", "3", "4"].map(|number| new!(Order { number }));
        session.add(new!(Customer { name: "Ada", orders }));
        session.commit().await.unwrap();
        session.expunge_all();
        for number in ["1", "3"] {
            let order = session.one(select(Order).filter(Order::number.eq(number))).await.unwrap();
            session.set(order, Order::customer, None);
        }
        let ada = session.one(select(Customer)).await.unwrap();
        let numbers = |session: &Session, orders: Vec<Entity<Order>>| -> Vec<String> {
            orders.into_iter().map(|order| session[order].number.clone()).collect()
        };

        let loaded = session.load(ada, Customer::orders).await.unwrap();
        assert_eq!(numbers(&session, loaded), ["2", "4"]);
        session.flush().await.unwrap();
        session.rollback().await.unwrap();

        assert_eq!(numbers(&session, session.entities(ada, Customer::orders)), ["1", "2", "3", "4"]);
        assert!(session.is_clean());
    })
    .await;
}

/// `nested` releases on `Ok` and rolls back on `Err`.
#[tokio::test]
async fn nested_work() {
    on_every_backend(async |db| {
        let (db, mut session, usa) = with_usa(db).await;

        session
            .nested(async |session| {
                session[usa].name = "kept".into();
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
        let failed = session
            .nested(async |session| {
                session.add(country(1, "Twin"));
                session.flush().await?;
                Ok::<_, Error>(())
            })
            .await;
        assert!(failed.unwrap_err().is_unique_violation());
        session.commit().await.unwrap();

        assert_eq!(names(&db).await, ["kept"]);
    })
    .await;
}

/// Savepoints that the work of `nested` has left open end with its own.
#[tokio::test]
async fn nested_work_that_leaves_a_savepoint_open() {
    on_every_backend(async |db| {
        let (db, mut session, usa) = with_usa(db).await;
        let half_done = async |session: &mut Session| {
            session[usa].name = "outer".into();
            session.begin_nested().await?;
            session.add(country(2, "inner"));
            Ok::<_, Error>(())
        };

        let failed: Result<(), Error> = session
            .nested(async |session| {
                half_done(session).await?;
                session.add(country(1, "Twin"));
                session.flush().await.map(drop)
            })
            .await;
        assert!(failed.unwrap_err().is_unique_violation());
        assert_eq!(session[usa].name, "USA");
        session.nested(half_done).await.unwrap();
        assert!(session.commit_nested().await.is_err(), "none is left open");
        session.commit().await.unwrap();
        assert_eq!(names(&db).await, ["outer", "inner"]);

        let ended = session.nested(async |session| session.commit_nested().await).await.unwrap_err();
        assert_eq!(ended.kind(), ErrorKind::InvalidState, "{ended:?}");
    })
    .await;
}

/// Savepoint commands without a savepoint are errors, and change nothing.
#[tokio::test]
async fn savepoints_must_be_open() {
    on_every_backend(async |db| {
        let (_db, mut session, _) = with_usa(db).await;
        assert!(session.commit_nested().await.is_err());
        assert!(session.rollback_nested().await.is_err());
        session.add(country(2, "Japan"));
        session.commit().await.unwrap();
    })
    .await;
}

/// A transaction is begun by what needs it, and not at all if there is nothing to do.
#[tokio::test]
async fn transactions_begin_lazily() {
    on_every_backend(async |db| {
        let (db, mut session, usa) = with_usa(db).await;
        session.commit().await.unwrap();
        assert!(db.log.take_all().is_empty());
        assert!(!session.in_transaction());

        session[usa].name = "U.S.A.".into();
        session.flush().await.unwrap();
        assert!(session.in_transaction());
        session.commit().await.unwrap();
        assert!(!session.in_transaction());
        let sent: Vec<String> = db.log.take_all().iter().map(|statement| statement.verb.to_string()).collect();
        assert_eq!(sent, ["TRANSACTION", "UPDATE", "TRANSACTION"]);
    })
    .await;
}

/// A session that is dropped leaves nothing behind, and its connection can be used again.
#[tokio::test]
async fn dropped_session() {
    on_every_backend(async |db| {
        let (db, mut session, usa) = with_usa(db).await;
        session[usa].name = "lost".into();
        session.flush().await.unwrap();
        drop(session);

        let mut session = db.session();
        let usa = session.get::<Country>(1).await.unwrap().unwrap();
        assert_eq!(session[usa].name, "USA");
        session[usa].name = "kept".into();
        session.commit().await.unwrap();
        assert_eq!(names(&db).await, ["kept"]);
    })
    .await;
}

/// `Engine::transaction` commits on `Ok` and rolls back on `Err`.
#[tokio::test]
async fn transaction_of_an_engine() {
    on_every_backend(async |db| {
        let (db, _, _) = with_usa(db).await;
        db.engine
            .transaction(async |session| {
                session.add(country(2, "Japan"));
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
        let failed: Result<(), Error> = db
            .engine
            .transaction(async |session| {
                session.add(country(3, "UK"));
                session.flush().await?;
                session.one(select(Country).filter(Country::id.eq(99))).await.map(|_| ())
            })
            .await;
        assert!(failed.unwrap_err().is_not_found());
        assert_eq!(names(&db).await, ["USA", "Japan"]);
    })
    .await;
}

/// `SessionStateTest.test_autoflush_exception_addition`
#[tokio::test]
async fn autoflush_says_so() {
    on_every_backend(async |db| {
        let (_db, mut session, _) = with_usa(db).await;
        session.add(country(1, "Twin"));

        let error = session.all(select(Country)).await.unwrap_err();

        assert!(error.is_unique_violation(), "{error:?}");
        assert!(error.to_string().contains("autoflush"), "{error}");
        assert_eq!(error.entity(), Some("Country (id = 1)"));
    })
    .await;
}

/// Autoflush is for queries that read what is pending; others leave it.
#[tokio::test]
async fn autoflush_looks_at_the_query() {
    on_every_backend(async |db| {
        let (db, mut session, _) = with_usa(db).await;
        let japan = session.add(country(2, "Japan"));

        session.all(select(Customer)).await.unwrap();
        assert_eq!(session.state(japan), State::Pending);
        let count = session.no_autoflush(async |session| session.count(select(Country)).await).await.unwrap();
        assert_eq!(count, 1);
        assert_eq!(session.count(select(Country)).await.unwrap(), 2);
        assert_statements(&db.log, ["SELECT customers", "SELECT countries", "INSERT countries", "SELECT countries"]);
    })
    .await;
}
