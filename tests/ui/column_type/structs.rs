//! Structs that are no single value.

use retro_core::prelude::*;

#[derive(ColumnType)]
struct Point {
    x: i32,
    y: i32,
}

#[derive(ColumnType)]
struct Pair(i32, i32);

#[derive(ColumnType)]
struct Wrapper<T>(T);

#[derive(ColumnType)]
struct Maybe(Option<i32>);

fn main() {}
