//! Columns that are not there, and values of the wrong type.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    name: String,
}

fn find() {
    let _ = select(Manufacturer).filter(Manufacturer::nmae.eq("Commodore"));
    let _ = select(Manufacturer).filter(Manufacturer::id.eq("Commodore"));
}

fn main() {}
