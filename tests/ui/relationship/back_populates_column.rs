//! The other side is a column, or a text.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    products: i32,
}

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Manufacturer::id)]
    manufacturer_id: i32,
    #[retro(back_populates = products)]
    manufacturer: BelongsTo<Manufacturer>,
}

#[derive(Model)]
#[retro(table = "countries")]
struct Country {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Country::id)]
    part_of_id: i32,
    #[retro(back_populates = "parts")]
    part_of: BelongsTo<Country>,
}

fn main() {}
