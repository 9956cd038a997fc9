//! Plain sqlx by hand on SQLite and MariaDB: long VALUES, keys from the last one that was given.

use std::hint::black_box;
use std::path::Path;

use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::mysql::{MySql, MySqlPool, MySqlPoolOptions, MySqlQueryResult};
use sqlx::sqlite::{
    Sqlite, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteQueryResult,
    SqliteSynchronous,
};

use crate::Result;
use crate::graph::{Graph, LineRow, OrderRow, ProductRow};
use crate::job::{
    DELETED, FIRST, GETS, Item, ItemRow, KEYS, LEAST, LINES, ORDERS, QUERIES, SPAN, STEP, TRANSACTIONS, VISITED,
    customer, items, lines,
};
use crate::measure::Turn;
use crate::peer::{Peer, Took, took};

/// Rows of one statement; more gain nothing.
const CHUNK: usize = 500;

const SELECT: &str = "SELECT id, name, year, price, note, stock FROM bench_items";
const SELECT_ONE: &str = "SELECT id, name, year, price, note, stock FROM bench_items WHERE id = ?";

const FIRST_ORDERS: &str = "SELECT id, number, customer_id FROM bench_orders ORDER BY id LIMIT ?";
const LINES_OF: &str = "SELECT id, order_id, product_id, quantity, price FROM bench_lines WHERE order_id = ?";
const PRODUCT_OF: &str = "SELECT id, name, price FROM bench_products WHERE id = ?";
const BUILT: &str = "SELECT l.id, l.order_id, l.product_id, l.quantity, l.price FROM bench_lines l \
    JOIN bench_orders o ON o.id = l.order_id WHERE o.id >= ? AND o.id < ? AND l.quantity >= ? \
    ORDER BY l.price DESC, l.id LIMIT ?";

pub(crate) struct SqlxSqlite(SqlitePool);

pub(crate) struct SqlxMySql(MySqlPool);

impl SqlxSqlite {
    pub(crate) async fn connect(file: &Path) -> Result<SqlxSqlite> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .row_buffer_size(CHUNK);
        Ok(SqlxSqlite(SqlitePoolOptions::new().test_before_acquire(false).connect_with(options).await?))
    }

    /// The key of the first of the rows that a statement inserted. They get consecutive ones.
    fn first(result: &SqliteQueryResult, rows: usize) -> i64 {
        result.last_insert_rowid() - rows as i64 + 1
    }

    fn change(query: &mut QueryBuilder<Sqlite>, changes: &[Item]) {
        query.push("UPDATE bench_items SET price = v.column2 FROM (");
        query.push_values(changes, |mut row, item| {
            row.push_bind(item.id).push_bind(item.price);
        });
        query.push(") AS v WHERE bench_items.id = v.column1");
    }
}

impl SqlxMySql {
    pub(crate) async fn connect(url: &str) -> Result<SqlxMySql> {
        Ok(SqlxMySql(MySqlPoolOptions::new().test_before_acquire(false).connect(url).await?))
    }

    /// As above; here the database tells the first one.
    fn first(result: &MySqlQueryResult, _rows: usize) -> i64 {
        result.last_insert_id() as i64
    }

    /// As rows that are there already: faster here than an UPDATE that joins the values.
    fn change(query: &mut QueryBuilder<MySql>, changes: &[Item]) {
        query.push("INSERT INTO bench_items (id, name, year, price, note, stock) ");
        query.push_values(changes, |mut row, item| {
            row.push_bind(item.id).push_bind(item.name.clone()).push_bind(item.year).push_bind(item.price);
            row.push_bind(item.note.clone()).push_bind(item.stock);
        });
        query.push(" ON DUPLICATE KEY UPDATE price = VALUES(price)");
    }
}

/// sqlx is generic over databases, but not so that one function could serve them all.
macro_rules! on_sqlx {
    ($peer:ident, $database:ident) => {
        #[async_trait(?Send)]
        impl Peer for $peer {
            fn name(&self) -> &'static str {
                "sqlx"
            }

            async fn insert(&mut self, rows: usize) -> Took {
                let mut items = items(rows);
                let started = Turn::start();
                let mut transaction = self.0.begin().await?;
                for chunk in items.chunks_mut(CHUNK) {
                    let mut query =
                        QueryBuilder::<$database>::new("INSERT INTO bench_items (name, year, price, note, stock) ");
                    query.push_values(&*chunk, |mut row, item| {
                        row.push_bind(&item.name).push_bind(item.year).push_bind(item.price);
                        row.push_bind(&item.note).push_bind(item.stock);
                    });
                    let result = query.build().execute(&mut *transaction).await?;
                    drop(query);
                    let first = Self::first(&result, chunk.len());
                    chunk.iter_mut().zip(first..).for_each(|(item, id)| item.id = id);
                }
                transaction.commit().await?;
                black_box(items);
                took(started)
            }

            async fn insert_graph(&mut self) -> Took {
                let started = Turn::start();
                let mut transaction = self.0.begin().await?;
                let products: Vec<i64> = sqlx::query_scalar("SELECT id FROM bench_products ORDER BY id")
                    .fetch_all(&mut *transaction)
                    .await?;
                let orders: Vec<usize> = (0..ORDERS).collect();
                for chunk in orders.chunks(CHUNK) {
                    let mut query = QueryBuilder::<$database>::new("INSERT INTO bench_customers (name, city) ");
                    query.push_values(chunk, |mut row, number| {
                        let (name, city) = customer(*number);
                        row.push_bind(name).push_bind(city);
                    });
                    let result = query.build().execute(&mut *transaction).await?;
                    let customers = Self::first(&result, chunk.len());
                    let mut query = QueryBuilder::<$database>::new("INSERT INTO bench_orders (number, customer_id) ");
                    query.push_values(chunk.iter().zip(customers..), |mut row, (number, customer)| {
                        row.push_bind(*number as i64).push_bind(customer);
                    });
                    let result = query.build().execute(&mut *transaction).await?;
                    let ids = Self::first(&result, chunk.len());
                    let mut query = QueryBuilder::<$database>::new(
                        "INSERT INTO bench_lines (order_id, product_id, quantity, price) ",
                    );
                    let lines = chunk.iter().zip(ids..).flat_map(|(number, id)| lines(*number).map(move |l| (id, l)));
                    query.push_values(lines, |mut row, (id, (product, quantity, price))| {
                        row.push_bind(id).push_bind(products[product]).push_bind(quantity).push_bind(price);
                    });
                    query.build().execute(&mut *transaction).await?;
                }
                transaction.commit().await?;
                took(started)
            }

            async fn load(&mut self, rows: usize) -> Took {
                let started = Turn::start();
                let found: Vec<ItemRow> = sqlx::query_as(SELECT).fetch_all(&self.0).await?;
                let items: Vec<Item> = found.into_iter().map(Item::from).collect();
                assert_eq!(black_box(items).len(), rows);
                took(started)
            }

            async fn load_graph(&mut self) -> Took {
                let started = Turn::start();
                let mut graph = Graph::default();
                let products = sqlx::query_as("SELECT id, name, price FROM bench_products");
                products.fetch_all(&self.0).await?.into_iter().for_each(|row| graph.product(row));
                let customers = sqlx::query_as("SELECT id, name, city FROM bench_customers");
                customers.fetch_all(&self.0).await?.into_iter().for_each(|row| graph.customer(row));
                let orders = sqlx::query_as("SELECT id, number, customer_id FROM bench_orders");
                orders.fetch_all(&self.0).await?.into_iter().for_each(|row| graph.order(row));
                let lines = sqlx::query_as("SELECT id, order_id, product_id, quantity, price FROM bench_lines");
                lines.fetch_all(&self.0).await?.into_iter().for_each(|row| graph.line(row));
                assert_eq!(black_box(graph).orders.len(), ORDERS);
                took(started)
            }

            async fn update(&mut self) -> Took {
                let found: Vec<ItemRow> = sqlx::query_as(SELECT).fetch_all(&self.0).await?;
                let mut changes: Vec<Item> = found.into_iter().map(Item::from).step_by(STEP).collect();
                let started = Turn::start();
                changes.iter_mut().for_each(|item| item.price += 1.0);
                let mut transaction = self.0.begin().await?;
                for chunk in changes.chunks(CHUNK) {
                    let mut query = QueryBuilder::<$database>::new("");
                    Self::change(&mut query, chunk);
                    query.build().execute(&mut *transaction).await?;
                }
                transaction.commit().await?;
                took(started)
            }

            async fn delete_graph(&mut self) -> Took {
                let started = Turn::start();
                let mut transaction = self.0.begin().await?;
                let select = sqlx::query_scalar("SELECT id FROM bench_orders ORDER BY id LIMIT ?");
                let orders: Vec<i64> = select.bind(DELETED as i64).fetch_all(&mut *transaction).await?;
                for from in ["DELETE FROM bench_lines WHERE order_id IN (", "DELETE FROM bench_orders WHERE id IN ("] {
                    let mut query = QueryBuilder::<$database>::new(from);
                    let mut keys = query.separated(", ");
                    orders.iter().for_each(|id| {
                        keys.push_bind(id);
                    });
                    query.push(")");
                    query.build().execute(&mut *transaction).await?;
                }
                transaction.commit().await?;
                took(started)
            }

            async fn get(&mut self, keys: &[i64]) -> Took {
                let started = Turn::start();
                let mut connection = self.0.acquire().await?;
                for n in 0..GETS {
                    let select = sqlx::query_as(SELECT_ONE).bind(keys[n * 7 % KEYS]);
                    let found: ItemRow = select.fetch_one(&mut *connection).await?;
                    black_box(Item::from(found));
                }
                took(started)
            }

            async fn short(&mut self, keys: &[i64]) -> Took {
                let started = Turn::start();
                for n in 0..TRANSACTIONS {
                    let mut transaction = self.0.begin().await?;
                    let select = sqlx::query_as(SELECT_ONE).bind(keys[n % KEYS]);
                    let found: ItemRow = select.fetch_one(&mut *transaction).await?;
                    let mut item = Item::from(found);
                    item.stock += 1;
                    let update = sqlx::query("UPDATE bench_items SET stock = ? WHERE id = ?");
                    update.bind(item.stock).bind(item.id).execute(&mut *transaction).await?;
                    transaction.commit().await?;
                }
                took(started)
            }

            async fn lazy_loop(&mut self) -> Took {
                let started = Turn::start();
                let mut visited = 0;
                let mut connection = self.0.acquire().await?;
                let select = sqlx::query_as(FIRST_ORDERS).bind(VISITED as i64);
                let orders: Vec<OrderRow> = select.fetch_all(&mut *connection).await?;
                for order in orders {
                    let select = sqlx::query_as(LINES_OF).bind(order.0);
                    let lines: Vec<LineRow> = select.fetch_all(&mut *connection).await?;
                    for line in lines {
                        let select = sqlx::query_as(PRODUCT_OF).bind(line.2);
                        let product: ProductRow = select.fetch_one(&mut *connection).await?;
                        black_box(product);
                        visited += 1;
                    }
                }
                assert_eq!(visited, VISITED * LINES);
                took(started)
            }

            async fn built(&mut self, keys: &[i64]) -> Took {
                let started = Turn::start();
                let mut connection = self.0.acquire().await?;
                for n in 0..QUERIES {
                    let select = sqlx::query_as(BUILT).bind(keys[n]).bind(keys[n + SPAN]);
                    let select = select.bind(LEAST).bind(FIRST as i64);
                    let lines: Vec<LineRow> = select.fetch_all(&mut *connection).await?;
                    assert_eq!(black_box(lines).len(), FIRST);
                }
                took(started)
            }
        }
    };
}

on_sqlx!(SqlxSqlite, Sqlite);
on_sqlx!(SqlxMySql, MySql);
