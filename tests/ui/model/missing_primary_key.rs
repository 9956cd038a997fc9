//! A model without a primary key.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    id: i32,
    name: String,
}

fn main() {}
