//! Enums that are no single text.

use retro_core::prelude::*;

#[derive(ColumnType)]
#[retro(rename_all = "snake")]
enum Status {
    New,
    Shipped(i32),
    #[retro(rename = "New")]
    Fresh,
    #[retro(renam = "old")]
    Old,
}

#[derive(ColumnType)]
enum Nothing {}

fn main() {}
