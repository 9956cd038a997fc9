//! What cannot be executed, or gives nothing back.

use retro_core::prelude::*;

#[derive(Model, Clone)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(unique, length = 64)]
    name: String,
    year: i32,
}

#[derive(Model, Clone)]
#[retro(table = "archive")]
struct Archive {
    #[retro(primary_key)]
    id: i32,
    name: String,
    year: i32,
}

fn run(session: &mut Session) {
    let _ = session.execute(select(Product));
    let _ = session.execute(delete(Product).returning(Product::id));
    let _ = session.fetch(delete(Product));
}

fn main() {}
