//! A composite foreign key to two models.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "items")]
struct Item {
    #[retro(primary_key)]
    order_id: i32,
    #[retro(primary_key)]
    line: i32,
}
#[derive(Model)]
#[retro(table = "manufacturers")]
struct Manufacturer {
    #[retro(primary_key)]
    id: i32,
    name: String,
}

#[derive(Model)]
#[retro(table = "returns")]
#[retro(foreign_key(columns = (order_id, line), references = (Item::order_id, Manufacturer::id)))]
struct Return {
    #[retro(primary_key)]
    id: i32,
    order_id: i32,
    line: i32,
}

fn main() {}
