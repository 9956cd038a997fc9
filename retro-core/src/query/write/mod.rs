//! Statements that write many rows without loading them: [`insert`], [`update`] and [`delete`].
//!
//! Each is a value, as a query is. [`Session::execute`](crate::session::Session::execute) runs one in
//! the session's transaction and brings the session's entities in line; one that is `returning`
//! something is run by [`Session::fetch`](crate::session::Session::fetch).

mod assignment;
mod columns;
mod delete;
mod insert;
mod returning;
mod update;
mod upsert;

pub use assignment::{Assignment, Assignments};
pub use columns::{Columns, RowFor};
pub use delete::{Delete, delete};
pub use insert::{Insert, InsertInto, insert};
pub use returning::Returning;
pub use update::{Update, update};
pub use upsert::{OnConflict, Upsert, excluded};

use std::fmt;

use super::TextStatement;
use crate::bulk;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::sql::write::Write;

/// A statement that gives nothing back: an [`Insert`], [`Upsert`], [`Update`] or [`Delete`], or a
/// [`text`](super::text).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no statement that can be executed",
    label = "expected an insert, an update, a delete or a text",
    note = "a statement with `.returning(..)` is run with `fetch`"
)]
pub trait Execute: sealed::Sealed + Send + Sync {
    #[doc(hidden)]
    fn statement(&self) -> StatementRef<'_>;

    /// The text of the statement in the SQL of a dialect, with placeholders in place of the values;
    /// of an insert of many structs that of the first statement.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) if the statement makes no sense, or the
    /// database cannot do it.
    fn to_sql(&self, dialect: Dialect) -> Result<String> {
        match self.statement().0 {
            Executable::Write(write) => bulk::first_text(write, dialect),
            Executable::Text(text) => TextStatement::to_sql(text, dialect),
        }
    }
}

/// A statement as the crate knows it.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct StatementRef<'s>(pub(crate) Executable<'s>);

#[derive(Clone, Copy)]
pub(crate) enum Executable<'s> {
    Write(&'s Write),
    Text(&'s TextStatement),
}

mod sealed {
    pub trait Sealed {}
}

impl<E: Execute> sealed::Sealed for &E {}

impl<E: Execute> Execute for &E {
    fn statement(&self) -> StatementRef<'_> {
        (**self).statement()
    }
}

impl sealed::Sealed for TextStatement {}

impl Execute for TextStatement {
    fn statement(&self) -> StatementRef<'_> {
        StatementRef(Executable::Text(self))
    }
}

/// What a statement did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Executed {
    /// How many rows were written: inserted, deleted, or found by an update, whether they had the values
    /// already or not. The MySQL family counts rows that an upsert leaves alone too, and rows twice that an
    /// upsert from a query updates.
    pub rows: u64,
}

impl Executed {
    pub(crate) fn new(rows: u64) -> Self {
        Executed { rows }
    }
}

/// What all statements that write have in common: they are a `Write` that knows its model.
macro_rules! statements {
    ($($statement:ident),*) => {$(
        impl<M> sealed::Sealed for $statement<M> {}

        impl<M> Execute for $statement<M> {
            fn statement(&self) -> StatementRef<'_> {
                StatementRef(Executable::Write(&self.write))
            }
        }

        impl<M> Clone for $statement<M> {
            fn clone(&self) -> Self {
                $statement { write: self.write.clone(), model: self.model }
            }
        }

        impl<M> fmt::Debug for $statement<M> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.write.fmt(f)
            }
        }
    )*};
}
statements!(Insert, Upsert, Update, Delete);
