//! Much at once: more rows than a statement has binds for, long chains, wide tables. Everything is
//! measured in statements.

use std::collections::HashMap;

use retro_core::Dialect;
use retro_core::prelude::*;
use retro_tests::models::keys::{Meeting, Room, rooms};
use retro_tests::models::shop::{Country, Customer, Manufacturer, Order, OrderItem, Product, metadata};
use retro_tests::models::trees::Node;
use retro_tests::{Db, Verb, on_every_backend};

#[tokio::test]
async fn a_hundred_thousand_new_rows_and_their_collections() {
    on_every_backend(async |db| {
        const MANY: usize = 100_000;
        let db = db.with(metadata()).await;
        let mut session = db.session();
        let name = |n: usize| format!("customer {n}");
        let customers = session.add_all((0..MANY).map(|n| Customer { name: name(n), ..Default::default() }));
        for (n, &customer) in customers.iter().enumerate().step_by(10) {
            session.push(customer, Customer::orders, Order { number: n.to_string(), ..Default::default() });
        }
        let outcome = session.flush().await.unwrap();
        assert_eq!(outcome.inserted, MANY + MANY / 10);
        assert!(outcome.statements <= 600, "{outcome:?}");
        session.commit().await.unwrap();

        let mut other = db.session();
        let stored: HashMap<i32, String> =
            other.all(select((Customer::id, Customer::name))).await.unwrap().into_iter().collect();
        assert_eq!(stored.len(), MANY);
        for &customer in &customers {
            assert_eq!(stored.get(&session[customer].id), Some(&session[customer].name));
        }
        drop(session);

        db.log.clear();
        let loaded = other.all(select(Customer).options(selectin(Customer::orders))).await.unwrap();
        assert_eq!(loaded.len(), MANY);
        for view in other.views(&loaded) {
            let number = view.name().trim_start_matches("customer ");
            let orders: Vec<&str> = view.orders().map(|order| order.number()).collect();
            let expected = if number.ends_with('0') { vec![number] } else { Vec::new() };
            assert_eq!(orders, expected);
        }
        let sent = db.log.take().len();
        assert!(sent <= 1 + MANY.div_ceil(8_192), "{sent}");
    })
    .await;
}

#[tokio::test]
async fn a_graph_of_a_hundred_thousand_entities() {
    on_every_backend(async |db| {
        const ORDERS: usize = 2_000;
        const ITEMS: usize = 49;
        let db = db.with(metadata()).await;
        let mut session = db.session();
        let maker = session.add(Manufacturer { name: "Acorn".into(), ..Default::default() });
        let product =
            |n: usize| Product { name: format!("product {n}"), manufacturer: maker.into(), ..Default::default() };
        let products = session.add_all((0..ITEMS).map(product));
        for n in 0..ORDERS {
            let item = |product: &Entity<Product>| OrderItem {
                product: (*product).into(),
                quantity: n as i32,
                ..Default::default()
            };
            let items: Vec<OrderItem> = products.iter().map(item).collect();
            session.add(Order { number: n.to_string(), items: items.into(), ..Default::default() });
        }
        let outcome = session.flush().await.unwrap();
        assert_eq!(outcome.inserted, 1 + ITEMS + ORDERS + ORDERS * ITEMS);
        assert!(outcome.statements <= 600, "{outcome:?}");
        session.commit().await.unwrap();
        assert_eq!(session.flush().await.unwrap().statements, 0);

        let mut session = db.session();
        let with = selectin(Order::items.then(OrderItem::product));
        let orders = session.all(select(Order).options(with)).await.unwrap();
        for view in session.views(&orders) {
            let quantity: i32 = view.number().parse().unwrap();
            assert_eq!(view.items().len(), ITEMS);
            assert!(view.items().all(|item| item.quantity() == quantity && item.product().name().starts_with('p')));
        }
        for order in orders {
            session.delete(order);
        }
        let outcome = session.flush().await.unwrap();
        assert_eq!(outcome.deleted, ORDERS + ORDERS * ITEMS);
        assert!(outcome.statements <= 250, "{outcome:?}");
        assert_eq!(session.count(select(OrderItem)).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn twenty_thousand_composite_keys() {
    on_every_backend(async |db| {
        const MANY: i32 = 20_000;
        let db = db.with(rooms()).await;
        let key = |n: i32| (format!("b{}", n / 100), n % 100);
        let mut session = db.session();
        for n in 0..MANY {
            let (building, number) = key(n);
            let room = session.add(Room { building, number, seats: n, ..Default::default() });
            session.push(room, Room::meetings, Meeting { topic: n.to_string(), ..Default::default() });
        }
        session.commit().await.unwrap();

        db.log.clear();
        let mut session = db.session();
        let found = session.all(select(Room).options(selectin(Room::meetings))).await.unwrap();
        for view in session.views(&found) {
            let topics: Vec<&str> = view.meetings().map(|meeting| meeting.topic()).collect();
            assert_eq!(topics, [view.seats().to_string()]);
        }
        let meetings = session.known::<Meeting>();
        assert_eq!(meetings.len(), found.len());
        let sent = db.log.take().len();
        assert!(sent <= 1 + 5, "{sent}");

        let mut other = db.session();
        let found = other.get_all::<Room>((0..MANY + 5).map(key)).await.unwrap();
        for (n, room) in (0..MANY).zip(&found) {
            assert_eq!(room.map(|room| other[room].seats), Some(n));
        }
        assert_eq!(found[MANY as usize..], [None; 5]);
        let sent = db.log.take().len();
        assert!(sent <= 5, "{sent}");

        for meeting in meetings {
            session[meeting].topic.push('!');
        }
        for room in session.known::<Room>() {
            session[room].seats += 1;
        }
        let outcome = session.flush().await.unwrap();
        assert_eq!(outcome.updated, 2 * MANY as usize);
        assert!(outcome.statements <= 200, "{outcome:?}");
        for room in session.known::<Room>() {
            session.delete(room);
        }
        let outcome = session.flush().await.unwrap();
        assert_eq!((outcome.updated, outcome.deleted), (MANY as usize, MANY as usize));
        assert!(outcome.statements <= 150, "{outcome:?}");
        session.rollback().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn forty_thousand_associations() {
    on_every_backend(async |db| {
        const MANY: usize = 20_000;
        let db = db.with(metadata()).await;
        let mut session = db.session();
        let maker = session.add(Manufacturer { name: "Acorn".into(), ..Default::default() });
        let country = |id: i32| Country { id, name: format!("country {id}"), ..Default::default() };
        let countries = session.add_all((1..=5).map(country));
        for n in 0..MANY {
            let product = Product { name: n.to_string(), manufacturer: maker.into(), ..Default::default() };
            let product = session.add(product);
            session.push(product, Product::countries, countries[n % 5]);
            session.push(countries[(n + 1) % 5], Country::products, product);
        }
        let outcome = session.flush().await.unwrap();
        assert!(outcome.statements <= 2 + MANY / 200 + 2 * MANY / 200, "{outcome:?}");
        session.commit().await.unwrap();

        db.log.clear();
        let mut session = db.session();
        let products = session.all(select(Product).options(selectin(Product::countries))).await.unwrap();
        let sent = db.log.take().len();
        assert!(sent <= 1 + MANY.div_ceil(8_192), "{sent}");
        for view in session.views(&products) {
            let n: usize = view.name().parse().unwrap();
            let mut found: Vec<usize> = view.countries().map(|country| country.id() as usize).collect();
            found.sort_unstable();
            let mut expected = vec![1 + n % 5, 1 + (n + 1) % 5];
            expected.sort_unstable();
            assert_eq!(found, expected);
        }
        for &product in &products {
            let countries = session.entities(product, Product::countries);
            session.remove(product, Product::countries, countries[0]);
        }
        let outcome = session.flush().await.unwrap();
        assert!(outcome.statements <= MANY / 200, "{outcome:?}");
        session.commit().await.unwrap();
        assert_eq!(db.rows(&count_all(&db, "products_countries")).await, [MANY.to_string()]);
    })
    .await;
}

/// A chain whose keys the program makes: no row waits for the database to know its key.
#[derive(Model, Debug, Clone)]
#[retro(table = "steps")]
struct Step {
    #[retro(primary_key, generated = false)]
    id: i32,
    #[retro(foreign_key = Step::id)]
    after_id: Option<i32>,
    #[retro(key = after_id)]
    after: BelongsTo<Option<Step>>,
}

#[tokio::test]
async fn a_chain_of_ten_thousand_rows_with_keys() {
    on_every_backend(async |db| {
        const MANY: i32 = 10_000;
        let db = db.with(metadata![Step]).await;
        let mut session = db.session();
        let mut last = None;
        for id in 1..=MANY {
            let step = session.add(Step { id, ..Default::default() });
            if let Some(last) = last {
                session.set(step, Step::after, Some(last));
            }
            last = Some(step);
        }
        let outcome = session.flush().await.unwrap();
        assert_eq!(outcome.inserted, MANY as usize);
        assert!(outcome.statements <= 60, "{outcome:?}");
        let followers = select(Step).filter(Step::after_id.is_not_null());
        assert_eq!(session.count(followers).await.unwrap(), MANY as u64 - 1);
        for step in session.known::<Step>() {
            session.delete(step);
        }
        let outcome = session.flush().await.unwrap();
        assert_eq!(outcome.deleted, MANY as usize);
        assert!(outcome.statements <= 60 || db.engine.dialect() == Dialect::MySql, "{outcome:?}");
        session.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_chain_of_a_thousand_rows_with_generated_keys() {
    on_every_backend(async |db| {
        const MANY: usize = 1_000;
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        let mut last: Option<Entity<Node>> = None;
        for n in 0..MANY {
            let node = session.add(Node { name: n.to_string(), ..Default::default() });
            session.set(node, Node::parent, last);
            last = Some(node);
        }
        let outcome = session.flush().await.unwrap();
        assert_eq!(outcome.inserted, MANY);
        assert!(outcome.statements <= MANY, "{outcome:?}");
        session.commit().await.unwrap();
        let mut other = db.session();
        let nodes = other.all(select(Node).options(selectin(Node::parent))).await.unwrap();
        for view in other.views(&nodes) {
            let n: usize = view.name().parse().unwrap();
            let parent = view.parent().map(|parent| parent.name().to_owned());
            assert_eq!(parent, n.checked_sub(1).map(|n| n.to_string()));
        }
    })
    .await;
}

/// One more row of a shape costs no statement; twice the rows cost at most twice the statements.
#[tokio::test]
async fn statements_grow_with_the_rows_at_most() {
    on_every_backend(async |db| {
        let db = db.with(metadata()).await;
        let mut session = db.session();
        let maker = session.add(Manufacturer { name: "Acorn".into(), ..Default::default() });
        session.commit().await.unwrap();
        let mut counts = Vec::new();
        for (round, rows) in [1_000, 2_000, 4_000].into_iter().enumerate() {
            for n in 0..rows {
                let name = format!("{round} {n}");
                session.push(maker, Manufacturer::products, Product { name, ..Default::default() });
            }
            let inserted = session.flush().await.unwrap().statements;
            for (n, product) in session.entities(maker, Manufacturer::products).into_iter().enumerate() {
                session[product].year = n as i32;
            }
            session.entities(maker, Manufacturer::products);
            let updated = session.flush().await.unwrap().statements;
            for product in session.entities(maker, Manufacturer::products) {
                session.remove(maker, Manufacturer::products, product);
            }
            db.log.clear();
            let deleted = session.flush().await.unwrap().statements;
            let selects = db.log.count(Verb::Select);
            counts.push([inserted, updated, deleted, selects]);
        }
        for pair in counts.windows(2) {
            for (less, more) in pair[0].iter().zip(pair[1]) {
                assert!(more <= 2 * less + 2, "{counts:?}");
            }
        }
        session.rollback().await.unwrap();
    })
    .await;
}

macro_rules! wide {
    ($($column:ident)*) => {
        /// A table of two hundred columns.
        #[derive(Model, Debug, Clone)]
        #[retro(table = "wide")]
        struct Wide {
            #[retro(primary_key)]
            id: i32,
            $($column: i32,)*
        }

        impl Wide {
            fn add_to_all(&mut self, n: i32) {
                $(self.$column += n;)*
            }

            fn all_are(&self, n: i32) -> bool {
                [$(self.$column),*].iter().all(|&value| value == n)
            }
        }
    };
}

wide! {
    c000 c001 c002 c003 c004 c005 c006 c007 c008 c009 c010 c011 c012 c013 c014 c015 c016 c017 c018 c019
    c020 c021 c022 c023 c024 c025 c026 c027 c028 c029 c030 c031 c032 c033 c034 c035 c036 c037 c038 c039
    c040 c041 c042 c043 c044 c045 c046 c047 c048 c049 c050 c051 c052 c053 c054 c055 c056 c057 c058 c059
    c060 c061 c062 c063 c064 c065 c066 c067 c068 c069 c070 c071 c072 c073 c074 c075 c076 c077 c078 c079
    c080 c081 c082 c083 c084 c085 c086 c087 c088 c089 c090 c091 c092 c093 c094 c095 c096 c097 c098 c099
    c100 c101 c102 c103 c104 c105 c106 c107 c108 c109 c110 c111 c112 c113 c114 c115 c116 c117 c118 c119
    c120 c121 c122 c123 c124 c125 c126 c127 c128 c129 c130 c131 c132 c133 c134 c135 c136 c137 c138 c139
    c140 c141 c142 c143 c144 c145 c146 c147 c148 c149 c150 c151 c152 c153 c154 c155 c156 c157 c158 c159
    c160 c161 c162 c163 c164 c165 c166 c167 c168 c169 c170 c171 c172 c173 c174 c175 c176 c177 c178 c179
    c180 c181 c182 c183 c184 c185 c186 c187 c188 c189 c190 c191 c192 c193 c194 c195 c196 c197 c198 c199
}

#[tokio::test]
async fn rows_of_two_hundred_columns() {
    on_every_backend(async |db| {
        const MANY: usize = 1_000;
        let db = db.with(metadata![Wide]).await;
        let mut session = db.session();
        let rows = session.add_all((0..MANY).map(|_| Wide::default()));
        session.flush().await.unwrap();
        for (n, &row) in rows.iter().enumerate() {
            session[row].add_to_all(n as i32);
        }
        let outcome = session.flush().await.unwrap();
        // The first had 0 and has 0 still.
        assert_eq!(outcome.updated, MANY - 1);
        assert!(outcome.statements <= 10, "{outcome:?}");
        session.commit().await.unwrap();
        let mut other = db.session();
        for (n, row) in other.all(select(Wide).order_by(Wide::id)).await.unwrap().into_iter().enumerate() {
            assert!(other[row].all_are(n as i32));
        }
    })
    .await;
}

fn count_all(db: &Db, table: &str) -> String {
    let text = if db.engine.dialect() == Dialect::MySql { "CHAR" } else { "TEXT" };
    format!("SELECT CAST(COUNT(*) AS {text}) FROM {table}")
}
