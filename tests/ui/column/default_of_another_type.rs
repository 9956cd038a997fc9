//! A default that is not of the field's type.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "orders")]
struct Order {
    #[retro(primary_key)]
    id: i32,
    #[retro(default = "0")]
    quantity: i32,
}

fn main() {}
