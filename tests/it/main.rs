//! Integration tests: what a program on retro sees.

mod schema;
mod unit_of_work;
