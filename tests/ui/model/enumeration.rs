//! A model that is an enum.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "products")]
enum Product {
    Computer,
    Printer,
}

fn main() {}
