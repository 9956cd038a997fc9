//! The entities of a session are in line with what statements have written, and go back with them.

use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_core::session::State;
use retro_tests::models::shop::{Country, OrderItem, Product};
use retro_tests::{Verb, assert_statements, on_every_backend};

use super::{machines, products, stored};

/// Which years the session shows, by id.
fn years(session: &Session, products: &[Entity<Product>]) -> Vec<i32> {
    products.iter().map(|&product| session[product].year).collect()
}

#[tokio::test]
async fn an_update_is_seen_by_entities_that_meet_it() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let all = products(&mut session).await;
        db.log.clear();
        let later = update(Product).set(Product::year.to(Product::year + 100)).filter(Product::cpu.eq("Z80"));
        assert_eq!(session.execute(later).await.unwrap().rows, 2);
        assert_statements(&db.log, ["SELECT products", "UPDATE products (year) x2", "SELECT products"]);
        assert_eq!(years(&session, &all), [1980, 2080, 2081, 1983]);
        assert!(session.is_clean());
        assert!(!session.is_expired(all[1]));

        // The values that it sees are the database's: a change back is a change.
        session[all[1]].year = 1980;
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await[1], "ZX80|1980");
    })
    .await;
}

#[tokio::test]
async fn what_is_asked_depends_on_what_is_known() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let year = |year: i32| update(Product).set(Product::year.to(year));
        session.execute(year(1).filter(Product::id.eq(1))).await.unwrap();
        session.execute(delete(Product).filter(Product::id.eq(4))).await.unwrap();
        assert_statements(&db.log, ["UPDATE products (year)", "DELETE products"]);

        let atom = session.get::<Product>(1).await.unwrap().unwrap();
        db.log.clear();
        // Without a condition it is known who will be met.
        session.execute(year(2)).await.unwrap();
        assert_statements(&db.log, ["UPDATE products (year) x3", "SELECT products"]);
        // Nobody in the session is met.
        session.execute(year(3).filter(Product::id.eq(2))).await.unwrap();
        assert_statements(&db.log, ["SELECT products", "UPDATE products (year)"]);
        session.execute(year(4).filter(Product::id.eq(1)).without_sync()).await.unwrap();
        assert_statements(&db.log, ["UPDATE products (year)"]);
        assert_eq!(session[atom].year, 2, "without sync");
        session.execute(delete(Product).filter(Product::id.eq(1)).without_sync()).await.unwrap();
        assert_statements(&db.log, ["DELETE products"]);
        assert_eq!(session.state(atom), State::Persistent, "without sync");
        // Plain inserts concern nobody.
        session.execute(insert(Product).value(new!(Product { name: "x", manufacturer_id: 1 }))).await.unwrap();
        assert_statements(&db.log, ["INSERT products"]);
    })
    .await;
}

#[tokio::test]
async fn a_delete_deletes_entities() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let all = products(&mut session).await;
        db.log.clear();
        session.execute(delete(Product).filter(Product::year.eq(1980))).await.unwrap();
        assert_statements(&db.log, ["SELECT products", "DELETE products x2"]);
        let states: Vec<State> = all.iter().map(|&product| session.state(product)).collect();
        assert_eq!(states, [State::Deleted, State::Deleted, State::Persistent, State::Persistent]);
        assert_eq!(session.get::<Product>(1).await.unwrap(), None);
        assert_eq!(session[all[0]].name, "Atom", "readable until the end of the transaction");
        session.commit().await.unwrap();
        assert_eq!(session.state(all[0]), State::Detached);
        assert!(session.try_get(all[0]).is_err());
        assert_eq!(years(&session, &all[2..]), [1981, 1983]);
    })
    .await;
}

#[tokio::test]
async fn a_rollback_restores_entities() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let all = products(&mut session).await;
        session[all[3]].year = 1;
        session.execute(update(Product).set(Product::year.to(Product::year + 100))).await.unwrap();
        session.execute(delete(Product).filter(Product::name.eq("Atom"))).await.unwrap();
        session[all[1]].year += 1;
        session.flush().await.unwrap();
        assert_eq!(years(&session, &all), [2080, 2081, 2081, 101]);
        session.rollback().await.unwrap();
        db.log.clear();

        assert_eq!(years(&session, &all), [1980, 1980, 1981, 1983]);
        assert!(all.iter().all(|&product| session.state(product) == State::Persistent && !session.is_expired(product)));
        assert_eq!(session.get::<Product>(1).await.unwrap(), Some(all[0]));
        assert!(session.is_clean());
        session.commit().await.unwrap();
        assert!(db.log.take().is_empty(), "no SELECT, and nothing left to write");
    })
    .await;
}

#[tokio::test]
async fn a_savepoint_restores_what_was_before_it() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let all = products(&mut session).await;
        session.execute(update(Product).set(Product::year.to(1))).await.unwrap();
        session.begin_nested().await.unwrap();
        session.execute(update(Product).set(Product::year.to(2)).filter(Product::id.le(2))).await.unwrap();
        session.execute(delete(Product).filter(Product::id.eq(4))).await.unwrap();
        session.rollback_nested().await.unwrap();
        assert_eq!(years(&session, &all), [1, 1, 1, 1]);
        assert_eq!(session.state(all[3]), State::Persistent);

        session.begin_nested().await.unwrap();
        session.execute(update(Product).set(Product::year.to(3)).filter(Product::id.eq(1))).await.unwrap();
        session.commit_nested().await.unwrap();
        assert_eq!(years(&session, &all), [3, 1, 1, 1]);
        session.rollback().await.unwrap();
        assert_eq!(years(&session, &all), [1980, 1980, 1981, 1983]);
    })
    .await;
}

/// Changes that wait are not lost: those of other columns are kept, and flushed.
#[tokio::test]
async fn changes_that_were_not_flushed_stay() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session().with_autoflush(false);
        let all = products(&mut session).await;
        session[all[0]].cpu = Some("65C02".into());
        session[all[1]].year = 7;
        session
            .execute(update(Product).set(Product::year.to(Product::year + 100)).filter(Product::id.le(2)))
            .await
            .unwrap();
        assert_eq!(years(&session, &all), [2080, 7, 1981, 1983]);
        let waiting: Vec<&str> = session.history(all[0]).iter().map(|change| change.field).collect();
        assert_eq!(waiting, ["cpu"]);
        assert_eq!(session.committed(all[1], Product::year).unwrap(), 2080);
        db.log.clear();
        session.commit().await.unwrap();
        assert_statements(&db.log, ["UPDATE products (cpu)", "UPDATE products (year)"]);
        assert_eq!(stored(&db).await[..2], ["Atom|2080", "ZX80|7"]);

        // One that waits for a row that goes is forgotten with it.
        session[all[2]].year = 9;
        session.execute(delete(Product).filter(Product::id.eq(3))).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn an_upsert_is_seen_by_entities() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let all = products(&mut session).await;
        let given =
            [("ZX81", 2001), ("BBC", 1981)].map(|(name, year)| new!(Product { name, year, manufacturer_id: 2 }));
        db.log.clear();
        let upsert = insert(Product).values(given.clone()).on_conflict(Product::name);
        session.execute(upsert.update(Product::year.to(excluded(Product::year)))).await.unwrap();
        let sent = db.log.take();
        assert_eq!(sent.len(), 2, "{sent:#?}");
        assert_eq!(years(&session, &all), [1980, 1980, 2001, 1983]);
        session.execute(insert(Product).values(given).on_conflict(Product::name).ignore()).await.unwrap();
        assert_eq!(db.log.take().len(), 1);
        session.rollback().await.unwrap();
        assert_eq!(years(&session, &all), [1980, 1980, 1981, 1983]);
    })
    .await;
}

/// An expired entity that is met is read; one that was expired when the transaction began is so again.
#[tokio::test]
async fn expired_entities() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let all = products(&mut session).await;
        session.expire(all[0]).unwrap();
        session.execute(update(Product).set(Product::year.to(5)).filter(Product::id.eq(1))).await.unwrap();
        assert!(!session.is_expired(all[0]));
        assert_eq!(session[all[0]].year, 5);
        session.rollback().await.unwrap();
        assert!(session.is_expired(all[0]));
        assert_eq!(session.fresh(all[0]).await.unwrap().year, 1980);
    })
    .await;
}

#[tokio::test]
async fn composite_keys() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        db.execute("INSERT INTO orders (number) VALUES ('1'), ('2')").await;
        let mut session = db.session();
        let items = [(1, 1), (1, 2), (2, 1)];
        let items = items.map(|(order_id, product_id)| new!(OrderItem { order_id, product_id, quantity: 1 }));
        session.execute(insert(OrderItem).values(items)).await.unwrap();
        let items =
            session.all(select(OrderItem).order_by((OrderItem::order_id, OrderItem::product_id))).await.unwrap();
        let set = OrderItem::quantity.to(OrderItem::quantity + 1);
        session.execute(update(OrderItem).set(set).filter(OrderItem::product_id.eq(1))).await.unwrap();
        let quantities: Vec<i32> = items.iter().map(|&item| session[item].quantity).collect();
        assert_eq!(quantities, [2, 1, 2]);
        session.execute(delete(OrderItem).filter(OrderItem::order_id.eq(1))).await.unwrap();
        let states: Vec<State> = items.iter().map(|&item| session.state(item)).collect();
        assert_eq!(states, [State::Deleted, State::Deleted, State::Persistent]);
    })
    .await;
}

/// More entities than fit one list of keys.
#[tokio::test]
async fn many_entities() {
    const MANY: i32 = 20_000;
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let countries = (0..MANY).map(|id| new!(Country { id, name: format!("c{id}") }));
        session.execute(insert(Country).values(countries)).await.unwrap();
        let countries = session.all(select(Country).order_by(Country::id)).await.unwrap();
        db.log.clear();
        let even = Country::name.ends_with("0");
        let done = session.execute(update(Country).set(Country::name.to(Country::name.concat("!"))).filter(even)).await;
        assert_eq!(done.unwrap().rows, 2_000);
        let selects = db.log.count(Verb::Select);
        assert!(selects <= 4, "{selects}");
        let changed = countries.iter().filter(|&&country| session[country].name.ends_with('!')).count();
        assert_eq!(changed, 2_000);
        session.execute(delete(Country)).await.unwrap();
        assert!(countries.iter().all(|&country| session.state(country) == State::Deleted));
        session.rollback().await.unwrap();
    })
    .await;
}

/// A key that a statement sets cannot be followed.
#[tokio::test]
async fn keys_are_not_followed() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        session
            .execute(insert(Country).values([1, 2].map(|id| new!(Country { id, name: format!("c{id}") }))))
            .await
            .unwrap();
        let moved = update(Country).set(Country::id.to(Country::id + 10));
        assert_eq!(session.execute(moved.clone().filter(Country::id.eq(1))).await.unwrap().rows, 1);
        let two = session.get::<Country>(2).await.unwrap().unwrap();
        db.log.clear();
        let error = session.execute(moved.clone()).await.unwrap_err();
        assert_eq!((error.kind(), error.entity()), (ErrorKind::InvalidState, Some("Country (id = 2)")));
        assert!(error.to_string().contains("sets the primary key"), "{error}");
        assert!(db.log.take().is_empty());
        assert_eq!(session.execute(moved.without_sync()).await.unwrap().rows, 2);
        session.expunge(two).unwrap();
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT id FROM countries ORDER BY id").await, ["12", "21"]);
    })
    .await;
}
