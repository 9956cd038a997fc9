//! What a session has in memory, against what is in its tables: whatever it shows without asking
//! must be what it would read.

use std::collections::{BTreeSet, HashMap};

use retro_core::prelude::*;

use super::links;
use super::models::{
    Article, Country, Customer, Key, Manufacturer, Order, OrderItem, Product, ProductDetail, Scripted, entity,
};

/// The rows of a relationship: whose, and to which.
type Rows = HashMap<Key, BTreeSet<Key>>;

/// Compares memory with the tables, of a session that has nothing to write. Rows are read as
/// tuples, so that reading changes nothing in memory.
pub async fn check(session: &mut Session) -> Result<(), String> {
    if !session.is_clean() {
        return Ok(());
    }
    let tables = match Tables::read(session).await {
        // A session that waits for its rollback.
        Err(error) if error.is_rolled_back() => return Ok(()),
        read => read.map_err(|error| format!("memory: {error:?}"))?,
    };
    tables.columns::<Manufacturer>(session, &["name"])?;
    tables.columns::<Product>(session, &["name", "year", "cpu"])?;
    tables.columns::<ProductDetail>(session, &["code", "notes"])?;
    tables.columns::<Country>(session, &["name"])?;
    tables.columns::<Customer>(session, &["name", "phone"])?;
    tables.columns::<Order>(session, &["number"])?;
    tables.columns::<OrderItem>(session, &["quantity", "unit_price"])?;
    tables.columns::<Article>(session, &["title"])?;
    for ((class, attr), rows) in &tables.links {
        model_links(session, class, attr, rows)?;
    }
    Ok(())
}

fn model_links(session: &Session, class: &str, attr: &str, rows: &Rows) -> Result<(), String> {
    macro_rules! links {
        ($($model:ident),*) => {
            match class {
                $(stringify!($model) => compare_links::<$model>(session, attr, rows),)*
                other => panic!("no model {other}"),
            }
        };
    }
    links!(Manufacturer, Product, ProductDetail, Country, Customer, Order, OrderItem, Article)
}

fn persistent<M: Scripted>(session: &Session) -> impl Iterator<Item = Entity<M>> {
    let all = session.known::<M>().into_iter();
    all.filter(|&e| session.state(e) == State::Persistent && !session.is_expired(e))
}

fn compare_links<M: Scripted>(session: &Session, attr: &str, rows: &Rows) -> Result<(), String> {
    for entity in persistent::<M>(session) {
        let handle = M::handle(entity);
        if !links::is_loaded(session, handle, attr) {
            continue;
        }
        let targets = links::targets(session, handle, attr).map_err(|error| format!("memory: {error:?}"))?;
        for &target in &targets {
            let state = entity!(target, |e| session.state(e));
            if state != State::Persistent {
                return Err(format!("memory: {}::{attr} of {entity:?} shows one that is {state:?}", M::CLASS));
            }
        }
        let shown: BTreeSet<Key> = targets.iter().map(|&target| entity!(target, |e| session[e].key())).collect();
        let stored = rows.get(&session[entity].key()).cloned().unwrap_or_default();
        if shown != stored || shown.len() != targets.len() {
            return Err(format!(
                "memory: {}::{attr} of {:?} shows {targets:?} {shown:?}, the tables have {stored:?}",
                M::CLASS,
                session[entity],
            ));
        }
    }
    Ok(())
}

/// The rows of all tables, and how they are related.
struct Tables {
    rows: HashMap<(&'static str, Key), Vec<serde_json::Value>>,
    links: HashMap<(&'static str, &'static str), Rows>,
}

impl Tables {
    async fn read(session: &mut Session) -> Result<Tables, Error> {
        let mut tables = Tables { rows: HashMap::new(), links: HashMap::new() };
        for (id, name) in session.all(select((Manufacturer::id, Manufacturer::name))).await? {
            tables.put::<Manufacturer>(Key(id, 0), serde_json::json!([name]));
        }
        let columns = (Product::id, Product::name, Product::year, Product::cpu, Product::manufacturer_id);
        for (id, name, year, cpu, manufacturer) in session.all(select(columns)).await? {
            tables.put::<Product>(Key(id, 0), serde_json::json!([name, year, cpu]));
            tables.link(("Product", Key(id, 0)), "manufacturer", Some(Key(manufacturer, 0)));
        }
        let columns = (ProductDetail::id, ProductDetail::code, ProductDetail::notes, ProductDetail::product_id);
        for (id, code, notes, product) in session.all(select(columns)).await? {
            tables.put::<ProductDetail>(Key(id, 0), serde_json::json!([code, notes]));
            tables.link(("ProductDetail", Key(id, 0)), "product", Some(Key(product, 0)));
        }
        for (id, name) in session.all(select((Country::id, Country::name))).await? {
            tables.put::<Country>(Key(id, 0), serde_json::json!([name]));
        }
        let columns = select((Product::id, Country::id)).from(Product).join(Product::countries);
        for (product, country) in session.all(columns).await? {
            tables.link(("Product", Key(product, 0)), "countries", Some(Key(country, 0)));
        }
        for (id, name, phone) in session.all(select((Customer::id, Customer::name, Customer::phone))).await? {
            tables.put::<Customer>(Key(id, 0), serde_json::json!([name, phone]));
        }
        for (id, number, customer) in session.all(select((Order::id, Order::number, Order::customer_id))).await? {
            tables.put::<Order>(Key(id, 0), serde_json::json!([number]));
            tables.link(("Order", Key(id, 0)), "customer", customer.map(|id| Key(id, 0)));
        }
        let columns = (OrderItem::order_id, OrderItem::product_id, OrderItem::quantity, OrderItem::unit_price);
        for (order, product, quantity, price) in session.all(select(columns)).await? {
            let key = Key(order, product);
            tables.put::<OrderItem>(key, serde_json::json!([quantity, price]));
            tables.link(("OrderItem", key), "order", Some(Key(order, 0)));
            tables.link(("OrderItem", key), "product", Some(Key(product, 0)));
        }
        let columns = (Article::id, Article::title, Article::product_id, Article::translation_of_id);
        for (id, title, product, original) in session.all(select(columns)).await? {
            tables.put::<Article>(Key(id, 0), serde_json::json!([title]));
            tables.link(("Article", Key(id, 0)), "product", product.map(|id| Key(id, 0)));
            tables.link(("Article", Key(id, 0)), "translation_of", original.map(|id| Key(id, 0)));
        }
        Ok(tables)
    }

    fn put<M: Scripted>(&mut self, key: Key, row: serde_json::Value) {
        let row = row.as_array().cloned().unwrap_or_default();
        self.rows.insert((M::CLASS, key), row);
    }

    /// Notes a link on both sides.
    fn link(&mut self, (class, owner): (&'static str, Key), attr: &'static str, target: Option<Key>) {
        let forth = self.links.entry((class, attr)).or_default();
        let Some(target) = target else { return };
        forth.entry(owner).or_default().insert(target);
        if let Some(inverse) = links::inverse(class, attr) {
            self.links.entry(inverse).or_default().entry(target).or_default().insert(owner);
        }
    }

    fn columns<M: Scripted>(&self, session: &Session, attrs: &[&str]) -> Result<(), String> {
        for entity in persistent::<M>(session) {
            let model = &session[entity];
            let shown: Vec<serde_json::Value> = attrs.iter().map(|attr| model.column(attr)).collect();
            let stored = self.rows.get(&(M::CLASS, model.key()));
            if stored != Some(&shown) {
                return Err(format!("memory: {model:?} is shown, the table has {stored:?}"));
            }
        }
        Ok(())
    }
}
