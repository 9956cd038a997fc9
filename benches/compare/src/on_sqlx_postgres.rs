//! Plain sqlx by hand on PostgreSQL: an array for each column, and one statement whatever the number of rows.
//! The floor there.

use std::hint::black_box;

use async_trait::async_trait;
use sqlx::postgres::{PgPool, PgPoolOptions};

use crate::Result;
use crate::graph::{Graph, LineRow, OrderRow, ProductRow};
use crate::job::{
    Columns, DELETED, FIRST, GETS, Item, ItemRow, KEYS, LEAST, LINES, ORDERS, QUERIES, SPAN, STEP, TRANSACTIONS,
    VISITED, customer, items, lines,
};
use crate::measure::Turn;
use crate::peer::{Peer, Took, took};

/// Rows of one statement.
pub(crate) const CHUNK: usize = 10_000;

// Rows are given their keys in the order of the arrays.
pub(crate) const INSERT_ITEMS: &str = "INSERT INTO bench_items (name, year, price, note, stock) \
    SELECT name, year, price, note, stock \
    FROM UNNEST($1::text[], $2::int4[], $3::float8[], $4::text[], $5::int8[]) \
    WITH ORDINALITY AS t (name, year, price, note, stock, n) ORDER BY n RETURNING id";
pub(crate) const INSERT_CUSTOMERS: &str = "INSERT INTO bench_customers (name, city) SELECT name, city \
    FROM UNNEST($1::text[], $2::text[]) WITH ORDINALITY AS t (name, city, n) ORDER BY n RETURNING id";
pub(crate) const INSERT_ORDERS: &str = "INSERT INTO bench_orders (number, customer_id) SELECT number, customer_id \
    FROM UNNEST($1::int8[], $2::int8[]) WITH ORDINALITY AS t (number, customer_id, n) ORDER BY n RETURNING id";
pub(crate) const INSERT_LINES: &str = "INSERT INTO bench_lines (order_id, product_id, quantity, price) \
    SELECT order_id, product_id, quantity, price \
    FROM UNNEST($1::int8[], $2::int8[], $3::int4[], $4::float8[]) \
    WITH ORDINALITY AS t (order_id, product_id, quantity, price, n) ORDER BY n RETURNING id";
pub(crate) const SELECT: &str = "SELECT id, name, year, price, note, stock FROM bench_items";
pub(crate) const SELECT_ONE: &str = "SELECT id, name, year, price, note, stock FROM bench_items WHERE id = $1";
pub(crate) const UPDATE_PRICES: &str = "UPDATE bench_items SET price = v.price \
    FROM UNNEST($1::int8[], $2::float8[]) AS v (id, price) WHERE bench_items.id = v.id";
pub(crate) const SELECT_PRODUCT_KEYS: &str = "SELECT id FROM bench_products ORDER BY id";
pub(crate) const SELECT_FIRST: &str = "SELECT id FROM bench_orders ORDER BY id LIMIT $1";
pub(crate) const DELETE_LINES: &str = "DELETE FROM bench_lines WHERE order_id = ANY($1)";
pub(crate) const DELETE_ORDERS: &str = "DELETE FROM bench_orders WHERE id = ANY($1)";
pub(crate) const UPDATE_STOCK: &str = "UPDATE bench_items SET stock = $1 WHERE id = $2";
pub(crate) const PRODUCTS: &str = "SELECT id, name, price FROM bench_products";
pub(crate) const CUSTOMERS: &str = "SELECT id, name, city FROM bench_customers";
pub(crate) const ORDERS_ALL: &str = "SELECT id, number, customer_id FROM bench_orders";
pub(crate) const LINES_ALL: &str = "SELECT id, order_id, product_id, quantity, price FROM bench_lines";

pub(crate) const FIRST_ORDERS: &str = "SELECT id, number, customer_id FROM bench_orders ORDER BY id LIMIT $1";
pub(crate) const LINES_OF: &str =
    "SELECT id, order_id, product_id, quantity, price FROM bench_lines WHERE order_id = $1";
pub(crate) const PRODUCT_OF: &str = "SELECT id, name, price FROM bench_products WHERE id = $1";
pub(crate) const BUILT: &str = "SELECT l.id, l.order_id, l.product_id, l.quantity, l.price FROM bench_lines l \
    JOIN bench_orders o ON o.id = l.order_id WHERE o.id >= $1 AND o.id < $2 AND l.quantity >= $3 \
    ORDER BY l.price DESC, l.id LIMIT $4";

pub(crate) struct SqlxPostgres(PgPool);

impl SqlxPostgres {
    pub(crate) async fn connect(url: &str) -> Result<SqlxPostgres> {
        Ok(SqlxPostgres(PgPoolOptions::new().test_before_acquire(false).connect(url).await?))
    }
}

#[async_trait(?Send)]
impl Peer for SqlxPostgres {
    fn name(&self) -> &'static str {
        "sqlx"
    }

    async fn insert(&mut self, rows: usize) -> Took {
        let mut items = items(rows);
        let started = Turn::start();
        let mut transaction = self.0.begin().await?;
        for chunk in items.chunks_mut(CHUNK) {
            let Columns { names, years, prices, notes, stocks } = Columns::of(chunk);
            let insert = sqlx::query_scalar(INSERT_ITEMS);
            let insert = insert.bind(&names).bind(&years).bind(&prices).bind(&notes).bind(&stocks);
            let mut ids: Vec<i64> = insert.fetch_all(&mut *transaction).await?;
            ids.sort_unstable();
            chunk.iter_mut().zip(ids).for_each(|(item, id)| item.id = id);
        }
        transaction.commit().await?;
        black_box(items);
        took(started)
    }

    async fn insert_graph(&mut self) -> Took {
        let started = Turn::start();
        let mut transaction = self.0.begin().await?;
        let products: Vec<i64> = sqlx::query_scalar(SELECT_PRODUCT_KEYS).fetch_all(&mut *transaction).await?;
        let (names, cities): (Vec<String>, Vec<String>) = (0..ORDERS).map(customer).unzip();
        let insert = sqlx::query_scalar(INSERT_CUSTOMERS).bind(&names).bind(&cities);
        let mut customers: Vec<i64> = insert.fetch_all(&mut *transaction).await?;
        customers.sort_unstable();
        let numbers: Vec<i64> = (0..ORDERS as i64).collect();
        let insert = sqlx::query_scalar(INSERT_ORDERS).bind(&numbers).bind(&customers);
        let mut orders: Vec<i64> = insert.fetch_all(&mut *transaction).await?;
        orders.sort_unstable();
        let (ids, (keys, (quantities, prices))) = line_columns(&orders, &products);
        let insert = sqlx::query_scalar(INSERT_LINES).bind(&ids).bind(&keys).bind(&quantities).bind(&prices);
        let _: Vec<i64> = insert.fetch_all(&mut *transaction).await?;
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
        sqlx::query_as(PRODUCTS).fetch_all(&self.0).await?.into_iter().for_each(|row| graph.product(row));
        sqlx::query_as(CUSTOMERS).fetch_all(&self.0).await?.into_iter().for_each(|row| graph.customer(row));
        sqlx::query_as(ORDERS_ALL).fetch_all(&self.0).await?.into_iter().for_each(|row| graph.order(row));
        sqlx::query_as(LINES_ALL).fetch_all(&self.0).await?.into_iter().for_each(|row| graph.line(row));
        assert_eq!(black_box(graph).orders.len(), ORDERS);
        took(started)
    }

    async fn update(&mut self) -> Took {
        let found: Vec<ItemRow> = sqlx::query_as(SELECT).fetch_all(&self.0).await?;
        let mut items: Vec<Item> = found.into_iter().map(Item::from).collect();
        let started = Turn::start();
        let changed = items.iter_mut().step_by(STEP).map(|item| {
            item.price += 1.0;
            (item.id, item.price)
        });
        let (ids, prices): (Vec<i64>, Vec<f64>) = changed.unzip();
        sqlx::query(UPDATE_PRICES).bind(&ids).bind(&prices).execute(&self.0).await?;
        took(started)
    }

    async fn delete_graph(&mut self) -> Took {
        let started = Turn::start();
        let mut transaction = self.0.begin().await?;
        let select = sqlx::query_scalar(SELECT_FIRST).bind(DELETED as i64);
        let orders: Vec<i64> = select.fetch_all(&mut *transaction).await?;
        sqlx::query(DELETE_LINES).bind(&orders).execute(&mut *transaction).await?;
        sqlx::query(DELETE_ORDERS).bind(&orders).execute(&mut *transaction).await?;
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
            sqlx::query(UPDATE_STOCK).bind(item.stock).bind(item.id).execute(&mut *transaction).await?;
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

type LineColumns = (Vec<i64>, (Vec<i64>, (Vec<i32>, Vec<f64>)));

/// Orders, products, quantities and prices of all lines.
pub(crate) fn line_columns(orders: &[i64], products: &[i64]) -> LineColumns {
    let rows = orders.iter().enumerate().flat_map(|(number, &order)| {
        lines(number).map(move |(product, quantity, price)| (order, (products[product], (quantity, price))))
    });
    rows.unzip()
}
