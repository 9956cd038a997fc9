//! RetroFun, the store of vintage computers, on retro.
//!
//! * [`models`]: the store's 14 tables;
//! * [`import`] reads the store's CSV files into the database, files of any size too;
//! * [`reports`]: typed queries and their results as text;
//! * [`generate`] writes such files: real machines, invented customers;
//! * [`stats`] counts statements, and memory;
//! * [`web`] serves the list of orders;
//! * [`cli`] is the `retrofun` command.

pub mod cli;
pub mod generate;
pub mod import;
pub mod models;
pub mod reports;
pub mod stats;
pub mod web;

/// The code in the README is compiled and run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
