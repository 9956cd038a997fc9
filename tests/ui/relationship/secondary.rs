//! Association tables where there are none, and none where they are.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    #[retro(secondary = "offers")]
    products: HasMany<Product>,
    similar: ManyToMany<Manufacturer>,
    #[retro(secondary = "friends")]
    friends: ManyToMany<Manufacturer>,
    #[retro(secondary(tabel = "foes"))]
    foes: ManyToMany<Manufacturer>,
    #[retro(secondary(table = "rivals", local = ("a_id", "b_id"), remote = "c_id"))]
    rivals: ManyToMany<Manufacturer>,
}

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    #[retro(foreign_key = Manufacturer::id)]
    manufacturer_id: i32,
}

fn main() {}
