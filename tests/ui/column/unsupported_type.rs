//! Types that no database has.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
struct Product {
    #[retro(primary_key)]
    id: u64,
    tags: Vec<String>,
    name: &'static str,
    size: (i32, i32),
    year: Option<u16>,
}

fn main() {}
