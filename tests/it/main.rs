//! Integration tests: what a program on retro sees.

mod schema;
#[cfg(feature = "golden")]
mod scripts;
