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
// talk SQL
mod dialect;
pub mod engine;
mod sql;

pub mod prelude;
#[doc(hidden)]
pub mod private;

pub use dialect::Dialect;
pub use error::{Error, ErrorKind, Result};
