//! Rows one by one.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use retro_core::prelude::*;
use retro_core::{Dialect, ErrorKind};
use retro_tests::cancel::poll_and_drop;
use retro_tests::models::shop::{Country, Manufacturer, Product, ProductView};
use retro_tests::{Db, Verb, assert_statements, on_every_backend};

use super::{assert_idle, everywhere, shop};

#[tokio::test]
async fn a_stream_gives_what_a_list_does() {
    everywhere(async |db| {
        let db = shop(db, 200).await;
        let mut session = db.session();
        let query = select((Product::name, Product::cpu, Product::year)).order_by(Product::id);
        let all = session.all(query.clone()).await.unwrap();
        db.log.clear();
        let mut rows = session.stream(query.clone()).await.unwrap();
        let mut streamed = Vec::new();
        while let Some(row) = rows.next().await.unwrap() {
            streamed.push(row);
        }
        assert!(rows.next().await.unwrap().is_none(), "the end stays the end");
        drop(rows);
        assert_eq!(streamed, all);
        assert_statements(&db.log, ["SELECT products"]);
        // And as any other stream.
        let names: Vec<String> = session
            .stream(query)
            .await
            .unwrap()
            .map_ok(|(name, ..)| name)
            .try_filter(|name| std::future::ready(name.ends_with('7')))
            .take(2)
            .try_collect()
            .await
            .unwrap();
        assert_eq!(names, ["product 0007", "product 0017"]);
        session.commit().await.unwrap();
        drop(session);
        assert_idle(&db).await;
    })
    .await;
}

#[tokio::test]
async fn entities_of_a_stream_join_the_session() {
    everywhere(async |db| {
        let db = shop(db, 30).await;
        let mut session = db.session();
        let known = session.first(select(Product).order_by(Product::id)).await.unwrap().unwrap();
        session[known].year = 1;
        db.log.clear();
        let query = select(Product).order_by(Product::id).options(joined(Product::manufacturer));
        let mut rows = session.stream(query).await.unwrap();
        let mut found = Vec::new();
        while let Some(product) = rows.next().await.unwrap() {
            // What the stream has found is read through it.
            let view: ProductView<'_> = rows.view(product);
            assert_eq!(view.manufacturer().name().is_empty(), rows[product].name.is_empty());
            found.push(product);
        }
        drop(rows);
        assert_statements(&db.log, ["UPDATE products", "SELECT products"]);
        assert_eq!((found.len(), found[0], session[known].year), (30, known, 1));
        assert_eq!((session.known::<Product>().len(), session.known::<Manufacturer>().len()), (30, 2));
        // They came together, so they are loaded together.
        for &product in &found {
            session.load(product, Product::countries).await.unwrap();
        }
        assert_eq!(db.log.count(Verb::Select), 1);
        // What is done to them later is written.
        session[found[1]].year = 2;
        session.commit().await.unwrap();
        let years = session.all(select(Product::year).order_by(Product::id).limit(2)).await.unwrap();
        assert_eq!(years, [1, 2]);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_loaded_with_a_stream_is_refused_before_anything_is_sent() {
    let db = shop(Db::in_memory().await, 3).await;
    let mut session = db.session();
    session.add(new!(Country { id: 7, name: "X" }));
    db.log.clear();
    let refused = async |session: &mut Session, query: Select<Entity<Product>>, name: &str, remedy: &str| {
        let error = session.stream(query).await.err().unwrap();
        let message = error.to_string();
        assert!(error.is_configuration(), "{message}");
        assert!(message.contains(name) && message.contains(remedy), "{message}");
        assert_eq!(error.model(), Some(name.split(':').next().unwrap()));
    };
    let products = || select(Product);
    let s = &mut session;
    refused(s, products().options(joined(Product::countries)), "Product::countries", "`lazy(").await;
    refused(s, products().options(selectin(Product::countries)), "Product::countries", "`lazy(").await;
    refused(s, products().options(subquery(Product::articles)), "Product::articles", "`lazy(").await;
    refused(s, products().options(selectin(Product::manufacturer)), "Product::manufacturer", "`joined(..)`").await;
    let beyond = joined(Product::manufacturer.then(Manufacturer::products));
    refused(s, products().options(beyond), "Manufacturer::products", "`lazy(").await;
    let distinct = products().distinct().options(joined(Product::manufacturer));
    refused(s, distinct, "Product::manufacturer", "distinct").await;
    assert!(session.partitions(select(Product).options(selectin(Product::countries)), 5).await.is_err());
    assert!(db.log.take_all().is_empty());
    // These send nothing by themselves.
    let options = (lazy(Product::countries), noload(Product::articles), raise(Product::manufacturer));
    let mut rows = session.stream(select(Product).options(options)).await.unwrap();
    let product = rows.next().await.unwrap().unwrap();
    assert!(rows.view(product).articles().is_empty());
    drop(rows);
    assert!(session.load(product, Product::manufacturer).await.unwrap_err().is_not_loaded());
    assert!(session.load(product, Product::countries).await.unwrap().is_empty());
}

/// Models whose defaults a stream cannot follow.
#[derive(Model, Debug, Clone)]
#[retro(table = "authors")]
struct Author {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 32)]
    name: String,
    #[retro(back_populates = author, lazy = "selectin")]
    texts: HasMany<Writing>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "writings")]
struct Writing {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Author::id)]
    author_id: i32,
    #[retro(key = author_id, back_populates = texts, lazy = "joined")]
    author: BelongsTo<Author>,
    #[retro(back_populates = writing, lazy = "joined")]
    notes: HasMany<Note>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "notes")]
struct Note {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Writing::id)]
    writing_id: i32,
    #[retro(key = writing_id, back_populates = notes)]
    writing: BelongsTo<Writing>,
}

#[tokio::test]
async fn defaults_that_cannot_be_followed_count_as_lazy() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Author, Writing, Note]).await;
        let mut session = db.session();
        let author = session.add(new!(Author { name: "A" }));
        for _ in 0..3 {
            let writing = session.push(author, Author::texts, Writing::default());
            session.push(writing, Writing::notes, Note::default());
        }
        session.commit().await.unwrap();
        let mut session = db.session();
        db.log.clear();
        let mut rows = session.stream(select(Writing)).await.unwrap();
        let mut found = Vec::new();
        while let Some(writing) = rows.next().await.unwrap() {
            assert_eq!(rows.view(writing).author().name(), "A", "a joined relationship to one is loaded");
            assert!(rows.view(writing).try_rel(Writing::notes).unwrap_err().is_not_loaded());
            found.push(writing);
        }
        drop(rows);
        assert_statements(&db.log, ["SELECT writings"]);
        assert_eq!(session.load(found[0], Writing::notes).await.unwrap().len(), 1);
        let author = session.entities(found[0], Writing::author);
        assert_eq!(session.load(author, Author::texts).await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_stream_dropped_between_two_rows_changes_nothing() {
    everywhere(async |db| {
        let db = shop(db, 2_000).await;
        for writes_before in [false, true] {
            let mut session = db.session();
            if writes_before {
                session.add(new!(Manufacturer { name: format!("maker {writes_before}") }));
            }
            for _ in 0..3 {
                let mut rows = session.stream(select(Product).order_by(Product::id)).await.unwrap();
                for _ in 0..10 {
                    rows.next().await.unwrap().unwrap();
                }
                drop(rows);
                assert_eq!(session.count(select(Product)).await.unwrap(), 2_000);
            }
            let product = session.known::<Product>()[0];
            session[product].year += 1;
            let mut rows = session.stream(select(Product::name)).await.unwrap();
            rows.next().await.unwrap().unwrap();
            drop(rows);
            session.commit().await.unwrap();
            drop(session);
            assert_idle(&db).await;
        }
        let mut session = db.session();
        assert_eq!(session.one(select(max(Product::year))).await.unwrap(), Some(1986));
        assert_eq!(session.one(select(Product::year).order_by(Product::id).limit(1)).await.unwrap(), 1982);
    })
    .await;
}

/// A row that is slow to come, on any database: for it all combinations of many rows are counted.
async fn slow(session: &mut Session) -> retro_core::session::RowStream<'_, i64> {
    let slow = text("SELECT COUNT(*) FROM products a, products b, products c WHERE a.id + b.id <> c.id").rows::<i64>();
    session.stream(slow).await.unwrap()
}

#[tokio::test]
async fn a_stream_dropped_while_it_waits_closes_its_connection() {
    on_every_backend(async |db| {
        let db = shop(db, 150).await;
        // A session that has only read goes on.
        let mut session = db.session();
        let mut rows = slow(&mut session).await;
        assert!(tokio::time::timeout(Duration::from_millis(20), rows.next()).await.is_err());
        drop(rows);
        assert_eq!(session.count(select(Product)).await.unwrap(), 150);
        session.commit().await.unwrap();
        // One that has written knows that its writes are lost.
        let maker = session.add(new!(Manufacturer { name: "lost" }));
        session.flush().await.unwrap();
        let mut rows = slow(&mut session).await;
        assert!(tokio::time::timeout(Duration::from_millis(20), rows.next()).await.is_err());
        drop(rows);
        assert!(session.count(select(Product)).await.unwrap_err().is_rolled_back());
        assert!(session.commit().await.unwrap_err().is_rolled_back());
        session.rollback().await.unwrap();
        assert!(!session.contains(maker));
        assert_eq!(session.count(select(Manufacturer)).await.unwrap(), 2);
        drop(session);
        assert_idle(&db).await;
    })
    .await;
}

/// A wait for a row that is given up is taken up again by the next one, as long as the stream lives.
#[tokio::test]
async fn a_wait_that_is_given_up_loses_no_row() {
    everywhere(async |db| {
        let db = shop(db, 300).await;
        let mut session = db.session();
        let mut rows = session.stream(select(Product::id).order_by(Product::id)).await.unwrap();
        let mut ids = Vec::new();
        loop {
            match poll_and_drop(1, rows.next()).await {
                Some(Ok(Some(id))) => ids.push(id),
                Some(Ok(None)) => break,
                Some(Err(error)) => panic!("{error}"),
                None => tokio::time::sleep(Duration::from_micros(100)).await,
            }
        }
        drop(rows);
        assert!(ids.len() == 300 && ids.is_sorted());
        let mut parts = session.partitions(select(Product::id).order_by(Product::id), 70).await.unwrap();
        let mut sizes = Vec::new();
        loop {
            match poll_and_drop(1, parts.next()).await {
                Some(part) => match part.unwrap() {
                    Some(part) => sizes.push(part.len()),
                    None => break,
                },
                None => tokio::time::sleep(Duration::from_micros(100)).await,
            }
        }
        assert_eq!(sizes, [70, 70, 70, 70, 20]);
    })
    .await;
}

/// A query that fails at the fifth row. No one mistake is an error of every database.
fn failing(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "SELECT year, json(CASE WHEN year = 1984 THEN '{' ELSE '1' END) FROM products ORDER BY id",
        _ => {
            "SELECT year, COALESCE((SELECT p.id FROM products p WHERE p.year = o.year AND o.year = 1984), 1) \
             FROM products o ORDER BY id"
        }
    }
}

#[tokio::test]
async fn an_error_in_the_middle_ends_the_stream() {
    on_every_backend(async |db| {
        let db = shop(db, 3_000).await;
        let mut session = db.session();
        // A value that does not fit its type.
        let mut rows = session
            .stream(text("SELECT id, cpu FROM products ORDER BY id DESC").rows::<(i32, String)>())
            .await
            .unwrap();
        let mut before = 0;
        let error = loop {
            match rows.next().await {
                Ok(Some(_)) => before += 1,
                Ok(None) => panic!("no error"),
                Err(error) => break error,
            }
        };
        assert_eq!((error.kind(), before), (ErrorKind::Conversion, 2), "{error}");
        assert!(rows.next().await.unwrap().is_none());
        drop(rows);
        assert_eq!(session.count(select(Product)).await.unwrap(), 3_000);
        // One that the database meets.
        session.rollback().await.unwrap();
        let query = text(failing(db.engine.dialect())).rows::<(i32, i32)>();
        let mut rows = session.stream(query.clone()).await.unwrap();
        let mut before = 0;
        let error = loop {
            match rows.next().await {
                Ok(Some(_)) => before += 1,
                Ok(None) => panic!("no error"),
                Err(error) => break error,
            }
        };
        assert!(error.kind() == ErrorKind::Database && before <= 4, "{before} rows, then {error}");
        assert!(rows.next().await.unwrap().is_none());
        drop(rows);
        session.rollback().await.unwrap();
        let mut parts = session.partitions(query, 3).await.unwrap();
        while let Ok(part) = parts.next().await {
            assert_eq!(part.unwrap().len(), 3, "a part that is not whole is not given");
        }
        assert!(parts.next().await.unwrap().is_none());
        drop(parts);
        session.rollback().await.unwrap();
        assert_eq!(session.count(select(Product)).await.unwrap(), 3_000);
        drop(session);
        assert_idle(&db).await;
    })
    .await;
}

#[tokio::test]
async fn default_filters_hold_for_streams_and_plans() {
    on_every_backend(async |db| {
        let db = shop(db, 30).await;
        let session = Session::new(&db.engine).with_default_filter(Product, "old", Product::year.eq(1981));
        let mut session = session.with_default_filter(Manufacturer, "none", Manufacturer::id.lt(0));
        let names = session.stream(select(Product::name)).await.unwrap().count().await;
        assert_eq!(names, 5);
        let all = session.stream(select(Product::name).without_filter("old")).await.unwrap().count().await;
        assert_eq!(all, 30);
        let mut parts = session.partitions(select(Product), 3).await.unwrap();
        let mut sizes = Vec::new();
        while let Some(part) = parts.next().await.unwrap() {
            sizes.push(part.len());
        }
        drop(parts);
        assert_eq!(sizes, [3, 2]);
        db.log.clear();
        session.explain(&select(Product)).await.unwrap();
        assert!(db.log.take_all().iter().any(|sent| sent.sql.contains("WHERE")));
        // Not for the words of the user.
        let text = text("SELECT * FROM products").entities::<Product>();
        assert_eq!(session.stream(text).await.unwrap().count().await, 30);
    })
    .await;
}

#[tokio::test]
async fn a_stream_is_seen_with_the_rows_that_arrived() {
    on_every_backend(async |db| {
        let db = shop(db, 1_000).await;
        let mut session = db.session();
        let mut rows = session.stream(select(Product::id)).await.unwrap();
        for _ in 0..7 {
            rows.next().await.unwrap().unwrap();
        }
        drop(rows);
        drop(session.stream(select(Manufacturer::id)).await.unwrap());
        session.stream(select(Product::name)).await.unwrap().count().await;
        let sent: Vec<(String, u64)> = db.log.take().into_iter().map(|sent| (sent.table, sent.rows)).collect();
        assert_eq!(
            sent,
            [("products".to_owned(), 7), ("products".to_owned(), 1_000)],
            "what is not polled is not sent"
        );
    })
    .await;
}

#[tokio::test]
async fn streams_can_be_sent_to_another_thread() {
    let db = shop(Db::in_memory().await, 10).await;
    let mut session = db.session();
    let counted = tokio::spawn(async move {
        let rows = session.stream(select(Product)).await.unwrap();
        rows.filter(|row| std::future::ready(row.is_ok())).count().await
    });
    assert_eq!(counted.await.unwrap(), 10);
}

#[tokio::test]
async fn a_stream_without_a_transaction_gives_its_connection_back() {
    let db = shop(Db::in_memory().await, 10).await;
    let mut session = db.session();
    let mut rows = session.stream(select(Product::id)).await.unwrap();
    rows.next().await.unwrap().unwrap();
    drop(rows);
    // There is one connection, and the first session is still there.
    let mut other = db.session();
    let waiting = other.count(select(Product));
    assert_eq!(tokio::time::timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap(), 10);
    assert!(!session.in_transaction());
}
