//! [`delete`]: rows that go without being loaded.

use std::marker::PhantomData;

use super::Returning;
use crate::model::{Model, Root};
use crate::query::{IntoExpr, Selection};
use crate::sql::write::{Action, Write};

/// The end of all rows of a model that meet its filters.
#[must_use = "a statement does nothing until a session executes it"]
pub struct Delete<M> {
    pub(super) write: Write,
    pub(super) model: PhantomData<fn() -> M>,
}

/// Deletes rows of a model: all of them, unless it is filtered.
///
/// Only the statement is sent: no cascade of a relationship is followed. What refers to the rows is the
/// foreign keys' affair; what they do to it (`on_delete`) the session does not see.
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "products")]
/// # struct Product { #[retro(primary_key)] id: i32, name: String, year: i32 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # metadata![Product].create_all(&engine).await?;
/// # let mut session = Session::new(&engine);
/// session.add_all([1980, 1981, 1982].map(|year| new!(Product { name: "ZX", year })));
/// assert_eq!(session.execute(delete(Product).filter(Product::year.lt(1982))).await?.rows, 2);
/// # Ok(()) }
/// ```
pub fn delete<M: Model>(_: Root<M>) -> Delete<M> {
    Delete { write: Write::new(M::mapper(), Action::Delete), model: PhantomData }
}

impl<M: Model> Delete<M> {
    /// Deletes the rows that meet a condition. Several filters must all be met. A condition may use
    /// relationships (`.has(..)`, `.any(..)`) and queries.
    pub fn filter(mut self, condition: impl IntoExpr<bool>) -> Self {
        self.write.restrict(condition.into_node().0);
        self
    }

    /// Leaves a default filter of the session out, by its name.
    pub fn without_filter(mut self, name: &'static str) -> Self {
        self.write.unfiltered.push(name);
        self
    }

    /// Leaves the session's entities as they are, though their rows may be gone: nothing is asked
    /// before the statement.
    pub fn without_sync(mut self) -> Self {
        self.write.sync = false;
        self
    }

    /// Gives something back of each row, as it was: columns, expressions, the model, or a tuple of
    /// these. Entities are deleted ones: they can be read until the transaction ends. Run it with
    /// [`Session::fetch`](crate::session::Session::fetch).
    ///
    /// PostgreSQL, SQLite and MariaDB have it; elsewhere it is refused before anything is sent.
    pub fn returning<S: Selection>(self, selection: S) -> Returning<S::Row> {
        Returning::new(self.write, selection)
    }
}
