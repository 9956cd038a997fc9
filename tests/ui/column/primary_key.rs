//! Keys that are NULL, or made twice.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: Option<i32>,
}

#[derive(Model)]
#[retro(table = "orders")]
struct Order {
    #[retro(primary_key, default = 1)]
    id: i32,
    #[retro(generated)]
    number: i32,
}

#[derive(Model)]
#[retro(table = "countries")]
struct Country {
    #[retro(primary_key, generated)]
    code: String,
}

fn main() {}
