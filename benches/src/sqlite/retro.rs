//! The jobs on retro.

use std::path::Path;
use std::time::{Duration, Instant};

use retro_core::prelude::*;

use super::byhand::keys;
use super::{Buyer, CHANGED, DELETED, GETS, Job, KEYS, LINES, Line, ORDERS, PRODUCTS, Purchase, TRANSACTIONS, Ware};
use super::{open, prepare};
use crate::Result;
use crate::item::{Item, item};

pub(super) struct OnRetro {
    pub(super) engine: Engine,
}

impl OnRetro {
    pub(super) async fn connect(file: &Path, is_direct: bool) -> Result<OnRetro> {
        let builder = Engine::builder(&format!("sqlite://{}", file.display()));
        let builder = if is_direct { builder } else { builder.without_direct_sqlite() };
        Ok(OnRetro { engine: builder.connect().await? })
    }

    pub(super) async fn run(&self, job: Job, file: &Path) -> Result<Duration> {
        let mut other = open(file)?;
        prepare(job, &mut other)?;
        let keys = keys(job, &other)?;
        drop(other);
        let mut session = Session::new(&self.engine);
        let started;
        match job {
            Job::Insert(rows) => {
                let items: Vec<Item> = (0..rows).map(item).collect();
                started = Instant::now();
                session.add_all(items);
                session.commit().await?;
            }
            Job::InsertGraph => {
                started = Instant::now();
                insert_graph(&mut session, ORDERS).await?;
            }
            Job::Load(rows) => {
                started = Instant::now();
                assert_eq!(session.all(select(Item)).await?.len(), rows);
            }
            Job::LoadGraph => {
                started = Instant::now();
                let lines = selectin(Purchase::lines).then(selectin(Line::ware));
                let orders = session.all(select(Purchase).options((selectin(Purchase::buyer), lines))).await?;
                assert_eq!(orders.len(), ORDERS);
            }
            Job::Update => {
                let items = session.all(select(Item)).await?;
                started = Instant::now();
                for &item in items.iter().step_by(10_000 / CHANGED) {
                    session[item].price += 1.0;
                }
                session.commit().await?;
            }
            Job::DeleteGraph => {
                started = Instant::now();
                let orders = select(Purchase).order_by(Purchase::id).limit(DELETED as u64);
                for order in session.all(orders).await? {
                    session.delete(order);
                }
                session.commit().await?;
            }
            Job::Get => {
                started = Instant::now();
                for n in 0..GETS {
                    let found = session.get::<Item>(keys[n * 7 % KEYS]).await?;
                    assert!(found.is_some());
                }
            }
            Job::Short => {
                started = Instant::now();
                for n in 0..TRANSACTIONS {
                    let mut session = Session::new(&self.engine);
                    let item = session.get::<Item>(keys[n % KEYS]).await?.ok_or("no such item")?;
                    session[item].stock += 1;
                    session.commit().await?;
                }
            }
        }
        Ok(started.elapsed())
    }
}

/// So many orders, each with a new buyer and three lines.
pub(crate) async fn insert_graph(session: &mut Session, orders: usize) -> Result<()> {
    let wares = session.all(select(Ware).order_by(Ware::id)).await?;
    for n in 0..orders {
        let buyer = session.add(new!(Buyer { name: format!("Buyer {n}"), city: format!("City {}", n % 50) }));
        let lines: Vec<Line> = (0..LINES)
            .map(|k| {
                let ware = wares[(n * LINES + k) % PRODUCTS];
                new!(Line { ware, quantity: k as i32 + 1, price: n as f64 / 4.0 })
            })
            .collect();
        session.add(new!(Purchase { number: n as i64, buyer, lines }));
    }
    Ok(session.commit().await?)
}
