//! Columns of another model in `order_by` and `foreign_key`.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Manufacturer::id, order_by = -Manufacturer::id)]
    products: HasMany<Product>,
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
