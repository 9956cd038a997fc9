//! Rows of a query that do not fit into the columns.

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
    let columns = (Archive::name, Archive::year);
    let _ = insert(Archive).from_select(columns, select((Product::year, Product::name)));
    let _ = insert(Archive).from_select(columns, select(Product::name));
    let _ = insert(Archive).from_select(columns, select(Product));
    let _ = insert(Archive).from_select((Product::name, Product::year), select((Product::name, Product::year)));
}
