//! Actions that are not known, or cannot be taken.

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
    #[retro(foreign_key = Manufacturer::id, on_delete = "casacde")]
    manufacturer_id: i32,
    #[retro(foreign_key = Manufacturer::id, on_delete = "set null")]
    seller_id: i32,
    #[retro(on_delete = "cascade")]
    buyer_id: i32,
}

fn main() {}
