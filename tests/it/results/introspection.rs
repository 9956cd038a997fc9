//! What a query is in the database's eyes.

use retro_core::Dialect;
use retro_core::prelude::*;
use retro_tests::models::shop::{Manufacturer, Product};
use retro_tests::{Db, Verb, assert_statements, on_every_backend};

use super::shop;

#[derive(Model, Debug, Clone)]
#[retro(table = "accounts")]
struct Account {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 32)]
    name: String,
    #[retro(length = 32, sensitive)]
    token: String,
    created: NaiveDateTime,
    note: Option<String>,
    picture: Vec<u8>,
    rate: f64,
    open: bool,
}

#[tokio::test]
async fn a_text_with_values_finds_what_the_query_does() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Account]).await;
        let mut session = db.session();
        let at = NaiveDate::from_ymd_opt(1982, 8, 1).unwrap().and_hms_opt(12, 0, 0).unwrap();
        for name in ["O'Brien", r"back\slash", "per%cent", "quote\" and `tick`", "what?", "$1", ":name"] {
            session.add(Account {
                name: name.into(),
                created: at,
                picture: vec![0, 39, 92, 255],
                rate: -0.25,
                open: true,
                ..Default::default()
            });
        }
        session.commit().await.unwrap();
        let names: Vec<String> = session.all(select(Account::name).order_by(Account::id)).await.unwrap();
        for name in names {
            let query = select((Account::id, Account::name))
                .filter(Account::name.eq(name.as_str()) & Account::created.eq(at) & Account::note.is_null())
                .filter(Account::picture.eq(vec![0, 39, 92, 255]) & Account::rate.lt(0.0) & Account::open.eq(true))
                .filter(Account::id.in_([1, 2, 3, 4, 5, 6, 7]) & Account::name.contains(&name))
                .limit(3);
            let found = session.all(query.clone()).await.unwrap();
            let sql = query.to_sql_with_values(db.engine.dialect()).unwrap();
            let rows = db.rows(&sql).await;
            assert_eq!(rows, [format!("{}|{name}", found[0].0)], "{sql}");
        }
    })
    .await;
}

#[test]
fn sensitive_values_are_masked_in_texts() {
    let query = select(Account::id).filter(Account::token.eq("secret") & Account::token.in_(["a-token"]));
    for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql] {
        let sql = query.to_sql_with_values(dialect).unwrap();
        assert!(sql.contains("'***'") && !sql.contains("secret") && !sql.contains("a-token"), "{sql}");
    }
}

#[tokio::test]
async fn a_plan_names_what_is_read() {
    on_every_backend(async |db| {
        let db = shop(db, 50).await;
        let mut session = db.session();
        session.add(new!(Manufacturer { name: "waits" }));
        let query = select((Product, Manufacturer::name))
            .join(Product::manufacturer)
            .filter(Product::name.eq("product 0007"))
            .options(selectin(Product::countries));
        let plan = session.explain(&query).await.unwrap();
        assert!(plan.contains("products") && plan.contains("manufacturers"), "{plan}");
        assert!(plan.lines().count() > 1 && plan.lines().all(|line| !line.trim().is_empty()), "{plan}");
        let sent = db.log.take();
        assert_eq!(sent.iter().filter(|sent| sent.verb == Verb::Insert).count(), 1, "flushed as before the query");
        assert!(session.known::<Product>().is_empty(), "it is not run");
        session.rollback().await.unwrap();
        let found = session.all(query.clone()).await.unwrap();
        assert_eq!(found.len(), 1, "the query is still there");
        let analyzed = session.explain_analyze(&query).await.unwrap();
        assert!(analyzed.contains("products") && analyzed != plan, "{analyzed}");
        let mut connection = db.engine.connection().await.unwrap();
        let by_text = text("SELECT name FROM products WHERE id = :id").bind("id", 3).rows::<String>();
        let plan = connection.explain(&by_text).await.unwrap();
        assert!(plan.contains("products"), "{plan}");
        let analyzed = connection.explain_analyze(&by_text).await.unwrap();
        assert!(analyzed.len() > plan.len(), "{analyzed}");
    })
    .await;
}

#[tokio::test]
async fn what_writes_is_not_run_to_be_explained() {
    on_every_backend(async |db| {
        let db = shop(db, 3).await;
        let mut session = db.session();
        let update = text("UPDATE products SET year = 1").rows::<i32>();
        let error = session.explain_analyze(&update).await.unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert!(db.log.take_all().is_empty());
        assert!(session.explain(&update).await.unwrap().contains("products"));
        assert_eq!(session.count(select(Product).filter(Product::year.eq(1))).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_tree_is_indented_and_a_run_is_measured() {
    let db = shop(Db::in_memory().await, 20).await;
    let mut session = db.session();
    let many = select(Product::name).filter(Product::year.gt(1980)).union(select(Manufacturer::name));
    let plan = session.explain(&many).await.unwrap();
    assert!(plan.lines().any(|line| line.starts_with("  ")) && !plan.starts_with(' '), "{plan}");
    let analyzed = session.explain_analyze(&many).await.unwrap();
    let last = analyzed.lines().last().unwrap();
    assert!(analyzed.starts_with(&plan) && last.starts_with("19 rows in ") && last.ends_with(" ms"), "{analyzed}");
    assert!(!session.in_transaction());
    drop(session);
    assert_statements(&db.log, ["SELECT products"]);
}
