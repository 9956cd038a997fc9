//! Statements: from plain data to text and binds. No I/O here.

pub(crate) mod ast;
mod keys;
mod render;
mod render_node;
mod statement;
mod tables;
mod writer;

pub(crate) use keys::KeyList;
pub(crate) use render::{EntityValues, NoEntities, render};
pub(crate) use render_node::ESCAPE;
pub(crate) use statement::{Bind, BindData, Statement};
pub(crate) use tables::note;
