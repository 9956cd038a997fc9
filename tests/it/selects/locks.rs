//! Rows that are locked while they are read.

use std::time::Duration;

use retro_core::prelude::*;
use retro_tests::models::shop::{Customer, Manufacturer, Order, Product};
use retro_tests::{Capability, Db, Verb};

use super::on_shop;

/// How long a session is given to prove that it does not wait.
const SOON: Duration = Duration::from_millis(300);

#[tokio::test]
async fn locks() {
    on_shop("locks", async |forms| {
        let one = || select(Product).filter(Product::id.eq(1));
        forms.products("for_update", one().for_update(), ["Atom"]).await;
        forms.products("for_share", one().for_share(), ["Atom"]).await;
        forms.products("skip_locked", one().skip_locked(), ["Atom"]).await;
        forms.products("nowait", one().nowait(), ["Atom"]).await;
        forms.products("for_share, skip_locked", one().for_share().skip_locked(), ["Atom"]).await;
        forms.products("for_share, nowait", one().nowait().for_share(), ["Atom"]).await;
        forms
            .products(
                "ordered and limited",
                select(Product).order_by(Product::year).limit(2).for_update(),
                ["PET", "Atom"],
            )
            .await;
        forms.rows("columns", select(Product::name).filter(Product::id.eq(2)).for_update(), ["C64"]).await;
        forms
            .products(
                "joined",
                select(Product).join(Product::manufacturer).filter(Manufacturer::id.eq(1)).for_update(),
                ["Atom"],
            )
            .await;
        let other = alias(Product);
        forms.products("an alias", select(other).filter(Product::id.of(other).eq(1)).for_update(), ["Atom"]).await;
        let outer = select((Order::number, Customer::name.nullable()))
            .from(Order)
            .outer_join(Order::customer)
            .filter(Order::number.eq("X1"));
        forms.one("outer joined", outer.for_update(), ("X1".to_owned(), None)).await;
        let loaded = select(Order).filter(Order::number.eq("X1")).options(joined(Order::customer)).for_update();
        forms.one("with a loader that joins", loaded.map(|_| ()), ()).await;
        let newest = select(Product::id).order_by(Product::year.desc()).limit(1).subquery("newest");
        let id = newest.columns();
        forms
            .products("beside a subquery", select(Product).join_on(&newest, id.eq(Product::id)).for_update(), ["QL"])
            .await;
        forms.session.rollback().await.unwrap();
    })
    .await;
}

/// A session of its own that finds products, given a moment to do so.
async fn finds(db: &Db, query: Select<i32>) -> Option<retro_core::Result<Vec<i32>>> {
    let mut session = db.session();
    tokio::time::timeout(SOON, session.all(query.order_by(Product::id))).await.ok()
}

#[tokio::test]
async fn locks_keep_others_out() {
    on_shop("locks_keep_others_out", async |forms| {
        let db = &forms.db;
        let some = || select(Product::id).filter(Product::id.le(2));
        let mut ours = db.session();
        ours.one(select(Product).filter(Product::id.eq(1)).for_update()).await.unwrap();
        assert_eq!(finds(db, some()).await.unwrap().unwrap(), [1, 2], "who only reads does not wait");
        assert!(finds(db, some().for_update()).await.is_none(), "who locks waits");
        assert!(finds(db, some().for_share()).await.is_none(), "even for sharing");
        if db.can(Capability::RowLocks) {
            assert_eq!(finds(db, some().skip_locked()).await.unwrap().unwrap(), [2]);
            assert!(finds(db, some().nowait()).await.unwrap().unwrap_err().is_serialization_failure());
            assert_eq!(finds(db, some().filter(Product::id.eq(2)).for_update()).await.unwrap().unwrap(), [2]);
        }
        ours.rollback().await.unwrap();
        assert_eq!(finds(db, some().for_update()).await.unwrap().unwrap(), [1, 2], "the lock is gone");

        ours.one(select(Product).filter(Product::id.eq(1)).for_share()).await.unwrap();
        if db.can(Capability::RowLocks) {
            assert_eq!(finds(db, some().for_share()).await.unwrap().unwrap(), [1, 2], "shared locks go together");
        }
        assert!(finds(db, some().for_update()).await.is_none());
        ours.commit().await.unwrap();
        assert_eq!(finds(db, some().nowait()).await.unwrap().unwrap(), [1, 2]);
    })
    .await;
}

/// Reading with a lock begins the transaction that writes, also where reading alone begins none.
#[tokio::test]
async fn a_lock_begins_a_transaction() {
    on_shop("a_lock_begins_a_transaction", async |forms| {
        let mut session = forms.db.session();
        forms.db.log.clear();
        let product = session.one(select(Product).filter(Product::id.eq(1)).for_update()).await.unwrap();
        let sent = forms.db.log.take_all();
        assert_eq!(sent[0].verb, Verb::Transaction, "{sent:#?}");
        session[product].year += 1;
        session.commit().await.unwrap();
        let sent = forms.db.log.take_all();
        assert!(!sent[0].sql.contains("BEGIN") && sent[0].verb == Verb::Update, "{sent:#?}");

        // Within a transaction that has only read so far, and in a scalar subquery or a count.
        let mut session = forms.db.session();
        session.all(select(Product)).await.unwrap();
        session.all(select(Product).for_update()).await.unwrap();
        session.rollback().await.unwrap();
        assert_eq!(session.count(select(Product).for_update()).await.unwrap(), 7);
        assert!(session.exists(select(Product).for_update()).await.unwrap());
        assert!(session.first(select(Product).for_update()).await.unwrap().is_some());
        session.rollback().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_update_is_lost() {
    on_shop("no_update_is_lost", async |forms| {
        let add_ten = async |db: Db| {
            for _ in 0..10 {
                let mut session = db.session();
                let product = session.one(select(Product).filter(Product::id.eq(1)).for_update()).await.unwrap();
                session[product].year += 1;
                session.commit().await.unwrap();
            }
        };
        let tasks = [tokio::spawn(add_ten(forms.db.clone())), tokio::spawn(add_ten(forms.db.clone()))];
        for task in tasks {
            task.await.unwrap();
        }
        let mut session = forms.db.session();
        assert_eq!(session.one(select(Product::year).filter(Product::id.eq(1))).await.unwrap(), 2000);
    })
    .await;
}
