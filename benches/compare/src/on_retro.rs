//! retro: the models, whose tables all peers use, and the jobs.

use std::hint::black_box;

use async_trait::async_trait;
use retro_core::prelude::*;

use crate::Result;
use crate::job::{self, DELETED, FIRST, GETS, KEYS, LEAST, LINES, ORDERS, QUERIES, SPAN, STEP, TRANSACTIONS, VISITED};
use crate::measure::Turn;
use crate::peer::{Peer, Took, took};

#[derive(Model, Debug, Clone)]
#[retro(table = "bench_items")]
pub(crate) struct Item {
    #[retro(primary_key)]
    pub(crate) id: i64,
    #[retro(length = 64)]
    pub(crate) name: String,
    pub(crate) year: i32,
    pub(crate) price: f64,
    #[retro(length = 32)]
    pub(crate) note: Option<String>,
    pub(crate) stock: i64,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "bench_products")]
pub(crate) struct Product {
    #[retro(primary_key)]
    pub(crate) id: i64,
    #[retro(length = 64)]
    pub(crate) name: String,
    pub(crate) price: f64,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "bench_customers")]
pub(crate) struct Customer {
    #[retro(primary_key)]
    pub(crate) id: i64,
    #[retro(length = 64)]
    pub(crate) name: String,
    #[retro(length = 64)]
    pub(crate) city: String,
    #[retro(back_populates = customer)]
    pub(crate) orders: HasMany<Order>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "bench_orders")]
pub(crate) struct Order {
    #[retro(primary_key)]
    pub(crate) id: i64,
    pub(crate) number: i64,
    #[retro(foreign_key = Customer::id, index)]
    pub(crate) customer_id: i64,
    #[retro(key = customer_id, back_populates = orders)]
    pub(crate) customer: BelongsTo<Customer>,
    #[retro(back_populates = order, cascade = "all, delete-orphan")]
    pub(crate) lines: HasMany<Line>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "bench_lines")]
pub(crate) struct Line {
    #[retro(primary_key)]
    pub(crate) id: i64,
    #[retro(foreign_key = Order::id, index)]
    pub(crate) order_id: i64,
    #[retro(foreign_key = Product::id, index)]
    pub(crate) product_id: i64,
    pub(crate) quantity: i32,
    pub(crate) price: f64,
    #[retro(key = order_id, back_populates = lines)]
    pub(crate) order: BelongsTo<Order>,
    #[retro(key = product_id)]
    pub(crate) product: BelongsTo<Product>,
}

pub(crate) fn tables() -> MetaData {
    MetaData::new().with::<Item>().with::<Product>().with::<Customer>().with::<Order>().with::<Line>()
}

pub(crate) struct OnRetro(Engine);

impl OnRetro {
    pub(crate) async fn connect(url: &str) -> Result<OnRetro> {
        Ok(OnRetro(Engine::connect(url).await?))
    }
}

#[async_trait(?Send)]
impl Peer for OnRetro {
    fn name(&self) -> &'static str {
        "retro"
    }

    async fn insert(&mut self, rows: usize) -> Took {
        let items: Vec<Item> = (0..rows).map(item).collect();
        let mut session = Session::new(&self.0);
        let started = Turn::start();
        session.add_all(items);
        session.commit().await?;
        took(started)
    }

    async fn insert_graph(&mut self) -> Took {
        let mut session = Session::new(&self.0);
        let started = Turn::start();
        let products = session.all(select(Product).order_by(Product::id)).await?;
        for number in 0..ORDERS {
            let (name, city) = job::customer(number);
            let customer = session.add(new!(Customer { name, city }));
            let lines: Vec<Line> = job::lines(number)
                .map(|(product, quantity, price)| new!(Line { product: products[product], quantity, price }))
                .collect();
            session.add(new!(Order { number: number as i64, customer, lines }));
        }
        session.commit().await?;
        took(started)
    }

    async fn load(&mut self, rows: usize) -> Took {
        let mut session = Session::new(&self.0);
        let started = Turn::start();
        assert_eq!(session.all(select(Item)).await?.len(), rows);
        took(started)
    }

    async fn load_graph(&mut self) -> Took {
        let mut session = Session::new(&self.0);
        let started = Turn::start();
        let lines = selectin(Order::lines).then(selectin(Line::product));
        let orders = session.all(select(Order).options((selectin(Order::customer), lines))).await?;
        assert_eq!(orders.len(), ORDERS);
        took(started)
    }

    async fn update(&mut self) -> Took {
        let mut session = Session::new(&self.0);
        let items = session.all(select(Item)).await?;
        let started = Turn::start();
        for &item in items.iter().step_by(STEP) {
            session[item].price += 1.0;
        }
        session.commit().await?;
        took(started)
    }

    async fn delete_graph(&mut self) -> Took {
        let mut session = Session::new(&self.0);
        let started = Turn::start();
        for order in session.all(select(Order).order_by(Order::id).limit(DELETED as u64)).await? {
            session.delete(order);
        }
        session.commit().await?;
        took(started)
    }

    async fn get(&mut self, keys: &[i64]) -> Took {
        let mut session = Session::new(&self.0);
        let started = Turn::start();
        for n in 0..GETS {
            assert!(session.get::<Item>(keys[n * 7 % KEYS]).await?.is_some());
        }
        took(started)
    }

    async fn short(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        for n in 0..TRANSACTIONS {
            let mut session = Session::new(&self.0);
            let item = session.get::<Item>(keys[n % KEYS]).await?.ok_or("no such item")?;
            session[item].stock += 1;
            session.commit().await?;
        }
        took(started)
    }

    async fn lazy_loop(&mut self) -> Took {
        let mut session = Session::new(&self.0);
        let started = Turn::start();
        let mut visited = 0;
        for order in session.all(select(Order).order_by(Order::id).limit(VISITED as u64)).await? {
            for line in session.load(order, Order::lines).await? {
                let product = session.load(line, Line::product).await?;
                black_box(&session[product]);
                visited += 1;
            }
        }
        assert_eq!(visited, VISITED * LINES);
        took(started)
    }

    async fn built(&mut self, keys: &[i64]) -> Took {
        let mut session = Session::new(&self.0);
        let started = Turn::start();
        for n in 0..QUERIES {
            let lines = select(Line)
                .join(Line::order)
                .filter(Order::id.ge(keys[n]))
                .filter(Order::id.lt(keys[n + SPAN]))
                .filter(Line::quantity.ge(LEAST))
                .order_by((Line::price.desc(), Line::id))
                .limit(FIRST as u64);
            assert_eq!(session.all(lines).await?.len(), FIRST);
        }
        took(started)
    }
}

fn item(number: usize) -> Item {
    let job::Item { id, name, year, price, note, stock } = job::item(number);
    Item { id, name, year, price, note, stock }
}
