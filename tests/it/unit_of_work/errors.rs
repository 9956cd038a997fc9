//! What a database refuses is said in the words of the model.

use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_tests::models::features::Job;
use retro_tests::models::keys::{self, Meeting, Room};
use retro_tests::models::shop::{self, Country, Manufacturer, Product};
use retro_tests::{Capability, on_every_backend};

/// A unique constraint: model, column, constraint and entity, also in a batch.
#[tokio::test]
async fn unique() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        session.add_all([(1, "a"), (2, "b"), (3, "a")].map(|(id, name)| new!(Country { id, name })));

        let error = session.commit().await.unwrap_err();

        assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{error:?}");
        assert_eq!((error.model(), error.columns()), (Some("Country"), &["name"][..]));
        assert_eq!(error.constraint(), Some("uq_countries_name"));
        assert_eq!(error.entity(), Some("Country (id = 3)"));
        assert!(error.is_integrity());
    })
    .await;
}

/// A primary key that is taken.
#[tokio::test]
async fn primary_key() {
    on_every_backend(async |db| {
        let db = db.with(keys::rooms()).await;
        db.execute("INSERT INTO rooms (building, number, seats) VALUES ('A', 1, 1)").await;
        let mut session = db.session();
        session.add(new!(Room { building: "A", number: 1, seats: 2 }));

        let error = session.commit().await.unwrap_err();

        assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{error:?}");
        assert_eq!((error.model(), error.columns()), (Some("Room"), &["building", "number"][..]));
        assert!(error.entity().is_some_and(|entity| entity.starts_with("Room (")), "{error:?}");
    })
    .await;
}

/// A foreign key that names nothing.
#[tokio::test]
async fn foreign_key() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        session.add(new!(Product { name: "p", year: 1, manufacturer_id: 99 }));

        let error = session.commit().await.unwrap_err();

        assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error:?}");
        assert_eq!(error.model(), Some("Product"));
        if db.can(Capability::NamesForeignKey) {
            assert_eq!(error.columns(), ["manufacturer_id"]);
            assert_eq!(error.constraint(), Some("fk_products_manufacturer_id_manufacturers"));
        }
        assert!(error.to_string().contains("Product"), "{error}");
    })
    .await;
}

/// A composite foreign key that names nothing.
#[tokio::test]
async fn composite_foreign_key() {
    on_every_backend(async |db| {
        let db = db.with(keys::rooms()).await;
        let mut session = db.session();
        session.add(new!(Meeting { topic: "t", building: "A", number: 9 }));
        let error = session.commit().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error:?}");
        assert_eq!(error.model(), Some("Meeting"));
    })
    .await;
}

/// A child without the parent that it needs.
#[tokio::test]
async fn not_null() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        session.add(new!(Manufacturer { name: "Acorn" }));
        session.add(new!(Product { name: "p", year: 1 }));

        let error = session.commit().await.unwrap_err();

        // No parent was given, and 0 names none.
        assert!(error.is_integrity(), "{error:?}");
        assert_eq!(error.model(), Some("Product"));
        session.rollback().await.unwrap();
    })
    .await;
}

/// A check constraint.
#[tokio::test]
async fn check() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Job]).await;
        let mut session = db.session();
        let job = session.add(new!(Job { name: "j" }));
        session.commit().await.unwrap();
        session[job].attempts = -1;

        let error = session.commit().await.unwrap_err();

        assert_eq!(error.kind(), ErrorKind::CheckViolation, "{error:?}");
        assert_eq!(error.model(), Some("Job"));
        assert_eq!(error.constraint(), Some("ck_jobs_attempts_not_negative"));
        assert_eq!(error.entity(), Some("Job (id = 1)"));
        session.rollback().await.unwrap();
        assert_eq!(session[job].attempts, 0);
    })
    .await;
}

/// The first error is the one that is reported, and a rollback heals.
#[tokio::test]
async fn errors_of_a_commit_can_be_handled() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        for _ in 0..3 {
            let mut session = db.session();
            session.add(new!(Country { id: 1, name: "USA" }));
            match session.commit().await {
                Ok(()) => {}
                Err(error) if error.is_unique_violation() => session.rollback().await.unwrap(),
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!(db.rows("SELECT name FROM countries").await, ["USA"]);
    })
    .await;
}
