//! The database refuses a row of a unit of work, whichever it is, or its COMMIT.

use retro_core::prelude::*;
use retro_tests::models::shop::Country;
use retro_tests::{Backend, Capability, Db, Fuse, on_every_backend};

use super::unit::{Unit, shop};

const TABLES: [&str; 4] = ["manufacturers", "products", "product_details", "products_countries"];

#[tokio::test]
async fn of_any_row() {
    on_every_backend(async |db| {
        let db = shop(db).await;
        let fuse = Fuse::install(&db, &TABLES).await;
        for number in 1.. {
            let unit = Unit::build(&db, number.to_string()).await;
            let mut session = db.session();
            let cast = unit.load(&mut session).await.unwrap();
            let before = unit.memory(&mut session, &cast);
            fuse.blows_at(number).await;
            let result = unit.work(&mut session, &cast).await;
            session.rollback().await.unwrap();
            fuse.blows_at(0).await;
            let Err(error) = result else {
                assert_eq!(unit.stored(&db).await, unit.after());
                println!("{}: {} rows refused", db.backend(), number - 1);
                assert!(number > 10, "the unit writes more rows than {number}");
                break;
            };
            let text = error.to_string();
            assert!(text.contains(Fuse::MESSAGE) && text.contains("flush, "), "row {number}: {error:?}");
            assert!(!error.is_outcome_unknown() && !error.is_disconnected(), "row {number}: {error:?}");
            assert_eq!(unit.stored(&db).await, unit.before(), "row {number}");
            assert_eq!(unit.memory(&mut session, &cast), before, "row {number}");
            unit.go_on(&db, &mut session, &cast).await;
            db.quiet(&db.engine).await;
        }
    })
    .await;
}

/// A refusal that ends the whole transaction, though there is a savepoint: nothing can be saved, and
/// nothing is written outside of it.
#[tokio::test]
async fn of_everything() {
    let db = shop(Db::create(Backend::Sqlite).await).await;
    let fatal =
        "CREATE TRIGGER fatal BEFORE INSERT ON countries WHEN NEW.id = 13 BEGIN SELECT RAISE(ROLLBACK, 'fatal'); END";
    db.execute(fatal).await;
    let unit = Unit::build(&db, "fatal".into()).await;
    let mut session = db.session();
    let cast = unit.load(&mut session).await.unwrap();
    let before = unit.memory(&mut session, &cast);
    unit.change(&mut session, &cast);
    let nested = session.nested(async |session| {
        session.add(new!(Country { id: 13, name: "fatal" }));
        session.flush().await.map(drop)
    });
    let first = nested.await.unwrap_err();
    assert!(first.to_string().contains("fatal"), "{first:?}");
    session.add(new!(Country { id: 14, name: "outside" }));
    let refused = session.commit().await.unwrap_err();
    assert!(refused.is_rolled_back() && refused.to_string().contains(&first.to_string()), "{refused:?}");
    session.rollback().await.unwrap();
    assert_eq!(unit.memory(&mut session, &cast), before);
    assert_eq!(unit.stored(&db).await, unit.before());
    assert_eq!(db.rows("SELECT COUNT(*) FROM countries").await, ["2"]);
    unit.go_on(&db, &mut session, &cast).await;
    db.remove().await;
}

#[tokio::test]
async fn of_a_commit() {
    on_every_backend(async |db| {
        if !db.can(Capability::DefersChecks) {
            return;
        }
        let db = shop(db).await;
        let fuse = Fuse::install(&db, &TABLES).await;
        let unit = Unit::build(&db, "refused".into()).await;
        let mut session = db.session();
        let cast = unit.load(&mut session).await.unwrap();
        let before = unit.memory(&mut session, &cast);
        fuse.blows_at_commit().await;

        let error = unit.work(&mut session, &cast).await.unwrap_err();
        assert!(error.is_foreign_key_violation() && !error.is_outcome_unknown(), "{error:?}");
        assert!(error.to_string().starts_with("commit: "), "{error:?}");
        assert!(session.commit().await.unwrap_err().is_rolled_back());
        session.rollback().await.unwrap();
        assert_eq!(unit.memory(&mut session, &cast), before);
        fuse.blows_at(0).await;
        assert_eq!(unit.stored(&db).await, unit.before());
        unit.go_on(&db, &mut session, &cast).await;
        db.quiet(&db.engine).await;
    })
    .await;
}
