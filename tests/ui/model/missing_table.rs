//! A model without a table.

use retro_core::prelude::*;

#[derive(Model)]
struct Product {
    #[retro(primary_key)]
    id: i32,
}

fn main() {}
