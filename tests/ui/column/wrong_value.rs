//! Words with a value of the wrong kind.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key = 1)]
    id: i32,
    #[retro(length = "64", column = name)]
    name: String,
    #[retro(precision = 10, default)]
    price: Decimal,
    #[retro(index(year, name))]
    year: i32,
}

fn main() {}
