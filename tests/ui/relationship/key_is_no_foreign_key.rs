//! A key that refers to nothing.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    name: String,
}

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    manufacturer_id: i32,
    manufacturer: BelongsTo<Manufacturer>,
}

fn main() {}
