//! The harness of retro's integration tests.
//!
//! A test is written once, as a function of a [`Db`], and runs on every database through
//! [`on_every_backend`]. What the databases do differently is asked with [`Db::can`], never by a
//! database's name. [`StatementLog`] says what was sent, [`cancel`] drops futures at every point
//! where they wait, [`Proxy`] breaks the line to the server at every message, and [`models`] are the
//! models that the tests share.

mod accomplice;
mod backend;
pub mod cancel;
mod database;
mod disk;
mod fuse;
mod log;
pub mod models;
mod proxy;
mod quiet;
mod random;
mod server;
mod warnings;

pub use accomplice::Accomplice;
pub use backend::{Backend, Capability, Kind, long, on_every_backend};
pub use database::Db;
pub use disk::SmallDisk;
pub use fuse::Fuse;
pub use log::{Statement, StatementLog, Verb, assert_statements};
pub use proxy::{Fault, Proxy, Way};
pub use random::Random;
pub use server::OwnServer;
pub use warnings::Warnings;
