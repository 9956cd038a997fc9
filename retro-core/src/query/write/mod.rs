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

use crate::bulk;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::sql::write::Write;

/// A statement that writes and gives nothing back: [`Insert`], [`Upsert`], [`Update`] or [`Delete`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no statement that can be executed",
    label = "expected an insert, an update or a delete",
    note = "a statement with `.returning(..)` is run by `session.fetch`"
)]
pub trait Execute: sealed::Sealed + Send + Sync {
    #[doc(hidden)]
    fn write(&self) -> WriteRef<'_>;

    /// The text of the statement in the SQL of a dialect, with placeholders in place of the values;
    /// of an insert of many structs that of the first statement.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) if the statement makes no sense, or the
    /// database cannot do it.
    fn to_sql(&self, dialect: Dialect) -> Result<String> {
        bulk::first_text(self.write().0, dialect)
    }
}

/// A statement as the crate knows it.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct WriteRef<'w>(pub(crate) &'w Write);

mod sealed {
    pub trait Sealed {}
}

impl<E: Execute> sealed::Sealed for &E {}

impl<E: Execute> Execute for &E {
    fn write(&self) -> WriteRef<'_> {
        (**self).write()
    }
}

/// What a statement did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Executed {
    /// How many rows were written: inserted, updated or deleted. Of rows that an upsert leaves alone
    /// the MySQL family cannot tell whether they were written, and counts them; and it counts rows
    /// twice that an insert from a query updates.
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
            fn write(&self) -> WriteRef<'_> {
                WriteRef(&self.write)
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
