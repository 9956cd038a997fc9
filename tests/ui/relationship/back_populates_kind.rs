//! The other side is of a kind that does not fit.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    #[retro(secondary = "offers", back_populates = manufacturer)]
    products: ManyToMany<Product>,
}

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Manufacturer::id)]
    manufacturer_id: i32,
    #[retro(back_populates = products)]
    manufacturer: BelongsTo<Manufacturer>,
}

fn main() {}
