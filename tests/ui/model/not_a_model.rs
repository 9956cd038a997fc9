//! A struct that is not derived, used as a model.

use retro_core::prelude::*;

struct Product {
    id: i32,
}

fn add(session: &mut Session, product: Product) {
    session.add(product);
}

fn main() {}
