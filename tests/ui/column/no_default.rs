//! A type without `Default`.

use retro_core::prelude::*;

#[derive(ColumnType, Debug)]
enum Status {
    New,
    Shipped,
}

#[derive(Model)]
#[retro(table = "orders")]
struct Order {
    #[retro(primary_key)]
    id: i32,
    status: Status,
}

fn main() {}
