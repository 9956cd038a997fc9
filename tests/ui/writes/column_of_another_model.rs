//! Columns of one model in a statement about another.

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
    let _ = update(Product).set(Archive::year.to(1982));
    let _ = insert(Product).set((Product::name.to("ZX81"), Archive::year.to(1981)));
    let new = insert(Product).values([Product::default()]);
    let _ = new.clone().on_conflict(Archive::name).ignore();
    let _ = new.on_conflict(Product::name).update(Archive::year.to(1));
}
