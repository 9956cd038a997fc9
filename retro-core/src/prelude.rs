//! The names that every file of a program on retro needs.

pub use retro_derive::{ColumnType, Model};
