//! [`Returning`]: statements that write and give something back.

use std::fmt;
use std::sync::Arc;

use crate::bulk;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::query::{Fields, FromRow, Item, Items, Read, Selection};
use crate::sql::ast::From;
use crate::sql::write::Write;

/// A statement that writes, and whose rows are read as `R`. Made by `returning` of an
/// [`Insert`](super::Insert), an [`Upsert`](super::Upsert), an [`Update`](super::Update) or a
/// [`Delete`](super::Delete).
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
/// let new = insert(Product).value(new!(Product { name: "ZX81", year: 1980 }));
/// let zx81: Entity<Product> = session.fetch_one(new.returning(Product)).await?;
/// let years: Vec<i32> =
///     session.fetch(update(Product).set(Product::year.to(1981)).returning(Product::year)).await?;
/// assert_eq!((years, session[zx81].year), (vec![1981], 1981));
/// # Ok(()) }
/// ```
#[must_use = "a statement does nothing until a session runs it"]
pub struct Returning<R> {
    pub(crate) write: Write,
    pub(crate) items: Vec<Item>,
    pub(crate) read: Arc<Read<R>>,
}

impl<R: 'static> Returning<R> {
    pub(super) fn new<S: Selection<Row = R>>(mut write: Write, selection: S) -> Self {
        let mut items = Items::default();
        selection.add(&mut items);
        let target = write.target();
        if let Some(other) = items.query.from.iter().map(From::source).find(|source| *source != target) {
            write.object(format!(
                "the {} gives back rows of {} only, and not of {}",
                write.describe(),
                target.name(),
                other.name()
            ));
        }
        write.returning = items.query.outputs;
        // As a pointer, because `S` itself may borrow.
        let read: fn(&mut Fields<'_>) -> Result<R> = S::read;
        Returning { write, items: items.items, read: Arc::new(read) }
    }
}

impl<R> Returning<R> {
    /// Makes something of each row, as [`Select::map`](crate::query::Select::map) does.
    pub fn map<T>(self, make: impl Fn(R) -> T + Send + Sync + 'static) -> Returning<T>
    where
        R: 'static,
    {
        let read = self.read;
        Returning { write: self.write, items: self.items, read: Arc::new(move |fields| read(fields).map(&make)) }
    }

    /// Reads each row into a struct that derives [`FromRow`], as
    /// [`Select::into`](crate::query::Select::into) does.
    pub fn into<T: FromRow<Row = R> + 'static>(self) -> Returning<T>
    where
        R: 'static,
    {
        self.map(T::from_row)
    }

    /// The text of the statement in the SQL of a dialect, as [`Execute::to_sql`](super::Execute::to_sql).
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) if the statement makes no sense, or the
    /// database cannot do it.
    pub fn to_sql(&self, dialect: Dialect) -> Result<String> {
        bulk::first_text(&self.write, dialect)
    }
}

impl<R> Clone for Returning<R> {
    fn clone(&self) -> Self {
        Returning { write: self.write.clone(), items: self.items.clone(), read: self.read.clone() }
    }
}

impl<R> fmt::Debug for Returning<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write.fmt(f)
    }
}
