//! The jobs on Toasty. They are told on standard input, one a line, and answered with
//! what each took. With `--count` after the URL, they are counted.

#[allow(dead_code)] // not all of it is Toasty's
#[path = "../../src/job.rs"]
mod job;
#[path = "../../src/measure/mod.rs"]
mod measure;

use std::hint::black_box;
use std::io::Write;

use job::{DELETED, GETS, KEYS, ORDERS, STEP, TRANSACTIONS, customer, items, lines};
use measure::{Measure, Turn};
use toasty::schema::Model;
use toasty::stmt::{CreateMany, IntoInsert};
use toasty::{Db, Deferred, Executor};

type Error = Box<dyn std::error::Error + Send + Sync>;
type Result<T, E = Error> = std::result::Result<T, E>;

// Keys are unsigned: with signed ones Toasty 0.11 fails to load related rows.
#[derive(Debug, toasty::Model)]
#[table = "bench_items"]
struct Item {
    #[key]
    #[auto]
    id: u64,
    name: String,
    year: i32,
    price: f64,
    note: Option<String>,
    stock: i64,
}

#[derive(Debug, toasty::Model)]
#[table = "bench_products"]
struct Product {
    #[key]
    #[auto]
    id: u64,
    name: String,
    price: f64,
}

#[derive(Debug, toasty::Model)]
#[table = "bench_customers"]
struct Customer {
    #[key]
    #[auto]
    id: u64,
    name: String,
    city: String,
    #[has_many]
    orders: Deferred<Vec<Order>>,
}

#[derive(Debug, toasty::Model)]
#[table = "bench_orders"]
struct Order {
    #[key]
    #[auto]
    id: u64,
    number: i64,
    #[index]
    customer_id: u64,
    #[belongs_to(key = customer_id, references = id)]
    customer: Deferred<Customer>,
    #[has_many]
    lines: Deferred<Vec<Line>>,
}

#[derive(Debug, toasty::Model)]
#[table = "bench_lines"]
struct Line {
    #[key]
    #[auto]
    id: u64,
    #[index]
    order_id: u64,
    #[belongs_to(key = order_id, references = id)]
    order: Deferred<Order>,
    #[index]
    product_id: u64,
    #[belongs_to(key = product_id, references = id)]
    product: Deferred<Product>,
    quantity: i32,
    price: f64,
}

struct OnToasty {
    db: Db,
    /// Rows of one INSERT.
    chunk: usize,
}

impl OnToasty {
    async fn connect(url: &str) -> Result<OnToasty> {
        let models = toasty::models!(Item, Product, Customer, Order, Line);
        // One connection, so that it keeps its settings.
        let mut db = Db::builder().models(models).max_pool_size(1).connect(url).await?;
        if url.starts_with("sqlite") {
            // The file has WAL already.
            toasty::sql::statement("PRAGMA synchronous = NORMAL").exec(&mut db).await?;
            toasty::sql::statement("PRAGMA foreign_keys = ON").exec(&mut db).await?;
        }
        let chunk = if url.starts_with("sqlite") { 500 } else { 5_000 };
        Ok(OnToasty { db, chunk })
    }

    async fn run(&mut self, job: &str, rows: usize) -> Result<Measure> {
        match job {
            "insert" => self.insert(rows).await,
            "insert-graph" => self.insert_graph().await,
            "load" => self.load(rows).await,
            "load-graph" => self.load_graph().await,
            "update" => self.update().await,
            "delete-graph" => self.delete_graph().await,
            "get" => self.get().await,
            "short" => self.short().await,
            _ => Err(format!("no job {job}").into()),
        }
    }

    async fn insert(&mut self, rows: usize) -> Result<Measure> {
        let items = items(rows).into_iter().map(|job::Item { name, year, price, note, stock, .. }| {
            Item::create().name(name).year(year).price(price).note(note).stock(stock)
        });
        let items: Vec<_> = items.collect();
        let started = Turn::start();
        let mut transaction = self.db.transaction().await?;
        let inserted = create_all(items, self.chunk, &mut transaction).await?;
        transaction.commit().await?;
        assert_eq!(black_box(inserted).len(), rows);
        Ok(started.stop())
    }

    async fn insert_graph(&mut self) -> Result<Measure> {
        let started = Turn::start();
        let mut transaction = self.db.transaction().await?;
        let products = Product::all().order_by(Product::fields().id().asc()).exec(&mut transaction).await?;
        let customers = (0..ORDERS).map(customer).map(|(name, city)| Customer::create().name(name).city(city));
        let customers = create_all(customers.collect(), self.chunk, &mut transaction).await?;
        let orders = customers.iter().zip(0..);
        let orders = orders.map(|(customer, number)| Order::create().number(number).customer_id(customer.id));
        let orders = create_all(orders.collect(), self.chunk, &mut transaction).await?;
        let mut all = Vec::with_capacity(ORDERS * job::LINES);
        for (number, order) in orders.iter().enumerate() {
            all.extend(lines(number).map(|(product, quantity, price)| {
                let line = Line::create().order_id(order.id).product_id(products[product].id);
                line.quantity(quantity).price(price)
            }));
        }
        create_all(all, self.chunk, &mut transaction).await?;
        transaction.commit().await?;
        Ok(started.stop())
    }

    async fn load(&mut self, rows: usize) -> Result<Measure> {
        let started = Turn::start();
        let items = Item::all().exec(&mut self.db).await?;
        assert_eq!(black_box(items).len(), rows);
        Ok(started.stop())
    }

    async fn load_graph(&mut self) -> Result<Measure> {
        let started = Turn::start();
        let orders = Order::all().include(Order::fields().customer()).include(Order::fields().lines().product());
        let orders = orders.exec(&mut self.db).await?;
        assert_eq!(black_box(&orders).len(), ORDERS);
        let measure = started.stop();
        let is_whole = |order: &Order| {
            !order.customer.is_unloaded() && order.lines.get().iter().all(|line| !line.product.is_unloaded())
        };
        assert!(orders.iter().all(is_whole));
        Ok(measure)
    }

    async fn update(&mut self) -> Result<Measure> {
        let mut items = Item::all().exec(&mut self.db).await?;
        let started = Turn::start();
        let mut transaction = self.db.transaction().await?;
        for item in items.iter_mut().step_by(STEP) {
            let price = item.price + 1.0;
            item.update().price(price).exec(&mut transaction).await?;
        }
        transaction.commit().await?;
        Ok(started.stop())
    }

    async fn delete_graph(&mut self) -> Result<Measure> {
        let started = Turn::start();
        let mut transaction = self.db.transaction().await?;
        let orders = Order::all().order_by(Order::fields().id().asc()).limit(DELETED);
        let orders: Vec<u64> = orders.exec(&mut transaction).await?.iter().map(|order| order.id).collect();
        Line::filter(Line::fields().order_id().in_list(orders.as_slice())).delete().exec(&mut transaction).await?;
        Order::filter(Order::fields().id().in_list(orders.as_slice())).delete().exec(&mut transaction).await?;
        transaction.commit().await?;
        Ok(started.stop())
    }

    async fn get(&mut self) -> Result<Measure> {
        let keys = self.keys().await?;
        let mut connection = self.db.connection().await?;
        let started = Turn::start();
        for n in 0..GETS {
            black_box(Item::get_by_id(&mut connection, keys[n * 7 % KEYS]).await?);
        }
        Ok(started.stop())
    }

    async fn short(&mut self) -> Result<Measure> {
        let keys = self.keys().await?;
        let started = Turn::start();
        for n in 0..TRANSACTIONS {
            let mut transaction = self.db.transaction().await?;
            let mut item = Item::get_by_id(&mut transaction, keys[n % KEYS]).await?;
            let stock = item.stock + 1;
            item.update().stock(stock).exec(&mut transaction).await?;
            transaction.commit().await?;
        }
        Ok(started.stop())
    }

    async fn keys(&mut self) -> Result<Vec<u64>> {
        let items = Item::all().order_by(Item::fields().id().asc()).exec(&mut self.db).await?;
        Ok(items.iter().map(|item| item.id).collect())
    }
}

/// Inserts them in chunks, as it can where the database returns their keys.
async fn create_all<M: Model>(
    all: Vec<impl IntoInsert<Model = M>>,
    chunk: usize,
    executor: &mut dyn Executor,
) -> Result<Vec<M>> {
    let mut created = Vec::with_capacity(all.len());
    let mut all = all.into_iter();
    while all.len() > 0 {
        let insert = all.by_ref().take(chunk).fold(CreateMany::<M>::default(), CreateMany::item);
        created.extend(insert.exec(executor).await?);
    }
    Ok(created)
}

#[global_allocator]
static ALLOCATOR: measure::memory::Counting = measure::memory::Counting;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut url = arguments.next().ok_or("give the URL of a database")?;
    if arguments.next().is_some_and(|argument| argument == "--count") {
        measure::count();
        match url.starts_with("sqlite") {
            true => measure::sqlite::trace()?,
            false => url = measure::wire::listen(&url).await?,
        }
    }
    let mut toasty = OnToasty::connect(&url).await?;
    for line in std::io::stdin().lines() {
        let line = line?;
        let (job, rows) = line.split_once(' ').ok_or("a line is a job and a number of rows")?;
        let took = toasty.run(job, rows.parse()?).await?;
        let (elapsed, processor) = (took.elapsed.as_nanos(), took.processor.as_nanos());
        let Measure { allocations, bytes, peak, statements, .. } = took;
        let mut answer = std::io::stdout();
        writeln!(answer, "{elapsed} {processor} {allocations} {bytes} {peak} {statements}")?;
        answer.flush()?;
    }
    Ok(())
}
