//! Two fields of one column.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    name: String,
    #[retro(column = "name")]
    title: String,
}

fn main() {}
