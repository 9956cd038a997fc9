//! Statements: from plain data to text and binds. No I/O here.

pub(crate) mod ast;
mod depth;
mod filters;
mod keys;
mod list;
mod literals;
pub(crate) mod node;
mod outputs;
mod raw;
mod render;
mod render_from;
mod render_in;
mod render_node;
mod render_write;
mod rewrite;
mod scan;
mod statement;
mod template;
mod walk;
pub(crate) mod write;
mod writer;

pub(crate) use depth::Conditions;
pub(crate) use filters::Filters;
pub(crate) use keys::{KeyForm, KeyList, integer};
pub(crate) use list::hex;
pub(crate) use literals::with_values;
pub(crate) use raw::Raw;
pub(crate) use render::{EntityValues, NoEntities, Rendered, check_number, render};
pub(crate) use render_write::Writes;
pub(crate) use statement::{Access, Bind, BindData, Statement};
pub(crate) use template::Template;
pub(crate) use walk::note;

use std::sync::atomic::{AtomicU32, Ordering};

/// Aliases that users make are told from those that loaders number from 1 on in each query.
const FIRST_ALIAS: u32 = 1 << 24;

/// An alias that nothing else has. The text of a query does not depend on it: names are given when
/// it is rendered.
pub(crate) fn fresh_alias() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(FIRST_ALIAS);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
