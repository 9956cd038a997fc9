//! Databases with the tables of the scripts.

use retro_core::prelude::*;
use retro_core::private;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection};

use super::TABLES;

/// All tables, children first.
const CHILDREN_FIRST: [&str; 9] = [
    "products_countries",
    "product_details",
    "orders_items",
    "articles",
    "orders",
    "products",
    "customers",
    "countries",
    "manufacturers",
];

/// A new database in memory.
pub async fn memory() -> Engine {
    let engine = Engine::connect("sqlite::memory:").await.unwrap();
    run(&engine, statements(&tables("sqlite"))).await;
    engine
}

/// The servers that `RETRO_TEST_DATABASES` names.
pub fn servers() -> Vec<String> {
    let servers = std::env::var("RETRO_TEST_DATABASES").unwrap_or_default();
    servers
        .split(',')
        .filter(|url| url.starts_with("postgres") || url.starts_with("mysql"))
        .map(str::to_string)
        .collect()
}

/// A database of our own on a server.
pub struct Server {
    server: String,
    name: String,
    engine: Engine,
}

impl Server {
    pub async fn create(server: &str, suffix: &str) -> Server {
        let name = format!("retro_scripts_{}_{suffix}", std::process::id());
        let is_postgres = server.starts_with("postgres");
        let collation = if is_postgres { "" } else { " COLLATE utf8mb4_bin" };
        admin(server, format!("CREATE DATABASE {name}{collation}")).await;
        let (base, _) = server.rsplit_once('/').unwrap();
        let engine = Engine::connect(&format!("{base}/{name}")).await.unwrap();
        let tables = match is_postgres {
            true => tables("postgresql"),
            false => tables("sqlite").replace("\tid INTEGER", "\tid INTEGER AUTO_INCREMENT").replace("FLOAT", "DOUBLE"),
        };
        run(&engine, statements(&tables)).await;
        Server { server: server.into(), name, engine }
    }

    /// The database without rows.
    pub async fn emptied(&self) -> Engine {
        let mut deletes = vec!["UPDATE articles SET translation_of_id = NULL".to_string()];
        deletes.extend(CHILDREN_FIRST.iter().map(|table| format!("DELETE FROM {table}")));
        run(&self.engine, deletes).await;
        self.engine.clone()
    }

    pub async fn drop(self) {
        self.engine.close().await;
        admin(&self.server, format!("DROP DATABASE {}", self.name)).await;
    }
}

fn tables(dialect: &str) -> String {
    std::fs::read_to_string(format!("{TABLES}{dialect}.sql")).unwrap()
}

fn statements(text: &str) -> Vec<String> {
    let code: Vec<&str> = text.lines().filter(|line| !line.starts_with("--")).collect();
    code.join("\n").split(';').map(str::trim).filter(|statement| !statement.is_empty()).map(str::to_string).collect()
}

async fn run(engine: &Engine, statements: Vec<String>) {
    let mut session = Session::new(engine);
    for statement in statements {
        private::execute(&mut session, &statement).await.unwrap();
    }
    session.commit().await.unwrap();
}

async fn admin(server: &str, sql: String) {
    if server.starts_with("postgres") {
        let mut connection = PgConnection::connect(server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = MySqlConnection::connect(server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    }
}
