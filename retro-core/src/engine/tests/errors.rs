//! What the databases refuse, as errors of the crate.

use super::*;
use crate::error::{Error, ErrorKind};

async fn refused(connection: &mut Connection, sql: &str, binds: Vec<Bind<'_>>) -> Error {
    let statement = statement(connection, sql, binds);
    connection.execute(&statement).await.unwrap_err()
}

#[tokio::test]
async fn constraints_are_told_apart() {
    for database in Database::all() {
        let engine = database.engine().await;
        let mut connection = engine.acquire().await.unwrap();
        connection.batch("DROP TABLE IF EXISTS retro_child").await.unwrap();
        create(&mut connection, "retro_parent", "id INTEGER PRIMARY KEY").await;
        let columns = "id INTEGER PRIMARY KEY, parent_id INTEGER, name VARCHAR(40) NOT NULL, price INTEGER, \
                       CONSTRAINT fk_child_parent FOREIGN KEY (parent_id) REFERENCES retro_parent (id), \
                       CONSTRAINT uq_child_name UNIQUE (name), CONSTRAINT ck_child_price CHECK (price > 0)";
        create(&mut connection, "retro_child", columns).await;
        connection.batch("INSERT INTO retro_child VALUES (1, NULL, 'a', 1)").await.unwrap();
        let place = &database.url;

        let insert = "INSERT INTO retro_child (id, parent_id, name, price) VALUES (?, ?, ?, ?)";
        let null = || Bind::new(SqlType::I32, Value::Null);
        let error = refused(&mut connection, insert, vec![int(2), null(), text("a"), int(1)]).await;
        assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{place}: {error}");
        let violation = error.violation().unwrap();
        assert!(violation.columns == ["name"] || violation.constraint.as_deref() == Some("uq_child_name"));
        assert!(std::error::Error::source(&error).is_some());

        let error = refused(&mut connection, insert, vec![int(2), int(7), text("b"), int(1)]).await;
        assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{place}: {error}");
        let error = refused(&mut connection, insert, vec![int(2), null(), text("b"), int(-1)]).await;
        assert_eq!(error.kind(), ErrorKind::CheckViolation, "{place}: {error}");
        assert_eq!(error.constraint(), Some("ck_child_price"), "{place}: {error}");
        let nothing = Bind::new(SqlType::Text, Value::Null);
        let error = refused(&mut connection, insert, vec![int(2), null(), nothing, int(1)]).await;
        assert_eq!(error.kind(), ErrorKind::NotNullViolation, "{place}: {error}");
        assert_eq!(error.violation().unwrap().columns, ["name"]);

        let error = connection.batch("SELEKT 1").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Database, "{place}: {error}");
        assert!(error.to_string().contains("SELEKT"));
        assert!(connection.is_usable());
        connection.batch("DROP TABLE retro_child").await.unwrap();
    }
}

#[tokio::test]
async fn sensitive_values_are_in_no_error() {
    for database in Database::all() {
        let engine = database.engine().await;
        let mut connection = engine.acquire().await.unwrap();
        create(&mut connection, "retro_secret", "name VARCHAR(40) PRIMARY KEY, age INTEGER").await;
        let insert = "INSERT INTO retro_secret (name, age) VALUES (?, ?)";
        let binds = || vec![text("hunter2").sensitive(true), int(1)];
        let first = statement(&connection, insert, binds());
        connection.execute(&first).await.unwrap();
        let error = refused(&mut connection, insert, binds()).await;
        assert!(error.is_unique_violation(), "{error}");
        let told = format!("{error} {error:?} {:?}", std::error::Error::source(&error));
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[tokio::test]
async fn a_bind_that_cannot_be_sent_is_an_error_before_it_is() {
    for database in Database::all() {
        let engine = database.engine().await;
        let mut connection = engine.acquire().await.unwrap();
        let invalid = Bind::new(SqlType::Text, Value::Invalid("no such form".into()));
        let error = refused(&mut connection, "SELECT ?, ?", vec![int(1), invalid]).await;
        assert_eq!(error.kind(), ErrorKind::Conversion);
        assert!(error.to_string().contains("parameter 2"), "{error}");
        assert!(connection.is_usable());
        match engine.dialect() {
            crate::Dialect::Postgres => {
                let error = refused(&mut connection, "SELECT ?", vec![text("a\0b")]).await;
                assert_eq!(error.kind(), ErrorKind::Conversion);
                let error = refused(&mut connection, "SELECT ?", vec![int(1 << 40)]).await;
                assert_eq!(error.kind(), ErrorKind::Conversion);
            }
            _ => {
                let nan = Bind::new(SqlType::F64, Value::Float(f64::NAN));
                assert_eq!(refused(&mut connection, "SELECT ?", vec![nan]).await.kind(), ErrorKind::Conversion);
                let array = Bind::array(SqlType::I32, vec![Value::Int(1)]);
                assert_eq!(refused(&mut connection, "SELECT ?", vec![array]).await.kind(), ErrorKind::Conversion);
            }
        }
        assert_eq!(fetch_int(&mut connection, "SELECT 1").await, 1);
    }
}

#[tokio::test]
async fn a_wrong_number_of_binds_does_not_hang() {
    for database in Database::all() {
        let engine = database.builder().max_connections(1).connect().await.unwrap();
        if engine.dialect() == crate::Dialect::Sqlite {
            continue;
        }
        let mut connection = engine.acquire().await.unwrap();
        refused(&mut connection, "SELECT ?, ?", vec![int(1)]).await;
        drop(connection);
        let mut connection = engine.acquire().await.unwrap();
        assert_eq!(fetch_int(&mut connection, "SELECT 1").await, 1);
    }
}

#[tokio::test]
async fn a_killed_connection_is_disconnected_and_replaced() {
    for database in Database::all() {
        let engine = database.builder().max_connections(2).connect().await.unwrap();
        let (id, kill) = match engine.dialect() {
            crate::Dialect::Sqlite => continue,
            crate::Dialect::Postgres => ("SELECT pg_backend_pid()", "SELECT pg_terminate_backend"),
            crate::Dialect::MySql => ("SELECT CONNECTION_ID()", "KILL"),
        };
        let mut victim = engine.acquire().await.unwrap();
        let id = fetch_int(&mut victim, id).await;
        let mut killer = engine.acquire().await.unwrap();
        let kill = if kill == "KILL" { format!("KILL {id}") } else { format!("{kill}({id})") };
        killer.batch(&kill).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let error = victim.batch("SELECT 1").await.unwrap_err();
        assert!(error.is_disconnected(), "{error}");
        assert!(!victim.is_usable());
        drop(victim);
        let mut next = engine.acquire().await.unwrap();
        assert_eq!(fetch_int(&mut next, "SELECT 1").await, 1);
    }
}

#[tokio::test]
async fn a_table_altered_under_a_prepared_statement_spoils_no_pool() {
    for database in Database::all() {
        let engine = database.builder().max_connections(1).connect().await.unwrap();
        create(&mut engine.acquire().await.unwrap(), "retro_altered", "id INTEGER").await;
        fetch(&mut engine.acquire().await.unwrap(), "SELECT * FROM retro_altered").await;
        engine.acquire().await.unwrap().batch("ALTER TABLE retro_altered ADD COLUMN v INTEGER").await.unwrap();
        let mut failures = 0;
        for _ in 0..3 {
            let mut connection = engine.acquire().await.unwrap();
            let select = statement(&connection, "SELECT * FROM retro_altered", Vec::new());
            failures += usize::from(connection.fetch(&select).await.is_err());
        }
        assert!(failures <= 1, "{}: {failures} failures", database.url);
    }
}

#[tokio::test]
async fn one_text_may_be_bound_with_different_types() {
    for database in Database::all() {
        let engine = database.builder().max_connections(1).connect().await.unwrap();
        let mut connection = engine.acquire().await.unwrap();
        for value in [int(1), Bind::new(SqlType::I64, Value::Int(1)), Bind::new(SqlType::F64, Value::Float(1.0))] {
            let select = statement(&connection, "SELECT 1 + ?", vec![value]);
            let rows = connection.fetch(&select).await.unwrap();
            assert_eq!(rows[0].get(0, SqlType::F64).unwrap(), Value::Float(2.0), "{}", database.url);
        }
    }
}
