//! What the struct says in lists, said otherwise.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products", index, check("year > 1970"), foreign_key = Product::id)]
#[retro(index("name"), unique(name, where = "year > 1970"))]
struct Product {
    #[retro(primary_key)]
    id: i32,
    name: String,
    year: i32,
}

fn main() {}
