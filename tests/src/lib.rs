//! The harness of retro's integration tests.
//!
//! A test is written once, as a function of a [`Db`], and runs on every database through
//! [`on_every_backend`]. What the databases do differently is asked with [`Db::can`], never by a
//! database's name. [`StatementLog`] says what was sent, [`cancel`] drops futures at every point
//! where they wait, and [`models`] are the models that the tests share.

mod backend;
pub mod cancel;
mod database;
mod log;
pub mod models;
mod warnings;

pub use backend::{Backend, Capability, on_every_backend};
pub use database::Db;
pub use log::{Statement, StatementLog, Verb, assert_statements};
pub use warnings::Warnings;
