//! Integration tests: what a program on retro sees.
#![allow(missing_docs, unreachable_pub)]

mod behaviours;
mod cancellation;
mod cases;
mod concurrency;
mod default_filters;
mod derive;
mod histories;
mod limits;
mod loading;
mod loading_counts;
mod query;
mod reading;
mod retrofun;
mod schema;
#[cfg(feature = "golden")]
mod scripts;
mod unit_of_work;
