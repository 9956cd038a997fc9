//! tokio-postgres by hand: prepared statements with an array for each column.

use std::collections::HashMap;
use std::hint::black_box;

use async_trait::async_trait;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row, Statement};

use crate::Result;
use crate::graph::{Graph, LineRow, OrderRow, ProductRow};
use crate::job::{
    Columns, DELETED, FIRST, GETS, Item, KEYS, LEAST, LINES, ORDERS, QUERIES, SPAN, STEP, TRANSACTIONS, VISITED,
    customer, items,
};
use crate::measure::Turn;
use crate::on_sqlx_postgres as sql;
use crate::peer::{Peer, Took, took};

pub(crate) struct OnTokioPostgres {
    client: Client,
    prepared: HashMap<&'static str, Statement>,
}

impl OnTokioPostgres {
    pub(crate) async fn connect(url: &str) -> Result<OnTokioPostgres> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        Ok(OnTokioPostgres { client, prepared: HashMap::new() })
    }

    /// The statement, prepared when it is asked for first.
    async fn statement(&mut self, sql: &'static str) -> Result<Statement> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).await?;
        self.prepared.insert(sql, statement.clone());
        Ok(statement)
    }

    async fn query(&mut self, sql: &'static str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>> {
        let statement = self.statement(sql).await?;
        Ok(self.client.query(&statement, values).await?)
    }

    async fn execute(&mut self, sql: &'static str, values: &[&(dyn ToSql + Sync)]) -> Result<u64> {
        let statement = self.statement(sql).await?;
        Ok(self.client.execute(&statement, values).await?)
    }

    async fn keys(&mut self, sql: &'static str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<i64>> {
        Ok(self.query(sql, values).await?.iter().map(|row| row.get(0)).collect())
    }

    async fn command(&self, sql: &str) -> Result<()> {
        Ok(self.client.batch_execute(sql).await?)
    }
}

fn read(row: &Row) -> Item {
    Item { id: row.get(0), name: row.get(1), year: row.get(2), price: row.get(3), note: row.get(4), stock: row.get(5) }
}

fn read_line(row: &Row) -> LineRow {
    (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4))
}

#[async_trait(?Send)]
impl Peer for OnTokioPostgres {
    fn name(&self) -> &'static str {
        "tokio-postgres"
    }

    async fn insert(&mut self, rows: usize) -> Took {
        let mut items = items(rows);
        let started = Turn::start();
        self.command("BEGIN").await?;
        for chunk in items.chunks_mut(sql::CHUNK) {
            let Columns { names, years, prices, notes, stocks } = Columns::of(chunk);
            let mut ids = self.keys(sql::INSERT_ITEMS, &[&names, &years, &prices, &notes, &stocks]).await?;
            ids.sort_unstable();
            chunk.iter_mut().zip(ids).for_each(|(item, id)| item.id = id);
        }
        self.command("COMMIT").await?;
        black_box(items);
        took(started)
    }

    async fn insert_graph(&mut self) -> Took {
        let started = Turn::start();
        self.command("BEGIN").await?;
        let products = self.keys(sql::SELECT_PRODUCT_KEYS, &[]).await?;
        let (names, cities): (Vec<String>, Vec<String>) = (0..ORDERS).map(customer).unzip();
        let mut customers = self.keys(sql::INSERT_CUSTOMERS, &[&names, &cities]).await?;
        customers.sort_unstable();
        let numbers: Vec<i64> = (0..ORDERS as i64).collect();
        let mut orders = self.keys(sql::INSERT_ORDERS, &[&numbers, &customers]).await?;
        orders.sort_unstable();
        let (ids, (keys, (quantities, prices))) = sql::line_columns(&orders, &products);
        self.keys(sql::INSERT_LINES, &[&ids, &keys, &quantities, &prices]).await?;
        self.command("COMMIT").await?;
        took(started)
    }

    async fn load(&mut self, rows: usize) -> Took {
        let started = Turn::start();
        let items: Vec<Item> = self.query(sql::SELECT, &[]).await?.iter().map(read).collect();
        assert_eq!(black_box(items).len(), rows);
        took(started)
    }

    async fn load_graph(&mut self) -> Took {
        let started = Turn::start();
        let mut graph = Graph::default();
        for row in self.query(sql::PRODUCTS, &[]).await? {
            graph.product((row.get(0), row.get(1), row.get(2)));
        }
        for row in self.query(sql::CUSTOMERS, &[]).await? {
            graph.customer((row.get(0), row.get(1), row.get(2)));
        }
        for row in self.query(sql::ORDERS_ALL, &[]).await? {
            graph.order((row.get(0), row.get(1), row.get(2)));
        }
        for row in self.query(sql::LINES_ALL, &[]).await? {
            graph.line((row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)));
        }
        assert_eq!(black_box(graph).orders.len(), ORDERS);
        took(started)
    }

    async fn update(&mut self) -> Took {
        let mut items: Vec<Item> = self.query(sql::SELECT, &[]).await?.iter().map(read).collect();
        let started = Turn::start();
        let changed = items.iter_mut().step_by(STEP).map(|item| {
            item.price += 1.0;
            (item.id, item.price)
        });
        let (ids, prices): (Vec<i64>, Vec<f64>) = changed.unzip();
        self.execute(sql::UPDATE_PRICES, &[&ids, &prices]).await?;
        took(started)
    }

    async fn delete_graph(&mut self) -> Took {
        let started = Turn::start();
        self.command("BEGIN").await?;
        let orders = self.keys(sql::SELECT_FIRST, &[&(DELETED as i64)]).await?;
        self.execute(sql::DELETE_LINES, &[&orders]).await?;
        self.execute(sql::DELETE_ORDERS, &[&orders]).await?;
        self.command("COMMIT").await?;
        took(started)
    }

    async fn get(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        let select = self.statement(sql::SELECT_ONE).await?;
        for n in 0..GETS {
            black_box(read(&self.client.query_one(&select, &[&keys[n * 7 % KEYS]]).await?));
        }
        took(started)
    }

    async fn short(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        let select = self.statement(sql::SELECT_ONE).await?;
        let update = self.statement(sql::UPDATE_STOCK).await?;
        for n in 0..TRANSACTIONS {
            self.command("BEGIN").await?;
            let mut item = read(&self.client.query_one(&select, &[&keys[n % KEYS]]).await?);
            item.stock += 1;
            self.client.execute(&update, &[&item.stock, &item.id]).await?;
            self.command("COMMIT").await?;
        }
        took(started)
    }

    async fn lazy_loop(&mut self) -> Took {
        let started = Turn::start();
        let mut visited = 0;
        let orders = self.query(sql::FIRST_ORDERS, &[&(VISITED as i64)]).await?;
        let orders: Vec<OrderRow> = orders.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        for order in orders {
            let lines = self.query(sql::LINES_OF, &[&order.0]).await?;
            let lines: Vec<LineRow> = lines.iter().map(read_line).collect();
            for line in lines {
                let product = &self.query(sql::PRODUCT_OF, &[&line.2]).await?[0];
                let product: ProductRow = (product.get(0), product.get(1), product.get(2));
                black_box(product);
                visited += 1;
            }
        }
        assert_eq!(visited, VISITED * LINES);
        took(started)
    }

    async fn built(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        for n in 0..QUERIES {
            let lines = self.query(sql::BUILT, &[&keys[n], &keys[n + SPAN], &LEAST, &(FIRST as i64)]).await?;
            let lines: Vec<LineRow> = lines.iter().map(read_line).collect();
            assert_eq!(black_box(lines).len(), FIRST);
        }
        took(started)
    }
}
