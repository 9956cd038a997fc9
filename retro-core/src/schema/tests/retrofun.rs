//! The tables of RetroFun, a shop of old computers, against those that SQLAlchemy makes for the
//! same models: columns, keys, constraints and indexes are the same and have the same names, except
//! that retro gives every foreign key an index.

use super::database::{Scratch, run, texts};
use super::models::{ID, base, column, index, metadata_of, model, refer, relationship, secondary, text};
use crate::dialect::Dialect;
use crate::engine::Engine;
use crate::mapping::{Mapper, MapperCell};
use crate::model::{Assigned, ColumnDef, IndexDef, Mapped, ModelDef, RelationshipDef, RelationshipKind};
use crate::private::RowReader;
use crate::schema::MetaData;
use crate::value::{ColumnType, SqlType, Value, ValueError};

/// A column of a type that the features of a test build may lack; `T` says whether it takes NULL.
const fn typed<T: ColumnType>(field: &'static str, sql_type: SqlType) -> ColumnDef {
    ColumnDef { sql_type, ..ColumnDef::new::<T>(field) }
}

const fn uuid(field: &'static str) -> ColumnDef {
    typed::<i32>(field, SqlType::Uuid)
}

const fn optional(field: &'static str, length: u32) -> ColumnDef {
    ColumnDef { length: Some(length), ..column::<Option<String>>(field) }
}

const TIMESTAMP: ColumnDef = typed::<i32>("timestamp", SqlType::DateTime);
const UNIQUE_NAME: IndexDef = IndexDef { unique: true, ..index(&[1]) };

model! { Manufacturer,
    table: "manufacturers",
    columns: &[ID, text("name", 64)],
    indexes: &[UNIQUE_NAME]
}
model! { Country,
    table: "countries",
    columns: &[ID, text("name", 32)],
    indexes: &[UNIQUE_NAME]
}
model! { Customer,
    table: "customers",
    columns: &[uuid("id"), text("name", 64), optional("address", 128), optional("phone", 32)],
    indexes: &[UNIQUE_NAME]
}
model! { BlogAuthor,
    table: "blog_authors",
    columns: &[ID, text("name", 64)],
    indexes: &[index(&[1])]
}
model! { Language,
    table: "languages",
    columns: &[ID, text("name", 32)],
    indexes: &[UNIQUE_NAME]
}
model! { Product,
    table: "products",
    columns: &[ID, text("name", 64), column::<i32>("manufacturer_id"), column::<i32>("year"), optional("cpu", 32)],
    foreign_keys: &[refer(&[2], Manufacturer::definition)],
    indexes: &[UNIQUE_NAME, index(&[2]), index(&[3])],
    relationships: &[RelationshipDef {
        secondary: secondary("products_countries"),
        ..relationship("countries", RelationshipKind::ManyToMany, Country::definition)
    }]
}
model! { Order,
    table: "orders",
    columns: &[uuid("id"), TIMESTAMP, uuid("customer_id")],
    foreign_keys: &[refer(&[2], Customer::definition)],
    indexes: &[index(&[1]), index(&[2])]
}
model! { OrderItem,
    table: "orders_items",
    columns: &[column::<i32>("product_id"), uuid("order_id"), column::<f64>("unit_price"), column::<i32>("quantity")],
    primary_key: &[0, 1],
    foreign_keys: &[refer(&[0], Product::definition), refer(&[1], Order::definition)]
}
model! { ProductReview,
    table: "product_reviews",
    columns: &[
        column::<i32>("product_id"), uuid("customer_id"), TIMESTAMP, column::<i32>("rating"),
        column::<Option<String>>("comment"),
    ],
    primary_key: &[0, 1],
    foreign_keys: &[refer(&[0], Product::definition), refer(&[1], Customer::definition)],
    indexes: &[index(&[2])]
}
model! { BlogArticle,
    table: "blog_articles",
    columns: &[
        ID, text("title", 128), column::<i32>("author_id"), column::<Option<i32>>("product_id"), TIMESTAMP,
        column::<Option<i32>>("language_id"), column::<Option<i32>>("translation_of_id"),
    ],
    foreign_keys: &[
        refer(&[2], BlogAuthor::definition),
        refer(&[3], Product::definition),
        refer(&[5], Language::definition),
        refer(&[6], BlogArticle::definition),
    ],
    indexes: &[index(&[1]), index(&[2]), index(&[3]), index(&[4]), index(&[5]), index(&[6])]
}
model! { BlogUser,
    table: "blog_users",
    columns: &[uuid("id"), typed::<Option<i32>>("customer_id", SqlType::Uuid)],
    foreign_keys: &[refer(&[1], Customer::definition)],
    indexes: &[index(&[1])]
}
model! { BlogSession,
    table: "blog_sessions",
    columns: &[uuid("id"), uuid("user_id")],
    foreign_keys: &[refer(&[1], BlogUser::definition)],
    indexes: &[index(&[1])]
}
model! { BlogView,
    table: "blog_views",
    columns: &[ID, column::<i32>("article_id"), uuid("session_id"), TIMESTAMP],
    foreign_keys: &[refer(&[1], BlogArticle::definition), refer(&[2], BlogSession::definition)],
    indexes: &[index(&[3])]
}

fn retrofun() -> MetaData {
    metadata_of![
        BlogView,
        BlogSession,
        BlogUser,
        BlogArticle,
        ProductReview,
        OrderItem,
        Order,
        Product,
        Language,
        BlogAuthor,
        Customer,
        Country,
        Manufacturer
    ]
}

/// The foreign keys of the reference that have no index.
const ADDED: [&str; 5] = [
    "blog_views_article_id",
    "blog_views_session_id",
    "orders_items_order_id",
    "product_reviews_customer_id",
    "products_countries_country_id",
];

#[tokio::test]
async fn the_tables_are_those_of_sqlalchemy() {
    for (ours, reference) in Scratch::all().await.into_iter().zip(Scratch::all().await) {
        retrofun().create_all(&ours.engine).await.unwrap();
        if let Some(script) = reference_script(ours.engine.dialect()) {
            run(&reference.engine, &script).await;
            compare(&catalog(&ours.engine).await, &catalog(&reference.engine).await);
        }
        retrofun().drop_all(&ours.engine).await.unwrap();
        ours.drop().await;
        reference.drop().await;
    }
}

fn compare(ours: &[String], reference: &[String]) {
    assert!(reference.len() > 70, "{reference:#?}");
    let missing: Vec<_> = reference.iter().filter(|fact| !ours.contains(fact)).collect();
    assert!(missing.is_empty(), "missing: {missing:#?}");
    let added: Vec<_> = ours.iter().filter(|fact| !reference.contains(fact)).collect();
    assert_eq!(added.len(), ADDED.len(), "{added:#?}");
    for name in ADDED {
        assert!(added.iter().any(|fact| fact.contains(&format!("ix_{name} "))), "ix_{name} in {added:#?}");
    }
}

fn reference_script(dialect: Dialect) -> Option<String> {
    let script = match dialect {
        Dialect::Sqlite => include_str!("../../../../tests/golden/schema_sqlite.sql"),
        Dialect::Postgres => include_str!("../../../../tests/golden/schema_postgresql.sql"),
        Dialect::MySql => return None,
    };
    // Commands of psql, and a search path that would change how the catalog shows names.
    let is_sql = |line: &&str| !line.starts_with('\\') && !line.contains("set_config");
    Some(script.lines().filter(is_sql).collect::<Vec<_>>().join("\n"))
}

/// What the database knows about its tables, a fact in a line.
async fn catalog(engine: &Engine) -> Vec<String> {
    let queries: &[&str] = match engine.dialect() {
        Dialect::Sqlite => &SQLITE_CATALOG,
        _ => &POSTGRES_CATALOG,
    };
    let mut facts = Vec::new();
    for query in queries {
        facts.extend(texts(engine, query).await);
    }
    if engine.dialect() == Dialect::Sqlite {
        let tables = texts(engine, "SELECT sql FROM sqlite_master WHERE type = 'table'").await;
        facts.extend(tables.iter().flat_map(|sql| constraint_names(sql)));
    }
    facts
}

/// SQLite knows the names of constraints only as the text of their table.
fn constraint_names(sql: &str) -> Vec<String> {
    let words = sql.split_whitespace().map(|word| word.trim_matches('"'));
    words.clone().zip(words.skip(1)).filter(|(word, _)| *word == "CONSTRAINT").map(|(_, name)| name.into()).collect()
}

const SQLITE_CATALOG: [&str; 3] = [
    "SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || c.pk || ' ' || c.cid \
     FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'",
    "SELECT m.name || '.' || f.\"from\" || ' -> ' || f.\"table\" || '.' || f.\"to\" || ' ' || f.on_delete || f.on_update \
     FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
    "SELECT m.name || ': ' || i.name || ' ' || i.\"unique\" || ' ' || c.name || ' ' || c.seqno \
     FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c WHERE m.type = 'table'",
];

const POSTGRES_CATALOG: [&str; 3] = [
    "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || coalesce(character_maximum_length, 0) \
     || ' ' || is_nullable || ' ' || ordinal_position FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT r.relname || ': ' || c.conname || ' ' || pg_get_constraintdef(c.oid) \
     FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace \
     WHERE n.nspname = 'public'",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
];
