//! Every value goes in as it comes out, and what the databases compute can be read.

use super::*;
use crate::value::EnumType;

static MOOD: EnumType = EnumType { name: "mood", variants: &["good", "bad"] };

/// How the database spells a type: the schema's part, repeated here for the types of the test.
fn spelling(dialect: crate::Dialect, sql_type: SqlType) -> &'static str {
    use crate::Dialect::*;
    match (sql_type, dialect) {
        (SqlType::Bool, _) => "BOOLEAN",
        (SqlType::I16, _) => "SMALLINT",
        (SqlType::I32, _) => "INTEGER",
        (SqlType::I64, _) => "BIGINT",
        (SqlType::F32, Postgres) => "REAL",
        (SqlType::F32, _) => "FLOAT",
        (SqlType::F64, MySql) => "DOUBLE",
        (SqlType::F64, _) => "DOUBLE PRECISION",
        (SqlType::Text, _) => "TEXT",
        (SqlType::Bytes, Postgres) => "BYTEA",
        (SqlType::Bytes, _) => "BLOB",
        (SqlType::Date, _) => "DATE",
        (SqlType::Time, MySql) => "TIME(6)",
        (SqlType::Time, _) => "TIME",
        (SqlType::DateTime | SqlType::Timestamp, MySql) => "DATETIME(6)",
        (SqlType::DateTime, Postgres) => "TIMESTAMP",
        (SqlType::Timestamp, Postgres) => "TIMESTAMPTZ",
        (SqlType::DateTime | SqlType::Timestamp, Sqlite) => "DATETIME",
        (SqlType::Uuid, Postgres) => "UUID",
        (SqlType::Uuid, _) => "CHAR(32)",
        (SqlType::Decimal, Sqlite) => "TEXT",
        (SqlType::Decimal, _) => "DECIMAL(20, 6)",
        (SqlType::Json, Postgres) => "JSONB",
        (SqlType::Json, _) => "JSON",
        (SqlType::Enum(_), _) => "VARCHAR(8)",
    }
}

/// Values at the edges of each type.
fn samples() -> Vec<(SqlType, Vec<Value<'static>>)> {
    let json = |text: &str| Value::Json(std::borrow::Cow::Owned(serde_json::from_str(text).unwrap()));
    #[allow(unused_mut)] // without the optional types
    let mut samples = vec![
        (SqlType::Bool, vec![Value::Bool(true), Value::Bool(false)]),
        (SqlType::I16, vec![Value::Int(i16::MIN.into()), Value::Int(i16::MAX.into())]),
        (SqlType::I32, vec![Value::Int(i32::MIN.into()), Value::Int(i32::MAX.into())]),
        (SqlType::I64, vec![Value::Int(i64::MIN), Value::Int(i64::MAX), Value::Int(0)]),
        (SqlType::F32, vec![Value::Float(f64::from(0.1f32)), Value::Float(-1.5)]),
        (SqlType::F64, vec![Value::Float(0.1), Value::Float(-1e300), Value::Float(2.0)]),
        (SqlType::Text, vec![Value::Text("".into()), Value::Text("it's \"ünï\" 🦀 \\ %".into())]),
        (SqlType::Bytes, vec![Value::Bytes(Vec::new().into()), Value::Bytes(vec![0, 255, 39, 92].into())]),
        (SqlType::Json, vec![json("{\"a\": [1, 2.5, null, \"x\"]}"), json("7"), json("\"text\""), json("null")]),
        (SqlType::Enum(&MOOD), vec![Value::Text("good".into())]),
    ];
    #[cfg(feature = "chrono")]
    samples.extend(temporal_samples());
    #[cfg(feature = "uuid")]
    samples.push((SqlType::Uuid, vec![Value::Uuid(uuid::Uuid::nil()), Value::Uuid(uuid::Uuid::new_v4())]));
    #[cfg(feature = "decimal")]
    samples.push((
        SqlType::Decimal,
        ["-12345678901234.567890", "0", "0.000001", "1.5"].map(|v| Value::Decimal(v.parse().unwrap())).into(),
    ));
    samples
}

#[cfg(feature = "chrono")]
fn temporal_samples() -> Vec<(SqlType, Vec<Value<'static>>)> {
    use chrono::{NaiveDate, NaiveTime};
    let date = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    let time = |h, m, s, micros| NaiveTime::from_hms_micro_opt(h, m, s, micros).unwrap();
    let noon = date(1982, 8, 1).and_time(time(12, 0, 0, 0));
    let late = date(2999, 12, 31).and_time(time(23, 59, 59, 999_999));
    vec![
        (SqlType::Date, vec![Value::Date(date(1982, 8, 1)), Value::Date(date(9999, 12, 31))]),
        (SqlType::Time, vec![Value::Time(time(0, 0, 0, 0)), Value::Time(time(23, 59, 59, 1))]),
        (SqlType::DateTime, vec![Value::DateTime(noon), Value::DateTime(late)]),
        (SqlType::Timestamp, vec![Value::Timestamp(noon.and_utc()), Value::Timestamp(late.and_utc())]),
    ]
}

#[tokio::test]
async fn every_value_comes_back_as_it_went() {
    for database in Database::all() {
        let engine = database.engine().await;
        let mut connection = engine.acquire().await.unwrap();
        for (number, (sql_type, values)) in samples().into_iter().enumerate() {
            let spelling = spelling(engine.dialect(), sql_type);
            let table = format!("retro_values_{number}");
            create(&mut connection, &table, &format!("id INTEGER PRIMARY KEY, v {spelling}")).await;
            let values: Vec<_> = values.into_iter().chain([Value::Null]).collect();
            for (id, value) in values.iter().enumerate() {
                let binds = vec![int(id as i64), Bind::new(sql_type, value.borrowed())];
                let insert = statement(&connection, &format!("INSERT INTO {table} (id, v) VALUES (?, ?)"), binds);
                connection.execute(&insert).await.unwrap();
            }
            let rows = fetch(&mut connection, &format!("SELECT id, v FROM {table} ORDER BY id")).await;
            for (row, value) in rows.iter().zip(&values) {
                assert_eq!(row.len(), 2);
                let read = row.get(1, sql_type).unwrap();
                assert_eq!(&read, value, "{} {spelling}", database.url);
            }
            assert!(rows[0].get(2, sql_type).is_err());
            // A value is found by itself.
            if !matches!(sql_type, SqlType::Json | SqlType::F32) {
                let find = format!("SELECT id FROM {table} WHERE v = ?");
                let find = statement(&connection, &find, vec![Bind::new(sql_type, values[0].borrowed())]);
                assert_eq!(connection.fetch(&find).await.unwrap().len(), 1, "{} {spelling}", database.url);
            }
        }
    }
}

#[tokio::test]
async fn arrays_travel_as_one_parameter() {
    for database in Database::all() {
        let engine = database.engine().await;
        if !engine.capabilities().array_binds {
            continue;
        }
        let mut connection = engine.acquire().await.unwrap();
        for (sql_type, values) in samples() {
            let values: Vec<_> = values.into_iter().chain([Value::Null]).collect();
            let bind = Bind::array(sql_type, values.iter().map(Value::borrowed).collect());
            let spelling = spelling(engine.dialect(), sql_type);
            let select = format!("SELECT v FROM UNNEST(CAST(? AS {spelling}[])) WITH ORDINALITY AS u(v, i) ORDER BY i");
            let select = statement(&connection, &select, vec![bind]);
            let rows = connection.fetch(&select).await.unwrap();
            assert_eq!(rows.len(), values.len());
            for (row, value) in rows.iter().zip(&values) {
                assert_eq!(&row.get(0, sql_type).unwrap(), value, "{spelling}");
            }
        }
        let wrong = Bind::array(SqlType::I32, vec![Value::Int(1), Value::Text("x".into())]);
        let select = statement(&connection, "SELECT ?", vec![wrong]);
        assert!(connection.fetch(&select).await.is_err());
    }
}

#[tokio::test]
async fn what_a_database_computes_can_be_read() {
    for database in Database::all() {
        let engine = database.engine().await;
        let mut connection = engine.acquire().await.unwrap();
        create(&mut connection, "retro_sums", "i INTEGER, b BIGINT, f DOUBLE PRECISION").await;
        connection.batch("INSERT INTO retro_sums VALUES (1, 2, 0.5), (2, 3, 1.0)").await.unwrap();
        let sql = "SELECT COUNT(*), SUM(i), SUM(b), AVG(i), SUM(f), AVG(f), MAX(i), SUM(i) > 2 FROM retro_sums";
        let rows = fetch(&mut connection, sql).await;
        let get = |index, sql_type| rows[0].get(index, sql_type).unwrap();
        let place = &database.url;
        for (index, expected) in [(0, 2), (1, 3), (2, 5), (6, 2)] {
            assert_eq!(get(index, SqlType::I64), Value::Int(expected), "{place} {index}");
            assert_eq!(get(index, SqlType::F64), Value::Float(expected as f64), "{place} {index}");
        }
        for (index, expected) in [(3, 1.5), (4, 1.5), (5, 0.75)] {
            assert_eq!(get(index, SqlType::F64), Value::Float(expected), "{place} {index}");
            assert!(rows[0].get(index, SqlType::I64).is_err());
        }
        assert_eq!(get(7, SqlType::Bool), Value::Bool(true));
        #[cfg(feature = "decimal")]
        assert_eq!(get(1, SqlType::Decimal), Value::Decimal(3.into()));
    }
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_an_error() {
    for database in Database::all() {
        let engine = database.engine().await;
        let mut connection = engine.acquire().await.unwrap();
        let rows = fetch(&mut connection, "SELECT 'abc', 1.5").await;
        for sql_type in [SqlType::I32, SqlType::F64, SqlType::Bool, SqlType::Date, SqlType::Uuid, SqlType::Json] {
            let error = rows[0].get(0, sql_type).unwrap_err();
            assert!(!error.to_string().contains("abc"), "{error}");
        }
        assert!(rows[0].get(1, SqlType::I64).is_err());
        assert_eq!(rows[0].get(0, SqlType::Text).unwrap(), Value::Text("abc".into()));
    }
}

#[cfg(all(feature = "postgres", feature = "chrono"))]
#[tokio::test]
async fn infinity_is_an_error_and_not_a_panic() {
    for database in Database::all() {
        let engine = database.engine().await;
        if engine.dialect() != crate::Dialect::Postgres {
            continue;
        }
        let mut connection = engine.acquire().await.unwrap();
        let sql =
            "SELECT 'infinity'::timestamp, '-infinity'::date, '24:00'::time, 'NaN'::numeric, 'infinity'::timestamptz";
        let rows = fetch(&mut connection, sql).await;
        assert!(rows[0].get(0, SqlType::DateTime).is_err());
        assert!(rows[0].get(1, SqlType::Date).is_err());
        assert!(rows[0].get(2, SqlType::Time).is_err());
        assert!(rows[0].get(3, SqlType::I64).is_err());
        assert!(rows[0].get(4, SqlType::Timestamp).is_err());
    }
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn sqlite_is_read_liberally_and_written_in_one_form() {
    let engine = Engine::connect("sqlite::memory:").await.unwrap();
    let mut connection = engine.acquire().await.unwrap();
    let sql = "SELECT 3, 2.0, '1982-08-01T12:30:00Z', 'a1a2a3a4-b1b2-c1c2-d1d2-d3d4d5d6d7d8', 1, '12.50', X'6162'";
    let rows = fetch(&mut connection, sql).await;
    assert_eq!(rows[0].get(0, SqlType::F64).unwrap(), Value::Float(3.0));
    assert_eq!(rows[0].get(1, SqlType::I64).unwrap(), Value::Int(2));
    assert_eq!(rows[0].get(4, SqlType::Bool).unwrap(), Value::Bool(true));
    assert_eq!(rows[0].get(6, SqlType::Text).unwrap(), Value::Text("ab".into()));
    // The same value may be read as different types.
    assert_eq!(rows[0].get(5, SqlType::Text).unwrap(), Value::Text("12.50".into()));
    assert_eq!(rows[0].get(5, SqlType::F64).unwrap(), Value::Float(12.5));
    #[cfg(feature = "chrono")]
    {
        let half_past = chrono::NaiveDate::from_ymd_opt(1982, 8, 1).unwrap().and_hms_opt(12, 30, 0).unwrap();
        assert_eq!(rows[0].get(2, SqlType::DateTime).unwrap(), Value::DateTime(half_past));
        let written = Bind::new(SqlType::DateTime, Value::DateTime(half_past));
        let select = statement(&connection, "SELECT ?", vec![written]);
        let rows = connection.fetch(&select).await.unwrap();
        assert_eq!(rows[0].get(0, SqlType::Text).unwrap(), Value::Text("1982-08-01 12:30:00.000000".into()));
    }
    #[cfg(feature = "uuid")]
    {
        let uuid: uuid::Uuid = "a1a2a3a4-b1b2-c1c2-d1d2-d3d4d5d6d7d8".parse().unwrap();
        let rows = fetch(&mut connection, sql).await;
        assert_eq!(rows[0].get(3, SqlType::Uuid).unwrap(), Value::Uuid(uuid));
        let select = statement(&connection, "SELECT ?", vec![Bind::new(SqlType::Uuid, Value::Uuid(uuid))]);
        let rows = connection.fetch(&select).await.unwrap();
        assert_eq!(rows[0].get(0, SqlType::Text).unwrap(), Value::Text("a1a2a3a4b1b2c1c2d1d2d3d4d5d6d7d8".into()));
    }
}
