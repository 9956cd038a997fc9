//! Queries and statements in text.

use proptest::prelude::*;
use retro_core::prelude::*;
use retro_core::{Dialect, ErrorKind};
use retro_tests::models::shop::{Manufacturer, Product};
use retro_tests::{Db, Verb, assert_statements, on_every_backend};

use super::{everywhere, shop};

const DIALECTS: [Dialect; 3] = [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql];

#[derive(FromRow, Debug, PartialEq)]
struct Year {
    products: i64,
    year: i32,
    cpu: Option<String>,
}

#[tokio::test]
async fn values_by_position() {
    everywhere(async |db| {
        let db = shop(db, 9).await;
        let mut session = db.session();
        let query = text("SELECT id, name FROM products WHERE year > :year AND name <> ':year' ORDER BY id");
        let rows = session.all(query.bind("year", 1984).rows::<(i32, String)>()).await.unwrap();
        let ids: Vec<i32> = rows.iter().map(|(id, _)| *id).collect();
        assert_eq!((ids.len(), rows[0].1.as_str()), (2, "product 0005"));
        assert_statements(&db.log, ["SELECT products"]);
        let names = session.all(text("SELECT name FROM products ORDER BY id").rows::<String>()).await.unwrap();
        assert_eq!(names.len(), 9);
        let count = session.one(text("SELECT COUNT(*) FROM products").rows::<i64>()).await.unwrap();
        assert_eq!(count, 9);
        let cpus = text("SELECT cpu FROM products WHERE name = :name").bind("name", "product 0000");
        assert_eq!(session.one(cpus.rows::<Option<String>>()).await.unwrap(), None);
        let first = session.first(text("SELECT id, name FROM products ORDER BY id").rows::<(i32, String)>()).await;
        assert_eq!(first.unwrap().unwrap().1, "product 0000");
        let none = text("SELECT id FROM products WHERE id < 0").rows::<i32>();
        assert_eq!(session.one_or_none(none.clone()).await.unwrap(), None);
        let error = session.one(none).await.unwrap_err();
        assert!(error.is_not_found() && error.to_string().contains("id < 0"), "{error}");
        let error = session.one(text("SELECT id FROM products").rows::<i32>()).await.unwrap_err();
        assert!(error.is_multiple_found(), "{error}");
        let error = session.all(text("SELECT id, name FROM products").rows::<i32>()).await.unwrap_err();
        assert!(error.is_configuration() && error.to_string().contains("2 columns, and 1 are read"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn values_of_every_type() {
    on_every_backend(async |db| {
        let mut session = db.session();
        let at = NaiveDate::from_ymd_opt(1982, 8, 1).unwrap().and_hms_micro_opt(12, 30, 0, 250).unwrap();
        let id = Uuid::from_u128(77);
        type Row = (bool, i16, i64, f64, String, Vec<u8>, NaiveDateTime, NaiveDate, Uuid, Decimal);
        let query = text("SELECT :flag, :small, :large, :float, :text, :bytes, :at, :date, :id, :price")
            .bind("flag", true)
            .bind("small", -7_i16)
            .bind("large", i64::MAX)
            .bind("float", 0.5)
            .bind("text", "it's :text")
            .bind("bytes", vec![0_u8, 255])
            .bind("at", at)
            .bind("date", at.date())
            .bind("id", id)
            .bind("price", Decimal::new(1999, 2));
        let row = session.one(query.clone().rows::<Row>()).await.unwrap();
        let (text, bytes) = ("it's :text".to_owned(), vec![0, 255]);
        assert_eq!(row, (true, -7, i64::MAX, 0.5, text, bytes, at, at.date(), id, Decimal::new(1999, 2)));
        // The text with its values says the same.
        let shown = query.to_sql_with_values(db.engine.dialect()).unwrap();
        assert_eq!(session.one(retro_core::query::text(shown).rows::<Row>()).await.unwrap(), row);
        let nothing = retro_core::query::text("SELECT :a, :b").bind("a", None::<i32>).bind("b", None::<String>);
        let row = session.one(nothing.rows::<(Option<i32>, Option<String>)>()).await.unwrap();
        assert_eq!(row, (None, None));
        // One text with values of different types.
        let sum = || retro_core::query::text("SELECT 1 + :n");
        assert_eq!(session.one(sum().bind("n", 1_i32).rows::<i32>()).await.unwrap(), 2);
        assert_eq!(session.one(sum().bind("n", 1_i64 << 40).rows::<i64>()).await.unwrap(), (1 << 40) + 1);
    })
    .await;
}

#[tokio::test]
async fn lists_are_understood_everywhere() {
    everywhere(async |db| {
        let db = shop(db, 12).await;
        let mut session = db.session();
        let mut count = async |query: retro_core::query::TextStatement| session.one(query.rows::<i64>()).await.unwrap();
        let all = "SELECT COUNT(*) FROM products WHERE";
        for (form, found) in [("year IN (:years)", 4), ("year IN :years", 4), ("NOT year in ( :years )", 8)] {
            let query = text(format!("{all} {form} AND year > :zero")).bind("years", [1980, 1981]).bind("zero", 0);
            assert_eq!(count(query).await, found, "{form}");
        }
        let names = vec!["product 0001", "product 0002", "nothing"];
        assert_eq!(count(text(format!("{all} name IN (:names)")).bind("names", names)).await, 2);
        let twice = text(format!("{all} id IN (:ids) OR year IN (:ids)")).bind("ids", vec![1980_i32]);
        assert_eq!(count(twice).await, 2);
        for (form, found) in [("id IN (:ids)", 0), ("id NOT IN (:ids)", 12), ("id NOT IN :ids", 12)] {
            assert_eq!(count(text(format!("{all} {form}")).bind("ids", Vec::<i32>::new())).await, found, "{form}");
        }
        let many: Vec<i64> = (0..5_000).collect();
        assert!(count(text(format!("{all} id IN (:ids)")).bind("ids", many)).await == 12);
    })
    .await;
}

#[tokio::test]
async fn structs_by_name() {
    everywhere(async |db| {
        let db = shop(db, 8).await;
        let mut session = db.session();
        let query = text(
            "SELECT MIN(name) AS first, MIN(cpu) AS cpu, year AS YEAR, COUNT(*) AS products \
             FROM products GROUP BY year ORDER BY year LIMIT 2",
        );
        let years = session.all(query.into::<Year>()).await.unwrap();
        let cpu = |n: i32| Some(format!("cpu {n}"));
        assert_eq!(
            years,
            [Year { products: 2, year: 1980, cpu: cpu(1) }, Year { products: 1, year: 1981, cpu: cpu(1) }]
        );
        let lacking = session.all(text("SELECT year, cpu FROM products").into::<Year>()).await.unwrap_err();
        assert!(lacking.is_configuration(), "{lacking}");
        assert_eq!(lacking.to_string(), "the text has no column `products`; it has year, cpu");
        let twice = text("SELECT year, cpu, year, 1 AS products FROM products").into::<Year>();
        let twice = session.all(twice).await.unwrap_err();
        assert!(twice.to_string().contains("two columns `year`"), "{twice}");
        let null = text("SELECT NULL AS year, cpu, 1 AS products FROM products").into::<Year>();
        let null = session.all(null).await.unwrap_err();
        assert!(null.kind() == ErrorKind::Conversion && null.to_string().contains("column `year`"), "{null}");
    })
    .await;
}

#[tokio::test]
async fn entities_by_name() {
    on_every_backend(async |db| {
        let db = shop(db, 6).await;
        let mut session = db.session();
        let known = session.first(select(Product).order_by(Product::id)).await.unwrap().unwrap();
        session[known].year = 5;
        db.log.clear();
        // In another order than the model's, with more than it has.
        let query = text("SELECT 1 AS one, cpu, year, manufacturer_id, name, id FROM products ORDER BY id");
        let options = (selectin(Product::countries), joined(Product::manufacturer));
        let query = query.entities::<Product>().options(options);
        let products = session.all(query).await.unwrap();
        assert_eq!((products.len(), products[0], session[products[0]].year), (6, known, 5));
        assert_eq!(session[products[5]].name, "product 0005");
        assert_eq!(session.view(products[1]).manufacturer().name(), "Sinclair");
        assert_eq!(session.view(products[1]).countries().len(), 0);
        assert_statements(&db.log, ["UPDATE products", "SELECT products", "SELECT manufacturers", "SELECT countries"]);
        // They are entities like others.
        session[products[2]].year = 7;
        session.commit().await.unwrap();
        assert_eq!(session.count(select(Product).filter(Product::year.eq(7))).await.unwrap(), 1);
        let error = session.all(text("SELECT id, name FROM products").entities::<Product>()).await.unwrap_err();
        assert!(error.is_configuration() && error.model() == Some("Product"), "{error}");
        assert_eq!(error.to_string(), "reading Product: the text has no column `manufacturer_id`; it has id, name");
        let none = text("SELECT id, name FROM products WHERE id < 0").entities::<Product>();
        assert!(session.all(none).await.unwrap().is_empty(), "columns are looked for where there is a row");
        let plain: Vec<Product> = session.all(text("SELECT * FROM products ORDER BY id").owned()).await.unwrap();
        assert_eq!((plain.len(), plain[2].year), (6, 7));
        // What is read anew on demand.
        db.execute("UPDATE products SET year = 9").await;
        session.rollback().await.unwrap();
        let anew = text("SELECT * FROM products ORDER BY id").entities::<Product>().populate_existing();
        session.first(anew).await.unwrap();
        assert_eq!((session[products[0]].year, session[products[1]].year), (9, 1981), "only the first row is wanted");
    })
    .await;
}

#[tokio::test]
async fn a_text_may_read_anything() {
    on_every_backend(async |db| {
        let db = shop(db, 1).await;
        let mut session = db.session();
        session.add(new!(Manufacturer { name: "Jupiter" }));
        let count = text("SELECT COUNT(*) FROM manufacturers").rows::<i64>();
        assert_eq!(session.one(count.clone()).await.unwrap(), 3);
        assert_eq!(db.log.count(Verb::Insert), 1);
        session.add(new!(Manufacturer { name: "Oric" }));
        let before = session.no_autoflush(async |session| session.one(count).await).await.unwrap();
        assert_eq!(before, 3);
    })
    .await;
}

#[tokio::test]
async fn a_text_that_writes_belongs_to_the_transaction() {
    on_every_backend(async |db| {
        let db = shop(db, 5).await;
        let mut session = db.session();
        let update = text("UPDATE products SET year = :year WHERE year < :before").bind("year", 3).bind("before", 1982);
        assert_eq!(session.execute(update.clone()).await.unwrap().rows, 2);
        assert!(session.in_transaction());
        session.rollback().await.unwrap();
        let years = || select(Product).filter(Product::year.eq(3));
        assert_eq!(session.count(years()).await.unwrap(), 0);
        session.execute(update).await.unwrap();
        let product = session.first(years()).await.unwrap().unwrap();
        session.commit().await.unwrap();
        assert_eq!(session.count(years()).await.unwrap(), 2);
        // What was read after such a statement is not trusted after its rollback.
        session.execute(text("UPDATE products SET year = 4")).await.unwrap();
        session.expire(product).unwrap();
        assert_eq!(session.fresh(product).await.unwrap().year, 4);
        session.rollback().await.unwrap();
        assert_eq!(session.fresh(product).await.unwrap().year, 3);
        if db.can(retro_tests::Capability::InsertReturning) {
            let insert =
                text("INSERT INTO manufacturers (name) VALUES (:name) RETURNING id, name").bind("name", "Oric");
            let (_, name) = session.one(insert.clone().rows::<(i32, String)>()).await.unwrap();
            assert!(name == "Oric" && session.in_transaction());
            session.rollback().await.unwrap();
            assert_eq!(session.count(select(Manufacturer)).await.unwrap(), 2);
            let oric = session.one(insert.entities::<Manufacturer>()).await.unwrap();
            session[oric].name.push('!');
            session.commit().await.unwrap();
            assert_eq!(session.count(select(Manufacturer).filter(Manufacturer::name.eq("Oric!"))).await.unwrap(), 1);
        }
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_found_before_anything_is_sent() {
    on_every_backend(async |db| {
        let db = shop(db, 1).await;
        let mut session = db.session();
        session.add(new!(Manufacturer { name: "waits" }));
        let year = || text("SELECT id FROM products WHERE year > :year");
        for (query, part) in [
            (year(), "`:year`, which was not bound"),
            (year().bind("year", 1).bind("yaer", 2), "`:yaer` was bound"),
            (text("COMMIT"), "transaction"),
            (text("SELECT id FROM products; DELETE FROM products"), "several statements"),
        ] {
            let error = session.all(query.clone().rows::<i32>()).await.unwrap_err();
            assert!(error.is_configuration() && error.to_string().contains(part), "{error}");
            assert!(session.stream(query.clone().rows::<i32>()).await.is_err());
            assert!(session.execute(query).await.unwrap_err().is_configuration());
        }
        assert!(db.log.take_all().is_empty());
        // A value that has no form in the database.
        let query = year().bind("year", Json(std::collections::HashMap::from([((1, 2), 3)])));
        assert_eq!(session.all(query.rows::<i32>()).await.unwrap_err().kind(), ErrorKind::Conversion);
    })
    .await;
}

#[tokio::test]
async fn texts_with_colons() {
    on_every_backend(async |db| {
        let mut session = db.session();
        let query = text("SELECT ':a', 'it''s :b', 'c\\:d' /* :e */, :f -- :g\n").bind("f", "f");
        let row = session.one(query.rows::<(String, String, String, String)>()).await.unwrap();
        let third = if db.engine.dialect() == Dialect::MySql { "c:d" } else { "c\\:d" };
        assert_eq!(row, (":a".into(), "it's :b".into(), third.into(), "f".into()));
        if db.engine.dialect() == Dialect::Postgres {
            let query = text(
                "SELECT '7'::int + :n::int, $$ :a $$, (ARRAY[1, 2, 3])[1\\:2] = ARRAY[1, 2], '{\"a\":1}'::jsonb ? :key",
            );
            let row =
                session.one(query.bind("n", 1).bind("key", "a").rows::<(i32, String, bool, bool)>()).await.unwrap();
            assert_eq!(row, (8, " :a ".into(), true, true));
            let any = text("SELECT 3 = ANY(:list), cardinality(:list)").bind("list", [1, 2, 3]);
            assert_eq!(session.one(any.rows::<(bool, i32)>()).await.unwrap(), (true, 3));
        }
    })
    .await;
}

#[tokio::test]
async fn sensitive_values_are_masked() {
    let db = Db::in_memory().await;
    let mut session = db.session();
    let query = text("SELECT :password, :name").bind_sensitive("password", "hunter2").bind("name", "Ada");
    assert_eq!(query.to_sql_with_values(Dialect::Sqlite).unwrap(), "SELECT '***', 'Ada'");
    let query = text("SELECT * FROM nowhere WHERE password = :password").bind_sensitive("password", "hunter2");
    let error = session.all(query.rows::<i32>()).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
}

/// What a text is when nothing in it is a placeholder: the same, with `\:` read as a colon. Outside of
/// literals that cannot be told without reading the text as the crate does, so what is compared has no
/// backslash before a colon at all.
fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    while text.contains("\\:") {
        text = text.replace("\\:", ":");
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// No text makes it panic, and what it gives without binds is what it was given.
    #[test]
    fn any_text_comes_through(sql in r#"([ -~]|\n|[:?$'"`\\\[\]/*#E-]|ö|:a|--|\$\$){0,40}"#) {
        for dialect in DIALECTS {
            let statement = text(sql.clone());
            if let Ok(written) = statement.to_sql(dialect) {
                prop_assert_eq!(unescaped(&written), unescaped(&sql));
                prop_assert_eq!(statement.to_sql_with_values(dialect).unwrap(), written);
            }
            let bound = text(sql.clone()).bind("a", [1, 2]);
            let _ = bound.to_sql(dialect);
            let _ = bound.to_sql_with_values(dialect);
        }
    }

    /// A literal is left alone whatever stands in it, and what stands after it is found.
    #[test]
    fn any_literal_is_left_alone(content in "[^\\\\]{0,30}") {
        let literal = format!("'{}'", content.replace('\'', "''"));
        for dialect in DIALECTS {
            let sql = format!("SELECT {literal}, :after, {literal}");
            let written = text(sql.clone()).bind("after", 7).to_sql_with_values(dialect).unwrap();
            prop_assert_eq!(written, sql.replace(&format!("{literal}, :after, "), &format!("{literal}, 7, ")));
        }
    }

    /// A value in a text comes back from the database as it was.
    #[test]
    fn any_text_is_a_literal(value in "\\PC{0,20}|[\\\\'\"\n\t%]{0,9}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let engine = Engine::connect("sqlite::memory:").await.unwrap();
            let mut connection = engine.connection().await.unwrap();
            let shown = text("SELECT :v").bind("v", value.as_str()).to_sql_with_values(Dialect::Sqlite).unwrap();
            let read = connection.one(text(shown).rows::<String>()).await.unwrap();
            assert_eq!(read, value);
        });
    }
}
