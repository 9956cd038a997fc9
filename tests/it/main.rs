//! Integration tests: what a program on retro sees.
#![allow(missing_docs)]

mod loading;
mod query;
mod reading;
mod retrofun;
mod schema;
#[cfg(feature = "golden")]
mod scripts;
mod unit_of_work;
