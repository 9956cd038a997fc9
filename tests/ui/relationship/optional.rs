//! Nullable keys of required relationships, and the reverse.

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
    manufacturer_id: Option<i32>,
    manufacturer: BelongsTo<Manufacturer>,
    #[retro(foreign_key = Manufacturer::id)]
    seller_id: i32,
    seller: BelongsTo<Option<Manufacturer>>,
    #[retro(foreign_key = Product::id)]
    parts: HasMany<Option<Product>>,
}

fn main() {}
