//! Values of another type than the column has.

use retro_core::prelude::*;

#[derive(Model, Clone)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(unique, length = 64)]
    name: String,
    year: i32,
}

#[derive(Model, Clone)]
#[retro(table = "archive")]
struct Archive {
    #[retro(primary_key)]
    id: i32,
    name: String,
    year: i32,
}

fn main() {
    let _ = Product::year.to("1982");
    let _ = Product::name.to(Product::year);
    let _ = update(Product).set(Product::year);
}
