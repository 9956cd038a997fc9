//! What the store knows about its year: queries, and their results as text.
//!
//! Each report is a short function in the file of its subject. Most of them are one query, which is
//! a value: `session.all(orders::large_orders())` has typed rows. The [`catalog`] names them all, for
//! those who want cells instead of types.

pub mod blog;
mod catalog;
mod cell;
pub mod countries;
pub mod customers;
mod find;
mod looks;
pub mod manufacturers;
pub mod orders;
pub mod products;
mod report;
pub mod reviews;
mod sheet;
mod table;
pub mod web;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

pub use catalog::{catalog, further, overview};
pub use cell::{Cell, IntoCell, Kind, Row};
pub use find::{UnknownReport, find};
pub use report::{Column, Report};
pub use sheet::Sheet;
pub use table::Table;

/// The beginning of a day; for constants.
const fn midnight(year: i32, month: u32, day: u32) -> NaiveDateTime {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day.and_time(NaiveTime::MIN),
        None => panic!("there is no such day"),
    }
}
