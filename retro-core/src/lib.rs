//! retro: an ORM with a real unit of work, over sqlx.
#![allow(dead_code)] // TEMPORARY while the crate is being put together; must be gone at the end

// define
pub mod error;
mod mapping;
pub mod model;
pub mod schema;
pub mod value;
// write: entities -> rows
mod identity;
pub mod session;
mod unit_of_work;
// read: rows -> entities
mod loading;
pub mod query;
// talk SQL
mod dialect;
mod engine;
mod sql;
mod transaction;

pub mod prelude;
#[doc(hidden)]
pub mod private;

pub use dialect::{Dialect, Isolation};
pub use engine::{
    Binds, ConnectHook, Engine, EngineBuilder, HookConnection, PoolStatus, StatementEvent, StatementObserver,
};
pub use error::{Error, ErrorKind, Result};
