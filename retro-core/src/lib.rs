//! retro: an ORM with a real unit of work, over sqlx.
#![allow(dead_code)] // TEMPORARY while the crate is being put together; must be gone at the end

// define
pub mod error;
pub mod value;
// talk SQL
mod dialect;
mod engine;
mod sql;

pub use dialect::{Dialect, Isolation};
pub use engine::{
    Binds, ConnectHook, Engine, EngineBuilder, HookConnection, PoolStatus, StatementEvent, StatementObserver,
};
pub use error::{Error, ErrorKind, Result};
