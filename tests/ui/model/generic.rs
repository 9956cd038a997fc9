//! A model with a type parameter.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
struct Product<T> {
    #[retro(primary_key)]
    id: i32,
    extra: T,
}

fn main() {}
