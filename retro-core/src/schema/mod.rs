//! The database's side: tables, columns, keys and indexes, as the models define them.
//!
//! [`MetaData`] gathers models, verifies that they fit together, and creates and drops their
//! tables. [`Table`] and its parts are plain data; `build` makes them from the models, `ddl` makes
//! statements of them.

mod build;
mod create;
mod ddl;
mod locate;
mod metadata;
mod naming;
mod order;
mod table;
#[cfg(test)]
mod tests;
mod verify;

pub(crate) use locate::{Place, locate};
pub use metadata::MetaData;
pub use table::{CheckConstraint, Column, Condition, ForeignKey, Index, PrimaryKey, Table, UniqueConstraint};
