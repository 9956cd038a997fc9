//! SQLite called directly: what goes elsewhere, comes back, waits, and is left to the driver.

use std::pin::pin;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{Either, select};

use super::*;
use crate::dialect::TransactionOptions;
use crate::error::ErrorKind;

const MANY: i64 = 20_000;

async fn numbers(engine: &Engine) {
    let mut connection = engine.acquire().await.unwrap();
    create(&mut connection, "retro_numbers", "id INTEGER PRIMARY KEY, name TEXT").await;
    let fill = format!(
        "INSERT INTO retro_numbers WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY}) \
         SELECT i, 'number ' || i FROM n"
    );
    connection.batch(&fill).await.unwrap();
}

fn all(connection: &Connection) -> Statement<'static> {
    statement(connection, "SELECT id, name FROM retro_numbers ORDER BY id", Vec::new())
}

fn assert_all(rows: &[Row]) {
    assert_eq!(rows.len(), MANY as usize);
    for (row, id) in rows.iter().zip(1..) {
        assert_eq!(row.get(0, SqlType::I64).unwrap(), Value::Int(id));
        assert_eq!(row.get(1, SqlType::Text).unwrap(), Value::Text(format!("number {id}").into()));
        assert_eq!((row.name(0), row.name(1), row.len()), ("id", "name", 2));
    }
}

fn files() -> [Database; 2] {
    let memory = Database { url: "sqlite::memory:".into(), file: None, is_direct: true };
    [memory, Database::file()]
}

#[tokio::test]
async fn a_long_result_is_read_elsewhere_and_the_connection_comes_back() {
    for database in files() {
        let engine = database.builder().max_connections(1).connect().await.unwrap();
        numbers(&engine).await;
        let mut connection = engine.acquire().await.unwrap();
        connection.begin(TransactionOptions::default()).await.unwrap();
        for _ in 0..3 {
            let select = all(&connection);
            assert_all(&connection.fetch(&select).await.unwrap());
            let insert = statement(&connection, "INSERT INTO retro_numbers (name) VALUES (?)", vec![text("x")]);
            connection.execute(&insert.bounded()).await.unwrap();
            let delete = statement(&connection, "DELETE FROM retro_numbers WHERE name = ?", vec![text("x")]);
            assert_eq!(connection.execute(&delete.bounded()).await.unwrap().rows, 1);
        }
        connection.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_long_result_given_up_at_any_moment_leaves_the_connection_to_be_rolled_back() {
    for database in files() {
        let engine = database.builder().max_connections(1).connect().await.unwrap();
        numbers(&engine).await;
        let mut done = false;
        for polls in 1..200 {
            let mut connection = engine.acquire().await.unwrap();
            connection.begin(TransactionOptions::default()).await.unwrap();
            let delete = statement(&connection, "DELETE FROM retro_numbers WHERE id > ?", vec![int(MANY / 2)]);
            connection.execute(&delete.bounded()).await.unwrap();
            let select = all(&connection);
            {
                let mut reading = pin!(connection.fetch(&select));
                for _ in 0..polls {
                    if futures::poll!(reading.as_mut()).is_ready() {
                        done = true;
                        break;
                    }
                    tokio::time::sleep(Duration::from_micros(50)).await;
                }
            }
            drop(connection);
            let mut connection = engine.acquire().await.unwrap();
            assert_eq!(fetch_int(&mut connection, "SELECT COUNT(*) FROM retro_numbers").await, MANY);
            if done {
                break;
            }
        }
        assert!(done, "never read to the end");
        assert_eq!(engine.status().size, 1);
    }
}

#[tokio::test]
async fn nobody_is_blocked_while_a_connection_waits_for_a_lock() {
    // One thread: what blocks it stops everything, the one included who has the lock.
    let database = Database::file();
    let engine = database.builder().max_connections(2).connect().await.unwrap();
    numbers(&engine).await;
    let mut first = engine.acquire().await.unwrap();
    let mut second = engine.acquire().await.unwrap();
    first.begin(TransactionOptions::default()).await.unwrap();
    let waiting = second.begin(TransactionOptions::default());
    let first_one = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        first.commit().await.unwrap();
    };
    match select(pin!(first_one), pin!(waiting)).await {
        Either::Left(((), waiting)) => waiting.await.unwrap(),
        Either::Right((begun, _)) => panic!("begun beside another: {begun:?}"),
    }
    second.commit().await.unwrap();
}

#[tokio::test]
async fn a_statement_that_takes_long_before_its_first_row_stops_nobody() {
    let database = Database::file();
    let engine = database.engine().await;
    let mut connection = engine.acquire().await.unwrap();
    let count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) \
                 SELECT COUNT(*) FROM n";
    let mut counting = pin!(fetch_int(&mut connection, count));
    // Its first poll ends soon, and other tasks have their turn.
    let started = std::time::Instant::now();
    while counting.as_mut().now_or_never().is_none() {
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert!(started.elapsed() < Duration::from_secs(60));
    }
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_is_stopped() {
    let database = Database::file();
    let engine = database.builder().max_connections(1).connect().await.unwrap();
    let mut connection = engine.acquire().await.unwrap();
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";
    let endless = statement(&connection, endless, Vec::new());
    assert!(tokio::time::timeout(Duration::from_millis(50), connection.fetch(&endless)).await.is_err());
    drop(connection);
    let mut connection = engine.acquire().await.unwrap();
    assert_eq!(fetch_int(&mut connection, "SELECT 1").await, 1);
    // Rows that are refused stop it as well, and leave the connection usable.
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    let endless = statement(&connection, endless, Vec::new());
    let mut parts = 0;
    let mut take = |_: Vec<Row>| {
        parts += 1;
        if parts < 5 { Ok(()) } else { Err(crate::Error::new(ErrorKind::Conversion, "enough")) }
    };
    let refused = connection.fetch_parts(&endless, &mut take).await.unwrap_err();
    assert_eq!((refused.to_string().as_str(), parts), ("enough", 5));
    assert_eq!(fetch_int(&mut connection, "SELECT 2").await, 2);
}

/// SQLite counts a statement's instructions over all its uses. What is short stays where it is however often
/// it was read.
#[test]
fn a_short_statement_stays_here_however_often_it_is_read() {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().max_blocking_threads(1).build().unwrap();
    runtime.block_on(async {
        let engine = Database::file().builder().max_connections(1).connect().await.unwrap();
        let mut connection = engine.acquire().await.unwrap();
        // Nothing can be read elsewhere while the only thread for it is taken.
        let (release, taken) = std::sync::mpsc::channel::<()>();
        let elsewhere = tokio::task::spawn_blocking(move || taken.recv());
        let short = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT i FROM n";
        let short = statement(&connection, short, Vec::new());
        for _ in 0..200 {
            let rows = tokio::time::timeout(Duration::from_secs(20), connection.fetch(&short)).await;
            assert_eq!(rows.expect("it was to be read elsewhere").unwrap().len(), 100);
        }
        drop(release);
        assert!(elsewhere.await.unwrap().is_err());
    });
}

#[tokio::test]
async fn what_cannot_be_done_here_is_left_to_the_driver() {
    for database in Database::all().into_iter().filter(|database| database.url.starts_with("sqlite")) {
        let engine = database.builder().max_connections(1).connect().await.unwrap();
        let mut connection = engine.acquire().await.unwrap();
        create(&mut connection, "retro_left", "id INTEGER PRIMARY KEY, v TEXT").await;
        // Numbered by names, in another order.
        let swapped = statement(&connection, "SELECT $2 AS b, $1 AS a", vec![int(1), int(2)]);
        let rows = connection.fetch(&swapped).await.unwrap();
        assert_eq!(rows[0].get(0, SqlType::I64).unwrap(), Value::Int(2), "{}", database.url);
        let numbered = statement(&connection, "SELECT ?2 AS b, ?1 AS a", vec![int(1), int(2)]);
        let rows = connection.fetch(&numbered).await.unwrap();
        assert_eq!(rows[0].get(0, SqlType::I64).unwrap(), Value::Int(2));
        // Several statements, and one that is no query.
        let two = statement(&connection, "SELECT 1; SELECT 2", Vec::new());
        assert_eq!(connection.fetch(&two).await.unwrap().len(), 2);
        let none = statement(&connection, "/* nothing */ ;", Vec::new());
        assert_eq!(connection.fetch(&none).await.unwrap().len(), 0);
        let insert = "INSERT INTO retro_left (v) VALUES (?) RETURNING id";
        let insert = statement(&connection, insert, vec![text("a\0b")]);
        assert_eq!(connection.fetch(&insert).await.unwrap().len(), 1);
        assert_eq!(connection.fetch(&insert.bounded()).await.unwrap().len(), 1);
        let with = "WITH t(v) AS (SELECT 'w') INSERT INTO retro_left (v) SELECT v FROM t RETURNING id";
        assert_eq!(fetch(&mut connection, with).await.len(), 1);
        assert_eq!(
            fetch_int(&mut connection, "SELECT COUNT(*) FROM retro_left WHERE v = 'a' || char(0) || 'b'").await,
            2
        );
        // A PRAGMA takes effect between statements that are done here.
        assert_eq!(fetch_int(&mut connection, "PRAGMA busy_timeout = 1234").await, 1234);
        assert_eq!(fetch_int(&mut connection, "SELECT 1").await, 1);
        assert_eq!(fetch_int(&mut connection, "PRAGMA busy_timeout").await, 1234);
    }
}

#[tokio::test]
async fn kept_statements_follow_the_schema() {
    for database in files() {
        let engine = database.builder().max_connections(1).connect().await.unwrap();
        let mut connection = engine.acquire().await.unwrap();
        create(&mut connection, "retro_schema", "id INTEGER PRIMARY KEY, v TEXT").await;
        let insert = statement(&connection, "INSERT INTO retro_schema (v) VALUES (?)", vec![text("x")]).bounded();
        connection.execute(&insert).await.unwrap();
        let names = async |connection: &mut Connection| {
            let rows = fetch(connection, "SELECT * FROM retro_schema").await;
            (0..rows[0].len()).map(|n| rows[0].name(n).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&mut connection).await, ["id", "v"]);
        drop(connection);
        let mut connection = engine.acquire().await.unwrap();
        connection.batch("ALTER TABLE retro_schema RENAME COLUMN v TO w").await.unwrap();
        assert_eq!(names(&mut connection).await, ["id", "w"]);
        connection.batch("ALTER TABLE retro_schema ADD COLUMN x INTEGER DEFAULT 5").await.unwrap();
        assert_eq!(names(&mut connection).await, ["id", "w", "x"]);
        let refused = connection.execute(&insert).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Database);
        assert!(refused.to_string().contains("no column named v"), "{refused}");
        connection.batch("DROP TABLE retro_schema").await.unwrap();
    }
}

#[tokio::test]
async fn a_refused_statement_can_be_sent_again() {
    for database in files() {
        let engine = database.builder().max_connections(1).connect().await.unwrap();
        let mut connection = engine.acquire().await.unwrap();
        create(&mut connection, "retro_refused", "id INTEGER PRIMARY KEY, v TEXT NOT NULL").await;
        let insert = |connection: &Connection, id, v: Bind<'static>| {
            statement(connection, "INSERT INTO retro_refused (id, v) VALUES (?, ?)", vec![int(id), v]).bounded()
        };
        connection.begin(TransactionOptions::default()).await.unwrap();
        let null = Bind::new(SqlType::Text, Value::Null);
        let nan = Bind::new(SqlType::F64, Value::Float(f64::NAN));
        let cases = [
            (1, text("a"), None),
            (1, text("b"), Some(ErrorKind::UniqueViolation)),
            (2, null, Some(ErrorKind::NotNullViolation)),
            (2, nan, Some(ErrorKind::Conversion)),
            (2, text(""), None),
        ];
        for (id, v, refusal) in cases {
            let sent = insert(&connection, id, v);
            let done = connection.execute(&sent).await;
            assert_eq!(done.as_ref().err().map(crate::Error::kind), refusal);
            if let Ok(done) = done {
                assert_eq!((done.rows, done.last_key), (1, Some(id)));
            }
        }
        connection.commit().await.unwrap();
        assert_eq!(fetch_int(&mut connection, "SELECT COUNT(*) FROM retro_refused").await, 2);
    }
}

#[tokio::test]
async fn connections_that_are_kept_are_idle_and_go_to_whoever_waits() {
    let database = Database::file();
    let engine = database.builder().max_connections(1).connect().await.unwrap();
    assert_eq!(engine.status().idle, 1);
    let mut connection = engine.acquire().await.unwrap();
    assert_eq!(engine.status().idle, 0);
    let waiting: Vec<_> = (0..4)
        .map(|_| {
            let engine = engine.clone();
            tokio::spawn(async move { fetch_int(&mut engine.acquire().await.unwrap(), "SELECT 7").await })
        })
        .collect();
    tokio::task::yield_now().await;
    assert_eq!(fetch_int(&mut connection, "SELECT 1").await, 1);
    drop(connection);
    for waiting in waiting {
        assert_eq!(waiting.await.unwrap(), 7);
    }
    drop(engine.acquire().await.unwrap());
    engine.close().await;
    assert_eq!((engine.status().size, engine.status().idle), (0, 0));
    assert!(engine.acquire().await.is_err());
}
