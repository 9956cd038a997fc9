//! The model of the jobs that are not about orders.

use retro_core::prelude::*;

/// A row of a usual size: a generated key, two texts, three numbers.
#[derive(Model, Debug, Clone)]
#[retro(table = "bench_items")]
pub(crate) struct Item {
    #[retro(primary_key)]
    pub(crate) id: i64,
    #[retro(length = 64)]
    pub(crate) name: String,
    pub(crate) year: i32,
    pub(crate) price: f64,
    #[retro(length = 32)]
    pub(crate) note: Option<String>,
    pub(crate) stock: i64,
}

/// The item of a number. Every fifth has no note.
pub(crate) fn item(number: usize) -> Item {
    Item {
        id: 0,
        name: format!("Machine number {number}"),
        year: 1970 + (number % 30) as i32,
        price: number as f64 / 4.0,
        note: (!number.is_multiple_of(5)).then(|| format!("note {number}")),
        stock: (number * 7) as i64,
    }
}
