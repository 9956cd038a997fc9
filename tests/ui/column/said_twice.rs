//! A word that is said twice.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 64, index)]
    #[retro(length = 32)]
    name: String,
}

fn main() {}
