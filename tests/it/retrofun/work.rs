//! Everyday work on the store, each with a limit on its statements.

use retro_core::prelude::*;
use retro_examples::models::{Customer, Order, OrderItem, Product};
use retro_tests::{Verb, on_every_backend};

use super::store;

#[tokio::test]
async fn lazy_loads_in_nested_loops_are_sent_for_all_orders_at_once() {
    on_every_backend(async |db| {
        let db = store(db).await;
        let mut session = db.session();
        let orders = session.all(select(Order).order_by((Order::timestamp, Order::id)).limit(2_000)).await.unwrap();
        assert_eq!((orders.len(), db.log.take().len()), (2_000, 1));

        let mut revenue = 0.0;
        for order in orders {
            let customer = session.load(order, Order::customer).await.unwrap();
            assert_eq!(session[order].customer_id, session[customer].id);
            for item in session.load(order, Order::items).await.unwrap() {
                let product = session.load(item, OrderItem::product).await.unwrap();
                session.load(product, Product::manufacturer).await.unwrap();
                revenue += session[item].unit_price * f64::from(session[item].quantity);
            }
        }

        assert!(revenue > 2_000.0, "{revenue}");
        let sent = db.log.take();
        assert!(sent.len() <= 4, "{} statements: {sent:#?}", sent.len());
    })
    .await;
}

#[tokio::test]
async fn a_flush_of_what_did_not_change_sends_nothing() {
    on_every_backend(async |db| {
        let db = store(db).await;
        let mut session = db.session();
        let orders = session.all(select(Order)).await.unwrap();
        for &order in &orders {
            let order = &mut session[order];
            order.timestamp = order.timestamp.date().and_time(order.timestamp.time());
        }
        db.log.clear();

        let outcome = session.flush().await.unwrap();

        assert_eq!((outcome.statements, db.log.take_all()), (0, Vec::new()));
    })
    .await;
}

#[tokio::test]
async fn a_thousand_changes_are_few_updates() {
    on_every_backend(async |db| {
        let db = store(db).await;
        let mut session = db.session();
        let customers = session.all(select(Customer).order_by(Customer::name).limit(1_000)).await.unwrap();
        for (number, &customer) in customers.iter().enumerate() {
            session[customer].phone = Some(format!("+44 {number}"));
        }
        db.log.clear();

        session.commit().await.unwrap();

        let updates = db.log.count(Verb::Update);
        assert!(updates <= 10, "{updates} UPDATEs for {} customers", customers.len());
        let mut other = db.session();
        let phones: Vec<_> = other.all(select(Customer::phone).order_by(Customer::name).limit(1_000)).await.unwrap();
        assert!(phones.iter().enumerate().all(|(number, phone)| *phone == Some(format!("+44 {number}"))));
    })
    .await;
}

#[tokio::test]
async fn five_hundred_orders_are_deleted_with_their_items_in_few_statements() {
    on_every_backend(async |db| {
        let db = store(db).await;
        let mut session = db.session();
        let (all_orders, all_items) =
            (session.count(select(Order)).await.unwrap(), session.count(select(OrderItem)).await.unwrap());
        let orders = session.all(select(Order).order_by((Order::timestamp, Order::id)).limit(500)).await.unwrap();
        let keys: Vec<Uuid> = orders.iter().map(|&order| session[order].id).collect();
        let items = session.count(select(OrderItem).filter(OrderItem::order_id.in_(keys))).await.unwrap();
        for order in orders {
            session.delete(order);
        }
        db.log.clear();

        session.commit().await.unwrap();

        let (selects, deletes) = (db.log.count(Verb::Select), db.log.count(Verb::Delete));
        assert!(deletes <= 10, "{deletes} DELETEs for 500 orders");
        assert!(selects <= 10, "{selects} SELECTs for the items of 500 orders");
        let mut other = db.session();
        assert_eq!(other.count(select(Order)).await.unwrap(), all_orders - 500);
        assert_eq!(other.count(select(OrderItem)).await.unwrap(), all_items - items);
    })
    .await;
}
