//! Words on the wrong kind of field.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    name: String,
}

#[derive(Model)]
#[retro(table = "products", primary_key = "id")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(cascade = "all")]
    name: String,
    #[retro(foreign_key = Manufacturer::id)]
    manufacturer_id: i32,
    #[retro(length = 64, default = Manufacturer::default(), on_delete = "cascade")]
    manufacturer: BelongsTo<Manufacturer>,
}

fn main() {}
