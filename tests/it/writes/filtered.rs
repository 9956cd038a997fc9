//! The default filters of a session hold for what statements write and read.

use retro_core::prelude::*;
use retro_tests::models::shop::{Manufacturer, Product};
use retro_tests::{Db, on_every_backend};

use super::{Archive, machines, stored};

/// One that sees the machines of Sinclair only.
fn filtered(db: &Db) -> Session {
    db.session()
        .with_default_filter(Product, "maker", Product::manufacturer.has(Manufacturer::name.eq("Sinclair")))
        .with_default_filter(Product, "recent", Product::year.ge(1981))
}

#[tokio::test]
async fn updates_and_deletes_are_narrowed() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = filtered(&db);
        assert_eq!(session.execute(update(Product).set(Product::year.to(1990))).await.unwrap().rows, 1);
        let all = update(Product).set(Product::cpu.to("?")).without_filter("recent");
        assert_eq!(session.execute(all).await.unwrap().rows, 2);
        let by_id = delete(Product).filter(Product::id.le(3));
        assert_eq!(session.execute(by_id).await.unwrap().rows, 1);
        let none = delete(Product).without_filter("maker").without_filter("recent").filter(Product::id.eq(1));
        assert_eq!(session.execute(none).await.unwrap().rows, 1);
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await, ["ZX80|1980", "Electron|1983"]);
    })
    .await;
}

#[tokio::test]
async fn queries_within_are_narrowed() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = filtered(&db);
        let columns = (Archive::name, Archive::year);
        let all = select((Product::name, Product::year));
        assert_eq!(session.execute(insert(Archive).from_select(columns, all.clone())).await.unwrap().rows, 1);
        session.execute(delete(Archive)).await.unwrap();
        let more = insert(Archive).from_select(columns, all.without_filter("recent"));
        assert_eq!(session.execute(more).await.unwrap().rows, 2);
        let seen = update(Archive).set(Archive::year.to(0)).filter(Archive::name.in_(select(Product::name)));
        assert_eq!(session.execute(seen).await.unwrap().rows, 1);
        let newest = select(max(Product::year)).scalar().coalesce(0);
        session.execute(update(Archive).set(Archive::year.to(newest))).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT DISTINCT year FROM archive").await, ["1981"]);
    })
    .await;
}

/// Entities that the filter hides are not met.
#[tokio::test]
async fn entities_are_met_through_the_filter() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = filtered(&db);
        let all = session.all(select(Product).without_filter("maker").without_filter("recent").order_by(Product::id));
        let all = all.await.unwrap();
        session.execute(update(Product).set(Product::year.to(1990))).await.unwrap();
        let years: Vec<i32> = all.iter().map(|&product| session[product].year).collect();
        assert_eq!(years, [1980, 1980, 1990, 1983]);
    })
    .await;
}
