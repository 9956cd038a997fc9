//! Attributes that a struct for rows does not take, and a column that two fields are read from.

use retro_core::prelude::*;

#[derive(FromRow)]
#[retro(table = "machines")]
struct Machine {
    #[retro(primary_key)]
    id: i32,
    #[retro(colum = "title")]
    name: String,
    #[retro(column = title)]
    title: String,
    #[retro(column = "id")]
    number: i32,
}

fn main() {}
