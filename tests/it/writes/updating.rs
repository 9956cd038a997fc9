//! `update`: values, conditions, and the columns that change with every change.

use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_tests::models::features::{Job, Setting};
use retro_tests::models::shop::{Manufacturer, OrderItem, Product};
use retro_tests::models::trees::Node;
use retro_tests::{assert_statements, on_every_backend};

use super::{Archive, machines, stored};

#[tokio::test]
async fn values_and_expressions() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let later = update(Product).set(Product::year.to(Product::year + 1)).filter(Product::cpu.eq("Z80"));
        assert_eq!(session.execute(&later).await.unwrap().rows, 2);
        assert_eq!(session.execute(&later).await.unwrap().rows, 2, "a statement can be run again");
        let set = (Product::cpu.to(None), Product::name.to(Product::name.concat("!")));
        let atom = update(Product).set(set).filter(Product::name.eq("Atom")).filter(Product::year.lt(1990));
        assert_eq!(session.execute(atom).await.unwrap().rows, 1);
        let expected = ["UPDATE products (year) x2", "UPDATE products (year) x2", "UPDATE products (cpu, name)"];
        assert_statements(&db.log, expected);
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await, ["Atom!|1980", "ZX80|1982", "ZX81|1983", "Electron|1983"]);
        assert_eq!(db.rows("SELECT name FROM products WHERE cpu IS NULL ORDER BY id").await, ["Atom!", "Electron"]);
    })
    .await;
}

/// Rows that have the values already count as updated.
#[tokio::test]
async fn a_whole_table() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let done = session.execute(update(Product).set(vec![Product::year.to(1980)])).await.unwrap();
        assert_eq!(done.rows, 4);
        assert_eq!(session.execute(update(Product).set(Product::year.to(1)).filter(lit(false))).await.unwrap().rows, 0);
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT DISTINCT year FROM products").await, ["1980"]);
    })
    .await;
}

/// All values are those of the row as it was, in whatever order they are set.
#[tokio::test]
async fn values_see_the_row_as_it_was() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Job]).await;
        db.execute("INSERT INTO jobs (name, status, attempts, revision) VALUES ('a', 'new', 1, 0)").await;
        let mut session = db.session();
        let chain = (Job::attempts.to(Job::attempts + 1), Job::revision.to(Job::attempts * 10));
        session.execute(update(Job).set(chain)).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT attempts, revision FROM jobs").await, ["2|10"]);

        let swap = update(Job).set((Job::attempts.to(Job::revision), Job::revision.to(Job::attempts)));
        match session.execute(swap).await {
            Ok(done) => assert_eq!(done.rows, 1),
            Err(error) => {
                assert_eq!((error.kind(), error.columns()), (ErrorKind::Configuration, &["attempts", "revision"][..]));
                assert!(error.to_string().contains("from each other's old values"), "{error}");
                session.execute(update(Job).set((Job::attempts.to(10), Job::revision.to(2)))).await.unwrap();
            }
        }
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT attempts, revision FROM jobs").await, ["10|2"]);
    })
    .await;
}

#[tokio::test]
async fn conditions_on_relationships_and_queries() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        db.execute("INSERT INTO archive (name, year) VALUES ('ZX81', 1), ('Electron', 2)").await;
        let mut session = db.session();
        let of_acorn = Product::manufacturer.has(Manufacturer::name.eq("Acorn"));
        assert_eq!(session.execute(update(Product).set(Product::year.to(1)).filter(of_acorn)).await.unwrap().rows, 2);
        let archived = Product::name.in_(select(Archive::name).filter(Archive::year.gt(1)));
        assert_eq!(session.execute(update(Product).set(Product::year.to(2)).filter(archived)).await.unwrap().rows, 1);
        let has_many = Manufacturer::products.any(Product::year.eq(1981));
        let renamed = update(Manufacturer).set(Manufacturer::name.to("Sir Clive")).filter(has_many);
        assert_eq!(session.execute(renamed).await.unwrap().rows, 1);
        // A value from a query that names the written row.
        let year = select(max(Archive::year)).filter(Archive::name.eq(Product::name)).scalar();
        let dated = update(Product).set(Product::year.to(year.coalesce(0))).filter(Product::id.le(3));
        assert_eq!(session.execute(dated).await.unwrap().rows, 3);
        // A CTE that is read twice.
        let years = select((Archive::name, Archive::year)).cte("years");
        let (name, year) = years.columns();
        let twice = (select(&name).from(&years), select(max(&year)).from(&years).scalar());
        let by_cte = update(Product).set(Product::year.to(twice.1.coalesce(0) + 40)).filter(Product::name.in_(twice.0));
        assert_eq!(session.execute(by_cte).await.unwrap().rows, 2);
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await, ["Atom|0", "ZX80|0", "ZX81|42", "Electron|42"]);
        assert_eq!(db.rows("SELECT name FROM manufacturers ORDER BY id").await, ["Acorn", "Sir Clive"]);
    })
    .await;
}

/// Conditions and values may read the table that is written, and see it as it was.
#[tokio::test]
async fn the_written_table_is_read() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let newest = select(max(Product::year)).scalar();
        let first = update(Product).set(Product::year.to(newest.coalesce(0) + 1));
        let oldest = Product::year.in_(select(min(Product::year).coalesce(0)));
        assert_eq!(session.execute(first.filter(oldest)).await.unwrap().rows, 2);
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await, ["Atom|1984", "ZX80|1984", "ZX81|1981", "Electron|1983"]);

        let earlier = alias(Product);
        let same = Product::manufacturer_id.of(earlier).eq(Product::manufacturer_id);
        let has_later = exists(select(earlier).filter(same & Product::year.of(earlier).gt(Product::year)));
        let done = session.execute(update(Product).set(Product::cpu.to("late")).filter(has_later)).await.unwrap();
        assert_eq!(done.rows, 2);
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT name FROM products WHERE cpu = 'late' ORDER BY id").await, ["ZX81", "Electron"]);
    })
    .await;
}

#[tokio::test]
async fn conditions_on_a_tree() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        let root = session.add(new!(Node { name: "root" }));
        let child = session.push(root, Node::children, new!(Node { name: "child" }));
        session.push(child, Node::children, new!(Node { name: "grandchild" }));
        session.commit().await.unwrap();
        let parents = update(Node).set(Node::name.to(Node::name.concat("+"))).filter(!Node::children.is_empty());
        assert_eq!(session.execute(parents).await.unwrap().rows, 2);
        let below = update(Node).set(Node::name.to("below")).filter(Node::parent.has(Node::name.eq("child+")));
        assert_eq!(session.execute(below).await.unwrap().rows, 1);
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT name FROM nodes ORDER BY id").await, ["root+", "child+", "below"]);
    })
    .await;
}

#[tokio::test]
async fn composite_keys() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        db.execute("INSERT INTO orders (number) VALUES ('1'), ('2')").await;
        let mut session = db.session();
        let items = [(1, 1), (1, 2), (2, 2)];
        let items = items.map(|(order_id, product_id)| new!(OrderItem { order_id, product_id, quantity: 1 }));
        session.execute(insert(OrderItem).values(items)).await.unwrap();
        session.all(select(OrderItem)).await.unwrap();
        // Reads what it writes, so that it goes by the key where the database does not.
        let others = alias(OrderItem);
        let twice = exists(select(others).filter(
            OrderItem::product_id.of(others).eq(OrderItem::product_id)
                & OrderItem::order_id.of(others).ne(OrderItem::order_id),
        ));
        let more = update(OrderItem).set(OrderItem::quantity.to(5)).filter(twice);
        assert_eq!(session.execute(more).await.unwrap().rows, 2);
        let found = session.all(select((OrderItem, OrderItem::quantity)).order_by(OrderItem::order_id)).await.unwrap();
        for (item, quantity) in found {
            assert_eq!(session[item].quantity, quantity);
            assert_eq!(quantity, if session[item].product_id == 2 { 5 } else { 1 });
        }
    })
    .await;
}

#[tokio::test]
async fn versions_are_counted_up() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Setting]).await;
        let mut session = db.session();
        let a = session.add(new!(Setting { name: "a", value: "x" }));
        session.add(new!(Setting { name: "b", value: "x" }));
        session.commit().await.unwrap();
        let mut other = db.session();
        let theirs = other.get::<Setting>("a".to_owned()).await.unwrap().unwrap();

        session.execute(update(Setting).set(Setting::value.to("y"))).await.unwrap();
        assert_eq!(session[a].version, 2, "entities follow");
        session[a].value = "z".into();
        session.commit().await.unwrap();
        other[theirs].value = "theirs".into();
        assert!(other.commit().await.unwrap_err().is_stale_data(), "and whoever read before is told");

        session.execute(update(Setting).set((Setting::value.to("w"), Setting::version.to(40_i64)))).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT name, value, version FROM settings ORDER BY name").await, ["a|w|40", "b|w|40"]);
    })
    .await;
}

#[tokio::test]
async fn columns_with_an_on_update_value_are_set() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Job]).await;
        db.execute("INSERT INTO jobs (name, status, attempts, revision) VALUES ('a', 'new', 1, 0)").await;
        let mut session = db.session();
        session.execute(update(Job).set(Job::attempts.to(2))).await.unwrap();
        assert_statements(&db.log, ["UPDATE jobs (attempts, revision)"]);
        let revised = session.one(select(Job::revision)).await.unwrap();
        assert!(revised > 0, "{revised}");
        session.execute(update(Job).set((Job::attempts.to(3), Job::revision.to(-5)))).await.unwrap();
        assert_eq!(session.one(select(Job::revision)).await.unwrap(), -5, "set by hand");
    })
    .await;
}

#[tokio::test]
async fn an_entity_can_be_compared_with() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let amstrad = session.add(new!(Manufacturer { name: "Amstrad" }));
        let bought = update(Product)
            .set(Product::manufacturer_id.to(select(max(Manufacturer::id)).scalar().coalesce(0)))
            .filter(Product::name.starts_with("ZX"));
        assert_eq!(session.execute(bought).await.unwrap().rows, 2);
        let theirs = update(Product).set(Product::year.to(1986)).filter(Product::manufacturer.eq(amstrad));
        assert_eq!(session.execute(theirs).await.unwrap().rows, 2);
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await, ["Atom|1980", "ZX80|1986", "ZX81|1986", "Electron|1983"]);
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_before_anything_is_sent() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let error = session.execute(update(Product).filter(Product::year.eq(1))).await.unwrap_err();
        assert_eq!((error.kind(), error.model()), (ErrorKind::Configuration, Some("Product")));
        assert!(error.to_string().contains("the update of Product sets nothing"), "{error}");
        let error = session.execute(update(Product).set(Product::year.to(1)).filter(Archive::year.eq(1))).await;
        assert!(error.unwrap_err().to_string().contains("names Archive, which it does not read"));
        assert!(db.log.take_all().is_empty());
    })
    .await;
}
