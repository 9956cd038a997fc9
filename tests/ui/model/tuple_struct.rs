//! A model without field names.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
struct Product(i32, String);

fn main() {}
