//! Upserts: rows that may be there already.

use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_tests::models::features::{Job, Setting};
use retro_tests::models::keys::{self, Room};
use retro_tests::models::shop::Product;
use retro_tests::{Capability, Verb, on_every_backend};

use super::{Archive, machines, stored};

fn machine(name: &str, year: i32) -> Product {
    new!(Product { name, year, manufacturer_id: 1 })
}

#[tokio::test]
async fn update_all() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let given = [machine("ZX81", 2001), machine("BBC", 1981), machine("Atom", 2000)];
        let done =
            session.execute(insert(Product).values(given).on_conflict(Product::name).update_all()).await.unwrap();
        assert_eq!(done.rows, 3);
        assert_eq!(db.log.count(Verb::Insert), 1);
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await, ["Atom|2000", "ZX80|1980", "ZX81|2001", "Electron|1983", "BBC|1981"]);
        let rows = db.rows("SELECT id, manufacturer_id, cpu FROM products WHERE name = 'ZX81'").await;
        assert_eq!(rows, ["3|1|NULL"], "all but the keys");
    })
    .await;
}

#[tokio::test]
async fn update_some() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let given = [machine("ZX81", 10), machine("Atom", 20)];
        let set = (Product::year.to(Product::year + excluded(Product::year)), Product::cpu.to("?"));
        session.execute(insert(Product).values(given).on_conflict(Product::name).update(set)).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await, ["Atom|2000", "ZX80|1980", "ZX81|1991", "Electron|1983"]);
        assert_eq!(db.rows("SELECT name FROM products WHERE cpu = '?' ORDER BY id").await, ["Atom", "ZX81"]);
    })
    .await;
}

#[tokio::test]
async fn ignore() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let given = [machine("ZX81", 10), machine("BBC", 1981)];
        let done = session.execute(insert(Product).values(given).on_conflict(Product::name).ignore()).await.unwrap();
        if db.can(Capability::ConflictTarget) {
            assert_eq!(done.rows, 1);
        }
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await, ["Atom|1980", "ZX80|1980", "ZX81|1981", "Electron|1983", "BBC|1981"]);

        // Only the key is forgiven.
        let orphan = insert(Product).value(new!(Product { name: "x", year: 1, manufacturer_id: 99 }));
        let error = session.execute(orphan.on_conflict(Product::name).ignore()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn a_condition_on_the_update() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let given = [machine("ZX81", 1970), machine("Atom", 1985), machine("BBC", 1981)];
        let newer = excluded(Product::year).gt(Product::year);
        let upsert = insert(Product).values(given).on_conflict(Product::name).update_all().filter(newer);
        let result = session.execute(upsert).await;
        if !db.can(Capability::ConflictTarget) {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.to_string().contains("has no condition on the update of an upsert"), "{error}");
            assert!(db.log.take_all().is_empty());
            return;
        }
        assert_eq!(result.unwrap().rows, 2);
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await, ["Atom|1985", "ZX80|1980", "ZX81|1981", "Electron|1983", "BBC|1981"]);
    })
    .await;
}

/// Over the primary key, of one column and of several.
#[tokio::test]
async fn primary_keys() {
    on_every_backend(async |db| {
        let db = db.with(keys::rooms()).await;
        let mut session = db.session();
        let room = |number, seats| new!(Room { building: "A", number, seats });
        session.execute(insert(Room).values([room(1, 10), room(2, 20)])).await.unwrap();
        let key = (Room::number, Room::building);
        let done = session.execute(insert(Room).values([room(2, 25), room(3, 30)]).on_conflict(key).update_all()).await;
        assert_eq!(done.unwrap().rows, 2);
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT number, seats FROM rooms ORDER BY number").await, ["1|10", "2|25", "3|30"]);
    })
    .await;
}

/// One row of expressions, and the rows of a query.
#[tokio::test]
async fn of_values_and_of_queries() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        db.execute("INSERT INTO archive (name, year, cpu) VALUES ('ZX81', 1, 'x'), ('Atom', 2, 'x')").await;
        let mut session = db.session();
        let one = insert(Archive).set((Archive::name.to("ZX81"), Archive::year.to(5)));
        let done = session.execute(one.on_conflict(Archive::name).update_all()).await.unwrap();
        assert_eq!(done.rows, 1);
        let all = select((Product::name, Product::year));
        let all = insert(Archive).from_select((Archive::name, Archive::year), all).on_conflict(Archive::name);
        session.execute(all.update(Archive::year.to(Archive::year + excluded(Archive::year)))).await.unwrap();
        let united = select((Product::name, Product::year)).union(select((Archive::name, Archive::year)));
        let united = insert(Archive).from_select((Archive::name, Archive::year), united);
        session.execute(united.on_conflict(Archive::name).ignore()).await.unwrap();
        session.commit().await.unwrap();
        let rows = db.rows("SELECT name, year, cpu FROM archive ORDER BY name").await;
        assert_eq!(rows, ["Atom|1982|x", "Electron|1983|NULL", "ZX80|1980|NULL", "ZX81|1986|x"]);
    })
    .await;
}

/// What the insert leaves to the database stays as it is; the version and on-update values do not.
#[tokio::test]
async fn columns_that_change_with_every_change() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Setting, Job]).await;
        let mut session = db.session();
        let setting = |value: &str| insert(Setting).value(new!(Setting { name: "a", value }));
        session.execute(setting("x")).await.unwrap();
        session.execute(setting("y").on_conflict(Setting::name).update_all()).await.unwrap();
        session.execute(setting("z").on_conflict(Setting::name).update(Setting::value.to("w"))).await.unwrap();
        session.execute(setting("z").on_conflict(Setting::name).ignore()).await.unwrap();

        session.execute(insert(Job).value(new!(Job { id: 1, name: "a", status: "done" }))).await.unwrap();
        let again = insert(Job).value(new!(Job { id: 1, name: "b", attempts: 2 }));
        session.execute(again.on_conflict(Job::id).update_all()).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT value, version FROM settings").await, ["w|3"]);
        assert_eq!(db.rows("SELECT name, status, attempts FROM jobs WHERE revision > 0").await, ["b|done|2"]);
    })
    .await;
}

/// Many rows in few statements, of which all or none count.
#[tokio::test]
async fn many_rows() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let upsert = |year| {
            let given = (0..5_000).map(move |n| machine(&format!("p{n}"), year));
            insert(Product).values(given).on_conflict(Product::name).update(Product::year.to(excluded(Product::year)))
        };
        assert_eq!(session.execute(upsert(1)).await.unwrap().rows, 5_000);
        assert_eq!(session.execute(upsert(2)).await.unwrap().rows, 5_000);
        assert!(db.log.count(Verb::Insert) <= 50);
        session.commit().await.unwrap();
        let rows = db.rows("SELECT COUNT(*), MIN(year), MAX(year) FROM products WHERE name LIKE 'p%'").await;
        assert_eq!(rows, ["5000|2|2"]);
    })
    .await;
}

#[tokio::test]
async fn a_conflict_is_about_a_key() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let upsert = insert(Product).value(machine("a", 1)).on_conflict(Product::year).update_all();
        let error = session.execute(upsert).await.unwrap_err();
        assert_eq!((error.kind(), error.columns()), (ErrorKind::Configuration, &["year"][..]));
        assert!(error.to_string().contains("names year of Product, which is no key of it"), "{error}");
        let nothing: Vec<retro_core::query::Assignment<Product>> = Vec::new();
        let upsert = insert(Product).value(machine("a", 1)).on_conflict(Product::name).update(nothing);
        assert!(session.execute(upsert).await.unwrap_err().to_string().contains("use `.ignore()`"));
        assert!(db.log.take_all().is_empty());
    })
    .await;
}
