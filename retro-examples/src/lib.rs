//! RetroFun, the store of vintage computers, on retro.
//!
//! * [`generate`] writes the store's CSV files: real machines, invented customers;
//! * [`import`] reads such files, row by row, with errors that name the file, line and column;
//! * [`cli`] is the `retrofun` command.

pub mod cli;
pub mod generate;
pub mod import;
pub mod models;
