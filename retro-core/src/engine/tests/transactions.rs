//! Transactions, savepoints, and what an error does to them.

use super::*;
use crate::dialect::{Isolation, TransactionOptions};
use crate::error::ErrorKind;

async fn insert(connection: &mut Connection, id: i64) -> crate::Result<()> {
    let insert = statement(connection, "INSERT INTO retro_tx (id) VALUES (?)", vec![int(id)]);
    connection.execute(&insert).await.map(|_| ())
}

async fn count(connection: &mut Connection) -> i64 {
    fetch_int(connection, "SELECT COUNT(*) FROM retro_tx").await
}

/// The tests share a table name, so each has a database of its own or runs in here.
#[tokio::test]
async fn transactions() {
    for database in Database::all() {
        let engine = database.engine().await;
        let mut connection = engine.acquire().await.unwrap();
        create(&mut connection, "retro_tx", "id INTEGER PRIMARY KEY").await;
        savepoints_undo_a_part(&mut connection).await;
        a_failed_transaction_is_not_committed(&mut connection).await;
        misuse_is_an_error(&mut connection).await;
        options_are_taken(&mut connection).await;
    }
}

async fn savepoints_undo_a_part(connection: &mut Connection) {
    connection.begin(TransactionOptions::default()).await.unwrap();
    assert!(connection.in_transaction());
    insert(connection, 1).await.unwrap();
    connection.savepoint("we\"ird`").await.unwrap();
    insert(connection, 2).await.unwrap();
    connection.rollback_to("we\"ird`").await.unwrap();
    connection.release("we\"ird`").await.unwrap();
    connection.commit().await.unwrap();
    assert!(!connection.in_transaction());
    assert_eq!(count(connection).await, 1);
}

async fn a_failed_transaction_is_not_committed(connection: &mut Connection) {
    connection.begin(TransactionOptions::default()).await.unwrap();
    insert(connection, 3).await.unwrap();
    connection.savepoint("before").await.unwrap();
    let error = insert(connection, 3).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    let fails_whole = connection.dialect() == crate::Dialect::Postgres;
    if fails_whole {
        assert!(insert(connection, 4).await.unwrap_err().is_rolled_back());
        assert!(connection.commit().await.unwrap_err().is_rolled_back());
    }
    connection.rollback_to("before").await.unwrap();
    insert(connection, 4).await.unwrap();
    connection.commit().await.unwrap();
    assert_eq!(count(connection).await, 3);

    connection.begin(TransactionOptions::default()).await.unwrap();
    insert(connection, 5).await.unwrap();
    insert(connection, 5).await.unwrap_err();
    if fails_whole {
        assert_eq!(connection.commit().await.unwrap_err().kind(), ErrorKind::RolledBack);
    }
    connection.rollback().await.unwrap();
    assert_eq!(count(connection).await, 3);
}

async fn misuse_is_an_error(connection: &mut Connection) {
    assert_eq!(connection.commit().await.unwrap_err().kind(), ErrorKind::InvalidState);
    assert_eq!(connection.savepoint("s").await.unwrap_err().kind(), ErrorKind::InvalidState);
    connection.rollback().await.unwrap();
    connection.begin(TransactionOptions::default()).await.unwrap();
    assert_eq!(connection.begin(TransactionOptions::default()).await.unwrap_err().kind(), ErrorKind::InvalidState);
    connection.rollback().await.unwrap();
}

async fn options_are_taken(connection: &mut Connection) {
    use Isolation::*;
    for isolation in [ReadUncommitted, ReadCommitted, RepeatableRead, Serializable] {
        for read_only in [false, true] {
            let options = TransactionOptions { isolation: Some(isolation), read_only };
            connection.begin(options).await.unwrap();
            if connection.dialect() == crate::Dialect::Postgres {
                let set = fetch(connection, "SHOW transaction_isolation").await;
                let expected = isolation_name(isolation);
                assert_eq!(set[0].get(0, SqlType::Text).unwrap(), Value::Text(expected.into()));
            }
            if read_only && connection.dialect() != crate::Dialect::Sqlite {
                assert!(insert(connection, 99).await.is_err());
            }
            connection.rollback().await.unwrap();
        }
    }
}

fn isolation_name(isolation: Isolation) -> &'static str {
    match isolation {
        Isolation::ReadUncommitted => "read uncommitted",
        Isolation::ReadCommitted => "read committed",
        Isolation::RepeatableRead => "repeatable read",
        Isolation::Serializable => "serializable",
    }
}

#[tokio::test]
async fn a_second_writer_waits_and_a_deadlock_can_be_tried_again() {
    for database in Database::all() {
        let engine = database.builder().max_connections(2).connect().await.unwrap();
        if engine.status().max < 2 || engine.dialect() == crate::Dialect::Sqlite {
            continue;
        }
        let (mut one, mut two) = (engine.acquire().await.unwrap(), engine.acquire().await.unwrap());
        create(&mut one, "retro_deadlock", "id INTEGER PRIMARY KEY, v INTEGER").await;
        one.batch("INSERT INTO retro_deadlock VALUES (1, 0), (2, 0)").await.unwrap();
        one.begin(TransactionOptions::default()).await.unwrap();
        two.begin(TransactionOptions::default()).await.unwrap();
        one.batch("UPDATE retro_deadlock SET v = 1 WHERE id = 1").await.unwrap();
        two.batch("UPDATE retro_deadlock SET v = 2 WHERE id = 2").await.unwrap();
        let (first, second) = tokio::join!(
            async {
                let result = one.batch("UPDATE retro_deadlock SET v = 1 WHERE id = 2").await;
                if result.is_err() {
                    // Refused although the server has forgotten the transaction.
                    assert!(one.batch("SELECT 1").await.unwrap_err().is_rolled_back());
                    assert!(one.commit().await.unwrap_err().is_rolled_back());
                }
                one.rollback().await.unwrap();
                result
            },
            async {
                let result = two.batch("UPDATE retro_deadlock SET v = 2 WHERE id = 1").await;
                if result.is_err() {
                    assert!(two.batch("SELECT 1").await.unwrap_err().is_rolled_back());
                }
                two.rollback().await.unwrap();
                result
            }
        );
        assert!(first.is_err() != second.is_err());
        let error = first.and(second).unwrap_err();
        assert!(error.is_serialization_failure(), "{error}");
    }
}

/// A trigger can end the transaction. What is sent next must not be one of its own.
#[cfg(feature = "sqlite")]
#[tokio::test]
async fn nothing_is_sent_after_a_trigger_has_rolled_back() {
    let database = Database::file();
    let engine = database.engine().await;
    let mut connection = engine.acquire().await.unwrap();
    create(&mut connection, "retro_tx", "id INTEGER PRIMARY KEY").await;
    let trigger =
        "CREATE TRIGGER fatal BEFORE INSERT ON retro_tx WHEN NEW.id = 13 BEGIN SELECT RAISE(ROLLBACK, 'no'); END";
    connection.batch(trigger).await.unwrap();
    connection.begin(TransactionOptions::default()).await.unwrap();
    insert(&mut connection, 1).await.unwrap();
    connection.savepoint("s").await.unwrap();
    insert(&mut connection, 13).await.unwrap_err();
    assert!(insert(&mut connection, 2).await.unwrap_err().is_rolled_back());
    connection.rollback_to("s").await.unwrap_err();
    assert!(insert(&mut connection, 2).await.unwrap_err().is_rolled_back());
    assert!(connection.commit().await.unwrap_err().is_rolled_back());
    connection.rollback().await.unwrap();
    assert_eq!(count(&mut connection).await, 0);
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_locked_file_is_a_serialization_failure() {
    let database = Database::file();
    let impatient = "PRAGMA busy_timeout = 10";
    let engine = database.builder().on_connect(impatient).connect().await.unwrap();
    let (mut one, mut two) = (engine.acquire().await.unwrap(), engine.acquire().await.unwrap());
    one.begin(TransactionOptions::default()).await.unwrap();
    let error = two.begin(TransactionOptions::default()).await.unwrap_err();
    assert!(error.is_serialization_failure(), "{error}");
    assert!(!two.in_transaction() && two.is_usable());
    // Readers are not in the writer's way.
    two.begin(TransactionOptions { read_only: true, ..TransactionOptions::default() }).await.unwrap();
}
