//! Random histories of a session against a naive model of the graph: after each step what is loaded
//! equals the model, after each flush the database does, and after a rollback both are as before.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use retro_core::prelude::*;
use retro_tests::models::shop::{self, Country, Customer, Manufacturer, Order, Product};
use retro_tests::{Backend, Db};

const CUSTOMERS: usize = 3;
const ORDERS: usize = 5;
const PRODUCTS: usize = 3;
const COUNTRIES: usize = 3;

/// A step. Numbers name rows, of those that are there at the time.
#[derive(Debug, Clone)]
enum Step {
    SetCustomer(usize, Option<usize>),
    SetForeignKey(usize, Option<usize>),
    PushOrder(usize, usize),
    RemoveOrder(usize, usize),
    ReplaceOrders(usize, Vec<usize>),
    AddOrder(Option<usize>),
    DeleteOrder(usize),
    DeleteCustomer(usize),
    PushCountry(usize, usize),
    RemoveCountry(usize, usize),
    ReplaceCountries(usize, Vec<usize>),
    PushProduct(usize, usize),
    RemoveProduct(usize, usize),
    LoadOrders(usize),
    LoadCustomer(usize),
    LoadCountries(usize),
    LoadProducts(usize),
    Expire(usize),
    Flush,
    Commit,
    Rollback,
    Begin,
    Release,
    RollbackNested,
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (customer, order, product, country) = (0..CUSTOMERS, 0..ORDERS + 3, 0..PRODUCTS, 0..COUNTRIES);
    let some_customer = || prop::option::of(0..CUSTOMERS);
    let step = prop_oneof![
        4 => (order.clone(), some_customer()).prop_map(|(o, c)| Step::SetCustomer(o, c)),
        2 => (order.clone(), some_customer()).prop_map(|(o, c)| Step::SetForeignKey(o, c)),
        4 => (customer.clone(), order.clone()).prop_map(|(c, o)| Step::PushOrder(c, o)),
        3 => (customer.clone(), order.clone()).prop_map(|(c, o)| Step::RemoveOrder(c, o)),
        2 => (customer.clone(), prop::collection::vec(order.clone(), 0..4)).prop_map(|(c, o)| Step::ReplaceOrders(c, o)),
        2 => some_customer().prop_map(Step::AddOrder),
        1 => order.clone().prop_map(Step::DeleteOrder),
        1 => customer.clone().prop_map(Step::DeleteCustomer),
        4 => (product.clone(), country.clone()).prop_map(|(p, c)| Step::PushCountry(p, c)),
        3 => (product.clone(), country.clone()).prop_map(|(p, c)| Step::RemoveCountry(p, c)),
        2 => (product.clone(), prop::collection::vec(country.clone(), 0..3)).prop_map(|(p, c)| Step::ReplaceCountries(p, c)),
        4 => (country.clone(), product.clone()).prop_map(|(c, p)| Step::PushProduct(c, p)),
        3 => (country.clone(), product.clone()).prop_map(|(c, p)| Step::RemoveProduct(c, p)),
        3 => customer.clone().prop_map(Step::LoadOrders),
        2 => order.prop_map(Step::LoadCustomer),
        3 => product.prop_map(Step::LoadCountries),
        3 => country.prop_map(Step::LoadProducts),
        1 => customer.prop_map(Step::Expire),
        4 => Just(Step::Flush),
        2 => Just(Step::Commit),
        3 => Just(Step::Rollback),
        2 => Just(Step::Begin),
        1 => Just(Step::Release),
        2 => Just(Step::RollbackNested),
        2 => Just(Step::Reopen),
    ];
    prop::collection::vec(step, 1..40)
}

/// What the graph should be.
#[derive(Debug, Clone, Default)]
struct Graph {
    /// Which customers there are; a deleted one counts until the flush.
    customers: [Row; CUSTOMERS],
    orders: Vec<OrderRow>,
    /// Products and countries that are linked.
    links: BTreeSet<(usize, usize)>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Row {
    #[default]
    Here,
    Marked,
    Gone,
}

#[derive(Debug, Clone, Copy)]
struct OrderRow {
    row: Row,
    customer: Option<usize>,
    /// Whether the relationship was changed since the last flush: then it wins over the foreign key.
    linked: bool,
}

impl Graph {
    fn flushed(&mut self) {
        for customer in 0..CUSTOMERS {
            if self.customers[customer] == Row::Marked {
                self.customers[customer] = Row::Gone;
                for order in self.orders.iter_mut().filter(|order| order.customer == Some(customer)) {
                    order.customer = None;
                }
            }
        }
        for order in &mut self.orders {
            order.linked = false;
            if order.row == Row::Marked {
                order.row = Row::Gone;
            }
        }
    }

    fn link(&mut self, order: usize, customer: Option<usize>) {
        let order = &mut self.orders[order];
        if order.customer != customer {
            *order = OrderRow { customer, linked: true, ..*order };
        }
    }

    fn orders_of(&self, customer: usize) -> BTreeSet<usize> {
        let of = |n: &usize| self.orders[*n].row != Row::Gone && self.orders[*n].customer == Some(customer);
        (0..self.orders.len()).filter(of).collect()
    }
}

/// A session, the handles of its entities, and the models of now and of where it can go back to.
struct World<'d> {
    db: &'d Db,
    session: Session,
    customers: Vec<Entity<Customer>>,
    orders: Vec<Entity<Order>>,
    products: Vec<Entity<Product>>,
    countries: Vec<Entity<Country>>,
    graph: Graph,
    committed: Graph,
    savepoints: Vec<Graph>,
    /// Numbers that orders ever had, so that names stay unique.
    named: usize,
}

impl<'d> World<'d> {
    async fn new(db: &'d Db) -> World<'d> {
        for table in ["products_countries", "products", "manufacturers", "countries", "orders", "customers"] {
            db.execute(&format!("DELETE FROM {table}")).await;
        }
        let mut session = db.session().with_autoflush(false);
        let customers = (0..CUSTOMERS).map(|n| session.add(new!(Customer { name: n.to_string() }))).collect();
        let orders = (0..ORDERS).map(|n| session.add(new!(Order { number: n.to_string() }))).collect();
        let m = session.add(new!(Manufacturer { name: "m" }));
        let product = |n: usize| new!(Product { name: n.to_string(), year: 1, manufacturer: m });
        let products = (0..PRODUCTS).map(|n| session.add(product(n))).collect();
        let country = |n: usize| new!(Country { id: n as i32, name: n.to_string() });
        let countries = (0..COUNTRIES).map(|n| session.add(country(n))).collect();
        session.commit().await.unwrap();
        let order = OrderRow { row: Row::Here, customer: None, linked: false };
        let graph = Graph { orders: vec![order; ORDERS], ..Graph::default() };
        let committed = graph.clone();
        World {
            db,
            session,
            customers,
            orders,
            products,
            countries,
            graph,
            committed,
            savepoints: Vec::new(),
            named: ORDERS,
        }
    }

    fn order(&self, n: usize) -> Option<usize> {
        (self.graph.orders.get(n)?.row == Row::Here).then_some(n)
    }

    fn customer(&self, n: usize) -> Option<usize> {
        (self.graph.customers[n] == Row::Here).then_some(n)
    }

    /// Both, or the step is skipped; a customer that is none is always there.
    fn order_and(&self, order: usize, customer: Option<usize>) -> Option<(usize, Option<usize>)> {
        let order = self.order(order)?;
        match customer {
            None => Some((order, None)),
            Some(n) => Some((order, Some(self.customer(n)?))),
        }
    }

    async fn step(&mut self, step: Step) {
        match step {
            Step::SetCustomer(o, c) => {
                if let Some((o, c)) = self.order_and(o, c) {
                    self.session.set(self.orders[o], Order::customer, c.map(|c| self.customers[c]));
                    self.graph.link(o, c);
                }
            }
            Step::SetForeignKey(o, c) => {
                if let Some((o, c)) = self.order_and(o, c) {
                    let key = c.map(|c| self.session[self.customers[c]].id);
                    self.session[self.orders[o]].customer_id = key;
                    if !self.graph.orders[o].linked {
                        self.graph.orders[o].customer = c;
                    }
                    // Any operation of the session settles what was assigned.
                    self.session.is_clean();
                }
            }
            Step::PushOrder(c, o) => {
                if let Some((o, Some(c))) = self.order_and(o, Some(c)) {
                    self.session.push(self.customers[c], Customer::orders, self.orders[o]);
                    self.graph.link(o, Some(c));
                }
            }
            Step::RemoveOrder(c, o) => {
                if let Some((o, Some(c))) = self.order_and(o, Some(c)) {
                    self.session.remove(self.customers[c], Customer::orders, self.orders[o]);
                    if self.graph.orders[o].customer == Some(c) {
                        self.graph.link(o, None);
                    }
                }
            }
            Step::ReplaceOrders(c, new) => {
                let known = self.session.is_loaded(self.customers[c], Customer::orders);
                self.replace_orders(c, new);
                self.learn_unless(known).await;
            }
            Step::AddOrder(c) => self.add_order(c),
            Step::DeleteOrder(o) => {
                if let Some(o) = self.order(o) {
                    let pending = self.session.state(self.orders[o]) == State::Pending;
                    if !pending {
                        self.session.delete(self.orders[o]);
                        self.graph.orders[o].row = Row::Marked;
                    }
                }
            }
            Step::DeleteCustomer(c) => {
                if let Some(c) = self.customer(c) {
                    self.session.delete(self.customers[c]);
                    self.graph.customers[c] = Row::Marked;
                }
            }
            Step::LoadOrders(c) => {
                if let Some(c) = self.customer(c) {
                    self.session.load_only(self.customers[c], Customer::orders).await.unwrap();
                }
            }
            Step::LoadCustomer(o) => {
                if let Some(o) = self.order(o) {
                    self.session.load(self.orders[o], Order::customer).await.unwrap();
                }
            }
            Step::Expire(c) => {
                // Expiring discards what was changed, so there must be nothing.
                if let Some(c) = self.customer(c).filter(|_| self.session.is_clean()) {
                    self.session.expire(self.customers[c]).unwrap();
                }
            }
            Step::ReplaceCountries(p, _) => {
                let known = self.session.is_loaded(self.products[p], Product::countries);
                self.many_to_many(step).await;
                self.learn_unless(known).await;
            }
            Step::PushCountry(..)
            | Step::RemoveCountry(..)
            | Step::PushProduct(..)
            | Step::RemoveProduct(..)
            | Step::LoadCountries(_)
            | Step::LoadProducts(_) => self.many_to_many(step).await,
            _ => self.transaction(step).await,
        }
    }

    /// Of a collection that was replaced without being loaded, the flush learns the old members.
    async fn learn_unless(&mut self, known: bool) {
        if !known {
            self.transaction(Step::Flush).await;
        }
    }

    fn replace_orders(&mut self, c: usize, new: Vec<usize>) {
        let Some(c) = self.customer(c) else { return };
        // One that is about to be deleted stays in the collection, in memory, until then.
        if self.graph.orders_of(c).iter().any(|&o| self.graph.orders[o].row == Row::Marked) {
            return;
        }
        let new: Vec<usize> = new.into_iter().filter_map(|o| self.order(o)).collect();
        let members: Vec<Entity<Order>> = new.iter().map(|&o| self.orders[o]).collect();
        self.session.replace(self.customers[c], Customer::orders, members);
        for o in self.graph.orders_of(c) {
            if !new.contains(&o) {
                self.graph.link(o, None);
            }
        }
        new.into_iter().for_each(|o| self.graph.link(o, Some(c)));
    }

    fn add_order(&mut self, c: Option<usize>) {
        let c = c.and_then(|c| self.customer(c));
        let customer = c.map(|c| self.customers[c]);
        let number = self.named.to_string();
        self.named += 1;
        self.orders.push(self.session.add(new!(Order { number, customer })));
        self.graph.orders.push(OrderRow { row: Row::Here, customer: c, linked: c.is_some() });
    }

    async fn many_to_many(&mut self, step: Step) {
        let (products, countries) = (&self.products, &self.countries);
        match step {
            Step::PushCountry(p, c) => {
                let known = self.session.is_loaded(products[p], Product::countries);
                if known || !self.graph.links.contains(&(p, c)) {
                    self.session.push(products[p], Product::countries, countries[c]);
                    self.graph.links.insert((p, c));
                }
            }
            Step::PushProduct(c, p) => {
                let known = self.session.is_loaded(countries[c], Country::products);
                if known || !self.graph.links.contains(&(p, c)) {
                    self.session.push(countries[c], Country::products, products[p]);
                    self.graph.links.insert((p, c));
                }
            }
            Step::RemoveCountry(p, c) => {
                let known = self.session.is_loaded(products[p], Product::countries);
                if known || self.graph.links.contains(&(p, c)) {
                    self.session.remove(products[p], Product::countries, countries[c]);
                    self.graph.links.remove(&(p, c));
                }
            }
            Step::RemoveProduct(c, p) => {
                let known = self.session.is_loaded(countries[c], Country::products);
                if known || self.graph.links.contains(&(p, c)) {
                    self.session.remove(countries[c], Country::products, products[p]);
                    self.graph.links.remove(&(p, c));
                }
            }
            Step::ReplaceCountries(p, new) => {
                let members: Vec<Entity<Country>> = new.iter().map(|&c| countries[c]).collect();
                self.session.replace(products[p], Product::countries, members);
                self.graph.links.retain(|link| link.0 != p);
                self.graph.links.extend(new.into_iter().map(|c| (p, c)));
            }
            Step::LoadCountries(p) => {
                self.session.load_only(products[p], Product::countries).await.unwrap();
            }
            Step::LoadProducts(c) => {
                self.session.load_only(countries[c], Country::products).await.unwrap();
            }
            _ => unreachable!(),
        }
    }

    async fn transaction(&mut self, step: Step) {
        match step {
            Step::Flush => {
                self.session.flush().await.unwrap();
                self.graph.flushed();
                self.check_database().await;
            }
            Step::Commit => {
                self.session.commit().await.unwrap();
                self.graph.flushed();
                self.committed = self.graph.clone();
                self.savepoints.clear();
                self.check_database().await;
                self.session.rollback().await.unwrap();
            }
            Step::Rollback => {
                self.session.rollback().await.unwrap();
                self.go_back(self.committed.clone());
                self.savepoints.clear();
                self.check_database().await;
            }
            Step::Begin => {
                self.session.begin_nested().await.unwrap();
                self.graph.flushed();
                self.savepoints.push(self.graph.clone());
            }
            Step::Release if self.savepoints.pop().is_some() => {
                self.session.commit_nested().await.unwrap();
                self.graph.flushed();
            }
            Step::RollbackNested => {
                if let Some(before) = self.savepoints.pop() {
                    self.session.rollback_nested().await.unwrap();
                    self.go_back(before);
                    self.check_database().await;
                }
            }
            Step::Reopen => self.reopen().await,
            _ => {}
        }
    }

    /// Orders added since are out of the unit of work; their numbers are not given again.
    fn go_back(&mut self, before: Graph) {
        let kept = before.orders.len();
        self.orders.truncate(kept);
        self.graph = before;
    }

    /// Another session, in which nothing is loaded.
    async fn reopen(&mut self) {
        self.session.rollback().await.unwrap();
        self.go_back(self.committed.clone());
        self.savepoints.clear();
        let customers: Vec<i32> =
            self.keys(&self.customers, |session, e| session.try_get(e).ok().map(|row: &Customer| row.id));
        let orders: Vec<i32> = self.keys(&self.orders, |session, e| session.try_get(e).ok().map(|row: &Order| row.id));
        let products: Vec<i32> =
            self.keys(&self.products, |session, e| session.try_get(e).ok().map(|row: &Product| row.id));
        let mut session = self.db.session().with_autoflush(false);
        for (n, id) in customers.into_iter().enumerate() {
            if let Some(found) = session.get::<Customer>(id).await.unwrap() {
                self.customers[n] = found;
            }
        }
        for (n, id) in orders.into_iter().enumerate() {
            if let Some(found) = session.get::<Order>(id).await.unwrap() {
                self.orders[n] = found;
            }
        }
        for (n, id) in products.into_iter().enumerate() {
            self.products[n] = session.get::<Product>(id).await.unwrap().unwrap();
        }
        for n in 0..COUNTRIES {
            self.countries[n] = session.get::<Country>(n as i32).await.unwrap().unwrap();
        }
        self.session = session;
    }

    /// The keys of entities; of those that are gone a key that no row has.
    fn keys<M>(&self, entities: &[Entity<M>], key: impl Fn(&Session, Entity<M>) -> Option<i32>) -> Vec<i32> {
        entities.iter().map(|&entity| key(&self.session, entity).unwrap_or(-1)).collect()
    }

    /// What is loaded shows what the model has.
    fn check_memory(&self) {
        let graph = &self.graph;
        let session = &self.session;
        for c in (0..CUSTOMERS).filter(|&c| graph.customers[c] != Row::Gone) {
            if let Ok(orders) = session.try_entities(self.customers[c], Customer::orders) {
                let found: BTreeSet<usize> = orders.iter().map(|order| self.number(*order)).collect();
                assert_eq!(found.len(), orders.len(), "an order is twice in the collection of customer {c}");
                assert_eq!(found, graph.orders_of(c), "orders of customer {c}");
            }
        }
        for (o, order) in graph.orders.iter().enumerate().filter(|(_, order)| order.row != Row::Gone) {
            if let Ok(customer) = session.try_entities(self.orders[o], Order::customer) {
                let found = customer.and_then(|customer| self.customers.iter().position(|c| *c == customer));
                assert_eq!(found, order.customer, "customer of order {o}");
            }
        }
        for p in 0..PRODUCTS {
            if let Ok(countries) = session.try_entities(self.products[p], Product::countries) {
                let found: BTreeSet<usize> =
                    countries.iter().filter_map(|country| self.countries.iter().position(|c| c == country)).collect();
                let expected = graph.links.iter().filter(|link| link.0 == p).map(|link| link.1).collect();
                assert_eq!((found.len(), &found), (countries.len(), &expected), "countries of product {p}");
            }
        }
        for c in 0..COUNTRIES {
            if let Ok(products) = session.try_entities(self.countries[c], Country::products) {
                let found: BTreeSet<usize> =
                    products.iter().filter_map(|product| self.products.iter().position(|p| p == product)).collect();
                let expected = graph.links.iter().filter(|link| link.1 == c).map(|link| link.0).collect();
                assert_eq!((found.len(), &found), (products.len(), &expected), "products of country {c}");
            }
        }
    }

    fn number(&self, order: Entity<Order>) -> usize {
        self.orders.iter().position(|o| *o == order).expect("an order that is known")
    }

    /// The database has what the model has. Asked in the session's own transaction, for columns only,
    /// which loads nothing.
    async fn check_database(&mut self) {
        let session = &mut self.session;
        let mut stored: Vec<(i32, Option<i32>)> = session.all(select((Order::id, Order::customer_id))).await.unwrap();
        stored.sort_unstable();
        let here = |n: &usize| self.graph.orders[*n].row == Row::Here;
        let mut expected: Vec<(i32, Option<i32>)> = (0..self.graph.orders.len())
            .filter(here)
            .map(|n| {
                let customer = self.graph.orders[n].customer.map(|c| session[self.customers[c]].id);
                (session[self.orders[n]].id, customer)
            })
            .collect();
        expected.sort_unstable();
        assert_eq!(stored, expected, "orders in the database");

        let links = select((Product::name, Country::name)).join(Product::countries);
        let stored: Vec<(String, String)> = session.all(links).await.unwrap();
        let found: BTreeSet<(usize, usize)> =
            stored.iter().map(|(p, c)| (p.parse().unwrap(), c.parse().unwrap())).collect();
        assert_eq!((stored.len(), &found), (self.graph.links.len(), &self.graph.links), "links in the database");
    }
}

async fn run(db: &Db, steps: Vec<Step>) {
    let mut world = World::new(db).await;
    for step in steps {
        world.step(step).await;
        world.check_memory();
    }
    world.session.rollback().await.unwrap();
    world.go_back(world.committed.clone());
    world.check_memory();
    world.check_database().await;
}

/// Histories of up to 40 steps; fewer of them on servers, where each takes longer.
#[test]
fn random_histories() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for backend in Backend::all() {
        let name = backend.name();
        let cases = match std::env::var_os("PROPTEST_CASES") {
            Some(_) => Config::default().cases,
            None if backend == Backend::Sqlite => 64,
            None => 12,
        };
        let db = runtime.block_on(async { Db::create(backend).await.with(shop::metadata()).await });
        let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
        let outcome = TestRunner::new(config).run(&steps(), |steps| {
            let run = std::panic::AssertUnwindSafe(|| runtime.block_on(run(&db, steps)));
            std::panic::catch_unwind(run).map_err(|panic| {
                let text = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                TestCaseError::fail(text)
            })
        });
        runtime.block_on(db.remove());
        if let Err(TestError::Fail(reason, steps)) = outcome {
            panic!("on {name}: {reason}\nafter {steps:#?}");
        }
        outcome.unwrap();
    }
}
