//! What Rust calculates in one way and SQL in another, and what is no hybrid or column.

use retro_core::prelude::*;

#[derive(ColumnType, Debug, Clone, Copy, PartialEq, PartialOrd)]
enum Condition {
    New,
    Broken,
}

#[derive(Model)]
#[retro(table = "machines", no_default)]
struct Machine {
    #[retro(primary_key)]
    id: i32,
    year: Option<i32>,
    price: f64,
    condition: Condition,
    #[retro(skip)]
    cached: i32,
}

impl Machine {
    #[hybrid]
    fn cents(&self) -> f64 {
        self.price % 1.0
    }

    #[hybrid]
    fn is_old(&self) -> bool {
        self.year < Some(1980)
    }

    #[hybrid]
    fn is_worn(&self) -> bool {
        self.condition > Condition::New
    }

    #[hybrid]
    fn twice(&self) -> i32 {
        self.cached * 2
    }

    #[hybrid]
    fn thrice(&self) -> i32 {
        self.once() * 3
    }

    fn once(&self) -> i32 {
        self.id
    }
}

fn main() {}
