//! Words on the wrong kind of relationship.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    #[retro(key = id)]
    products: HasMany<Product>,
}

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Manufacturer::id)]
    manufacturer_id: i32,
    #[retro(foreign_key = Manufacturer::id, order_by = Manufacturer::id, lazy = "write_only", passive_deletes)]
    manufacturer: BelongsTo<Manufacturer>,
}

fn main() {}
