//! Only what changed is written: the old value is compared with the new one, column by column.

use retro_core::prelude::*;
use retro_core::value::Text;
use retro_tests::models::features::{Address, Colour, Job, Profile, Setting};
use retro_tests::models::shop::{self, Country, Product};
use retro_tests::{assert_statements, on_every_backend};

/// `SaveTest.test_dont_update_blanks`
#[tokio::test]
async fn dont_update_blanks() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Job]).await;
        let mut session = db.session();
        let job = session.add(new!(Job { name: "", status: "x" }));
        session.commit().await.unwrap();
        db.log.clear();

        session[job].name = String::new();
        session[job].attempts = 0;
        session.flush().await.unwrap();

        assert_statements(&db.log, []);
    })
    .await;
}

/// `IsModifiedTest.test_is_modified`
#[tokio::test]
async fn is_modified() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Job]).await;
        let mut session = db.session();
        let job = session.add(new!(Job { name: "build", status: "x" }));
        session.commit().await.unwrap();
        db.log.clear();

        session[job].name = "other".into();
        assert!(session.is_modified(job));
        session[job].name = "build".into();
        assert!(!session.is_modified(job));
        assert!(session.history(job).is_empty());
        session.commit().await.unwrap();

        assert_statements(&db.log, []);
    })
    .await;
}

/// `BinaryHistTest.test_binary_equality`
#[tokio::test]
async fn binary_equality() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Job]).await;
        let mut session = db.session();
        let job = session.add(new!(Job { name: "build", status: "x", payload: vec![1, 2, 3] }));
        session.commit().await.unwrap();
        session.expunge_all();
        let job = session.get::<Job>(session_key(&session, job)).await.unwrap().unwrap();
        db.log.clear();

        session[job].payload = Some(vec![1, 2, 3]);
        session.flush().await.unwrap();
        assert_statements(&db.log, []);

        session[job].payload = Some(vec![1, 2]);
        session.flush().await.unwrap();
        assert_statements(&db.log, ["UPDATE jobs (revision, payload)"]);
    })
    .await;
}

/// Keys of rows in an empty table begin at 1.
fn session_key(_: &Session, _: Entity<Job>) -> i32 {
    1
}

/// `TypeWoBoolTest.test_no_update_no_change`: types of a user's own are compared by what is stored of them.
#[tokio::test]
async fn untouched_columns_of_custom_types() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Profile]).await;
        let mut session = db.session();
        session.add(new!(Profile {
            name: "Ada",
            colour: Colour(1, 2, 3),
            address: Text(Address("Main St. 1".into())),
            settings: Json(vec!["dark".to_string()]),
        }));
        session.commit().await.unwrap();
        session.expunge_all();
        let ada = session.one(select(Profile)).await.unwrap();
        db.log.clear();

        session[ada].name = "Ada L.".into();
        session[ada].colour = Colour(1, 2, 3);
        session.commit().await.unwrap();
        assert_statements(&db.log, ["UPDATE profiles (name)"]);

        session[ada].colour = Colour(1, 2, 4);
        session[ada].settings.push("large".into());
        session.commit().await.unwrap();
        assert_statements(&db.log, ["UPDATE profiles (colour, settings)"]);
    })
    .await;
}

/// `NullEvaluatingTest.test_evalnull_nodefault_insert_novalue`: a JSON column that is never set holds SQL's
/// `NULL`; one that is set to JSON's null holds that.
#[tokio::test]
async fn json_null_is_not_sql_null() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Profile]).await;
        let mut session = db.session();
        session.add(new!(Profile { name: "unset" }));
        session.add(new!(Profile { name: "set", extra: Json(serde_json::Value::Null) }));
        session.commit().await.unwrap();

        let unset = "SELECT name FROM profiles WHERE extra IS NULL";
        assert_eq!(db.rows(unset).await, ["unset"]);
        session.expunge_all();
        let profiles = session.all(select(Profile).order_by(Profile::name)).await.unwrap();
        assert_eq!(session[profiles[0]].extra, Some(Json(serde_json::Value::Null)));
        assert_eq!(session[profiles[1]].extra, None);
        db.log.clear();

        session[profiles[0]].extra = None;
        session.commit().await.unwrap();
        assert_statements(&db.log, ["UPDATE profiles (extra)"]);
        assert_eq!(db.rows(unset).await.len(), 2);
    })
    .await;
}

/// An UPDATE names the columns that changed and no others.
#[tokio::test]
async fn update_names_changed_columns_only() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let c64 = session.add(new!(Product {
            name: "C64",
            year: 1983,
            manufacturer: shop::Manufacturer { name: "Commodore".into(), ..Default::default() },
        }));
        session.commit().await.unwrap();
        db.log.clear();

        session[c64].year = 1982;
        let changes = session.history(c64);
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].field, "year");
        assert_eq!(session.committed(c64, Product::year).unwrap(), 1983);
        session.commit().await.unwrap();

        assert_statements(&db.log, ["UPDATE products (year)"]);
        assert_eq!(db.rows("SELECT name, year FROM products").await, ["C64|1982"]);
    })
    .await;
}

/// `ExpireTest.test_expire_doesntload_on_set`
#[tokio::test]
async fn expire_doesnt_load_on_set() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let usa = session.add(new!(Country { id: 1, name: "USA" }));
        session.commit().await.unwrap();
        session.expire(usa).unwrap();
        db.log.clear();

        session[usa].name = "United States".into();
        session.commit().await.unwrap();

        assert_statements(&db.log, ["UPDATE countries (name)"]);
        assert_eq!(db.rows("SELECT name FROM countries").await, ["United States"]);
    })
    .await;
}

/// What a server default and an UPDATE fill in is in memory after the flush, without being a change.
#[tokio::test]
async fn values_of_the_database_come_back_with_the_flush() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Job]).await;
        let mut session = db.session();
        let jobs = session.add_all(["a", "b"].map(|name| new!(Job { name })));
        session.flush().await.unwrap();
        for &job in &jobs {
            assert_eq!(session[job].status, "new");
            assert!(!session.is_modified(job));
        }
        assert_eq!(session[jobs[0]].revision, 0);

        session[jobs[0]].name = "c".into();
        session.commit().await.unwrap();
        let revision = session[jobs[0]].revision;
        assert!(revision > 0);
        assert_eq!(session[jobs[1]].revision, 0);
        let stored = db.rows("SELECT name, status, revision FROM jobs ORDER BY name").await;
        assert_eq!(stored, ["b|new|0".to_string(), format!("c|new|{revision}")]);

        db.log.clear();
        session.commit().await.unwrap();
        assert_statements(&db.log, []);
    })
    .await;
}

/// An on-update value is written only with a change of something else, and not over one set by hand.
#[tokio::test]
async fn on_update_yields_to_what_was_set() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Job]).await;
        let mut session = db.session();
        let job = session.add(new!(Job { name: "a" }));
        session.commit().await.unwrap();

        session[job].name = "b".into();
        session[job].revision = 1_000_000;
        session.commit().await.unwrap();

        assert_eq!(session[job].revision, 1_000_000);
        assert_eq!(db.rows("SELECT revision FROM jobs").await, ["1000000"]);
    })
    .await;
}

/// A value that was set and set back writes nothing, also for a versioned row.
#[tokio::test]
async fn a_change_taken_back_is_no_change() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Setting]).await;
        let mut session = db.session();
        let theme = session.add(new!(Setting { name: "theme", value: "dark" }));
        session.commit().await.unwrap();
        db.log.clear();

        session[theme].value = "light".into();
        session[theme].value = "dark".into();
        session.commit().await.unwrap();

        assert_statements(&db.log, []);
        assert_eq!(session[theme].version, 1);
    })
    .await;
}

/// A new entity has no old values.
#[tokio::test]
async fn history_of_a_new_entity() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let usa = session.add(new!(Country { id: 1, name: "USA" }));

        assert!(session.is_modified(usa));
        let changes = session.history(usa);
        assert_eq!(changes.iter().map(|change| change.field).collect::<Vec<_>>(), ["id", "name"]);
        assert!(changes.iter().all(|change| change.old.is_none()));

        session.flush().await.unwrap();
        assert!(session.history(usa).is_empty());
    })
    .await;
}
