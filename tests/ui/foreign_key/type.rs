//! Foreign keys of another type than the key.

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
    #[retro(foreign_key = Manufacturer::id)]
    manufacturer_id: Uuid,
    #[retro(foreign_key = Manufacturer::id)]
    seller_id: Option<i64>,
}

fn main() {}
