//! Diesel on SQLite.

use std::hint::black_box;
use std::path::Path;

use async_trait::async_trait;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use super::{
    Customer, Item, Line, NewItem, Order, Product, bench_customers, bench_items, bench_lines, bench_orders,
    bench_products, new_customers, new_lines, new_orders,
};
use crate::Result;
use crate::job::{DELETED, FIRST, GETS, KEYS, LEAST, LINES, ORDERS, QUERIES, SPAN, STEP, TRANSACTIONS, VISITED, items};
use crate::measure::Turn;
use crate::peer::{Peer, Took, took};

/// Rows of one INSERT.
const CHUNK: usize = 500;

pub(crate) struct DieselSqlite(SqliteConnection);

impl DieselSqlite {
    pub(crate) fn connect(file: &Path) -> Result<DieselSqlite> {
        let mut connection = SqliteConnection::establish(file.to_str().ok_or("a path that is no text")?)?;
        connection.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON")?;
        Ok(DieselSqlite(connection))
    }
}

#[async_trait(?Send)]
impl Peer for DieselSqlite {
    fn name(&self) -> &'static str {
        "Diesel"
    }

    async fn insert(&mut self, rows: usize) -> Took {
        let mut items = items(rows);
        let started = Turn::start();
        self.0.transaction(|connection| {
            for chunk in items.chunks_mut(CHUNK) {
                let new: Vec<NewItem<'_>> = chunk.iter().map(NewItem::of).collect();
                let insert = diesel::insert_into(bench_items::table).values(&new).returning(bench_items::id);
                let ids: Vec<i64> = insert.get_results(connection)?;
                drop(new);
                chunk.iter_mut().zip(ids).for_each(|(item, id)| item.id = id);
            }
            QueryResult::Ok(())
        })?;
        black_box(items);
        took(started)
    }

    async fn insert_graph(&mut self) -> Took {
        let started = Turn::start();
        self.0.transaction(|connection| {
            let products: Vec<i64> =
                bench_products::table.select(bench_products::id).order(bench_products::id).load(connection)?;
            let mut customers: Vec<i64> = Vec::with_capacity(ORDERS);
            for chunk in new_customers().chunks(CHUNK) {
                let insert = diesel::insert_into(bench_customers::table).values(chunk);
                customers.extend(insert.returning(bench_customers::id).get_results::<i64>(connection)?);
            }
            let mut orders: Vec<i64> = Vec::with_capacity(ORDERS);
            for chunk in new_orders(&customers).chunks(CHUNK) {
                let insert = diesel::insert_into(bench_orders::table).values(chunk);
                orders.extend(insert.returning(bench_orders::id).get_results::<i64>(connection)?);
            }
            for chunk in new_lines(&orders, &products).chunks(CHUNK) {
                let insert = diesel::insert_into(bench_lines::table).values(chunk);
                insert.returning(bench_lines::id).get_results::<i64>(connection)?;
            }
            QueryResult::Ok(())
        })?;
        took(started)
    }

    async fn load(&mut self, rows: usize) -> Took {
        let started = Turn::start();
        let items: Vec<Item> = bench_items::table.select(Item::as_select()).load(&mut self.0)?;
        assert_eq!(black_box(items).len(), rows);
        took(started)
    }

    async fn load_graph(&mut self) -> Took {
        let started = Turn::start();
        let orders: Vec<(Order, Customer)> = bench_orders::table
            .inner_join(bench_customers::table)
            .select((Order::as_select(), Customer::as_select()))
            .load(&mut self.0)?;
        let (orders, customers): (Vec<Order>, Vec<Customer>) = orders.into_iter().unzip();
        let lines: Vec<(Line, Product)> = Line::belonging_to(&orders)
            .inner_join(bench_products::table)
            .select((Line::as_select(), Product::as_select()))
            .load(&mut self.0)?;
        let lines: Vec<Vec<(Line, Product)>> = lines.grouped_by(&orders);
        let graph: Vec<_> = orders.into_iter().zip(customers).zip(lines).collect();
        assert_eq!(black_box(graph).len(), ORDERS);
        took(started)
    }

    /// Rows one by one, as the prepared statement is cached: what Diesel has for many at once isn't.
    async fn update(&mut self) -> Took {
        let mut items: Vec<Item> = bench_items::table.select(Item::as_select()).load(&mut self.0)?;
        let started = Turn::start();
        self.0.transaction(|connection| {
            for item in items.iter_mut().step_by(STEP) {
                item.price += 1.0;
                diesel::update(&*item).set(bench_items::price.eq(item.price)).execute(connection)?;
            }
            QueryResult::Ok(())
        })?;
        took(started)
    }

    async fn delete_graph(&mut self) -> Took {
        let started = Turn::start();
        self.0.transaction(|connection| {
            let first = bench_orders::table.select(bench_orders::id).order(bench_orders::id).limit(DELETED as i64);
            let orders: Vec<i64> = first.load(connection)?;
            diesel::delete(bench_lines::table.filter(bench_lines::order_id.eq_any(&orders))).execute(connection)?;
            diesel::delete(bench_orders::table.filter(bench_orders::id.eq_any(&orders))).execute(connection)
        })?;
        took(started)
    }

    async fn get(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        for n in 0..GETS {
            let item: Item =
                bench_items::table.find(keys[n * 7 % KEYS]).select(Item::as_select()).first(&mut self.0)?;
            black_box(item);
        }
        took(started)
    }

    async fn short(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        for n in 0..TRANSACTIONS {
            self.0.immediate_transaction(|connection| {
                let select = bench_items::table.find(keys[n % KEYS]).select(Item::as_select());
                let mut item: Item = select.first(connection)?;
                item.stock += 1;
                diesel::update(&item).set(bench_items::stock.eq(item.stock)).execute(connection)
            })?;
        }
        took(started)
    }

    async fn lazy_loop(&mut self) -> Took {
        let started = Turn::start();
        let mut visited = 0;
        let first = bench_orders::table.select(Order::as_select()).order(bench_orders::id).limit(VISITED as i64);
        let orders: Vec<Order> = first.load(&mut self.0)?;
        for order in &orders {
            let lines: Vec<Line> = Line::belonging_to(order).select(Line::as_select()).load(&mut self.0)?;
            for line in &lines {
                let product = bench_products::table.find(line.product_id).select(Product::as_select());
                black_box(product.first(&mut self.0)?);
                visited += 1;
            }
        }
        assert_eq!(visited, VISITED * LINES);
        took(started)
    }

    async fn built(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        for n in 0..QUERIES {
            let lines: Vec<Line> = bench_lines::table
                .inner_join(bench_orders::table)
                .filter(bench_orders::id.ge(keys[n]))
                .filter(bench_orders::id.lt(keys[n + SPAN]))
                .filter(bench_lines::quantity.ge(LEAST))
                .order((bench_lines::price.desc(), bench_lines::id))
                .limit(FIRST as i64)
                .select(Line::as_select())
                .load(&mut self.0)?;
            assert_eq!(black_box(lines).len(), FIRST);
        }
        took(started)
    }
}
