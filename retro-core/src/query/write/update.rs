//! [`update`]: changes to rows that are not loaded.

use std::marker::PhantomData;

use super::{Assignments, Returning, assignment};
use crate::model::{Model, Root};
use crate::query::{IntoExpr, Selection};
use crate::sql::write::{Action, Write};

/// A change to all rows of a model that meet its filters.
#[must_use = "a statement does nothing until a session executes it"]
pub struct Update<M> {
    pub(super) write: Write,
    pub(super) model: PhantomData<fn() -> M>,
}

/// Updates rows of a model: all of them, unless it is filtered.
///
/// Columns with an on-update value are set too, and the version of a versioned model is counted up,
/// unless the statement sets them itself. All values are calculated from the row as it was; where the
/// database would do otherwise and the order of the columns cannot help, the statement is refused.
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
/// let zx81 = session.add(new!(Product { name: "ZX81", year: 1980 }));
/// let older = update(Product).set(Product::year.to(Product::year + 1)).filter(Product::name.starts_with("ZX"));
/// assert_eq!(session.execute(older).await?.rows, 1);
/// assert_eq!(session[zx81].year, 1981, "entities follow");
/// # Ok(()) }
/// ```
pub fn update<M: Model>(_: Root<M>) -> Update<M> {
    Update { write: Write::new(M::mapper(), Action::Update(Vec::new())), model: PhantomData }
}

impl<M: Model> Update<M> {
    /// Sets columns, besides those that are set already.
    pub fn set(mut self, assignments: impl Assignments<M>) -> Self {
        if let Action::Update(set) = &mut self.write.action {
            assignment::put(assignments, set);
        }
        self
    }

    /// Updates the rows that meet a condition. Several filters must all be met. A condition may use
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

    /// Leaves the session's entities as they are, though their rows may change: nothing is asked
    /// before the statement or after it.
    pub fn without_sync(mut self) -> Self {
        self.write.sync = false;
        self
    }

    /// Gives something back of each updated row, as it is now: the model, columns, expressions, or a
    /// tuple of these. Run it with [`Session::fetch`](crate::session::Session::fetch).
    ///
    /// PostgreSQL and SQLite have it; elsewhere it is refused before anything is sent.
    pub fn returning<S: Selection>(self, selection: S) -> Returning<S::Row> {
        Returning::new(self.write, selection)
    }
}
