//! retro: an ORM with a real unit of work, over sqlx.
#![allow(dead_code)] // TEMPORARY while the crate is being put together; must be gone at the end

// define
pub mod error;
pub mod value;
// talk SQL
mod dialect;
mod sql;

pub use error::{Error, ErrorKind, Result};
pub use dialect::Dialect;
