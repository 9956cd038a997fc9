//! What a session knows: one entity per row, their states, links and history, and the journal that
//! takes memory back to where a transaction began. Untyped but for the structs themselves, and
//! without I/O.

mod belong;
mod cohort;
mod collection;
mod dirty;
mod expire;
mod flushed;
mod forget;
mod graph;
mod instance;
mod journal;
mod key;
mod key_map;
mod listed;
mod ref_set;
mod rows;
mod set;
mod settle;
mod store;
mod undo;

pub(crate) use cohort::{Cohort, Load, Subset};
pub(crate) use collection::Collection;
pub(crate) use graph::Known;
pub(crate) use instance::{Instance, Lifecycle, LinkState};
pub(crate) use journal::{Journal, Undo};
pub(crate) use key::IdentityKey;
pub(crate) use key_map::KeyMap;
pub(crate) use listed::Listed;
pub(crate) use ref_set::{Place, RefSet};
pub(crate) use rows::{RowRef, Rows, TypedRows, new_rows};
pub(crate) use set::EntitySet;
pub(crate) use store::Store;
