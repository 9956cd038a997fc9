//! Composite foreign keys that do not fit.

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
#[retro(foreign_key(columns = (order_id, line), references = Item::order_id))]
#[retro(foreign_key(columns = (order_id, lnie), references = (Item::order_id, Item::line)))]
#[retro(foreign_key(columns = (order_id, line)))]
#[retro(foreign_key(columns = (order_id, line), references = (Item::order_id, Item::line), on_delete = "set null"))]
struct Return {
    #[retro(primary_key)]
    id: i32,
    order_id: i32,
    line: i32,
}

fn main() {}
