//! Rows read into what they do not fit.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    name: String,
    cpu: Option<String>,
}

#[derive(FromRow)]
struct Machine {
    name: String,
    cpu: String,
}

struct Plain {
    name: String,
}

fn machines() -> Select<Machine> {
    select((Product::name, Product::cpu)).into::<Machine>()
}

fn plain() -> Select<Plain> {
    select(Product::name).into::<Plain>()
}

fn main() {}
