//! Indexes that name no columns.

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
#[retro(index(nmae, year), unique(manufacturer, name), index(year, year))]
struct Product {
    #[retro(primary_key)]
    id: i32,
    name: String,
    year: i32,
    #[retro(foreign_key = Manufacturer::id)]
    manufacturer_id: i32,
    manufacturer: BelongsTo<Manufacturer>,
}

fn main() {}
