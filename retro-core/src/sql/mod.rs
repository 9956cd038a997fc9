//! Statements: from plain data to text and binds. No I/O here.

pub(crate) mod ast;
mod filters;
mod keys;
mod list;
pub(crate) mod node;
mod outputs;
mod render;
mod render_from;
mod render_node;
mod rewrite;
mod statement;
mod template;
mod walk;
mod writer;

pub(crate) use filters::Filters;
pub(crate) use keys::KeyList;
pub(crate) use render::{EntityValues, NoEntities, render};
pub(crate) use statement::{Bind, BindData, Statement};
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
