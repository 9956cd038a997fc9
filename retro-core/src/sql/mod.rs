//! Statements: from plain data to text and binds. No I/O here.

mod statement;

pub(crate) use statement::{Bind, BindData, Statement};
