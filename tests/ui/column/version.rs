//! Versions that do not count.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(version)]
    version: String,
    #[retro(version)]
    revision: Option<i32>,
}

fn main() {}
