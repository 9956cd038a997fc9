//! Statements that give something back.

use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_core::query::Returning;
use retro_core::session::State;
use retro_tests::models::shop::{Manufacturer, Product};
use retro_tests::{Capability, Db, assert_statements, on_every_backend};

use super::{machines, names, products, stored};

fn new_machines() -> [Product; 2] {
    [("BBC", 1981), ("Master", 1986)].map(|(name, year)| new!(Product { name, year, manufacturer_id: 1 }))
}

/// What a database cannot do is refused before anything is sent, and the session goes on.
async fn is_refused<R: std::fmt::Debug>(db: &Db, statement: Returning<R>, verb: &str) {
    let mut session = db.session();
    let error = session.fetch(statement).await.unwrap_err();
    assert_eq!((error.kind(), error.model()), (ErrorKind::Configuration, Some("Product")));
    assert!(error.to_string().contains(&format!("MySQL has no {verb} .. RETURNING; ")), "{error}");
    assert!(db.log.take_all().is_empty());
    session.all(select(Product)).await.unwrap();
    db.log.clear();
}

#[tokio::test]
async fn inserted_rows() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let columns = insert(Product).values(new_machines()).returning((Product::id, Product::name, Product::year + 1));
        if !db.can(Capability::InsertReturning) {
            return is_refused(&db, columns, "INSERT").await;
        }
        let mut session = db.session();
        let mut rows = session.fetch(columns).await.unwrap();
        rows.sort();
        assert_eq!(rows, [(5, "BBC".into(), 1982), (6, "Master".into(), 1987)]);
        assert_statements(&db.log, ["INSERT products x2"]);

        let one = insert(Product).set((Product::name.to("QL"), Product::year.to(1984), Product::manufacturer_id.to(2)));
        let ql = session.fetch_one(one.returning(Product)).await.unwrap();
        assert_eq!((session[ql].id, session.state(ql)), (7, State::Persistent));
        session[ql].cpu = Some("68008".into());
        let old =
            select((Product::name.concat("+"), Product::year, Product::manufacturer_id)).filter(Product::id.eq(3));
        let copied = insert(Product).from_select((Product::name, Product::year, Product::manufacturer_id), old);
        let copies: Vec<Product> = session.fetch(copied.returning(Product.owned())).await.unwrap();
        assert_eq!((copies[0].name.as_str(), copies[0].id), ("ZX81+", 8));
        assert_eq!(session.known::<Product>(), [ql], "owned structs are no entities");
        session.commit().await.unwrap();
        let rows = db.rows("SELECT name, cpu FROM products WHERE id > 4 ORDER BY id").await;
        assert_eq!(rows, ["BBC|NULL", "Master|NULL", "QL|68008", "ZX81+|NULL"]);
    })
    .await;
}

/// Each entity has the key of its own row, however many statements they take.
#[tokio::test]
async fn many_inserted_rows() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        if !db.can(Capability::InsertReturning) {
            return;
        }
        let mut session = db.session();
        let many = (0..3_000).map(|n| new!(Product { name: format!("p{n}"), year: n, manufacturer_id: 1 }));
        let found = session.fetch(insert(Product).values(many).returning(Product)).await.unwrap();
        assert_eq!(found.len(), 3_000);
        let stored: Vec<(i32, i32)> =
            session.all(select((Product::id, Product::year)).filter(Product::name.starts_with("p"))).await.unwrap();
        for (id, year) in stored {
            let product = session.get::<Product>(id).await.unwrap().unwrap();
            assert_eq!(session[product].year, year);
            assert!(found.contains(&product));
        }
    })
    .await;
}

#[tokio::test]
async fn upserted_rows() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        if !db.can(Capability::InsertReturning) {
            return;
        }
        let mut session = db.session();
        let zx81 = session.get::<Product>(3).await.unwrap().unwrap();
        let given =
            [("ZX81", 2001), ("BBC", 1981)].map(|(name, year)| new!(Product { name, year, manufacturer_id: 2 }));
        db.log.clear();
        let upsert = insert(Product).values(given.clone()).on_conflict(Product::name).update_all();
        let mut found = session.fetch(upsert.returning(Product)).await.unwrap();
        assert_statements(&db.log, ["INSERT products x2"]);
        found.sort_by_key(|&product| session[product].id);
        assert_eq!(found[0], zx81);
        assert_eq!((session[zx81].year, session[found[1]].year), (2001, 1981));

        let ignored = insert(Product).values(given).on_conflict(Product::name).ignore().returning(Product::name);
        let result = session.fetch(ignored).await;
        if db.can(Capability::ConflictTarget) {
            assert!(result.unwrap().is_empty());
        } else {
            let error = result.unwrap_err();
            assert!(error.to_string().contains("gives back the rows that were there too"), "{error}");
        }
        session.rollback().await.unwrap();
        assert_eq!(session[zx81].year, 1981);
    })
    .await;
}

#[tokio::test]
async fn updated_rows() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let later = update(Product).set(Product::year.to(Product::year + 100)).filter(Product::year.eq(1980));
        let columns = later.clone().returning((Product::name, Product::year));
        if !db.can(Capability::UpdateReturning) {
            return is_refused(&db, columns, "UPDATE").await;
        }
        let mut session = db.session();
        let mut rows = session.fetch(columns).await.unwrap();
        rows.sort();
        assert_eq!(rows, [("Atom".into(), 2080), ("ZX80".into(), 2080)]);
        session.rollback().await.unwrap();

        // Entities: those that are known are in line by what comes back.
        let atom = session.get::<Product>(1).await.unwrap().unwrap();
        db.log.clear();
        let mut found = session.fetch(later.returning(Product)).await.unwrap();
        assert_statements(&db.log, ["UPDATE products (year) x2"]);
        found.sort_by_key(|&product| session[product].id);
        assert_eq!(found[0], atom);
        assert_eq!(found.iter().map(|&product| session[product].year).collect::<Vec<_>>(), [2080, 2080]);
        assert!(session.is_clean());
        session.rollback().await.unwrap();
        assert_eq!(session[atom].year, 1980);
        assert!(!session.is_expired(atom));
        assert!(session.is_expired(found[1]), "read by the transaction that was rolled back");
        assert_eq!(session.fresh(found[1]).await.unwrap().year, 1980);

        // Columns only: they are asked for and read as ever.
        db.log.clear();
        let ids = update(Product).set(Product::year.to(1)).filter(Product::id.eq(1)).returning(Product::id);
        assert_eq!(session.fetch_one(ids).await.unwrap(), 1);
        assert_statements(&db.log, ["SELECT products", "UPDATE products (year)", "SELECT products"]);
        assert_eq!(session[atom].year, 1);
    })
    .await;
}

/// A link that an update has set is shown on both sides.
#[tokio::test]
async fn updated_links() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        if !db.can(Capability::UpdateReturning) {
            return;
        }
        let mut session = db.session();
        let query = select(Manufacturer).order_by(Manufacturer::id).options(selectin(Manufacturer::products));
        let makers = session.all(query).await.unwrap();
        let bought = update(Product).set(Product::manufacturer_id.to(1)).filter(Product::name.eq("ZX80"));
        let zx80 = session.fetch_one(bought.returning(Product)).await.unwrap();
        assert_eq!(names(&session, makers[0]), ["Atom", "Electron", "ZX80"]);
        assert_eq!(names(&session, makers[1]), ["ZX81"]);
        assert_eq!(session.load(zx80, Product::manufacturer).await.unwrap(), makers[0]);
    })
    .await;
}

#[derive(FromRow)]
struct Named {
    name: String,
    year: i32,
}

#[tokio::test]
async fn deleted_rows() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let old = delete(Product).filter(Product::year.eq(1980));
        if !db.can(Capability::DeleteReturning) {
            return is_refused(&db, old.returning(Product::name), "DELETE").await;
        }
        let mut session = db.session();
        let mut found = session.fetch(old.clone().returning((Product::name, Product::year))).await.unwrap();
        found.sort();
        assert_eq!(found, [("Atom".into(), 1980), ("ZX80".into(), 1980)]);
        session.rollback().await.unwrap();
        let named = old.clone().returning((Product::name, Product::year)).into::<Named>();
        let mut named = session.fetch(named.map(|row| format!("{} of {}", row.name, row.year))).await.unwrap();
        named.sort();
        assert_eq!(named, ["Atom of 1980", "ZX80 of 1980"]);
        session.rollback().await.unwrap();
        let owned: Vec<Product> = session.fetch(old.clone().returning(Product.owned())).await.unwrap();
        assert_eq!(owned.len(), 2);
        session.rollback().await.unwrap();

        let atom = session.get::<Product>(1).await.unwrap().unwrap();
        db.log.clear();
        let mut gone = session.fetch(old.returning(Product)).await.unwrap();
        assert_statements(&db.log, ["DELETE products x2"]);
        gone.sort_by_key(|&product| session[product].id);
        assert_eq!(gone[0], atom);
        assert!(gone.iter().all(|&product| session.state(product) == State::Deleted));
        assert_eq!(session[gone[1]].name, "ZX80", "readable until the end of the transaction");
        assert_eq!(session.get::<Product>(2).await.unwrap(), None);
        session.rollback().await.unwrap();
        assert_eq!(session.state(atom), State::Persistent);
        assert_eq!(session.get::<Product>(2).await.unwrap(), Some(gone[1]));
        assert_eq!(products(&mut session).await.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn one_row_or_none() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        if !db.can(Capability::DeleteReturning) {
            return;
        }
        let mut session = db.session();
        let by_year = |year: i32| delete(Product).filter(Product::year.eq(year)).returning(Product::name);
        assert_eq!(session.fetch_one(by_year(1981)).await.unwrap(), "ZX81");
        assert_eq!(session.fetch_one_or_none(by_year(1981)).await.unwrap(), None);
        let error = session.fetch_one(by_year(1981)).await.unwrap_err();
        assert_eq!((error.kind(), error.model()), (ErrorKind::NotFound, Some("Product")));
        let error = session.fetch_one(by_year(1980)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MultipleFound);
        assert_eq!(error.to_string(), "the delete of Product was to return one row, and wrote 2");
        session.rollback().await.unwrap();
        assert_eq!(stored(&db).await.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn rows_of_the_written_table_only() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let statement = delete(Product).returning((Product::name, Manufacturer::name));
        let error = session.fetch(statement).await.unwrap_err();
        let expected = "the delete of Product gives back rows of Product only, and not of Manufacturer";
        assert_eq!(error.to_string(), expected);
    })
    .await;
}
