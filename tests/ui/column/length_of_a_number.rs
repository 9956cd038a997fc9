//! A length, and a precision, of what has none.

use retro_core::prelude::*;

#[derive(ColumnType)]
struct Year(i32);

#[derive(Model)]
#[retro(table = "products", no_default)]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 4)]
    stock: i32,
    #[retro(precision = (10, 2))]
    price: f64,
}

#[derive(Model)]
#[retro(table = "reports", no_default)]
struct Report {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 4)]
    year: Year,
}

fn main() {}
