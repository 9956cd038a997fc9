//! Whatever future is dropped at whatever await point: no transaction gets into the pool.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures::TryStreamExt;

use super::*;
use crate::dialect::TransactionOptions;
use crate::error::ErrorKind;

/// Polls a future up to the given number of times and drops it; `None` if it had not finished.
async fn poll_times<F: Future>(future: F, times: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = times;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            // The runtime polls again when something has happened, and then it may be the last.
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Takes every connection of the pool at once and asks each whether it is in a transaction.
async fn assert_pool_is_clean(engine: &Engine, moment: &str) {
    let mut all = Vec::new();
    for _ in 0..engine.status().max {
        all.push(engine.acquire().await.unwrap());
    }
    for connection in &mut all {
        let in_transaction = match engine.dialect() {
            // Refused inside a transaction.
            crate::Dialect::Sqlite => connection.batch("BEGIN; ROLLBACK").await.is_err(),
            // Refused outside of one.
            crate::Dialect::Postgres => connection.batch("SAVEPOINT probe").await.is_ok(),
            crate::Dialect::MySql => fetch_int(connection, "SELECT @@in_transaction").await == 1,
        };
        assert!(!in_transaction, "{moment}: the pool has a connection in a transaction");
    }
}

/// Inserts two rows, which are there together or not at all.
async fn insert_pair(engine: &Engine, number: i64) -> crate::Result<()> {
    let mut connection = engine.acquire().await?;
    connection.begin(TransactionOptions::default()).await?;
    for id in [number * 2, number * 2 + 1] {
        let insert = statement(&connection, "INSERT INTO retro_guard (id) VALUES (?)", vec![int(id)]);
        connection.execute(&insert).await?;
    }
    let rows = statement(&connection, "SELECT id FROM retro_guard", Vec::new());
    connection.fetch(&rows).await?;
    connection.savepoint("s").await?;
    connection.rollback_to("s").await?;
    connection.release("s").await?;
    connection.commit().await
}

#[tokio::test]
async fn a_future_dropped_anywhere_leaves_no_transaction_behind() {
    for database in Database::all() {
        let engine = database.builder().max_connections(2).connect().await.unwrap();
        create(&mut engine.acquire().await.unwrap(), "retro_guard", "id INTEGER PRIMARY KEY").await;
        for number in 0.. {
            // Given up in its COMMIT it may be committed still, and even later than this.
            let done = poll_times(insert_pair(&engine, number), number as usize).await;
            let moment = format!("{} after {number} polls", database.url);
            assert_pool_is_clean(&engine, &moment).await;
            let mut connection = engine.acquire().await.unwrap();
            let rows = fetch_int(&mut connection, "SELECT COUNT(*) FROM retro_guard").await;
            assert_eq!(rows % 2, 0, "{moment}: {rows} rows");
            if let Some(result) = done {
                result.unwrap();
                let pair = format!("SELECT COUNT(*) FROM retro_guard WHERE id >= {}", number * 2);
                assert_eq!(fetch_int(&mut connection, &pair).await, 2);
                // Each of the operations was interrupted at least once.
                assert!(number > 8, "{moment}: done already");
                break;
            }
        }
        assert!(engine.status().size <= engine.status().max);
        engine.close().await;
    }
}

#[tokio::test]
async fn a_connection_interrupted_in_any_operation_says_so() {
    for database in Database::all() {
        let engine = database.builder().max_connections(2).connect().await.unwrap();
        let mut connection = engine.acquire().await.unwrap();
        assert!(poll_times(connection.begin(TransactionOptions::default()), 1).await.is_none());
        assert!(!connection.is_usable());
        let refused = connection.batch("SELECT 1").await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Interrupted);
        assert!(connection.commit().await.is_err());
        drop(connection);
        assert_pool_is_clean(&engine, &database.url).await;
    }
}

#[tokio::test]
async fn a_connection_dropped_in_an_open_transaction_comes_back_rolled_back() {
    for database in Database::all() {
        let engine = database.builder().max_connections(1).connect().await.unwrap();
        create(&mut engine.acquire().await.unwrap(), "retro_dropped", "id INTEGER PRIMARY KEY").await;
        for id in 0..5 {
            let mut connection = engine.acquire().await.unwrap();
            connection.begin(TransactionOptions::default()).await.unwrap();
            connection.batch(&format!("INSERT INTO retro_dropped VALUES ({id})")).await.unwrap();
        }
        let mut connection = engine.acquire().await.unwrap();
        assert_eq!(fetch_int(&mut connection, "SELECT COUNT(*) FROM retro_dropped").await, 0, "{}", database.url);
        assert_eq!(engine.status().size, 1);
    }
}

#[tokio::test]
async fn a_stream_dropped_halfway_leaves_the_transaction_usable() {
    for database in Database::all() {
        let engine = database.builder().max_connections(1).connect().await.unwrap();
        let mut connection = engine.acquire().await.unwrap();
        create(&mut connection, "retro_stream", "id INTEGER PRIMARY KEY").await;
        connection.begin(TransactionOptions::default()).await.unwrap();
        let values: Vec<String> = (0..5000).map(|id| format!("({id})")).collect();
        connection.batch(&format!("INSERT INTO retro_stream VALUES {}", values.join(","))).await.unwrap();
        let all = statement(&connection, "SELECT id FROM retro_stream ORDER BY id", Vec::new());
        let mut rows = connection.stream(all.clone()).unwrap();
        for id in 0..10 {
            assert_eq!(rows.try_next().await.unwrap().unwrap().get(0, SqlType::I32).unwrap(), Value::Int(id));
        }
        drop(rows);
        assert_eq!(fetch_int(&mut connection, "SELECT COUNT(*) FROM retro_stream").await, 5000);
        let mut rows = connection.stream(all.clone()).unwrap();
        rows.try_next().await.unwrap();
        drop(rows);
        connection.commit().await.unwrap();
        drop(connection);
        let mut connection = engine.acquire().await.unwrap();
        assert_eq!(fetch_int(&mut connection, "SELECT COUNT(*) FROM retro_stream").await, 5000);
        let mut rows = connection.stream(all.clone()).unwrap();
        let mut count = 0;
        while rows.try_next().await.unwrap().is_some() {
            count += 1;
        }
        assert_eq!(count, 5000);
        drop(rows);
        assert!(connection.is_usable());
    }
}

#[tokio::test]
async fn a_long_statement_that_is_given_up_frees_the_pool() {
    for database in Database::all() {
        let sleep = match crate::engine::url::Location::parse(&database.url).unwrap().dialect {
            crate::Dialect::Sqlite => {
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT COUNT(*) FROM n"
            }
            crate::Dialect::Postgres => "SELECT pg_sleep(3)",
            crate::Dialect::MySql => "SELECT SLEEP(3)",
        };
        let engine = database.builder().max_connections(1).connect().await.unwrap();
        let mut connection = engine.acquire().await.unwrap();
        let long = statement(&connection, sleep, Vec::new());
        assert!(tokio::time::timeout(Duration::from_millis(50), connection.fetch(&long)).await.is_err());
        drop(connection);
        let mut connection = engine.acquire().await.unwrap();
        assert_eq!(fetch_int(&mut connection, "SELECT 1").await, 1);
    }
}

#[test]
fn a_connection_may_be_dropped_outside_the_runtime() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    for database in Database::all() {
        let engine = runtime.block_on(database.builder().min_connections(1).connect()).unwrap();
        let mut connection = runtime.block_on(engine.acquire()).unwrap();
        runtime.block_on(connection.begin(TransactionOptions::default())).unwrap();
        drop(connection);
        runtime.block_on(assert_pool_is_clean(&engine, &database.url));
        let unclean = runtime.block_on(async {
            let mut connection = engine.acquire().await.unwrap();
            poll_times(connection.begin(TransactionOptions::default()), 1).await;
            connection
        });
        drop(unclean);
        runtime.block_on(assert_pool_is_clean(&engine, &database.url));
        // A connection that outlives its runtime is closed without a panic.
        let last = runtime.block_on(engine.acquire()).unwrap();
        let scope = std::thread::spawn(move || drop(last));
        scope.join().unwrap();
    }
    let database = Database::file();
    let engine = runtime.block_on(database.engine());
    let mut last = runtime.block_on(engine.acquire()).unwrap();
    runtime.block_on(last.begin(TransactionOptions::default())).unwrap();
    drop(runtime);
    drop(last);
}

#[test]
fn every_future_can_be_sent_to_another_thread() {
    fn is_send<T: Send>(_: &T) {}
    fn is_sync<T: Sync>() {}
    #[allow(dead_code)] // it is compiled, and that is the test
    async fn all(engine: Engine, statement: Statement<'static>) {
        is_send(&engine.acquire());
        is_send(&Engine::connect(""));
        let mut connection = engine.acquire().await.unwrap();
        is_send(&connection.execute(&statement));
        is_send(&connection.fetch(&statement));
        is_send(&connection.batch(""));
        is_send(&connection.begin(TransactionOptions::default()));
        is_send(&connection.commit());
        is_send(&connection.rollback());
        is_send(&connection.rollback_to(""));
        is_send(&connection.stream(statement).unwrap().try_next());
    }
    is_sync::<Connection>();
    is_sync::<Engine>();
    is_sync::<Row>();
}
