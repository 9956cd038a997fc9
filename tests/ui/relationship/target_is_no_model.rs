//! A relationship to what is not a model.

use retro_core::prelude::*;

struct Manufacturer;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    makers: HasMany<Manufacturer>,
}

fn main() {}
