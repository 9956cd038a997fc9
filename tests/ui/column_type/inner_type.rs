//! A newtype of what is no column type.

use retro_core::prelude::*;

#[derive(ColumnType)]
struct Warranty(std::time::Duration);

fn main() {}
