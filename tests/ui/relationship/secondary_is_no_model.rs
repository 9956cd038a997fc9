//! A model of an association table that is none.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    #[retro(secondary = Offer)]
    products: ManyToMany<Product>,
}

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Manufacturer::id)]
    manufacturer_id: i32,
}

struct Offer;

fn main() {}
