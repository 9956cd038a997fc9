//! Results in other forms than a list: pages, streams, partitions; queries in text; use without a
//! session; plans.

mod connections;
mod introspection;
mod pages;
mod partitions;
mod raw;
mod streams;

use retro_core::prelude::*;
use retro_tests::models::shop::{Country, Manufacturer, Product, metadata};
use retro_tests::{Db, on_every_backend};

/// Runs a test on every backend, and on a database in memory, which has one connection only.
async fn everywhere(test: impl AsyncFn(Db)) {
    on_every_backend(&test).await;
    test(Db::in_memory().await).await;
}

/// A shop with so many products of two manufacturers: their years repeat, every third has no CPU.
async fn shop(db: Db, products: i32) -> Db {
    let db = db.with(metadata()).await;
    let mut session = db.session();
    let makers = ["Acorn", "Sinclair"].map(|name| session.add(new!(Manufacturer { name: name })));
    session.add(Country { id: 1, name: "UK".into(), ..Default::default() });
    session.flush().await.unwrap();
    for n in 0..products {
        let cpu = (n % 3 > 0).then(|| format!("cpu {}", n % 2));
        session.add(Product {
            name: format!("product {n:04}"),
            year: 1980 + n % 7,
            cpu,
            manufacturer: makers[n as usize % 2].into(),
            ..Default::default()
        });
    }
    session.commit().await.unwrap();
    drop(session);
    db.log.clear();
    db
}

/// Whether the connections are all back in the pool.
async fn assert_idle(db: &Db) {
    for _ in 0..5_000 {
        let status = db.engine.status();
        if status.idle == status.size {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    panic!("{:?}", db.engine.status());
}
