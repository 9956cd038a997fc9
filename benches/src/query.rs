//! What a query costs before it is sent: building it, and rendering it as text and parameters.

use std::hint::black_box;
use std::time::{Duration, Instant};

use retro_core::Dialect;
use retro_core::prelude::*;
use retro_examples::models::{Customer, Order, OrderItem, Product};

use crate::Result;

/// How often a round builds or renders.
const TIMES: u32 = 20_000;

type Rows = Select<(Entity<Customer>, f64, i64)>;

/// An entity and two aggregates, two joins, four filters, groups, an order and a limit.
fn build(name: &str, least: f64) -> Rows {
    let total = sum(OrderItem::unit_price * OrderItem::quantity).label("total");
    select((Customer, &total, count(Order)))
        .join(Customer::orders)
        .join(Order::items)
        .filter(Customer::name.contains(name))
        .filter(OrderItem::quantity.gt(1) | OrderItem::unit_price.ge(least))
        .filter(OrderItem::product.has(Product::year.between(1977, 1985)))
        .filter(Customer::phone.is_not_null())
        .group_by(Customer)
        .having(total.gt(400.0))
        .order_by((total.desc(), Customer::name))
        .limit(20)
}

pub(crate) fn run(rounds: usize) -> Result<()> {
    let query = build("a", 9.5);
    println!("{}", query.to_sql(Dialect::Postgres)?);
    let built = fastest(rounds, || drop(black_box(build(black_box("a"), black_box(9.5)))));
    println!("build                {:>7.0} ns", nanos(built));
    for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql] {
        let rendered = fastest(rounds, || drop(black_box(query.to_sql(dialect))));
        println!("render for {dialect:<10} {:>6.0} ns", nanos(rendered));
    }
    Ok(())
}

/// The time of the fastest round: the machine does other things in the slower ones.
fn fastest(rounds: usize, step: impl Fn()) -> Duration {
    let round = |_| {
        let start = Instant::now();
        (0..TIMES).for_each(|_| step());
        start.elapsed()
    };
    (0..rounds.max(1)).map(round).min().unwrap_or_default()
}

fn nanos(round: Duration) -> f64 {
    round.as_secs_f64() * 1e9 / f64::from(TIMES)
}
