//! The tables of RetroFun against those that SQLAlchemy makes for the same models: by the
//! databases' own catalogs, columns, keys, constraints and indexes are the same and have the same
//! names, except that retro gives every foreign key an index.

use retro_core::Engine;
use retro_examples::models::metadata;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

/// The foreign keys that have no index in the reference.
const ADDED: [&str; 5] = [
    "ix_blog_views_article_id",
    "ix_blog_views_session_id",
    "ix_orders_items_order_id",
    "ix_product_reviews_customer_id",
    "ix_products_countries_country_id",
];

#[tokio::test]
async fn tables_are_those_of_sqlalchemy_in_sqlite() {
    let file = std::env::temp_dir().join(format!("retro_schema_{}.sqlite", std::process::id()));
    let url = format!("sqlite://{}", file.display());
    let engine = Engine::connect(&url).await.unwrap();
    metadata().create_all(&engine).await.unwrap();
    let mut ours = SqliteConnection::connect(&url).await.unwrap();
    let mut reference = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    sqlx::raw_sql(include_str!("../../golden/schema_sqlite.sql")).execute(&mut reference).await.unwrap();

    compare(&sqlite_catalog(&mut ours).await, &sqlite_catalog(&mut reference).await);

    ours.close().await.unwrap();
    engine.close().await;
    std::fs::remove_file(file).unwrap();
}

/// On the servers that `RETRO_TEST_DATABASES` names.
#[tokio::test]
async fn tables_are_those_of_sqlalchemy_in_postgresql() {
    let servers = std::env::var("RETRO_TEST_DATABASES").unwrap_or_default();
    for server in servers.split(',').filter(|url| url.starts_with("postgres")) {
        let mut admin = PgConnection::connect(server).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        let names = ["ours", "reference"].map(|name| format!("retro_schema_{}_{name}", std::process::id()));
        for name in &names {
            run(&mut admin, format!("CREATE DATABASE {name}")).await;
        }
        let [ours, reference] = names.each_ref().map(|name| format!("{base}/{name}"));
        let engine = Engine::connect(&ours).await.unwrap();
        metadata().create_all(&engine).await.unwrap();
        let mut ours = PgConnection::connect(&ours).await.unwrap();
        let mut reference = PgConnection::connect(&reference).await.unwrap();
        run(&mut reference, postgres_reference()).await;

        compare(&postgres_catalog(&mut ours).await, &postgres_catalog(&mut reference).await);

        ours.close().await.unwrap();
        reference.close().await.unwrap();
        engine.close().await;
        for name in &names {
            run(&mut admin, format!("DROP DATABASE {name}")).await;
        }
    }
}

fn compare(ours: &[String], reference: &[String]) {
    assert!(reference.len() > 100, "the reference is loaded: {reference:#?}");
    let missing: Vec<_> = reference.iter().filter(|fact| !ours.contains(fact)).collect();
    assert!(missing.is_empty(), "missing: {missing:#?}");
    let added: Vec<_> = ours.iter().filter(|fact| !reference.contains(fact)).collect();
    assert_eq!(added.len(), ADDED.len(), "{added:#?}");
    for name in ADDED {
        assert!(added.iter().any(|fact| fact.split(' ').any(|word| word == name)), "{name} in {added:#?}");
    }
}

async fn run(connection: &mut PgConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

/// The dump without psql's own commands, and without a search path that would change how the
/// catalog shows names.
fn postgres_reference() -> String {
    let dump = include_str!("../../golden/schema_postgresql.sql");
    let is_sql = |line: &&str| !line.starts_with('\\') && !line.contains("set_config");
    dump.lines().filter(is_sql).collect::<Vec<_>>().join("\n")
}

/// What the database knows about its tables, a fact in a line.
async fn sqlite_catalog(connection: &mut SqliteConnection) -> Vec<String> {
    const QUERIES: [&str; 3] = [
        "SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || c.pk || ' ' || c.cid \
         FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'",
        "SELECT m.name || '.' || f.\"from\" || ' -> ' || f.\"table\" || '.' || f.\"to\" || ' ' || f.on_delete \
         || ' ' || f.on_update FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
        "SELECT m.name || ' has ' || i.name || ' ' || i.\"unique\" || ' ' || c.name || ' ' || c.seqno \
         FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c WHERE m.type = 'table'",
    ];
    let mut facts = Vec::new();
    for query in QUERIES {
        facts.extend(sqlx::query_scalar::<_, String>(query).fetch_all(&mut *connection).await.unwrap());
    }
    let tables: Vec<String> = sqlx::query_scalar("SELECT sql FROM sqlite_master WHERE type = 'table'")
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    facts.extend(tables.iter().flat_map(|sql| constraint_names(sql)));
    facts
}

/// SQLite knows the names of constraints only as the text of their table.
fn constraint_names(sql: &str) -> Vec<String> {
    let words = sql.split_whitespace().map(|word| word.trim_matches('"'));
    words.clone().zip(words.skip(1)).filter(|(word, _)| *word == "CONSTRAINT").map(|(_, name)| name.into()).collect()
}

/// What the database knows about its tables, a fact in a line.
async fn postgres_catalog(connection: &mut PgConnection) -> Vec<String> {
    const QUERIES: [&str; 3] = [
        "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || coalesce(character_maximum_length, 0) \
         || ' ' || is_nullable || ' ' || ordinal_position FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT r.relname || ' has ' || c.conname || ' ' || pg_get_constraintdef(c.oid) \
         FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace \
         WHERE n.nspname = 'public'",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    ];
    let mut facts = Vec::new();
    for query in QUERIES {
        facts.extend(sqlx::query_scalar::<_, String>(query).fetch_all(&mut *connection).await.unwrap());
    }
    facts
}
