//! Upserts: inserts of rows that may be there already.

use std::marker::PhantomData;

use super::{Assignments, Insert, Returning, assignment};
use crate::model::{Column, Mapped, Model};
use crate::query::{Expr, IntoExpr, Selection};
use crate::sql::ast::Source;
use crate::sql::node::Node;
use crate::sql::write::{self, Action, Then, Write};
use crate::value::ColumnType;

/// An insert that was not told yet what becomes of rows whose key is taken. Made by
/// [`Insert::on_conflict`].
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "products")]
/// # struct Product { #[retro(primary_key)] id: i32, #[retro(length = 64, unique)] name: String, year: i32 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # metadata![Product].create_all(&engine).await?;
/// # let mut session = Session::new(&engine);
/// let machine = |name, year| insert(Product).value(new!(Product { name, year }));
///
/// session.execute(machine("ZX81", 1980)).await?;
/// session.execute(machine("ZX81", 1981).on_conflict(Product::name).update_all()).await?;
/// session.execute(machine("ZX81", 2001).on_conflict(Product::name).ignore()).await?;
/// let later = Product::year.to(case().when(excluded(Product::year).gt(Product::year), excluded(Product::year)).otherwise(Product::year));
/// session.execute(machine("ZX81", 1970).on_conflict(Product::name).update(later)).await?;
/// assert_eq!(session.all(select((Product::name, Product::year))).await?, [("ZX81".into(), 1981)]);
/// # Ok(()) }
/// ```
#[must_use = "says which key; go on with `update`, `update_all` or `ignore`"]
pub struct OnConflict<M> {
    write: Write,
    key: Vec<u16>,
    model: PhantomData<fn() -> M>,
}

/// An insert that updates the rows that are there already.
#[must_use = "a statement does nothing until a session executes it"]
pub struct Upsert<M> {
    pub(super) write: Write,
    pub(super) model: PhantomData<fn() -> M>,
}

/// In the update of an upsert: the value that the new row would have had.
pub fn excluded<M: Mapped, T: ColumnType>(column: Column<M, T>) -> Expr<T> {
    Expr::new(Node::Excluded(Source::of(M::mapper()).column(column.definition())))
}

impl<M: Model> OnConflict<M> {
    pub(super) fn new(write: Write, key: Vec<u16>) -> Self {
        OnConflict { write, key, model: PhantomData }
    }

    /// Updates the row that is there. The model's columns mean that row, [`excluded`] ones the new row.
    pub fn update(mut self, assignments: impl Assignments<M>) -> Upsert<M> {
        let mut set = Vec::new();
        assignment::put(assignments, &mut set);
        if set.is_empty() {
            self.write.object(format!("the {} updates nothing; use `.ignore()`", self.write.describe()));
        }
        self.then(Then::Update(set))
    }

    /// Gives the row that is there all values of the new one but the primary key and the key in
    /// conflict. Columns that the insert leaves to the database stay as they are.
    pub fn update_all(self) -> Upsert<M> {
        self.then(Then::UpdateAll)
    }

    /// Leaves the row that is there alone. Other errors than that of the key are errors.
    pub fn ignore(self) -> Insert<M> {
        let Upsert { write, model } = self.then(Then::Ignore);
        Insert { write, model }
    }

    fn then(mut self, then: Then) -> Upsert<M> {
        if let Action::Insert { upsert, .. } = &mut self.write.action {
            *upsert = Some(write::Upsert { conflict: self.key, then, filter: None });
        }
        Upsert { write: self.write, model: PhantomData }
    }
}

impl<M: Model> Upsert<M> {
    /// Updates only the rows that meet a condition, which may name [`excluded`] values; the others stay
    /// as they are. PostgreSQL and SQLite have it; elsewhere it is refused before anything is sent.
    pub fn filter(mut self, condition: impl IntoExpr<bool>) -> Self {
        let condition = condition.into_node().0;
        if let Action::Insert { upsert: Some(upsert), .. } = &mut self.write.action {
            upsert.filter = Some(Node::and(upsert.filter.take(), condition));
        }
        self
    }

    /// Leaves the session's entities as they are, though their rows may change.
    pub fn without_sync(mut self) -> Self {
        self.write.sync = false;
        self
    }

    /// Gives something back of each row that was inserted or updated, as [`Insert::returning`] does.
    pub fn returning<S: Selection>(self, selection: S) -> Returning<S::Row> {
        Returning::new(self.write, selection)
    }
}
