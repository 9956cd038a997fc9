//! Creating and dropping, in SQLite always and in each server that `RETRO_TEST_DATABASES` names
//! (URLs with commas between them; the user must be allowed to create databases).

use std::sync::atomic::{AtomicU32, Ordering};

use super::models::{Country, Everything, ID, Manufacturer, Product, base, circle, column, metadata_of, model, shop};
use crate::dialect::Dialect;
use crate::engine::Engine;
use crate::mapping::{Mapper, MapperCell};
use crate::model::{Assigned, CheckDef, Mapped, ModelDef};
use crate::private::RowReader;
use crate::schema::MetaData;
use crate::sql::Statement;
use crate::value::{SqlType, Value, ValueError};

/// A database of its own for one test.
struct Scratch {
    engine: Engine,
    /// The server and the name of the database to drop.
    server: Option<(Engine, String)>,
}

impl Scratch {
    async fn all() -> Vec<Scratch> {
        let mut all = vec![Scratch { engine: Engine::connect("sqlite::memory:").await.unwrap(), server: None }];
        let servers = std::env::var("RETRO_TEST_DATABASES").unwrap_or_default();
        for url in servers.split(',').filter(|url| !url.is_empty() && !url.starts_with("sqlite")) {
            all.push(Scratch::on(url).await);
        }
        all
    }

    async fn on(url: &str) -> Scratch {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("retro_schema_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let server = Engine::connect(url).await.unwrap();
        run(&server, &format!("CREATE DATABASE {name}")).await;
        let (base, _) = url.rsplit_once('/').unwrap();
        let engine = Engine::connect(&format!("{base}/{name}")).await.unwrap();
        Scratch { engine, server: Some((server, name)) }
    }

    async fn drop(self) {
        self.engine.close().await;
        if let Some((server, name)) = self.server {
            run(&server, &format!("DROP DATABASE {name}")).await;
        }
    }
}

async fn run(engine: &Engine, sql: &str) {
    engine.acquire().await.unwrap().batch(sql).await.unwrap();
}

async fn texts(engine: &Engine, sql: &str) -> Vec<String> {
    let rows = engine.acquire().await.unwrap().fetch(&Statement::once(sql, Vec::new())).await.unwrap();
    let text = |value: Value<'_>| match value {
        Value::Text(text) => text.into_owned(),
        other => other.to_string(),
    };
    rows.iter().map(|row| text(row.get(0, SqlType::Text).unwrap())).collect()
}

async fn tables(engine: &Engine) -> Vec<String> {
    let mut tables = texts(engine, engine.dialect().ddl().tables).await;
    tables.sort();
    tables
}

/// The names of the indexes that are not those of constraints.
async fn indexes(engine: &Engine) -> Vec<String> {
    let sql = match engine.dialect() {
        Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1",
        Dialect::Postgres => {
            "SELECT i.indexname::text FROM pg_indexes i WHERE i.schemaname = 'public' AND i.indexname NOT IN \
             (SELECT conname FROM pg_constraint) ORDER BY 1"
        }
        Dialect::MySql => {
            "SELECT DISTINCT CAST(index_name AS CHAR) FROM information_schema.statistics WHERE table_schema = DATABASE() \
             AND index_name <> 'PRIMARY' AND index_name NOT LIKE 'uq%' ORDER BY 1"
        }
    };
    texts(engine, sql).await
}

const SHOP: [&str; 6] = ["countries", "manufacturers", "orders", "orders_items", "products", "products_countries"];

#[tokio::test]
async fn a_shop_is_made_and_dropped_as_often_as_one_likes() {
    for database in Scratch::all().await {
        let engine = &database.engine;
        for _ in 0..2 {
            shop().create_all(engine).await.unwrap();
            assert_eq!(tables(engine).await, SHOP);
        }
        assert_eq!(
            indexes(engine).await,
            [
                "ix_manufacturers_name",
                "ix_orders_items_order_id",
                "ix_products_countries_country_id",
                "ix_products_manufacturer_id",
                "ix_products_year",
            ]
        );
        for _ in 0..2 {
            shop().drop_all(engine).await.unwrap();
            assert!(tables(engine).await.is_empty());
        }
        database.drop().await;
    }
}

#[tokio::test]
async fn only_what_is_missing_is_made_and_strangers_stay() {
    for database in Scratch::all().await {
        let engine = &database.engine;
        run(engine, "CREATE TABLE countries (id INTEGER PRIMARY KEY, name VARCHAR(10), mine INTEGER)").await;
        run(engine, "CREATE TABLE stranger (id INTEGER PRIMARY KEY)").await;
        shop().create_all(engine).await.unwrap();
        run(engine, "INSERT INTO countries (id, name, mine) VALUES (1, 'Elsewhere', 2)").await;
        shop().drop_all(engine).await.unwrap();
        assert_eq!(tables(engine).await, ["stranger"]);
        database.drop().await;
    }
}

#[tokio::test]
async fn keys_are_generated_and_may_be_given() {
    for database in Scratch::all().await {
        let engine = &database.engine;
        shop().create_all(engine).await.unwrap();
        run(engine, "INSERT INTO manufacturers (id, name) VALUES (7, 'Acorn')").await;
        run(engine, "DELETE FROM manufacturers").await;
        run(engine, "INSERT INTO manufacturers (name) VALUES ('Acorn')").await;
        assert_eq!(texts(engine, "SELECT name FROM manufacturers WHERE id > 0").await, ["Acorn"]);
        database.drop().await;
    }
}

#[tokio::test]
async fn every_type_is_taken() {
    for database in Scratch::all().await {
        let engine = &database.engine;
        metadata_of![Everything].create_all(engine).await.unwrap();
        metadata_of![Everything].drop_all(engine).await.unwrap();
        database.drop().await;
    }
}

#[tokio::test]
async fn a_circle_with_rows_is_made_and_dropped() {
    for database in Scratch::all().await {
        let engine = &database.engine;
        circle().create_all(engine).await.unwrap();
        run(engine, "INSERT INTO houses (id) VALUES (1)").await;
        run(engine, "INSERT INTO people (id, house_id) VALUES (1, 1)").await;
        run(engine, "UPDATE houses SET owner_id = 1, next_id = 1").await;
        let mut connection = engine.acquire().await.unwrap();
        let refused = connection.batch("INSERT INTO people (id, house_id) VALUES (2, 2)").await;
        assert!(refused.unwrap_err().is_foreign_key_violation());
        drop(connection);
        circle().drop_all(engine).await.unwrap();
        assert!(tables(engine).await.is_empty());
        database.drop().await;
    }
}

#[tokio::test]
async fn a_table_of_others_that_refers_to_ours_is_respected() {
    for database in Scratch::all().await {
        let engine = &database.engine;
        metadata_of![Manufacturer].create_all(engine).await.unwrap();
        run(
            engine,
            "CREATE TABLE stranger (id INTEGER PRIMARY KEY, m INTEGER, FOREIGN KEY (m) REFERENCES manufacturers (id))",
        )
        .await;
        run(engine, "INSERT INTO manufacturers (id, name) VALUES (1, 'Acorn')").await;
        run(engine, "INSERT INTO stranger (id, m) VALUES (1, 1)").await;
        let error = metadata_of![Manufacturer].drop_all(engine).await.unwrap_err();
        assert!(error.to_string().starts_with("drop_all"), "{error}");
        assert_eq!(tables(engine).await, ["manufacturers", "stranger"]);
        database.drop().await;
    }
}

model! { Broken,
    columns: &[ID, column::<i32>("a")],
    checks: &[CheckDef { name: "syntax", condition: "a >" }]
}

#[tokio::test]
async fn what_fails_leaves_nothing_where_ddl_has_transactions() {
    for database in Scratch::all().await {
        let engine = &database.engine;
        let metadata = metadata_of![Country, Product, Manufacturer, Broken];
        let error = metadata.create_all(engine).await.unwrap_err();
        assert!(error.to_string().starts_with("create_all"), "{error}");
        if engine.capabilities().transactional_ddl {
            assert!(tables(engine).await.is_empty());
        }
        database.drop().await;
    }
}

#[tokio::test]
async fn programs_may_start_at_the_same_time() {
    for database in Scratch::all().await {
        let engine = &database.engine;
        let shops = [shop(), shop(), shop()];
        let [first, second, third] = &shops;
        let done = tokio::join!(first.create_all(engine), second.create_all(engine), third.create_all(engine));
        assert!(done.0.is_ok() && done.1.is_ok() && done.2.is_ok(), "{done:?}");
        database.drop().await;
    }
}

#[test]
fn the_futures_are_send() {
    fn check<T: Send>(_: T) {}
    #[allow(dead_code)]
    fn sent(metadata: &MetaData, engine: &Engine) {
        check(metadata.create_all(engine));
        check(metadata.drop_all(engine));
    }
}
