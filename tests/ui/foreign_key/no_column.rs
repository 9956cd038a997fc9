//! Foreign keys to what is no column.

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
    #[retro(foreign_key = Manufacturer)]
    manufacturer_id: i32,
    #[retro(foreign_key = "manufacturers.id")]
    seller_id: i32,
}

fn main() {}
