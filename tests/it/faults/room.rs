//! No room: the disk is full, or the server has no connection left.

use std::time::Duration;

use retro_core::prelude::*;
use retro_tests::models::ledger::{Ballast, Ledger, add_batch, audit, metadata};
use retro_tests::{Backend, Db, Kind, OwnServer, Random, SmallDisk};

/// Adds batches until there is no room, and looks at what is left: every batch that was committed, whole.
async fn until_it_is_full(db: &Db, engine: &Engine) -> Session {
    let mut random = Random::new(1);
    let mut session = Session::new(engine);
    let mut last = 0;
    let error = loop {
        // Nothing that could be compressed.
        let body: String = (0..60_000).map(|_| char::from(b'!' + random.below(90) as u8)).collect();
        session.add(new!(Ballast { body }));
        match add_batch(&mut session, 20).await {
            Ok(number) => last = number,
            Err(error) => break error,
        }
    };
    println!("{}: full after {last} batches: {error}", db.backend());
    assert_eq!(error.kind(), retro_core::ErrorKind::Database, "{error:?}");
    assert!(!error.is_outcome_unknown(), "{error:?}");
    assert!(["flush, INSERT of", "commit: "].iter().any(|what| error.to_string().contains(what)), "{error:?}");
    session.rollback().await.unwrap();
    assert!(last > 3, "{last} batches: there was no room from the beginning");
    assert_eq!(audit(db).await, last);
    let ledger = session.get::<Ledger>(1).await.unwrap().unwrap();
    assert_eq!(session[ledger].batches, last);
    db.quiet(engine).await;
    session
}

/// Goes on when there is room again.
async fn goes_on(db: &Db, mut session: Session) {
    let count = audit(db).await;
    assert_eq!(add_batch(&mut session, 3).await.unwrap(), count + 1);
    assert_eq!(audit(db).await, count + 1);
}

/// SQLite takes no more pages.
#[tokio::test]
async fn in_a_file() {
    let db = Db::create(Backend::Sqlite).await.with(metadata()).await;
    let engine = db.engine_builder().on_connect("PRAGMA max_page_count = 300").connect().await.unwrap();
    let session = until_it_is_full(&db, &engine).await;
    db.execute("DELETE FROM ballast").await;
    goes_on(&db, session).await;
    engine.close().await;
    db.remove().await;
}

/// The disk under SQLite is full.
#[tokio::test]
async fn on_a_disk() {
    let Some(disk) = SmallDisk::mount(2048) else {
        println!("no file system may be mounted here: only the number of pages was limited");
        return;
    };
    let reserve = disk.path().join("reserve");
    std::fs::write(&reserve, vec![1; 256 * 1024]).unwrap();
    let db = Db::in_directory(disk.path()).await.with(metadata()).await;
    let session = until_it_is_full(&db, &db.engine).await;
    std::fs::remove_file(reserve).unwrap();
    goes_on(&db, session).await;
    db.remove().await;
}

#[tokio::test]
async fn on_a_server() {
    for kind in Kind::all() {
        let mut server = OwnServer::new(kind).with_little_room();
        server.start().await;
        let db = Db::create(server.backend()).await.with(metadata()).await;
        let session = until_it_is_full(&db, &db.engine).await;
        db.execute("TRUNCATE TABLE ballast").await;
        goes_on(&db, session).await;
    }
}

/// The pool may have more connections than the server gives.
#[tokio::test]
async fn for_another_connection() {
    for kind in Kind::all() {
        let mut server = OwnServer::new(kind).with("max_connections=10");
        server.start().await;
        let db = Db::create(server.backend()).await.with(metadata()).await;
        let builder = db.engine_builder().max_connections(20).acquire_timeout(Duration::from_secs(1));
        let engine = builder.connect().await.unwrap();
        let mut sessions = Vec::new();
        let error = loop {
            assert!(sessions.len() < 20, "the server gives as many as it likes");
            let mut session = Session::new(&engine);
            match session.count(select(Ballast)).await {
                Ok(_) => sessions.push(session),
                Err(error) => break error,
            }
        };
        assert!(error.is_disconnected(), "{error:?}");
        assert!(error.to_string().contains("connection left"), "{error:?}");
        drop(sessions.pop());
        while engine.status().idle == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut session = Session::new(&engine);
        session.add(new!(Ballast { body: "light" }));
        session.commit().await.unwrap();
    }
}
