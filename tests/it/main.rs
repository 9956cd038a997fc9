//! Integration tests: what a program on retro sees.
#![allow(missing_docs, unreachable_pub)]

mod bad_input;
mod behaviours;
mod cancellation;
mod cases;
mod concurrency;
mod contention;
mod default_filters;
mod depth;
mod derive;
mod expressions;
mod faults;
mod forms;
mod from_row;
mod histories;
mod hybrids;
mod limits;
mod loading;
mod loading_counts;
mod loading_subsets;
mod properties;
mod query;
mod reading;
mod results;
mod retrofun;
mod schema;
#[cfg(feature = "golden")]
mod scripts;
mod selects;
mod unit_of_work;
mod web;
mod writes;
