//! A type that does not implement `ColumnType`.

use retro_core::prelude::*;

use std::time::Duration;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: i32,
    warranty: Duration,
}

fn main() {}
