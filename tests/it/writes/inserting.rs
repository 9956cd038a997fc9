//! `insert`: structs, single columns, rows of a query.

use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_tests::models::features::{Job, Setting};
use retro_tests::models::keys::{self, Account, Entry, Room};
use retro_tests::models::shop::{self, Country, Manufacturer, Product};
use retro_tests::models::trees::Node;
use retro_tests::{Verb, assert_statements, on_every_backend};

use super::{Archive, machines, stored};

#[tokio::test]
async fn structs() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let new = |name, year| new!(Product { name, year, manufacturer_id: 1 });
        let done = session.execute(insert(Product).values([new("BBC", 1981), new("Master", 1986)])).await.unwrap();
        assert_eq!(done.rows, 2);
        let done = session.execute(insert(Product).value(new("Archimedes", 1987))).await.unwrap();
        assert_eq!(done.rows, 1);
        let written = "(name, manufacturer_id, year, cpu)";
        let (two, one) = (format!("INSERT products {written} x2"), format!("INSERT products {written}"));
        assert_statements(&db.log, [&two, &one]);
        assert!(session.known::<Product>().is_empty(), "rows are no entities");
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await[4..], ["BBC|1981", "Master|1986", "Archimedes|1987"]);
    })
    .await;
}

#[tokio::test]
async fn no_structs_send_nothing() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        assert_eq!(session.execute(insert(Product).values([])).await.unwrap().rows, 0);
        assert!(db.log.take_all().is_empty());
        assert!(!session.in_transaction());
    })
    .await;
}

/// Keys that are 0 are generated, others are kept; an unset field is left to the server's default, and
/// the rows of one shape share a statement.
#[tokio::test]
async fn keys_and_server_defaults() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Job]).await;
        let mut session = db.session();
        let jobs = [
            new!(Job { name: "a" }),
            new!(Job { name: "b" }),
            new!(Job { name: "c", status: "done", attempts: 3, payload: vec![0_u8, 255] }),
            new!(Job { id: 70, name: "d", status: "done" }),
        ];
        assert_eq!(session.execute(insert(Job).values(jobs)).await.unwrap().rows, 4);
        assert_statements(
            &db.log,
            [
                "INSERT jobs (name, attempts, revision, payload) x2",
                "INSERT jobs (name, status, attempts, revision, payload)",
                "INSERT jobs (id, name, status, attempts, revision, payload)",
            ],
        );
        session.commit().await.unwrap();
        let rows = db.rows("SELECT id, name, status, attempts FROM jobs ORDER BY id").await;
        assert_eq!(rows, ["1|a|new|0", "2|b|new|0", "3|c|done|3", "70|d|done|0"]);
    })
    .await;
}

/// Rows of nothing but a generated key.
#[derive(Model, Debug, Clone)]
#[retro(table = "tickets")]
struct Ticket {
    #[retro(primary_key)]
    id: i32,
}

#[tokio::test]
async fn rows_without_columns() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Ticket]).await;
        let mut session = db.session();
        let tickets = (0..3).map(|_| Ticket::default());
        assert_eq!(session.execute(insert(Ticket).values(tickets)).await.unwrap().rows, 3);
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT id FROM tickets ORDER BY id").await, ["1", "2", "3"]);
    })
    .await;
}

#[tokio::test]
async fn keys_of_the_program_and_composite_keys() {
    on_every_backend(async |db| {
        let db = db.with(keys::rooms()).await;
        let mut session = db.session();
        let rooms = (1..=3).map(|number| new!(Room { building: "A", number, seats: 10 * number }));
        assert_eq!(session.execute(insert(Room).values(rooms)).await.unwrap().rows, 3);
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT number, seats FROM rooms ORDER BY number").await, ["1|10", "2|20", "3|30"]);
    })
    .await;
}

/// A version that nobody gave is 1, whatever the form.
#[tokio::test]
async fn versions_begin_at_one() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Setting, Archive]).await;
        db.execute("INSERT INTO archive (name, year) VALUES ('c', 1), ('d', 2)").await;
        let mut session = db.session();
        let given = [new!(Setting { name: "a", value: "x" }), new!(Setting { name: "b", value: "x", version: 7_i64 })];
        session.execute(insert(Setting).values(given)).await.unwrap();
        session.execute(insert(Setting).set((Setting::name.to("e"), Setting::value.to("x")))).await.unwrap();
        let both = select((Archive::name, lit("x"))).filter(Archive::year.eq(1));
        let both = both.union(select((Archive::name, lit("y"))).filter(Archive::year.eq(2)));
        let done = session.execute(insert(Setting).from_select((Setting::name, Setting::value), both)).await.unwrap();
        assert_eq!(done.rows, 2);
        session.commit().await.unwrap();
        let rows = db.rows("SELECT name, version FROM settings ORDER BY name").await;
        assert_eq!(rows, ["a|1", "b|7", "c|1", "d|1", "e|1"]);
    })
    .await;
}

#[tokio::test]
async fn some_columns_by_expressions() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let newest = select(max(Product::year)).scalar();
        let set = (
            Archive::name.to("the last one counts"),
            Archive::name.to("newest"),
            Archive::year.to(newest.coalesce(0) + 1),
            Archive::cpu.to(None),
        );
        assert_eq!(session.execute(insert(Archive).set(set)).await.unwrap().rows, 1);
        session.execute(insert(Archive).set(vec![Archive::name.to("plain"), Archive::year.to(7)])).await.unwrap();
        assert_statements(&db.log, ["INSERT archive (name, year, cpu)", "INSERT archive (name, year)"]);
        session.commit().await.unwrap();
        let rows = db.rows("SELECT name, year, cpu FROM archive ORDER BY id").await;
        assert_eq!(rows, ["newest|1984|NULL", "plain|7|NULL"]);
    })
    .await;
}

#[tokio::test]
async fn rows_of_a_query() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let old = select((Product::name, Product::year, Product::cpu))
            .filter(Product::manufacturer.has(Manufacturer::name.eq("Sinclair")));
        let copy = insert(Archive).from_select((Archive::name, Archive::year, Archive::cpu), old);
        assert_eq!(session.execute(&copy).await.unwrap().rows, 2);
        assert_statements(&db.log, ["INSERT archive (name, year, cpu) x2"]);

        // Of a CTE, with parameters, and of the very table that is written.
        let counted =
            select((Product::manufacturer_id, count(Product))).group_by(Product::manufacturer_id).cte("counted");
        let (manufacturer, products) = counted.columns();
        let many = select((Manufacturer::name.concat(" machines"), products.cast::<i32>()))
            .join_on(&counted, Manufacturer::id.eq(&manufacturer))
            .filter(products.gt(1));
        assert_eq!(
            session.execute(insert(Archive).from_select((Archive::name, Archive::year), many)).await.unwrap().rows,
            2
        );
        let again = select((Archive::name.concat("*"), Archive::year)).filter(Archive::name.starts_with("ZX"));
        let again = insert(Archive).from_select((Archive::name, Archive::year), again);
        assert_eq!(session.execute(again).await.unwrap().rows, 2);
        session.commit().await.unwrap();
        let rows = db.rows("SELECT name, year, cpu FROM archive ORDER BY name").await;
        let machines = ["Acorn machines|2|NULL", "Sinclair machines|2|NULL"];
        let copies = ["ZX80|1980|Z80", "ZX80*|1980|NULL", "ZX81|1981|Z80", "ZX81*|1981|NULL"];
        assert_eq!(rows, [&machines[..], &copies].concat());
    })
    .await;
}

/// What waits in memory is written before it is read.
#[tokio::test]
async fn pending_changes_are_flushed_first() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let zx81 = session.get::<Product>(3).await.unwrap().unwrap();
        session[zx81].year = 1990;
        session.add(new!(Country { id: 1, name: "UK" }));
        db.log.clear();
        let late = select((Product::name, Product::year)).filter(Product::year.eq(1990));
        session.execute(insert(Archive).from_select((Archive::name, Archive::year), late)).await.unwrap();
        let all = ["INSERT countries", "UPDATE products (year)", "INSERT archive (name, year)"];
        assert_statements(&db.log, all);
        // Nothing that waits has to do with it.
        session.add(new!(Country { id: 2, name: "USA" }));
        session.execute(insert(Archive).set((Archive::name.to("x"), Archive::year.to(1)))).await.unwrap();
        assert_statements(&db.log, ["INSERT archive"]);
    })
    .await;
}

/// Also what the new rows refer to.
#[tokio::test]
async fn pending_parents_are_flushed_first() {
    on_every_backend(async |db| {
        let db = db.with(keys::accounts()).await;
        let mut session = db.session();
        let account = session.add(new!(Account { owner: "Ada" }));
        let account_id = session[account].id;
        let entries = (1..=3).map(|amount| new!(Entry { amount: i64::from(amount), account_id }));
        session.execute(insert(Entry).values(entries)).await.unwrap();
        assert_statements(&db.log, ["INSERT accounts", "INSERT entries x3"]);
    })
    .await;
}

/// As few statements as a flush needs, none of which returns anything.
#[tokio::test]
async fn a_hundred_thousand_rows() {
    const MANY: i32 = 100_000;
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        db.execute("INSERT INTO manufacturers (name) VALUES ('m')").await;
        let mut session = db.session();
        let new = |n: i32| new!(Product { name: format!("p{n}"), year: n, manufacturer_id: 1 });
        let done = session.execute(insert(Product).values((0..MANY).map(new))).await.unwrap();
        assert_eq!(done.rows, MANY as u64);
        let sent = db.log.take();
        assert!(sent.len() <= 500, "{} statements", sent.len());
        assert!(sent.iter().all(|statement| statement.verb == Verb::Insert && !statement.sql.contains("RETURNING")));
        session.commit().await.unwrap();
        let rows = db.rows("SELECT COUNT(*), MIN(year), MAX(year) FROM products WHERE name IS NOT NULL").await;
        assert_eq!(rows, ["100000|0|99999"]);
    })
    .await;
}

/// All statements are of one transaction.
#[tokio::test]
async fn a_rollback_takes_all_of_it_back() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        let nodes = (0..3_000).map(|n| new!(Node { name: format!("n{n}") }));
        session.execute(insert(Node).values(nodes)).await.unwrap();
        assert!(session.in_transaction());
        session.rollback().await.unwrap();
        assert_eq!(db.rows("SELECT COUNT(*) FROM nodes").await, ["0"]);
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_before_anything_is_sent() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let acorn = session.get::<Manufacturer>(1).await.unwrap().unwrap();
        db.log.clear();
        let linked = [new!(Product { name: "a" }), new!(Product { name: "b", manufacturer: acorn })];
        let error = session.execute(insert(Product).values(linked)).await.unwrap_err();
        assert_eq!((error.kind(), error.model()), (ErrorKind::Configuration, Some("Product")));
        let expected = "Product::manufacturer is set in row 2 of the insert, which writes columns only; \
                        set `manufacturer_id`, or add the struct to a session with `session.add`";
        assert_eq!(error.to_string(), expected);

        let with_members = new!(Manufacturer { name: "m", products: [new!(Product { name: "p" })] });
        let error = session.execute(insert(Manufacturer).value(with_members)).await.unwrap_err();
        assert!(error.to_string().contains("Manufacturer::products"), "{error}");
        assert!(error.to_string().contains("insert those rows by themselves"), "{error}");

        let error = session.execute(insert(Product).set(Vec::<retro_core::query::Assignment<Product>>::new())).await;
        assert!(error.unwrap_err().to_string().contains("sets no column"));

        let swapped = select((Product::year, Product::name)).map(|(year, name)| (name, year));
        let error = session.execute(insert(Archive).from_select((Archive::name, Archive::year), swapped)).await;
        assert!(error.unwrap_err().to_string().contains("`map`"));

        let stranger = insert(Archive).set((Archive::name.to(Manufacturer::name), Archive::year.to(1)));
        let error = session.execute(stranger).await.unwrap_err();
        assert!(error.to_string().contains("names Manufacturer"), "{error}");

        assert!(db.log.take().is_empty());
        assert_eq!(session.execute(delete(Archive)).await.unwrap().rows, 0, "the session goes on");
    })
    .await;
}
