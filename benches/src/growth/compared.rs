//! What retro and its peers are compared by, with as many rows as are asked for. An order is five rows:
//! its own, its buyer's and three lines.

use std::time::Duration;

use retro_core::prelude::*;

use super::clock::Clock;
use crate::Result;
use crate::item::{Item, item};
use crate::sqlite::{LINES, Line, PRODUCTS, Purchase, Ware, insert_graph};

const ROWS_OF_ORDER: usize = 2 + LINES;

pub(super) async fn insert(engine: &Engine, n: usize) -> Result<Duration> {
    let items: Vec<Item> = (0..n).map(item).collect();
    let mut session = Session::new(engine);
    let clock = Clock::start();
    session.add_all(items);
    session.commit().await?;
    Ok(clock.stop())
}

pub(super) async fn insert_orders(engine: &Engine, n: usize) -> Result<Duration> {
    wares(engine).await?;
    let mut session = Session::new(engine);
    let clock = Clock::start();
    insert_graph(&mut session, n / ROWS_OF_ORDER).await?;
    Ok(clock.stop())
}

pub(super) async fn load(engine: &Engine, n: usize) -> Result<Duration> {
    insert(engine, n).await?;
    let mut session = Session::new(engine);
    let clock = Clock::start();
    assert_eq!(session.all(select(Item)).await?.len(), n);
    Ok(clock.stop())
}

pub(super) async fn load_orders(engine: &Engine, n: usize) -> Result<Duration> {
    insert_orders(engine, n).await?;
    let mut session = Session::new(engine);
    let clock = Clock::start();
    let lines = selectin(Purchase::lines).then(selectin(Line::ware));
    let orders = session.all(select(Purchase).options((selectin(Purchase::buyer), lines))).await?;
    assert_eq!(orders.len(), n / ROWS_OF_ORDER);
    Ok(clock.stop())
}

pub(super) async fn change(engine: &Engine, n: usize) -> Result<Duration> {
    insert(engine, n).await?;
    let mut session = Session::new(engine);
    let items = session.all(select(Item)).await?;
    let clock = Clock::start();
    for &item in items.iter().step_by(10) {
        session[item].price += 1.0;
    }
    session.commit().await?;
    Ok(clock.stop())
}

pub(super) async fn delete_orders(engine: &Engine, n: usize) -> Result<Duration> {
    insert_orders(engine, n).await?;
    let mut session = Session::new(engine);
    let clock = Clock::start();
    let some = select(Purchase).order_by(Purchase::id).limit((n / ROWS_OF_ORDER / 4) as u64);
    for order in session.all(some).await? {
        session.delete(order);
    }
    session.commit().await?;
    Ok(clock.stop())
}

pub(super) async fn get(engine: &Engine, n: usize) -> Result<Duration> {
    let keys = keys(engine, n / 10).await?;
    let mut session = Session::new(engine);
    let clock = Clock::start();
    for number in 0..n {
        assert!(session.get::<Item>(keys[number * 7 % keys.len()]).await?.is_some());
    }
    Ok(clock.stop())
}

pub(super) async fn short(engine: &Engine, n: usize) -> Result<Duration> {
    let keys = keys(engine, n).await?;
    let clock = Clock::start();
    for &key in keys.iter().step_by(100) {
        let mut session = Session::new(engine);
        let item = session.get::<Item>(key).await?.ok_or("no such item")?;
        session[item].stock += 1;
        session.commit().await?;
    }
    Ok(clock.stop())
}

/// Inserts what lines are of.
async fn wares(engine: &Engine) -> Result<()> {
    let mut session = Session::new(engine);
    let ware = |number: usize| Ware { id: 0, name: format!("Ware {number}"), price: number as f64 };
    session.add_all((0..PRODUCTS).map(ware));
    Ok(session.commit().await?)
}

/// The keys of as many new items.
async fn keys(engine: &Engine, n: usize) -> Result<Vec<i64>> {
    let mut session = Session::new(engine);
    let items = session.add_all((0..n).map(item));
    session.commit().await?;
    Ok(items.into_iter().map(|item| session[item].id).collect())
}
