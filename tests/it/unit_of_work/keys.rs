//! Keys that change, keys of several columns, and keys that hold NULL.

use retro_core::prelude::*;
use retro_tests::models::features::{Part, Stamp, StampAlbum, StampPlace, Variant};
use retro_tests::models::keys::{self, Currency, Meeting, Price, Region, Room};
use retro_tests::models::shop::{self, Country, Manufacturer, Product};
use retro_tests::{Verb, assert_statements, on_every_backend};

/// `NaturalPKTest.test_onetomany_passive`
#[tokio::test]
async fn natural_key_cascades() {
    on_every_backend(async |db| {
        let db = db.with(keys::currencies()).await;
        let mut session = db.session();
        let prices = [1, 2].map(|amount| new!(Price { amount }));
        let eur = session.add(new!(Currency { code: "EUR", name: "Euro", prices }));
        session.commit().await.unwrap();
        let prices = session.entities(eur, Currency::prices);
        db.log.clear();

        session[eur].code = "EU".into();
        session.commit().await.unwrap();

        assert_statements(&db.log, ["UPDATE currencies (code)"]);
        for &price in &prices {
            assert_eq!(session[price].currency_code.as_deref(), Some("EU"));
            assert!(!session.is_modified(price));
        }
        assert_eq!(session.get::<Currency>("EU".to_string()).await.unwrap(), Some(eur));
        assert_eq!(db.rows("SELECT currency_code FROM prices").await, ["EU", "EU"]);
    })
    .await;
}

/// A rollback takes the key back, in the children and the identity map too.
#[tokio::test]
async fn natural_key_rolled_back() {
    on_every_backend(async |db| {
        let db = db.with(keys::currencies()).await;
        let mut session = db.session();
        let eur = session.add(new!(Currency { code: "EUR", name: "Euro", prices: [new!(Price { amount: 1 })] }));
        session.commit().await.unwrap();
        let price = session.entities(eur, Currency::prices)[0];

        session[eur].code = "EU".into();
        session.flush().await.unwrap();
        session.rollback().await.unwrap();

        assert_eq!(session[eur].code, "EUR");
        assert_eq!(session[price].currency_code.as_deref(), Some("EUR"));
        assert_eq!(session.get::<Currency>("EUR".to_string()).await.unwrap(), Some(eur));
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT currency_code FROM prices").await, ["EUR"]);
    })
    .await;
}

/// `EnsurePKSortableTest` and the order of updates: keys of text are compared as text.
#[tokio::test]
async fn updates_in_the_order_of_text_keys() {
    on_every_backend(async |db| {
        let db = db.with(keys::currencies()).await;
        let mut session = db.session();
        let currencies = session.add_all(["USD", "CHF", "EUR"].map(|code| new!(Currency { code, name: code })));
        session.commit().await.unwrap();
        currencies.iter().for_each(|&currency| session[currency].name.push('!'));

        let plan = session.plan().await.unwrap();
        let rows: Vec<&str> = plan.statements()[0].rows.iter().map(|row| row.entity.as_str()).collect();

        assert_eq!(rows.len(), 3);
        assert!(rows[0].contains("CHF") && rows[1].contains("EUR") && rows[2].contains("USD"), "{rows:?}");
    })
    .await;
}

/// Composite keys: the identity map, relationships, updates, deletes.
#[tokio::test]
async fn composite_keys() {
    on_every_backend(async |db| {
        let db = db.with(keys::rooms()).await;
        let mut session = db.session();
        let room =
            |number: i32| new!(Room { building: "A", number, seats: 10, meetings: [new!(Meeting { topic: "x" })] });
        let rooms = session.add_all([1, 2, 3].map(room));
        session.commit().await.unwrap();
        assert_statements(&db.log, ["INSERT rooms x3", "INSERT meetings x3"]);
        assert_eq!(session.get::<Room>(("A".to_string(), 2)).await.unwrap(), Some(rooms[1]));
        assert_statements(&db.log, []);

        rooms.iter().for_each(|&room| session[room].seats += 1);
        session.commit().await.unwrap();
        assert_statements(&db.log, ["UPDATE rooms (seats) x3"]);

        let meeting = session.entities(rooms[0], Room::meetings)[0];
        session.push(rooms[1], Room::meetings, meeting);
        session.delete(rooms[2]);
        session.commit().await.unwrap();
        let stored = db.rows("SELECT building, number FROM meetings ORDER BY number").await;
        assert_eq!(stored.iter().filter(|row| *row == "A|2").count(), 2);
        assert_eq!(stored.iter().filter(|row| *row == "NULL|NULL").count(), 1);

        session.delete(rooms[0]);
        session.delete(rooms[1]);
        db.log.clear();
        session.commit().await.unwrap();
        assert_statements(&db.log, ["UPDATE meetings (building, number) x2", "DELETE rooms x2"]);
    })
    .await;
}

/// `PartialNullPKTest.test_plain_update`: a key column is never an `Option`, but a type of a user's own may
/// give `NULL` for it, and SQLite stores that. Such a row has no identity: an UPDATE could not name it.
#[tokio::test]
async fn a_key_that_holds_null() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Part]).await;
        let mut session = db.session();
        let part = session.add(new!(Part { name: "screw", variant: Variant(None), weight: 1 }));
        if let Err(error) = session.flush().await {
            assert!(error.is_not_null_violation(), "{error:?}");
            return;
        }
        db.log.clear();

        session[part].weight = 2;
        let error = session.flush().await.unwrap_err();

        assert_eq!(error.kind(), retro_core::ErrorKind::InvalidState, "{error:?}");
        assert!(error.to_string().contains("a Part whose primary key holds NULL cannot be updated"), "{error}");
        assert_statements(&db.log, []);
        session.rollback().await.unwrap();
    })
    .await;
}

/// A key that is changed to one that another entity has is refused by the database, and the session
/// recovers.
#[tokio::test]
async fn a_key_that_is_taken() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let [a, _] = [(1, "a"), (2, "b")].map(|(id, name)| session.add(new!(Country { id, name })));
        session.commit().await.unwrap();

        session[a].id = 2;
        let error = session.commit().await.unwrap_err();

        assert!(error.is_unique_violation(), "{error:?}");
        session.rollback().await.unwrap();
        assert_eq!(session[a].id, 1);
        assert_eq!(session.get::<Country>(1).await.unwrap(), Some(a));
    })
    .await;
}

/// `NaturalPKTest.test_manytomany_nonpassive`: association rows whose foreign keys follow are changed once, by
/// the database, and are known by the new key from then on.
#[tokio::test]
async fn association_rows_follow_their_keys() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Stamp, StampAlbum, StampPlace]).await;
        let mut session = db.session();
        let stamp = |code: &str| new!(Stamp { code });
        let album = session.add(new!(StampAlbum { code: "a", stamps: ["x", "y"].map(stamp) }));
        session.commit().await.unwrap();
        let [x, y] = session.entities(album, StampAlbum::stamps)[..] else { panic!() };
        db.log.clear();

        session[album].code = "b".into();
        session[x].code = "z".into();
        session.flush().await.unwrap();
        assert_statements(&db.log, ["UPDATE stamp_albums (code)", "UPDATE stamps (code)"]);
        session.flush().await.unwrap();
        assert_statements(&db.log, []);

        session.remove(album, StampAlbum::stamps, y);
        session.push(album, StampAlbum::stamps, stamp("n"));
        session.commit().await.unwrap();
        let stored = db.rows("SELECT album_code, stamp_code FROM stamp_places ORDER BY stamp_code").await;
        assert_eq!(stored, ["b|n", "b|z"]);
    })
    .await;
}

/// `NaturalPKTest.test_onetomany_nonpassive` has no equal: foreign keys are always checked, so rows that do
/// not follow a key keep it from changing. The error says so, and a rollback takes the key back.
#[tokio::test]
async fn a_key_that_is_referred_to() {
    on_every_backend(async |db| {
        let db = db.with(keys::currencies()).await;
        let mut session = db.session();
        let eur = session.add(new!(Currency { code: "EUR", name: "Euro", regions: [new!(Region { code: "DE" })] }));
        session.commit().await.unwrap();

        session[eur].code = "EU".into();
        let error = session.commit().await.unwrap_err();

        assert!(error.is_foreign_key_violation(), "{error:?}");
        session.rollback().await.unwrap();
        assert_eq!(session[eur].code, "EUR");
    })
    .await;
}

/// A generated key may be given by hand.
#[tokio::test]
async fn a_generated_key_given_by_hand() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let products: Vec<Product> =
            vec![new!(Product { id: 40, name: "a", year: 1 }), new!(Product { name: "b", year: 1 })];
        let acorn = session.add(new!(Manufacturer { id: 7, name: "Acorn", products }));
        session.commit().await.unwrap();

        assert_eq!(session[acorn].id, 7);
        let [a, b] = session.entities(acorn, Manufacturer::products)[..] else { panic!() };
        assert_eq!(session[a].id, 40);
        assert_ne!(session[b].id, 0);
        assert_eq!(db.log.count(Verb::Insert), 3);
        assert_eq!(session.get::<Product>(40).await.unwrap(), Some(a));
    })
    .await;
}
