//! What no row can be read into.

use retro_core::prelude::*;

#[derive(FromRow)]
enum Status {
    New,
}

#[derive(FromRow)]
struct Pair(i32, String);

#[derive(FromRow)]
struct Nothing;

#[derive(FromRow)]
struct Empty {}

#[derive(FromRow)]
union Bits {
    number: i32,
}

#[derive(FromRow)]
struct Wrapper<T> {
    value: T,
}

#[derive(FromRow)]
struct Borrowed<'r> {
    name: &'r str,
}

#[derive(FromRow)]
struct Thirteen {
    a: i32,
    b: i32,
    c: i32,
    d: i32,
    e: i32,
    f: i32,
    g: i32,
    h: i32,
    i: i32,
    j: i32,
    k: i32,
    l: i32,
    m: i32,
}

fn main() {}
