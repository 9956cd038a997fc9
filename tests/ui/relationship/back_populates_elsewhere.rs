//! The other side leads to another model.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Country::manufacturer_id, back_populates = manufacturer)]
    countries: HasMany<Country>,
}

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Manufacturer::id)]
    manufacturer_id: i32,
    #[retro(back_populates = countries)]
    manufacturer: BelongsTo<Manufacturer>,
}

#[derive(Model)]
#[retro(table = "countries")]
struct Country {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Manufacturer::id)]
    manufacturer_id: i32,
    #[retro(back_populates = countries)]
    manufacturer: BelongsTo<Manufacturer>,
}

fn main() {}
