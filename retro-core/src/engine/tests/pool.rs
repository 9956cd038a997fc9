//! Making an engine, and what the pool does.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;

use super::*;
use crate::dialect::{GeneratedKeys, TransactionOptions};
use crate::engine::{ConnectHook, HookConnection, StatementEvent, StatementObserver};
use crate::error::{Error, ErrorKind};

#[derive(Default)]
struct Log(Mutex<Vec<String>>);

impl StatementObserver for Log {
    fn statement(&self, event: &StatementEvent<'_>) {
        let failed = if event.error.is_some() { " failed" } else { "" };
        self.0.lock().unwrap().push(format!("{} {} {}{failed}", event.sql, event.binds, event.rows));
    }
}

#[tokio::test]
async fn observers_see_every_statement_and_no_secret() {
    for database in Database::all() {
        let log = Arc::new(Log::default());
        let engine = database.builder().observe(log.clone()).echo(true).connect().await.unwrap();
        let mut connection = engine.acquire().await.unwrap();
        create(&mut connection, "retro_observed", "id INTEGER PRIMARY KEY, secret VARCHAR(40)").await;
        log.0.lock().unwrap().clear();
        connection.begin(TransactionOptions::default()).await.unwrap();
        let sql = "INSERT INTO retro_observed (id, secret) VALUES (?, ?)";
        let insert = statement(&connection, sql, vec![int(1), text("hunter2").sensitive(true)]);
        connection.execute(&insert).await.unwrap();
        fetch(&mut connection, "SELECT id FROM retro_observed").await;
        connection.execute(&insert).await.unwrap_err();
        connection.rollback().await.unwrap();
        let log = log.0.lock().unwrap();
        assert_eq!(log.len(), 5, "{log:?}");
        assert!(log[0].contains("BEGIN") || log[0].contains("START"), "{log:?}");
        assert!(log[1].ends_with("[1, ***] 1"), "{log:?}");
        assert!(log[2].ends_with("[] 1"), "{log:?}");
        assert!(log[3].ends_with("failed"), "{log:?}");
        assert!(log[4].starts_with("ROLLBACK"), "{log:?}");
    }
}

struct Counting(Arc<AtomicUsize>);

#[async_trait]
impl ConnectHook for Counting {
    async fn connected(&self, connection: &mut HookConnection<'_>) -> Result<(), Error> {
        self.0.fetch_add(1, Ordering::Relaxed);
        connection.execute("SELECT 1").await
    }
}

#[tokio::test]
async fn hooks_run_once_for_each_connection() {
    for database in Database::all() {
        let count = Arc::new(AtomicUsize::new(0));
        let engine = database.builder().max_connections(3).on_connect(Counting(count.clone())).connect().await.unwrap();
        let max = engine.status().max as usize;
        for _ in 0..3 {
            let mut all = Vec::new();
            for _ in 0..max {
                all.push(engine.acquire().await.unwrap());
            }
        }
        assert_eq!(count.load(Ordering::Relaxed), max);
    }
}

#[tokio::test]
async fn the_error_of_a_hook_comes_at_once() {
    for database in Database::all() {
        let started = std::time::Instant::now();
        let error = database.builder().on_connect("SELECT nonsense FROM nowhere").connect().await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(5));
        assert!(error.to_string().contains("nowhere"), "{error}");
        assert_eq!(error.kind(), ErrorKind::Database);
    }
}

#[tokio::test]
async fn an_exhausted_pool_says_so() {
    for database in Database::all() {
        let timeout = Duration::from_millis(500);
        let engine = database.builder().max_connections(1).acquire_timeout(timeout).connect().await.unwrap();
        let held = engine.acquire().await.unwrap();
        let error = engine.acquire().await.err().unwrap();
        assert!(error.is_pool_timeout(), "{error}");
        drop(held);
        engine.acquire().await.unwrap();
    }
}

#[tokio::test]
async fn a_closed_engine_gives_no_connections() {
    for database in Database::all() {
        let engine = database.engine().await;
        engine.close().await;
        assert!(engine.acquire().await.err().unwrap().is_disconnected());
    }
}

#[tokio::test]
async fn without_returning_is_how_mysql_8_works() {
    for database in Database::all() {
        let built = database.builder().without_returning().connect().await;
        match crate::engine::url::Location::parse(&database.url).unwrap().dialect {
            crate::Dialect::Postgres => assert!(built.unwrap_err().is_configuration()),
            dialect => {
                let capabilities = built.unwrap().capabilities();
                assert!(!capabilities.insert_returning);
                let expected = match dialect {
                    crate::Dialect::Sqlite => GeneratedKeys::LastRow,
                    _ => GeneratedKeys::FirstRow,
                };
                assert_eq!(capabilities.generated_keys, expected);
            }
        }
    }
}

#[tokio::test]
async fn a_statement_reports_its_generated_keys_and_rows() {
    for database in Database::all() {
        let engine = database.engine().await;
        let mut connection = engine.acquire().await.unwrap();
        let key = match engine.dialect() {
            crate::Dialect::Sqlite => "id INTEGER PRIMARY KEY",
            crate::Dialect::Postgres => "id SERIAL PRIMARY KEY",
            crate::Dialect::MySql => "id INTEGER PRIMARY KEY AUTO_INCREMENT",
        };
        create(&mut connection, "retro_keys", &format!("{key}, v INTEGER")).await;
        let insert =
            statement(&connection, "INSERT INTO retro_keys (v) VALUES (?), (?), (?)", vec![int(1), int(2), int(3)]);
        let done = connection.execute(&insert).await.unwrap();
        assert_eq!(done.rows, 3);
        match engine.dialect() {
            crate::Dialect::Sqlite => assert_eq!(done.last_key, Some(3)),
            crate::Dialect::Postgres => assert_eq!(done.last_key, None),
            crate::Dialect::MySql => {
                assert_eq!(done.last_key, Some(1));
                let second = 1 + engine.key_step();
                assert_eq!(fetch_int(&mut connection, "SELECT MIN(id) FROM retro_keys WHERE v = 2").await, second);
            }
        }
        // Rows found count, whether the value changes or not.
        let update = statement(&connection, "UPDATE retro_keys SET v = v", Vec::new());
        assert_eq!(connection.execute(&update).await.unwrap().rows, 3);
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_disconnected_at_once() {
    for url in ["postgres://joe:secret@127.0.0.1:9/shop", "mysql://joe:secret@127.0.0.1:9/shop"] {
        let started = std::time::Instant::now();
        let Err(error) = Engine::connect(url).await else { panic!("somebody answers on port 9") };
        assert!(started.elapsed() < Duration::from_secs(5));
        assert!(!error.to_string().contains("secret"), "{error}");
        assert!(error.is_disconnected() || error.is_configuration(), "{error}");
        // With the pool it takes the acquire timeout, and is not called an exhausted pool.
        if let Ok(engine) = Engine::builder(url).acquire_timeout(Duration::from_millis(100)).connect_lazy() {
            let error = engine.acquire().await.err().unwrap();
            assert!(error.is_disconnected(), "{error}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_file_that_cannot_be_opened_says_where() {
    let error = Engine::connect("sqlite:///nowhere/at/all.sqlite").await.unwrap_err();
    assert!(error.is_disconnected(), "{error}");
    assert!(error.to_string().contains("/nowhere/at/all.sqlite"), "{error}");
    assert!(Engine::connect("sqlite:x?mode=nonsense").await.unwrap_err().is_configuration());
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_file_has_foreign_keys_and_a_write_ahead_log() {
    let database = Database::file();
    let engine = database.engine().await;
    let mut connection = engine.acquire().await.unwrap();
    assert_eq!(fetch_int(&mut connection, "PRAGMA foreign_keys").await, 1);
    assert_eq!(fetch_int(&mut connection, "PRAGMA synchronous").await, 1);
    assert_eq!(fetch_int(&mut connection, "PRAGMA busy_timeout").await, 5000);
    let mode = fetch(&mut connection, "PRAGMA journal_mode").await;
    assert_eq!(mode[0].get(0, SqlType::Text).unwrap(), Value::Text("wal".into()));
    connection.batch("CREATE TABLE t (id INTEGER)").await.unwrap();
    engine.acquire().await.unwrap();
    let read_only = Engine::connect(&format!("{}?mode=ro", database.url)).await.unwrap();
    assert!(read_only.acquire().await.unwrap().batch("INSERT INTO t VALUES (1)").await.is_err());
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn many_may_open_a_new_file_at_once() {
    for _ in 0..10 {
        let database = Database::file();
        let engines = (0..8).map(|_| database.engine());
        futures::future::join_all(engines).await;
    }
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_database_in_memory_outlives_everything_but_its_engine() {
    let engine = Engine::builder("sqlite::memory:")
        .max_connections(10)
        .idle_timeout(Duration::from_millis(1))
        .max_lifetime(Duration::from_millis(1))
        .connect()
        .await
        .unwrap();
    assert_eq!(engine.status().max, 1);
    engine.acquire().await.unwrap().batch("CREATE TABLE t (id INTEGER)").await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(fetch_int(&mut engine.acquire().await.unwrap(), "SELECT COUNT(*) FROM t").await, 0);
    let other = Engine::connect("sqlite::memory:").await.unwrap();
    assert!(other.acquire().await.unwrap().batch("SELECT * FROM t").await.is_err());
}

#[tokio::test]
async fn nonsense_settings_are_refused() {
    let builder = || Engine::builder("sqlite::memory:");
    assert!(builder().max_connections(0).connect().await.unwrap_err().is_configuration());
    assert!(builder().min_connections(20).connect().await.unwrap_err().is_configuration());
    builder().acquire_timeout(Duration::MAX).max_lifetime(Duration::MAX).connect().await.unwrap();
}

#[test]
fn there_is_no_engine_without_a_runtime() {
    assert!(Engine::builder("sqlite::memory:").connect_lazy().unwrap_err().is_configuration());
}

/// Closing a prepared statement would hold up the next one; see `KEEP` of the driver.
#[cfg(feature = "mysql")]
#[tokio::test]
async fn a_statement_that_is_sent_once_is_not_closed() {
    for database in Database::all() {
        let engine = database.builder().max_connections(1).connect().await.unwrap();
        if engine.dialect() != crate::Dialect::MySql {
            continue;
        }
        let mut connection = engine.acquire().await.unwrap();
        for n in 1..20 {
            let binds: Vec<Bind<'_>> = (0..n).map(int).collect();
            let sql = format!("SELECT 1 IN ({})", vec!["?"; binds.len()].join(", "));
            connection.fetch(&Statement::once(sql, binds)).await.unwrap();
        }
        let closed = fetch(&mut connection, "SHOW SESSION STATUS LIKE 'Com_stmt_close'").await;
        assert_eq!(closed[0].get(1, SqlType::Text).unwrap(), Value::Text("0".into()));
    }
}
