//! An attribute that cannot be read hides no other mistake.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(length 64)]
    name: String,
    #[retro(sensitve)]
    secret: String,
}

fn main() {}
