//! rusqlite by hand: prepared statements, run again and again. The floor on SQLite.

use std::hint::black_box;
use std::path::Path;

use async_trait::async_trait;
use rusqlite::{Connection, Row, TransactionBehavior, params};

use crate::Result;
use crate::graph::{Graph, LineRow, OrderRow, ProductRow};
use crate::job::{
    DELETED, FIRST, GETS, Item, KEYS, LEAST, LINES, ORDERS, QUERIES, SPAN, STEP, TRANSACTIONS, VISITED, customer,
    items, lines,
};
use crate::measure::Turn;
use crate::peer::{Peer, Took, took};

const SELECT: &str = "SELECT id, name, year, price, note, stock FROM bench_items";
const SELECT_ONE: &str = "SELECT id, name, year, price, note, stock FROM bench_items WHERE id = ?";

const FIRST_ORDERS: &str = "SELECT id, number, customer_id FROM bench_orders ORDER BY id LIMIT ?";
const LINES_OF: &str = "SELECT id, order_id, product_id, quantity, price FROM bench_lines WHERE order_id = ?";
const PRODUCT_OF: &str = "SELECT id, name, price FROM bench_products WHERE id = ?";
const BUILT: &str = "SELECT l.id, l.order_id, l.product_id, l.quantity, l.price FROM bench_lines l \
    JOIN bench_orders o ON o.id = l.order_id WHERE o.id >= ? AND o.id < ? AND l.quantity >= ? \
    ORDER BY l.price DESC, l.id LIMIT ?";

pub(crate) struct OnRusqlite(Connection);

impl OnRusqlite {
    pub(crate) fn connect(file: &Path) -> Result<OnRusqlite> {
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(OnRusqlite(connection))
    }

    fn items(&self) -> Result<Vec<Item>> {
        let mut select = self.0.prepare_cached(SELECT)?;
        let items = select.query_map([], read)?;
        Ok(items.collect::<Result<_, _>>()?)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        id: row.get(0)?,
        name: row.get(1)?,
        year: row.get(2)?,
        price: row.get(3)?,
        note: row.get(4)?,
        stock: row.get(5)?,
    })
}

#[async_trait(?Send)]
impl Peer for OnRusqlite {
    fn name(&self) -> &'static str {
        "rusqlite"
    }

    async fn insert(&mut self, rows: usize) -> Took {
        let mut items = items(rows);
        let started = Turn::start();
        let transaction = self.0.transaction()?;
        let mut insert = transaction
            .prepare_cached("INSERT INTO bench_items (name, year, price, note, stock) VALUES (?, ?, ?, ?, ?)")?;
        for item in &mut items {
            insert.execute(params![item.name, item.year, item.price, item.note, item.stock])?;
            item.id = transaction.last_insert_rowid();
        }
        drop(insert);
        transaction.commit()?;
        black_box(items);
        took(started)
    }

    async fn insert_graph(&mut self) -> Took {
        let started = Turn::start();
        let transaction = self.0.transaction()?;
        let mut select = transaction.prepare_cached("SELECT id FROM bench_products ORDER BY id")?;
        let products: Vec<i64> = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut buyer = transaction.prepare_cached("INSERT INTO bench_customers (name, city) VALUES (?, ?)")?;
        let mut order = transaction.prepare_cached("INSERT INTO bench_orders (number, customer_id) VALUES (?, ?)")?;
        let mut line = transaction
            .prepare_cached("INSERT INTO bench_lines (order_id, product_id, quantity, price) VALUES (?, ?, ?, ?)")?;
        for number in 0..ORDERS {
            buyer.execute(customer(number))?;
            order.execute((number as i64, transaction.last_insert_rowid()))?;
            let id = transaction.last_insert_rowid();
            for (product, quantity, price) in lines(number) {
                line.execute((id, products[product], quantity, price))?;
            }
        }
        drop((select, buyer, order, line));
        transaction.commit()?;
        took(started)
    }

    async fn load(&mut self, rows: usize) -> Took {
        let started = Turn::start();
        assert_eq!(black_box(self.items()?).len(), rows);
        took(started)
    }

    async fn load_graph(&mut self) -> Took {
        let started = Turn::start();
        let mut graph = Graph::default();
        let mut select = self.0.prepare_cached("SELECT id, name, price FROM bench_products")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            graph.product(row.try_into()?);
        }
        let mut select = self.0.prepare_cached("SELECT id, name, city FROM bench_customers")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            graph.customer(row.try_into()?);
        }
        let mut select = self.0.prepare_cached("SELECT id, number, customer_id FROM bench_orders")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            graph.order(row.try_into()?);
        }
        let mut select = self.0.prepare_cached("SELECT id, order_id, product_id, quantity, price FROM bench_lines")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            graph.line(row.try_into()?);
        }
        assert_eq!(black_box(graph).orders.len(), ORDERS);
        took(started)
    }

    async fn update(&mut self) -> Took {
        let mut items = self.items()?;
        let started = Turn::start();
        let transaction = self.0.transaction()?;
        let mut update = transaction.prepare_cached("UPDATE bench_items SET price = ? WHERE id = ?")?;
        for item in items.iter_mut().step_by(STEP) {
            item.price += 1.0;
            update.execute((item.price, item.id))?;
        }
        drop(update);
        transaction.commit()?;
        took(started)
    }

    async fn delete_graph(&mut self) -> Took {
        let started = Turn::start();
        let transaction = self.0.transaction()?;
        let mut select = transaction.prepare_cached("SELECT id FROM bench_orders ORDER BY id LIMIT ?")?;
        let orders: Vec<i64> = select.query_map([DELETED as i64], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut lines = transaction.prepare_cached("DELETE FROM bench_lines WHERE order_id = ?")?;
        let mut order = transaction.prepare_cached("DELETE FROM bench_orders WHERE id = ?")?;
        for id in orders {
            lines.execute([id])?;
            order.execute([id])?;
        }
        drop((select, lines, order));
        transaction.commit()?;
        took(started)
    }

    async fn get(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        let mut select = self.0.prepare_cached(SELECT_ONE)?;
        for n in 0..GETS {
            black_box(select.query_row([keys[n * 7 % KEYS]], read)?);
        }
        took(started)
    }

    async fn short(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        for n in 0..TRANSACTIONS {
            let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut item = transaction.prepare_cached(SELECT_ONE)?.query_row([keys[n % KEYS]], read)?;
            item.stock += 1;
            let mut update = transaction.prepare_cached("UPDATE bench_items SET stock = ? WHERE id = ?")?;
            update.execute((item.stock, item.id))?;
            drop(update);
            transaction.commit()?;
        }
        took(started)
    }

    async fn lazy_loop(&mut self) -> Took {
        let started = Turn::start();
        let mut visited = 0;
        let mut select = self.0.prepare_cached(FIRST_ORDERS)?;
        let orders = select.query_map([VISITED as i64], |row| OrderRow::try_from(row))?;
        for order in orders.collect::<Result<Vec<OrderRow>, _>>()? {
            let mut select = self.0.prepare_cached(LINES_OF)?;
            let lines = select.query_map([order.0], |row| LineRow::try_from(row))?;
            for line in lines.collect::<Result<Vec<LineRow>, _>>()? {
                let mut select = self.0.prepare_cached(PRODUCT_OF)?;
                black_box(select.query_row([line.2], |row| ProductRow::try_from(row))?);
                visited += 1;
            }
        }
        assert_eq!(visited, VISITED * LINES);
        took(started)
    }

    async fn built(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        for n in 0..QUERIES {
            let mut select = self.0.prepare_cached(BUILT)?;
            let values = (keys[n], keys[n + SPAN], LEAST, FIRST as i64);
            let lines = select.query_map(values, |row| LineRow::try_from(row))?;
            assert_eq!(black_box(lines.collect::<Result<Vec<LineRow>, _>>()?).len(), FIRST);
        }
        took(started)
    }
}
