//! A relationship over a composite key without a foreign key.

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
#[retro(table = "returns")]
struct Return {
    #[retro(primary_key)]
    id: i32,
    order_id: i32,
    line: i32,
    #[retro(key = (order_id, line))]
    item: BelongsTo<Item>,
}

fn main() {}
