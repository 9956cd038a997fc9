//! The tables and the state of a database before each job, and whether it is right after it.
//!
//! Nothing here is measured.

use retro_core::Dialect;
use retro_core::prelude::*;

use crate::Result;
use crate::job::{CHANGED, DELETED, ITEMS, Job, KEYS, LINES, ORDERS, PRODUCTS, TRANSACTIONS, customer, item, lines};
use crate::on_retro::{Customer, Item, Line, Order, Product, tables};

pub(crate) struct Stage {
    engine: Engine,
    sum: f64,
}

impl Stage {
    /// Makes the tables. The jobs empty them, so they may not be there yet.
    pub(crate) async fn build(url: &str) -> Result<Stage> {
        let engine = Engine::builder(url).max_connections(1).connect().await?;
        tables().create_all(&engine).await?;
        let mut session = Session::new(&engine);
        if session.exists(select(Item)).await? || session.exists(select(Product)).await? {
            return Err("the database has tables of this name with data; give an empty one".into());
        }
        for n in 0..PRODUCTS {
            session.add(new!(Product { name: format!("Product {n}"), price: n as f64 / 2.0 }));
        }
        session.commit().await?;
        Ok(Stage { engine, sum: 0.0 })
    }

    pub(crate) async fn strike(&self) -> Result<()> {
        Ok(tables().drop_all(&self.engine).await?)
    }

    /// Brings the tables into the state before a job; the keys of the items.
    pub(crate) async fn prepare(&mut self, job: Job) -> Result<Vec<i64>> {
        let mut session = Session::new(&self.engine);
        let items = match job {
            Job::Insert(_) => Some(0),
            Job::Load(rows) => Some(rows),
            Job::Update => Some(ITEMS),
            Job::Get | Job::Short => Some(KEYS),
            _ => None,
        };
        let mut is_new = false;
        if let Some(items) = items
            && session.count(select(Item)).await? != items as u64
        {
            self.empty(&mut session, &["bench_items"]).await?;
            session.add_all((0..items).map(|number| {
                let crate::job::Item { name, year, price, note, stock, .. } = item(number);
                new!(Item { name, year, price, note, stock })
            }));
            session.commit().await?;
            is_new = true;
        }
        let orders = match job {
            Job::InsertGraph => Some(0),
            Job::LoadGraph | Job::DeleteGraph | Job::LazyLoop | Job::Built => Some(ORDERS),
            _ => None,
        };
        if let Some(orders) = orders
            && (session.count(select(Order)).await? != orders as u64 || session.count(select(Customer)).await? == 0)
        {
            self.empty(&mut session, &["bench_lines", "bench_orders", "bench_customers"]).await?;
            let products = session.all(select(Product).order_by(Product::id)).await?;
            for number in 0..orders {
                let (name, city) = customer(number);
                let customer = session.add(new!(Customer { name, city }));
                let lines: Vec<Line> = lines(number)
                    .map(|(product, quantity, price)| new!(Line { product: products[product], quantity, price }))
                    .collect();
                session.add(new!(Order { number: number as i64, customer, lines }));
            }
            session.commit().await?;
            is_new = true;
        }
        drop(session);
        self.settle(is_new).await?;
        let mut session = Session::new(&self.engine);
        self.sum = self.sum(&mut session).await?;
        match job {
            Job::Get | Job::Short => Ok(session.all(select(Item::id).order_by(Item::id)).await?),
            Job::Built => Ok(session.all(select(Order::id).order_by(Order::id)).await?),
            _ => Ok(Vec::new()),
        }
    }

    /// Whether a job did what it should.
    pub(crate) async fn verify(&self, job: Job) -> Result<()> {
        let mut session = Session::new(&self.engine);
        let items = session.count(select(Item)).await? as usize;
        let orders = session.count(select(Order)).await? as usize;
        let lines = session.count(select(Line)).await? as usize;
        let customers = session.count(select(Customer)).await? as usize;
        let added = self.sum(&mut session).await? - self.sum;
        let is_right = match job {
            Job::Insert(rows) => items == rows,
            Job::InsertGraph => (orders, lines, customers) == (ORDERS, ORDERS * LINES, ORDERS),
            Job::Update => added == CHANGED as f64,
            Job::Short => added == TRANSACTIONS as f64,
            Job::DeleteGraph => (orders, lines) == (ORDERS - DELETED, (ORDERS - DELETED) * LINES),
            Job::Load(_) | Job::LoadGraph | Job::Get | Job::LazyLoop | Job::Built => added == 0.0,
        };
        match is_right {
            true => Ok(()),
            false => {
                Err(format!("{items} items, {customers} customers, {orders} orders, {lines} lines, {added} added")
                    .into())
            }
        }
    }

    /// Of all numbers that the jobs change.
    async fn sum(&self, session: &mut Session) -> Result<f64> {
        let all = text("SELECT price, stock FROM bench_items").rows::<(f64, i64)>();
        Ok(session.all(all).await?.iter().map(|(price, stock)| price + *stock as f64).sum())
    }

    async fn empty(&self, session: &mut Session, tables: &[&str]) -> Result<()> {
        if self.engine.dialect() == Dialect::Postgres {
            session.execute(text(format!("TRUNCATE {}", tables.join(", ")))).await?;
        } else {
            for table in tables {
                session.execute(text(format!("DELETE FROM {table}"))).await?;
            }
        }
        Ok(session.commit().await?)
    }

    /// What the database does when it has time is done before the clock runs.
    async fn settle(&self, is_new: bool) -> Result<()> {
        let statements: &[&str] = match self.engine.dialect() {
            Dialect::Sqlite => &["PRAGMA wal_checkpoint(TRUNCATE)"],
            Dialect::Postgres if is_new => {
                &["ANALYZE bench_items", "ANALYZE bench_customers", "ANALYZE bench_orders", "ANALYZE bench_lines"]
            }
            _ => &[],
        };
        let mut connection = self.engine.connection().await?;
        for statement in statements {
            connection.execute(text(*statement)).await?;
        }
        Ok(())
    }
}
