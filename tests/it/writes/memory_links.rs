//! Collections and links follow what statements have written.

use retro_core::prelude::*;
use retro_core::session::State;
use retro_tests::models::features::{Album, Track};
use retro_tests::models::shop::{Country, Manufacturer, Product};
use retro_tests::on_every_backend;

use super::{machines, names};

async fn manufacturers(session: &mut Session) -> [Entity<Manufacturer>; 2] {
    let query = select(Manufacturer).order_by(Manufacturer::id).options(selectin(Manufacturer::products));
    session.all(query).await.unwrap().try_into().unwrap()
}

#[tokio::test]
async fn deleted_entities_leave_collections() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let [acorn, sinclair] = manufacturers(&mut session).await;
        let uk = session.add(new!(Country { id: 1, name: "UK" }));
        let zx80 = session.get::<Product>(2).await.unwrap().unwrap();
        session.push(sinclair, Manufacturer::products, new!(Product { name: "QL", year: 1984 }));
        session.commit().await.unwrap();
        session.execute(delete(Product).filter(Product::year.ne(1980))).await.unwrap();
        assert_eq!((names(&session, acorn), names(&session, sinclair)), (vec!["Atom"], vec!["ZX80"]));
        session.rollback().await.unwrap();
        assert_eq!(names(&session, acorn), ["Atom", "Electron"]);
        assert_eq!(names(&session, sinclair), ["ZX80", "ZX81", "QL"]);

        session.push(uk, Country::products, zx80);
        session.commit().await.unwrap();
        assert_eq!(session.entities(uk, Country::products), [zx80]);
        session.remove(uk, Country::products, zx80);
        session.execute(delete(Product).filter(Product::id.eq(2))).await.unwrap();
        assert_eq!(session.state(zx80), State::Deleted);
        session.commit().await.unwrap();
        assert_eq!(names(&session, sinclair), ["ZX81", "QL"]);
        assert!(session.entities(uk, Country::products).is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_foreign_key_that_is_set_moves_members() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let [acorn, sinclair] = manufacturers(&mut session).await;
        let zx81 = session.get::<Product>(3).await.unwrap().unwrap();
        assert_eq!(session.load(zx81, Product::manufacturer).await.unwrap(), sinclair);

        let bought = update(Product).set(Product::manufacturer_id.to(1)).filter(Product::year.ge(1981));
        session.execute(bought).await.unwrap();
        assert_eq!(names(&session, acorn), ["Atom", "Electron", "ZX81"]);
        assert_eq!(names(&session, sinclair), ["ZX80"]);
        assert_eq!(session.load(zx81, Product::manufacturer).await.unwrap(), acorn);
        assert!(session.is_clean());

        session.rollback().await.unwrap();
        assert_eq!(names(&session, acorn), ["Atom", "Electron"]);
        assert_eq!(names(&session, sinclair), ["ZX80", "ZX81"]);
        assert_eq!(session[zx81].manufacturer_id, session[sinclair].id);
        assert_eq!(session.load(zx81, Product::manufacturer).await.unwrap(), sinclair);
    })
    .await;
}

/// A link that waits to be flushed is not moved back.
#[tokio::test]
async fn a_link_that_was_not_flushed_stays() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session().with_autoflush(false);
        let [acorn, sinclair] = manufacturers(&mut session).await;
        let zx81 = session.get::<Product>(3).await.unwrap().unwrap();
        let amstrad = session.add(new!(Manufacturer { name: "Amstrad" }));
        session.set(zx81, Product::manufacturer, amstrad);
        session.execute(update(Product).set(Product::manufacturer_id.to(1))).await.unwrap();
        assert_eq!(names(&session, acorn), ["Atom", "Electron", "ZX80"]);
        assert!(names(&session, sinclair).is_empty());
        assert_eq!(names(&session, amstrad), ["ZX81"]);
        session.commit().await.unwrap();
        let rows = db.rows("SELECT manufacturer_id FROM products ORDER BY id").await;
        assert_eq!(rows, ["1", "1", "3", "1"]);
    })
    .await;
}

/// Also where the members do not lead back.
#[tokio::test]
async fn collections_without_another_side() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Album, Track]).await;
        let mut session = db.session();
        let tracks = ["a", "b"].map(|title| new!(Track { title }));
        let first = session.add(new!(Album { title: "first", tracks }));
        let second = session.add(new!(Album { title: "second" }));
        session.commit().await.unwrap();
        let (from, to) = (session[first].id, session[second].id);
        session.execute(update(Track).set(Track::album_id.to(to)).filter(Track::title.eq("b"))).await.unwrap();
        let titles = |session: &Session, album| -> Vec<String> {
            session.entities(album, Album::tracks).iter().map(|&track| session[track].title.clone()).collect()
        };
        assert_eq!((titles(&session, first), titles(&session, second)), (vec!["a".to_owned()], vec!["b".to_owned()]));
        session.execute(update(Track).set(Track::album_id.to(None)).filter(Track::album_id.eq(from))).await.unwrap();
        assert!(titles(&session, first).is_empty());
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT title, album_id FROM tracks ORDER BY id").await, ["a|NULL", "b|2"]);
    })
    .await;
}
