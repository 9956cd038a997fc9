//! Structs of one model in an insert of another.

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

fn main() {
    let _ = insert(Product).values([Archive::default()]);
    let _ = insert(Product).value(Archive::default());
}
