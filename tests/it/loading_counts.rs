//! How many statements the everyday loops over a real amount of data send.

use retro_core::prelude::*;
use retro_tests::models::shop::{Country, Customer, Manufacturer, Order, OrderItem, Product, metadata};
use retro_tests::{Db, Verb, on_every_backend};

const ORDERS: usize = 2_000;
const CUSTOMERS: usize = 200;
const PRODUCTS: usize = 100;

/// Orders of three items each.
async fn shop(db: Db) -> Db {
    let db = db.with(metadata()).await;
    let mut session = db.session();
    let maker = session.add(Manufacturer { name: "Acorn".into(), ..Default::default() });
    let countries = session.add_all(["X", "Y"].into_iter().zip(1..).map(|(name, id)| Country {
        id,
        name: name.into(),
        ..Default::default()
    }));
    let products = session.add_all((0..PRODUCTS).map(|n| Product {
        name: format!("product {n}"),
        manufacturer: maker.into(),
        countries: [countries[n % 2]].into(),
        ..Default::default()
    }));
    let customers =
        session.add_all((0..CUSTOMERS).map(|n| Customer { name: format!("customer {n}"), ..Default::default() }));
    for n in 0..ORDERS {
        let item =
            |k: usize| OrderItem { product: products[(n + k) % PRODUCTS].into(), quantity: 1, ..Default::default() };
        session.add(Order {
            number: n.to_string(),
            customer: customers[n % CUSTOMERS].into(),
            items: [item(0), item(1), item(2)].into(),
            ..Default::default()
        });
    }
    session.commit().await.unwrap();
    db.log.clear();
    db
}

/// The statements of a verb since the last call, in all no more than there are of it.
#[track_caller]
fn expect(db: &Db, verb: Verb, at_most: usize) -> usize {
    let sent = db.log.take();
    let count = sent.iter().filter(|statement| statement.verb == verb).count();
    assert!(count > 0 && count <= at_most, "{count} of {verb}");
    count
}

#[tokio::test]
async fn a_loop_over_orders_loads_each_relationship_once() {
    on_every_backend(async |db| {
        let db = shop(db).await;
        let mut session = db.session();
        let orders = session.all(select(Order).order_by(Order::id)).await.unwrap();
        let mut lines = 0;
        for order in orders {
            let customer = session.load(order, Order::customer).await.unwrap().unwrap();
            for item in session.load(order, Order::items).await.unwrap() {
                let product = session.load(item, OrderItem::product).await.unwrap();
                lines += usize::from(!session[product].name.is_empty() && !session[customer].name.is_empty());
            }
        }
        assert_eq!(lines, 3 * ORDERS);
        // The query, customers, items, products.
        assert_eq!(expect(&db, Verb::Select, 4), 4);
    })
    .await;
}

#[tokio::test]
async fn eager_loaders_send_one_statement_for_each_relationship() {
    on_every_backend(async |db| {
        let db = shop(db).await;
        let items = Order::items.then(OrderItem::product).then(Product::countries);
        for (with, statements) in [
            (select(Order).options((joined(Order::customer), selectin(items.clone()))), 4),
            (select(Order).options((selectin(Order::customer), subquery(items.clone()))), 5),
            (select(Order).options((joined(Order::customer), joined(Order::items.then(OrderItem::product)))), 1),
        ] {
            let mut session = db.session();
            let orders = session.all(with).await.unwrap();
            assert_eq!(orders.len(), ORDERS);
            for view in session.views(&orders) {
                assert!(view.customer().is_some() && view.items().len() == 3);
                assert!(view.items().all(|item| item.product().name().starts_with("product")));
            }
            assert_eq!(expect(&db, Verb::Select, 5), statements);
        }
    })
    .await;
}

#[tokio::test]
async fn a_column_of_a_thousand_rows() {
    on_every_backend(async |db| {
        let db = shop(db).await;
        let mut session = db.session();
        let orders = session.all(select(Order).order_by(Order::id).limit(1_000)).await.unwrap();
        for &order in &orders {
            session[order].number.push('!');
        }
        db.log.clear();
        session.commit().await.unwrap();
        expect(&db, Verb::Update, 10);
        // What equals the stored value is no change.
        for &order in &orders {
            let same = session[order].number.clone();
            session[order].number = same;
        }
        assert_eq!(session.flush().await.unwrap(), Default::default());
        session.commit().await.unwrap();
        assert!(db.log.take_all().is_empty(), "nothing to write, nothing to commit");
    })
    .await;
}

#[tokio::test]
async fn five_hundred_orders_with_their_items() {
    on_every_backend(async |db| {
        let db = shop(db).await;
        let mut session = db.session();
        for order in session.all(select(Order).order_by(Order::id).limit(500)).await.unwrap() {
            session.delete(order);
        }
        db.log.clear();
        session.commit().await.unwrap();
        let sent = db.log.take();
        let count = |verb: Verb| sent.iter().filter(|statement| statement.verb == verb).count();
        assert!(count(Verb::Delete) <= 10, "{}", count(Verb::Delete));
        assert_eq!(count(Verb::Select), 1, "the items are loaded once");
        assert_eq!(sent.len(), count(Verb::Delete) + 1);
        let left = (session.count(select(Order)).await.unwrap(), session.count(select(OrderItem)).await.unwrap());
        assert_eq!(left, (1_500, 4_500));
    })
    .await;
}

#[tokio::test]
async fn ten_thousand_gets_of_a_thousand_keys() {
    on_every_backend(async |db| {
        let db = shop(db).await;
        let mut session = db.session();
        let first = session.one(select(min(Order::id))).await.unwrap().unwrap();
        for n in 0..10_000 {
            assert!(session.get::<Order>(first + n % 1_000).await.unwrap().is_some());
        }
        assert_eq!(expect(&db, Verb::Select, 1_001), 1_001);
        let keys = (0..10_000).map(|n| first + n % 2_000);
        assert!(session.get_all::<Order>(keys).await.unwrap().iter().all(Option::is_some));
        assert_eq!(expect(&db, Verb::Select, 1), 1);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_has_read_flushes_nothing() {
    on_every_backend(async |db| {
        let db = shop(db).await;
        let mut session = db.session();
        let with = (selectin(Order::items.then(OrderItem::product)), joined(Order::customer));
        session.all(select(Order).options(with)).await.unwrap();
        db.log.clear();
        assert!(session.is_clean());
        assert!(session.plan().await.unwrap().statements().is_empty());
        assert_eq!(session.flush().await.unwrap(), Default::default());
        assert!(db.log.take_all().is_empty());
    })
    .await;
}

/// However many parts a result arrives in, its entities belong together.
#[tokio::test]
async fn a_large_result_is_one_cohort() {
    on_every_backend(async |db| {
        let db = db.with(metadata()).await;
        let mut session = db.session();
        let customers = (0..5_000).map(|n| Customer { name: format!("customer {n}"), ..Default::default() });
        for (n, customer) in session.add_all(customers).into_iter().enumerate() {
            session.add(Order { number: n.to_string(), customer: customer.into(), ..Default::default() });
        }
        session.commit().await.unwrap();
        let mut session = db.session();
        let customers = session.all(select(Customer).order_by(Customer::id)).await.unwrap();
        db.log.clear();
        session.load(customers[0], Customer::orders).await.unwrap();
        expect(&db, Verb::Select, 1);
        for (n, &customer) in customers.iter().enumerate() {
            let orders = session.entities(customer, Customer::orders);
            assert_eq!(orders.len(), 1);
            assert_eq!(session[orders[0]].number, n.to_string());
        }
    })
    .await;
}

/// Keys without a gap are asked for as a range, which asks for them and nothing else.
#[tokio::test]
async fn keys_that_follow_each_other_are_a_range() {
    on_every_backend(async |db| {
        let db = db.with(metadata()).await;
        let mut session = db.session();
        let customers =
            session.add_all((0..40).map(|n| Customer { name: format!("customer {n}"), ..Default::default() }));
        for n in 0..80 {
            let customer = customers[n % 40].into();
            session.add(Order { number: n.to_string(), customer, ..Default::default() });
        }
        session.commit().await.unwrap();
        let ids: Vec<i32> = customers.iter().map(|&customer| session[customer].id).collect();
        let is_gapless = ids.windows(2).all(|pair| pair[0] + 1 == pair[1]);
        assert!(is_gapless, "the database gave the keys {ids:?}");

        let mut with_gap = ids.clone();
        with_gap.remove(20);
        for (asked, is_range) in [(&ids[..], true), (&ids[3..20], true), (&with_gap[..], false), (&ids[..15], false)] {
            // Backwards: the order in which they were found makes no difference.
            let query = select(Customer).filter(Customer::id.in_(asked)).order_by(Customer::id.desc());
            let mut session = db.session();
            db.log.clear();
            let customers = session.all(query.options(selectin(Customer::orders))).await.unwrap();
            let sent = db.log.take();
            assert_eq!(sent.len(), 2);
            assert_eq!(sent[1].sql.contains("BETWEEN"), is_range, "{}", sent[1].sql);
            assert_eq!(sent[1].rows, 2 * asked.len() as u64);
            for &customer in &customers {
                let orders = session.entities(customer, Customer::orders);
                assert_eq!(orders.len(), 2);
                assert!(orders.iter().all(|&order| session[order].customer_id == Some(session[customer].id)));
            }
            // Their own keys as well, given twice and backwards.
            let mut session = db.session();
            db.log.clear();
            let keys = asked.iter().chain(asked).rev().copied();
            let found = session.get_all::<Customer>(keys.clone()).await.unwrap();
            let sent = db.log.take();
            assert_eq!(sent.len(), 1);
            assert_eq!(sent[0].sql.contains("BETWEEN"), is_range, "{}", sent[0].sql);
            assert_eq!(sent[0].rows, asked.len() as u64);
            assert!(found.iter().zip(keys).all(|(found, id)| found.is_some_and(|customer| session[customer].id == id)));
        }
    })
    .await;
}
