//! A relationship to what is not a model.

use retro_core::prelude::*;

struct Manufacturer;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    manufacturer_id: i32,
    #[retro(foreign_key = Part::product_id)]
    parts: HasMany<Manufacturer>,
}

#[derive(Model)]
#[retro(table = "parts")]
struct Part {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Product::id)]
    product_id: i32,
}

fn main() {}
