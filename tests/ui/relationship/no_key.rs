//! A `BelongsTo` without a foreign key field.

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
    manufacturer: BelongsTo<Manufacturer>,
    #[retro(key = saler_id)]
    seller: BelongsTo<Manufacturer>,
    #[retro(foreign_key = Manufacturer::id)]
    seller_id: i32,
}

fn main() {}
