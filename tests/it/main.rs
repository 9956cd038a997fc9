//! Integration tests: what a program on retro sees.
#![allow(missing_docs, unreachable_pub)]

mod cancellation;
mod concurrency;
mod default_filters;
mod derive;
mod expressions;
mod forms;
mod limits;
mod loading;
mod loading_counts;
mod loading_subsets;
mod properties;
mod query;
mod reading;
mod retrofun;
mod schema;
#[cfg(feature = "golden")]
mod scripts;
mod selects;
mod unit_of_work;
