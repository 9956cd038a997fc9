//! The jobs as somebody who knows sqlx writes them by hand: long INSERTs in a transaction, no
//! entities, no keys read back.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::NaiveDateTime;
use retro_examples::import::{OrderRow, StoreFile, read_rows};
use sqlx::mysql::{MySql, MySqlPool};
use sqlx::postgres::{PgPool, Postgres};
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use sqlx::{AssertSqlSafe, QueryBuilder};
use uuid::Uuid;

use crate::Result;
use crate::input::{CHANGED, DELETED, ITEMS, Input, Job};
use crate::item::{Item, item};

/// Rows of one INSERT; more gain nothing on any of the databases.
const CHUNK: usize = 500;

/// A pool of one of the databases.
#[async_trait]
pub(crate) trait Plain: Send + Sync {
    /// Does a job; how long it took, and how many statements it sent.
    async fn run(&self, job: Job, input: &Input) -> Result<(Duration, u64)>;

    /// Empties tables.
    async fn clear(&self, tables: &[&str]) -> Result<()>;
}

pub(crate) async fn connect(url: &str) -> Result<Box<dyn Plain>> {
    if url.starts_with("sqlite") {
        // As retro sets it up.
        let options = url
            .parse::<SqliteConnectOptions>()?
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .row_buffer_size(CHUNK);
        Ok(Box::new(OnSqlite(SqlitePool::connect_with(options).await?)))
    } else if url.starts_with("postgres") {
        Ok(Box::new(OnPostgres(PgPool::connect(url).await?)))
    } else {
        Ok(Box::new(OnMySql(MySqlPool::connect(url).await?)))
    }
}

/// What an orders file says, ready for three tables.
#[derive(Default)]
struct Orders {
    customers: Vec<(Uuid, String, String, String)>,
    orders: Vec<(Uuid, NaiveDateTime, Uuid)>,
    items: Vec<(i32, Uuid, f64, i32)>,
}

impl Orders {
    fn read(input: &Input, products: &HashMap<String, i32>) -> Result<Orders> {
        let mut read = Orders::default();
        let mut known: HashMap<String, Uuid> = HashMap::new();
        for row in read_rows::<OrderRow>(input.files.path().join(StoreFile::Orders.name()))? {
            let row = row?.row;
            let id = Uuid::new_v4();
            for item in row.items() {
                let product = products.get(item.product).ok_or("an unknown product")?;
                read.items.push((*product, id, item.unit_price, item.quantity));
            }
            let OrderRow { name, address, phone, timestamp, .. } = row;
            let customer = *known.entry(name).or_insert_with_key(|name| {
                let id = Uuid::new_v4();
                read.customers.push((id, name.clone(), address, phone));
                id
            });
            read.orders.push((id, timestamp, customer));
        }
        Ok(read)
    }
}

/// sqlx is generic over databases, but not so that one function could serve them all. `$key` is the
/// type that a UUID is stored as there, and `$uuid` makes one of it.
macro_rules! plain {
    ($plain:ident, $pool:ident, $database:ident, $key:ty, $uuid:expr) => {
        struct $plain($pool);

        impl $plain {
            async fn insert(&self, items: &[Item]) -> Result<u64> {
                let mut transaction = self.0.begin().await?;
                let mut sent = 2;
                for chunk in items.chunks(CHUNK) {
                    let mut query =
                        QueryBuilder::<$database>::new("INSERT INTO bench_items (name, year, price, note, stock) ");
                    query.push_values(chunk, |mut row, item| {
                        row.push_bind(&item.name).push_bind(item.year).push_bind(item.price);
                        row.push_bind(&item.note).push_bind(item.stock);
                    });
                    query.build().execute(&mut *transaction).await?;
                    sent += 1;
                }
                transaction.commit().await?;
                Ok(sent)
            }

            async fn load(&self) -> Result<Vec<Item>> {
                type Row = (i64, String, i32, f64, Option<String>, i64);
                let query = "SELECT id, name, year, price, note, stock FROM bench_items";
                let rows: Vec<Row> = sqlx::query_as(query).fetch_all(&self.0).await?;
                let item = |(id, name, year, price, note, stock)| Item { id, name, year, price, note, stock };
                Ok(rows.into_iter().map(item).collect())
            }

            /// One prepared UPDATE for each row.
            async fn update(&self, items: &[(i64, f64)]) -> Result<u64> {
                let mut transaction = self.0.begin().await?;
                for (id, price) in items {
                    let mut query = QueryBuilder::<$database>::new("UPDATE bench_items SET price = ");
                    query.push_bind(price).push(" WHERE id = ").push_bind(id);
                    query.build().execute(&mut *transaction).await?;
                }
                transaction.commit().await?;
                Ok(2 + items.len() as u64)
            }

            async fn import(&self, input: &Input) -> Result<u64> {
                let uuid = $uuid;
                let mut transaction = self.0.begin().await?;
                let products: Vec<(String, i32)> =
                    sqlx::query_as("SELECT name, id FROM products").fetch_all(&mut *transaction).await?;
                let read = Orders::read(input, &products.into_iter().collect())?;
                let mut sent = 3;
                for chunk in read.customers.chunks(CHUNK) {
                    let mut query = QueryBuilder::<$database>::new("INSERT INTO customers (id, name, address, phone) ");
                    query.push_values(chunk, |mut row, (id, name, address, phone)| {
                        row.push_bind(uuid(*id)).push_bind(name).push_bind(address).push_bind(phone);
                    });
                    query.build().execute(&mut *transaction).await?;
                    sent += 1;
                }
                for chunk in read.orders.chunks(CHUNK) {
                    let mut query = QueryBuilder::<$database>::new("INSERT INTO orders (id, timestamp, customer_id) ");
                    query.push_values(chunk, |mut row, (id, timestamp, customer)| {
                        row.push_bind(uuid(*id)).push_bind(timestamp).push_bind(uuid(*customer));
                    });
                    query.build().execute(&mut *transaction).await?;
                    sent += 1;
                }
                for chunk in read.items.chunks(CHUNK) {
                    let mut query = QueryBuilder::<$database>::new(
                        "INSERT INTO orders_items (product_id, order_id, unit_price, quantity) ",
                    );
                    query.push_values(chunk, |mut row, (product, order, price, quantity)| {
                        row.push_bind(product).push_bind(uuid(*order)).push_bind(price).push_bind(quantity);
                    });
                    query.build().execute(&mut *transaction).await?;
                    sent += 1;
                }
                transaction.commit().await?;
                Ok(sent)
            }

            async fn delete(&self) -> Result<u64> {
                let mut transaction = self.0.begin().await?;
                let mut query = QueryBuilder::<$database>::new("SELECT id FROM orders ORDER BY timestamp LIMIT ");
                query.push_bind(DELETED as i64);
                let orders: Vec<$key> = query.build_query_scalar().fetch_all(&mut *transaction).await?;
                for from in ["DELETE FROM orders_items WHERE order_id IN (", "DELETE FROM orders WHERE id IN ("] {
                    let mut query = QueryBuilder::<$database>::new(from);
                    let mut keys = query.separated(", ");
                    for order in &orders {
                        keys.push_bind(order);
                    }
                    query.push(")");
                    query.build().execute(&mut *transaction).await?;
                }
                transaction.commit().await?;
                Ok(5)
            }
        }

        #[async_trait]
        impl Plain for $plain {
            async fn run(&self, job: Job, input: &Input) -> Result<(Duration, u64)> {
                let inserted: Vec<Item> = if job == Job::Insert { (0..ITEMS).map(item).collect() } else { Vec::new() };
                let loaded = if job == Job::Update { self.load().await? } else { Vec::new() };
                let changed: Vec<_> =
                    loaded.iter().step_by(ITEMS / CHANGED).map(|item| (item.id, item.price + 1.0)).collect();
                let started = Instant::now();
                let statements = match job {
                    Job::Insert => self.insert(&inserted).await?,
                    Job::Load => {
                        let items = self.load().await?;
                        assert_eq!(items.len(), ITEMS);
                        1
                    }
                    Job::Import => self.import(input).await?,
                    Job::Update => self.update(&changed).await?,
                    Job::Delete => self.delete().await?,
                };
                Ok((started.elapsed(), statements))
            }

            async fn clear(&self, tables: &[&str]) -> Result<()> {
                for table in tables {
                    sqlx::query(AssertSqlSafe(format!("DELETE FROM {table}"))).execute(&self.0).await?;
                }
                Ok(())
            }
        }
    };
}

plain!(OnSqlite, SqlitePool, Sqlite, String, |id: Uuid| id.simple().to_string());
plain!(OnPostgres, PgPool, Postgres, Uuid, |id: Uuid| id);
plain!(OnMySql, MySqlPool, MySql, String, |id: Uuid| id.simple().to_string());
