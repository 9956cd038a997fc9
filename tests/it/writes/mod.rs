//! Statements that write without entities: what they do to the database, what they send, and what
//! becomes of the entities that a session has.

use retro_core::prelude::*;
use retro_tests::Db;
use retro_tests::models::shop::{self, Manufacturer, Product};

mod cancelling;
mod deleting;
mod errors;
mod filtered;
mod inserting;
mod memory;
mod memory_links;
mod random;
mod returning;
mod text;
mod updating;
mod upserting;
mod without_session;

/// Where old products are copied to.
#[derive(Model, Debug, Clone)]
#[retro(table = "archive")]
pub(crate) struct Archive {
    #[retro(primary_key)]
    pub(crate) id: i32,
    #[retro(length = 64, unique)]
    pub(crate) name: String,
    pub(crate) year: i32,
    #[retro(length = 32)]
    pub(crate) cpu: Option<String>,
}

/// The shop's tables and the archive, with two manufacturers and their products.
pub(crate) async fn machines(db: Db) -> Db {
    let db = db.with(shop::metadata().with::<Archive>()).await;
    db.execute("INSERT INTO manufacturers (name) VALUES ('Acorn'), ('Sinclair')").await;
    db.execute(
        "INSERT INTO products (name, manufacturer_id, year, cpu) VALUES \
         ('Atom', 1, 1980, '6502'), ('ZX80', 2, 1980, 'Z80'), ('ZX81', 2, 1981, 'Z80'), ('Electron', 1, 1983, NULL)",
    )
    .await;
    db
}

/// The products as the database has them.
pub(crate) async fn stored(db: &Db) -> Vec<String> {
    db.rows("SELECT name, year FROM products ORDER BY id").await
}

/// The entities of all products, by id.
pub(crate) async fn products(session: &mut Session) -> Vec<Entity<Product>> {
    session.all(select(Product).order_by(Product::id)).await.unwrap()
}

/// The names of a manufacturer's products, if they are loaded.
pub(crate) fn names(session: &Session, manufacturer: Entity<Manufacturer>) -> Vec<&str> {
    let products = session.entities(manufacturer, Manufacturer::products);
    products.iter().map(|&product| session[product].name.as_str()).collect()
}
