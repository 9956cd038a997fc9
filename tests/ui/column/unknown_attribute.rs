//! Misspelt words, and those of other ORMs.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key, autoincrement)]
    id: i32,
    #[retro(lenght = 64, nullable)]
    name: String,
    #[retro(colour)]
    year: i32,
}

fn main() {}
