//! A method that is called like a column.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    name: String,
}

impl Product {
    fn name() -> &'static str {
        "product"
    }
}

fn main() {}
