//! Statements whose future is dropped: the session says so, and all is as before after a rollback.

use retro_core::prelude::*;
use retro_core::session::State;
use retro_tests::cancel::for_each_cancel_point;
use retro_tests::models::shop::Product;
use retro_tests::on_every_backend;

use super::{machines, products, stored};

#[tokio::test]
async fn at_every_point() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        for_each_cancel_point(async |point| {
            let mut session = db.session();
            let all = products(&mut session).await;
            let work = async |session: &mut Session| {
                session.execute(update(Product).set(Product::year.to(1)).filter(Product::cpu.eq("Z80"))).await?;
                session.execute(insert(Product).value(new!(Product { name: "x", manufacturer_id: 1 }))).await?;
                session.execute(delete(Product).filter(Product::id.eq(1))).await
            };
            match point.run(work(&mut session)).await {
                Some(result) => {
                    assert_eq!(result.unwrap().rows, 1);
                    assert_eq!(session.state(all[0]), State::Deleted);
                }
                None => {
                    let next =
                        session.execute(update(Product).set(Product::year.to(2)).filter(Product::id.eq(3))).await;
                    assert!(next.is_ok() || next.unwrap_err().is_rolled_back());
                }
            }
            session.rollback().await.unwrap();

            let years: Vec<i32> = all.iter().map(|&product| session[product].year).collect();
            assert_eq!(years, [1980, 1980, 1981, 1983]);
            assert!(all.iter().all(|&product| session.state(product) == State::Persistent));
            assert_eq!(stored(&db).await.len(), 4);
            session.execute(update(Product).set(Product::cpu.to("Z80")).filter(Product::id.eq(2))).await.unwrap();
            session.commit().await.unwrap();
        })
        .await;
        assert_eq!(stored(&db).await, ["Atom|1980", "ZX80|1980", "ZX81|1981", "Electron|1983"]);
    })
    .await;
}
