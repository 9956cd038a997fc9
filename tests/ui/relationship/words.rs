//! Words that are not known.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    #[retro(cascade = "all, delete_orphans, everything", lazy = "eager", passive_deletes = "some")]
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
