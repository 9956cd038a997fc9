//! An order that names no column.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Product::manufacturer_id, order_by = "id")]
    others: HasMany<Product>,
}

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Manufacturer::id)]
    manufacturer_id: i32,
}

fn main() {}
