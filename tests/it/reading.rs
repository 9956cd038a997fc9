//! What the tests of reading share: a shop, a tree, and a log of the statements that were sent.

use std::sync::{Arc, Mutex};

use retro_core::prelude::*;
use retro_core::{StatementEvent, StatementObserver};
use sqlx::Connection as _;

#[derive(Model, Debug, Clone)]
#[retro(table = "manufacturers")]
pub struct Manufacturer {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64)]
    pub name: String,
    #[retro(back_populates = manufacturer, order_by = Product::year)]
    pub products: HasMany<Product>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "products")]
pub struct Product {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64)]
    pub name: String,
    pub year: i32,
    #[retro(length = 32)]
    pub cpu: Option<String>,
    #[retro(foreign_key = Manufacturer::id)]
    pub manufacturer_id: i32,
    #[retro(key = manufacturer_id, back_populates = products)]
    pub manufacturer: BelongsTo<Manufacturer>,
    #[retro(secondary = "products_countries", back_populates = products, order_by = Country::name)]
    pub countries: ManyToMany<Country>,
    #[retro(back_populates = product, lazy = "write_only", order_by = Item::order_id)]
    pub items: HasMany<Item>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "countries")]
pub struct Country {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(secondary = "products_countries", back_populates = countries)]
    pub products: ManyToMany<Product>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "orders")]
pub struct Order {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64)]
    pub customer: String,
    #[retro(back_populates = order, order_by = Item::product_id)]
    pub items: HasMany<Item>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "items")]
pub struct Item {
    #[retro(primary_key, foreign_key = Order::id)]
    pub order_id: i32,
    #[retro(primary_key, foreign_key = Product::id)]
    pub product_id: i32,
    pub quantity: i32,
    pub price: f64,
    #[retro(key = order_id, back_populates = items)]
    pub order: BelongsTo<Order>,
    #[retro(key = product_id, back_populates = items)]
    pub product: BelongsTo<Product>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "nodes")]
pub struct Node {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(foreign_key = Node::id)]
    pub parent_id: Option<i32>,
    #[retro(key = parent_id, back_populates = children)]
    pub parent: BelongsTo<Option<Node>>,
    #[retro(back_populates = parent, order_by = Node::name)]
    pub children: HasMany<Node>,
}

/// The statements that an engine has sent.
#[derive(Default)]
pub struct Log(Mutex<Vec<String>>);

impl StatementObserver for Log {
    fn statement(&self, event: &StatementEvent<'_>) {
        self.0.lock().unwrap().push(event.sql.to_owned());
    }
}

impl Log {
    /// Forgets what was sent so far.
    pub fn clear(&self) {
        self.0.lock().unwrap().clear();
    }

    /// The SELECTs sent since the last call.
    pub fn selects(&self) -> Vec<String> {
        let all = std::mem::take(&mut *self.0.lock().unwrap());
        all.into_iter().filter(|sql| sql.starts_with("SELECT")).collect()
    }

    /// Checks how many SELECTs were sent since the last call.
    #[track_caller]
    pub fn expect(&self, selects: usize) {
        let sent = self.selects();
        assert_eq!(sent.len(), selects, "{sent:#?}");
    }
}

/// A database with the tables of the shop.
pub struct Shop {
    pub engine: Engine,
    pub log: Arc<Log>,
}

/// One shop on SQLite, and one on each database that `RETRO_TEST_DATABASES` names.
pub async fn shops(test: &str) -> Vec<Shop> {
    let mut urls = vec!["sqlite::memory:".to_owned()];
    if let Ok(named) = std::env::var("RETRO_TEST_DATABASES") {
        for base in named.split(',').filter(|url| !url.is_empty()) {
            urls.push(fresh_database(base, test).await);
        }
    }
    let mut shops = Vec::new();
    for url in urls {
        shops.push(open(&url).await);
    }
    shops
}

pub async fn open(url: &str) -> Shop {
    let log = Arc::new(Log::default());
    let engine = Engine::builder(url).observe(log.clone()).connect().await.unwrap();
    metadata![Manufacturer, Product, Country, Order, Item, Node].create_all(&engine).await.unwrap();
    log.clear();
    Shop { engine, log }
}

pub async fn fresh_database(base: &str, test: &str) -> String {
    let name = format!("retroq_{test}");
    let statements = [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")];
    for statement in statements {
        let statement = sqlx::AssertSqlSafe(statement);
        if base.starts_with("postgres") {
            let mut connection = sqlx::PgConnection::connect(base).await.unwrap();
            sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
        } else {
            let mut connection = sqlx::MySqlConnection::connect(base).await.unwrap();
            sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
        }
    }
    let (server, _) = base.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

impl Shop {
    /// A session on the shop, empty.
    pub fn session(&self) -> Session {
        self.log.clear();
        Session::new(&self.engine)
    }

    /// Three manufacturers with products made in countries, and two orders.
    pub async fn fill(&self) {
        let mut session = Session::new(&self.engine);
        let [usa, uk, germany] =
            ["USA", "UK", "Germany"].map(|name| session.add(Country { name: name.into(), ..Default::default() }));
        let mut product = |maker, name: &str, year, cpu: Option<&str>, countries: &[Entity<Country>]| {
            session.add(Product {
                name: name.into(),
                year,
                cpu: cpu.map(Into::into),
                manufacturer: BelongsTo::from(maker),
                countries: countries.to_vec().into(),
                ..Default::default()
            })
        };
        let maker = |name: &str| Manufacturer { name: name.into(), ..Default::default() };
        let c64 = product(maker("Commodore"), "Commodore 64", 1982, Some("6510"), &[usa, germany]);
        let zx81 = product(maker("Sinclair"), "ZX81", 1981, Some("Z80"), &[uk]);
        let atom = product(maker("Acorn"), "Atom", 1980, Some("6502"), &[uk]);
        session.commit().await.unwrap();
        let (commodore, sinclair) =
            (session.entities(c64, Product::manufacturer), session.entities(zx81, Product::manufacturer));
        for (maker, name, year, cpu, countries) in [
            (commodore, "PET", 1977, Some("6502"), vec![usa]),
            (commodore, "VIC-20", 1981, Some("6502"), vec![usa, germany]),
            (sinclair, "ZX80", 1980, Some("Z80"), vec![uk]),
            (sinclair, "100%_case", 1985, None, vec![]),
        ] {
            session.add(Product {
                name: name.into(),
                year,
                cpu: cpu.map(Into::into),
                manufacturer: maker.into(),
                countries: countries.into(),
                ..Default::default()
            });
        }
        for (customer, items) in
            [("Ada", vec![(c64, 2, 200.0), (zx81, 1, 70.0)]), ("Bob", vec![(atom, 1, 170.0)]), ("Cyd", vec![])]
        {
            let order = session.add(Order { customer: customer.into(), ..Default::default() });
            for (product, quantity, price) in items {
                session.add(Item {
                    order: order.into(),
                    product: product.into(),
                    quantity,
                    price,
                    ..Default::default()
                });
            }
        }
        session.commit().await.unwrap();
        self.log.clear();
    }

    /// root -> (a -> (a1, a2), b)
    pub async fn plant(&self) {
        let mut session = Session::new(&self.engine);
        let node = |name: &str| Node { name: name.into(), ..Default::default() };
        let root = session.add(node("root"));
        let a = session.push(root, Node::children, node("a"));
        session.push(root, Node::children, node("b"));
        session.push(a, Node::children, node("a2"));
        session.push(a, Node::children, node("a1"));
        session.commit().await.unwrap();
        self.log.clear();
    }
}

/// The names of products.
pub fn names(session: &Session, products: &[Entity<Product>]) -> Vec<String> {
    products.iter().map(|&product| session[product].name.clone()).collect()
}
