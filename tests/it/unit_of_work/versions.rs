//! Optimistic locking.

use retro_core::prelude::*;
use retro_tests::models::features::{Document, Job, Remark, Setting};
use retro_tests::{Db, assert_statements, on_every_backend};

async fn documents(db: Db, titles: &[&str]) -> (Db, Session, Vec<Entity<Document>>) {
    let db = db.with(metadata![Document, Remark]).await;
    let mut session = db.session();
    let documents = session.add_all(titles.iter().map(|&title| new!(Document { title })));
    session.commit().await.unwrap();
    db.log.clear();
    (db, session, documents)
}

/// `VersioningTest.test_basic`
#[tokio::test]
async fn stale_update() {
    on_every_backend(async |db| {
        let (db, mut session, documents) = documents(db, &["a", "b"]).await;
        assert_eq!(session[documents[0]].version, 1);
        let mut other = db.session();
        let theirs = other.get::<Document>(1).await.unwrap().unwrap();
        other[theirs].title = "theirs".into();
        other.commit().await.unwrap();
        assert_eq!(other[theirs].version, 2);

        session[documents[0]].title = "ours".into();
        session[documents[1]].title = "ours".into();
        let error = session.commit().await.unwrap_err();

        assert!(error.is_stale_data(), "{error:?}");
        assert_eq!(error.entity(), Some("Document (id = 1)"));
        let text = error.to_string();
        for part in ["original 'a'", "ours 'ours'", "theirs 'theirs'"] {
            assert!(text.contains(part) || text.contains(&part.replace('\'', "\"")), "{part} in {text}");
        }
        session.rollback().await.unwrap();
        assert_eq!(session[documents[0]].title, "a");
        session.refresh(documents[0]).await.unwrap();
        session[documents[0]].title = "ours".into();
        session.commit().await.unwrap();
        other.refresh(theirs).await.unwrap();
        assert_eq!((other[theirs].title.as_str(), other[theirs].version), ("ours", 3));
    })
    .await;
}

/// The same for a batch of deletes.
#[tokio::test]
async fn stale_delete() {
    on_every_backend(async |db| {
        let (db, mut session, documents) = documents(db, &["a", "b", "c"]).await;
        db.execute("UPDATE documents SET version = 2 WHERE id = 2").await;

        documents.iter().for_each(|&document| session.delete(document));
        let error = session.commit().await.unwrap_err();

        assert!(error.is_stale_data(), "{error:?}");
        assert_eq!(error.entity(), Some("Document (id = 2)"));
        session.rollback().await.unwrap();
        assert!(documents.iter().all(|&document| session.contains(document)));
        assert_eq!(db.rows("SELECT COUNT(*) FROM documents").await, ["3"]);
    })
    .await;
}

/// `VersioningTest.test_versioncheck`
#[tokio::test]
async fn get_for_update_checks_the_version() {
    on_every_backend(async |db| {
        let (db, mut session, documents) = documents(db, &["a", "b"]).await;
        db.execute("UPDATE documents SET title = 'theirs', version = 2 WHERE id = 1").await;

        let error = session.get_for_update::<Document>(1).await.unwrap_err();
        assert!(error.is_stale_data(), "{error:?}");
        assert_eq!(error.entity(), Some("Document (id = 1)"));
        assert_eq!((session[documents[0]].title.as_str(), session[documents[0]].version), ("a", 1));

        session.refresh(documents[0]).await.unwrap();
        assert_eq!(session.get_for_update::<Document>(1).await.unwrap(), Some(documents[0]));
        session[documents[0]].title.push('!');
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT title, version FROM documents WHERE id = 1").await, ["theirs!|3"]);

        assert_eq!(session.get_for_update::<Document>(2).await.unwrap(), Some(documents[1]));
        assert_eq!(session.get_for_update::<Document>(99).await.unwrap(), None);
        session.rollback().await.unwrap();
    })
    .await;
}

/// Without a version there is nothing to be stale: the entity takes the row's values, save what was changed.
#[tokio::test]
async fn get_for_update_reads_the_row() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Job]).await;
        let mut session = db.session().with_autoflush(false);
        let job = session.add(new!(Job { name: "a", status: "s" }));
        session.commit().await.unwrap();
        session[job].name = "ours".into();
        db.execute("UPDATE jobs SET name = 'theirs', status = 'theirs', attempts = 7").await;
        db.log.clear();

        assert_eq!(session.get_for_update::<Job>(1).await.unwrap(), Some(job));
        assert_statements(&db.log, ["SELECT jobs"]);
        assert_eq!((session[job].name.as_str(), session[job].status.as_str()), ("ours", "theirs"));
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT name, status, attempts FROM jobs").await, ["ours|theirs|7"]);

        db.execute("DELETE FROM jobs").await;
        assert_eq!(session.get_for_update::<Job>(1).await.unwrap(), None);
        assert!(!session.known::<Job>().contains(&job));
        session.rollback().await.unwrap();
        assert!(session.known::<Job>().contains(&job));
    })
    .await;
}

/// Who wants to change a locked row waits for the end of the transaction that locked it.
#[tokio::test]
async fn get_for_update_locks_the_row() {
    on_every_backend(async |db| {
        let (db, mut session, documents) = documents(db, &["a"]).await;
        let locked = session.get_for_update::<Document>(1).await.unwrap();
        assert_eq!(locked, Some(documents[0]));

        let engine = db.engine.clone();
        let other = tokio::spawn(async move {
            let mut other = Session::new(&engine);
            let theirs = other.get_for_update::<Document>(1).await.unwrap().unwrap();
            other[theirs].title.push('2');
            other.commit().await.unwrap();
        });
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        assert!(!other.is_finished());
        session[documents[0]].title.push('1');
        session.commit().await.unwrap();
        other.await.unwrap();

        assert_eq!(db.rows("SELECT title, version FROM documents").await, ["a12|3"]);
    })
    .await;
}

/// `VersioningTest.test_bump_version`
#[tokio::test]
async fn the_committed_version_counts() {
    on_every_backend(async |db| {
        let (db, mut session, documents) = documents(db, &["a", "b"]).await;

        session[documents[0]].version = 40;
        session[documents[0]].title = "c".into();
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT version FROM documents WHERE id = 1").await, ["2"]);
        assert_eq!(session[documents[0]].version, 2);

        session[documents[1]].version = 40;
        session.delete(documents[1]);
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT id FROM documents").await, ["1"]);
    })
    .await;
}

/// Nor does a version that is set by hand and nothing else: it is no change, and does not stay.
#[tokio::test]
async fn a_version_alone_is_no_change() {
    on_every_backend(async |db| {
        let (db, mut session, documents) = documents(db, &["a"]).await;

        session[documents[0]].version = 40;
        session.commit().await.unwrap();
        assert_statements(&db.log, []);
        assert_eq!(session[documents[0]].version, 1);

        session[documents[0]].title = "b".into();
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT title, version FROM documents").await, ["b|2"]);
    })
    .await;
}

/// `NoBumpOnRelationshipTest.test_plain_counter`
#[tokio::test]
async fn a_new_child_does_not_count() {
    on_every_backend(async |db| {
        let (db, mut session, documents) = documents(db, &["a"]).await;

        session.push(documents[0], Document::remarks, new!(Remark { text: "hm" }));
        session.commit().await.unwrap();

        assert_statements(&db.log, ["INSERT remarks"]);
        assert_eq!(session[documents[0]].version, 1);
    })
    .await;
}

/// `VersionOnPostUpdateTest.test_o2m_post_update_not_assoc_w_insert`
#[tokio::test]
async fn post_update_with_the_insert_does_not_count() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Document, Remark]).await;
        let mut session = db.session();
        let document = session.add(new!(Document { title: "a" }));
        let remark = session.push(document, Document::remarks, new!(Remark { text: "hm" }));
        session.set(document, Document::pinned, remark);
        session.commit().await.unwrap();

        assert_statements(&db.log, ["INSERT documents", "INSERT remarks", "UPDATE documents (pinned_id)"]);
        assert_eq!(db.rows("SELECT version FROM documents").await, ["1"]);
        assert_eq!(session[document].version, 1);
    })
    .await;
}

/// `PostUpdateVersioningTest.test_bumped_version_id_on_delete`
#[tokio::test]
async fn post_update_and_delete() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Document, Remark]).await;
        let mut session = db.session();
        let document = session.add(new!(Document { title: "a" }));
        let remark = session.push(document, Document::remarks, new!(Remark { text: "hm" }));
        session.set(document, Document::pinned, remark);
        session.commit().await.unwrap();
        session[document].title = "b".into();
        session.flush().await.unwrap();

        session.delete(document);
        session.delete(remark);
        session.commit().await.unwrap();

        assert!(db.rows("SELECT id FROM documents").await.is_empty());
        assert!(db.rows("SELECT id FROM remarks").await.is_empty());
    })
    .await;
}

/// A post-update of a row that exists is a change like any other: it is guarded and counted.
#[tokio::test]
async fn versions_count_up_in_batches() {
    on_every_backend(async |db| {
        let (db, mut session, documents) = documents(db, &["a", "b", "c"]).await;

        documents.iter().for_each(|&document| session[document].title.push('!'));
        session.commit().await.unwrap();

        assert_statements(&db.log, ["UPDATE documents (title, version) x3"]);
        assert!(documents.iter().all(|&document| session[document].version == 2));
        documents.iter().for_each(|&document| session.delete(document));
        session.commit().await.unwrap();
        assert_statements(&db.log, ["DELETE documents x3"]);
    })
    .await;
}

/// A rollback takes the version back too.
#[tokio::test]
async fn rollback_restores_the_version() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Setting]).await;
        let mut session = db.session();
        let theme = session.add(new!(Setting { name: "theme", value: "dark" }));
        session.commit().await.unwrap();

        session[theme].value = "light".into();
        session.flush().await.unwrap();
        assert_eq!(session[theme].version, 2);
        session.rollback().await.unwrap();

        assert_eq!((session[theme].value.as_str(), session[theme].version), ("dark", 1));
        session[theme].value = "blue".into();
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT value, version FROM settings").await, ["blue|2"]);
    })
    .await;
}

/// A row that was deleted by another session: the update is stale too.
#[tokio::test]
async fn gone_row() {
    on_every_backend(async |db| {
        let (db, mut session, documents) = documents(db, &["a"]).await;
        db.execute("DELETE FROM documents").await;

        session.delete(documents[0]);
        let error = session.commit().await.unwrap_err();

        assert!(error.is_stale_data(), "{error:?}");
        assert!(error.to_string().contains("gone"), "{error}");
    })
    .await;
}
