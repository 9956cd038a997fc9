//! A key that refers to another model.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    name: String,
}

#[derive(Model)]
#[retro(table = "countries")]
struct Country {
    #[retro(primary_key)]
    id: i32,
}

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Country::id)]
    country_id: i32,
    #[retro(key = country_id)]
    manufacturer: BelongsTo<Manufacturer>,
}

fn main() {}
