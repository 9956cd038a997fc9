//! Diesel on PostgreSQL, by diesel-async.

use std::hint::black_box;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

use super::{
    Customer, Item, Line, NewItem, Order, Product, bench_customers, bench_items, bench_lines, bench_orders,
    bench_products, new_customers, new_lines, new_orders,
};
use crate::Result;
use crate::job::{DELETED, FIRST, GETS, KEYS, LEAST, LINES, ORDERS, QUERIES, SPAN, STEP, TRANSACTIONS, VISITED, items};
use crate::measure::Turn;
use crate::peer::{Peer, Took, took};

/// Rows of one INSERT. PostgreSQL takes 65,535 parameters.
const CHUNK: usize = 5_000;

pub(crate) struct DieselPostgres(AsyncPgConnection);

impl DieselPostgres {
    pub(crate) async fn connect(url: &str) -> Result<DieselPostgres> {
        Ok(DieselPostgres(AsyncPgConnection::establish(url).await?))
    }
}

#[async_trait(?Send)]
impl Peer for DieselPostgres {
    fn name(&self) -> &'static str {
        "diesel-async"
    }

    async fn insert(&mut self, rows: usize) -> Took {
        let mut items = items(rows);
        let started = Turn::start();
        self.0
            .transaction(async |connection| {
                for chunk in items.chunks_mut(CHUNK) {
                    let new: Vec<NewItem<'_>> = chunk.iter().map(NewItem::of).collect();
                    let insert = diesel::insert_into(bench_items::table).values(&new).returning(bench_items::id);
                    let ids: Vec<i64> = insert.get_results(connection).await?;
                    drop(new);
                    chunk.iter_mut().zip(ids).for_each(|(item, id)| item.id = id);
                }
                QueryResult::Ok(())
            })
            .await?;
        black_box(items);
        took(started)
    }

    async fn insert_graph(&mut self) -> Took {
        let started = Turn::start();
        self.0
            .transaction(async |connection| {
                let products: Vec<i64> =
                    bench_products::table.select(bench_products::id).order(bench_products::id).load(connection).await?;
                let insert = diesel::insert_into(bench_customers::table).values(new_customers());
                let customers: Vec<i64> = insert.returning(bench_customers::id).get_results(connection).await?;
                let insert = diesel::insert_into(bench_orders::table).values(new_orders(&customers));
                let orders: Vec<i64> = insert.returning(bench_orders::id).get_results(connection).await?;
                let insert = diesel::insert_into(bench_lines::table).values(new_lines(&orders, &products));
                let _: Vec<i64> = insert.returning(bench_lines::id).get_results(connection).await?;
                QueryResult::Ok(())
            })
            .await?;
        took(started)
    }

    async fn load(&mut self, rows: usize) -> Took {
        let started = Turn::start();
        let items: Vec<Item> = bench_items::table.select(Item::as_select()).load(&mut self.0).await?;
        assert_eq!(black_box(items).len(), rows);
        took(started)
    }

    async fn load_graph(&mut self) -> Took {
        let started = Turn::start();
        let orders: Vec<(Order, Customer)> = bench_orders::table
            .inner_join(bench_customers::table)
            .select((Order::as_select(), Customer::as_select()))
            .load(&mut self.0)
            .await?;
        let (orders, customers): (Vec<Order>, Vec<Customer>) = orders.into_iter().unzip();
        let lines: Vec<(Line, Product)> = Line::belonging_to(&orders)
            .inner_join(bench_products::table)
            .select((Line::as_select(), Product::as_select()))
            .load(&mut self.0)
            .await?;
        let lines: Vec<Vec<(Line, Product)>> = lines.grouped_by(&orders);
        let graph: Vec<_> = orders.into_iter().zip(customers).zip(lines).collect();
        assert_eq!(black_box(graph).len(), ORDERS);
        took(started)
    }

    /// All at once as rows that are there already: Diesel's way to change many to different values.
    async fn update(&mut self) -> Took {
        let items: Vec<Item> = bench_items::table.select(Item::as_select()).load(&mut self.0).await?;
        let mut items: Vec<Item> = items.into_iter().step_by(STEP).collect();
        let started = Turn::start();
        items.iter_mut().for_each(|item| item.price += 1.0);
        diesel::insert_into(bench_items::table)
            .values(&items)
            .on_conflict(bench_items::id)
            .do_update()
            .set(bench_items::price.eq(excluded(bench_items::price)))
            .execute(&mut self.0)
            .await?;
        took(started)
    }

    async fn delete_graph(&mut self) -> Took {
        let started = Turn::start();
        self.0
            .transaction(async |connection| {
                let first = bench_orders::table.select(bench_orders::id).order(bench_orders::id);
                let orders: Vec<i64> = first.limit(DELETED as i64).load(connection).await?;
                let lines = bench_lines::table.filter(bench_lines::order_id.eq_any(&orders));
                diesel::delete(lines).execute(connection).await?;
                let orders = bench_orders::table.filter(bench_orders::id.eq_any(&orders));
                diesel::delete(orders).execute(connection).await
            })
            .await?;
        took(started)
    }

    async fn get(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        for n in 0..GETS {
            let select = bench_items::table.find(keys[n * 7 % KEYS]).select(Item::as_select());
            let item: Item = select.first(&mut self.0).await?;
            black_box(item);
        }
        took(started)
    }

    async fn short(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        for n in 0..TRANSACTIONS {
            self.0
                .transaction(async |connection| {
                    let select = bench_items::table.find(keys[n % KEYS]).select(Item::as_select());
                    let mut item: Item = select.first(connection).await?;
                    item.stock += 1;
                    diesel::update(&item).set(bench_items::stock.eq(item.stock)).execute(connection).await
                })
                .await?;
        }
        took(started)
    }

    async fn lazy_loop(&mut self) -> Took {
        let started = Turn::start();
        let mut visited = 0;
        let first = bench_orders::table.select(Order::as_select()).order(bench_orders::id).limit(VISITED as i64);
        let orders: Vec<Order> = first.load(&mut self.0).await?;
        for order in &orders {
            let lines: Vec<Line> = Line::belonging_to(order).select(Line::as_select()).load(&mut self.0).await?;
            for line in &lines {
                let product = bench_products::table.find(line.product_id).select(Product::as_select());
                black_box(product.first(&mut self.0).await?);
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
                .load(&mut self.0)
                .await?;
            assert_eq!(black_box(lines).len(), FIRST);
        }
        took(started)
    }
}
