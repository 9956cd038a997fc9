//! Results row by row and part by part, in bounded memory.

use std::fmt;
use std::future::poll_fn;
use std::ops::Index;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures::future::BoxFuture;
use futures::stream::Stream;

use super::Session;
use super::access::{struct_of, unknown};
use super::view::seen;
use crate::engine::Row;
use crate::error::{Error, Result};
use crate::loading::{Arriving, Reach};
use crate::model::{Entity, Model};
use crate::query::{Ask, Asked, Query, Read};
use crate::sql::Access;

/// The rows of a query as they arrive: a [`Stream`], and [`next`](RowStream::next) for a plain loop.
/// Made by [`Session::stream`] and [`Connection::stream`](crate::Connection::stream).
///
/// While it lives it borrows what it was made from. Entities that it has found are read through it:
/// `rows[entity]`, `rows.view(entity)`.
///
/// It may be dropped at any time. Dropped between two rows it leaves the transaction as it is; the
/// rows that have not arrived are read and thrown away before the next statement. Dropped while it
/// waits for a row, as by a timeout, it closes the connection: a session that has only read goes on
/// with another one, and one that has written must be rolled back.
#[must_use = "nothing is read before the stream is polled"]
pub struct RowStream<'s, R> {
    arriving: Arriving<'s>,
    read: Arc<Read<R>>,
}

/// The rows of a query in parts of so many. Made by [`Session::partitions`].
#[must_use = "nothing is read before the first part is asked for"]
pub struct Partitions<'s, R> {
    arriving: Arriving<'s>,
    read: Arc<Read<R>>,
    size: usize,
    /// What has arrived of the next part. Kept here, so that a `next` that is dropped loses nothing.
    gathered: Vec<Row>,
}

impl Session {
    /// The rows of a query one by one, as they arrive: for results that are too large to be held in
    /// memory. Entities that it finds join the session and stay, so for many of them
    /// [`partitions`](Session::partitions) are better; values, tuples and plain structs
    /// (`select(Product.owned())`) leave nothing behind.
    ///
    /// Sends one SELECT. While its rows arrive the connection sends nothing else, so of relationships
    /// only what is `joined` to one row can be loaded. Where a model's own default is a joined
    /// collection, `selectin` or `subquery`, the relationship is not loaded, as if it were `lazy`.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) if an option asks for a relationship in such
    /// a way, and as [`all`](Session::all). After an error in the middle no further row comes.
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "products")]
    /// # struct Product { #[retro(primary_key)] id: i32, name: String, year: i32 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # metadata![Product].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// # session.add(new!(Product { name: "ZX81", year: 1981 }));
    /// let mut rows = session.stream(select((Product::name, Product::year))).await?;
    /// while let Some((name, year)) = rows.next().await? {
    ///     println!("{name}: {year}");
    /// }
    /// # Ok(()) }
    /// ```
    pub fn stream<R: 'static>(&mut self, query: impl Query<R>) -> BoxFuture<'_, Result<RowStream<'_, R>>> {
        let Asked { ask, read } = query.into_asked();
        Box::pin(async move { Ok(RowStream { arriving: self.arriving(ask).await?, read }) })
    }

    /// The rows of a query in parts of at most `size`, as they arrive. Entities that a part has brought
    /// into the session leave it when the next part is taken, unless they are linked to others that
    /// stay: so memory stays flat over any number of rows. They are read through the partitions
    /// (`parts[entity]`, `parts.view(entity)`), which borrow the session meanwhile; to keep one, clone
    /// it. Entities that were in the session before stay.
    ///
    /// The entities of the part at hand stay when the partitions are dropped before the end.
    ///
    /// Sends one SELECT, and loads of relationships what [`stream`](Session::stream) does.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) if `size` is 0, and as
    /// [`stream`](Session::stream).
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "products")]
    /// # struct Product { #[retro(primary_key)] id: i32, name: String, year: i32 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # metadata![Product].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// # session.add(new!(Product { name: "ZX81", year: 1981 }));
    /// let mut parts = session.partitions(select(Product), 1_000).await?;
    /// while let Some(products) = parts.next().await? {
    ///     for view in parts.views(&products) {
    ///         println!("{}: {}", view.name(), view.year());
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn partitions<R: 'static>(
        &mut self,
        query: impl Query<R>,
        size: usize,
    ) -> BoxFuture<'_, Result<Partitions<'_, R>>> {
        let Asked { ask, read } = query.into_asked();
        Box::pin(async move {
            if size == 0 {
                return Err(Error::configuration("partitions of 0 rows: say how many rows a part may have"));
            }
            Ok(Partitions { arriving: self.arriving(ask).await?, read, size, gathered: Vec::new() })
        })
    }

    async fn arriving(&mut self, ask: Ask) -> Result<Arriving<'_>> {
        let (mut prepared, filters) = self.prepare(ask, Reach::Row { joins: true }).await?;
        filters.narrow(&mut prepared.query);
        let (statement, access) = prepared.statement(self.engine(), &self.store)?;
        self.store.journal.wrote |= access == Access::Write;
        let rows = self.transaction.stream(statement, access).await?;
        Ok(Arriving::new(prepared, rows, Some(&mut self.store)))
    }
}

impl<'s, R> RowStream<'s, R> {
    pub(crate) fn new(arriving: Arriving<'s>, read: Arc<Read<R>>) -> Self {
        RowStream { arriving, read }
    }

    /// The next row; `None` after the last one, and after an error. It has precedence over the method of
    /// that name that `StreamExt` gives to streams, and the `Option` on the inside: `next().await?`.
    ///
    /// # Errors
    /// What the database reports, also in the middle of the result;
    /// [`Conversion`](crate::ErrorKind::Conversion) if a value does not fit its type.
    pub async fn next(&mut self) -> Result<Option<R>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }
}

impl<R> Stream for RowStream<'_, R> {
    type Item = Result<R>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<R>>> {
        let this = self.get_mut();
        let row = match ready!(this.arriving.poll_row(context)) {
            Some(Ok(row)) => row,
            Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            None => return Poll::Ready(None),
        };
        let read = this.arriving.read(&[row], &*this.read);
        Poll::Ready(read.map(|mut rows| rows.pop()).transpose())
    }
}

/// What came in one stream is loaded together later.
impl<R> Drop for RowStream<'_, R> {
    fn drop(&mut self) {
        self.arriving.end_part();
    }
}

impl<R> Partitions<'_, R> {
    /// The next rows; `None` after the last ones. Entities that the rows before have brought leave
    /// the session.
    ///
    /// # Errors
    /// As [`RowStream::next`]. What has arrived of a part before the error is lost with it.
    pub async fn next(&mut self) -> Result<Option<Vec<R>>> {
        self.arriving.let_go();
        while self.gathered.len() < self.size {
            match poll_fn(|context| self.arriving.poll_row(context)).await {
                Some(Ok(row)) => self.gathered.push(row),
                Some(Err(error)) => {
                    self.gathered.clear();
                    return Err(error);
                }
                None => break,
            }
        }
        if self.gathered.is_empty() {
            return Ok(None);
        }
        let rows = std::mem::take(&mut self.gathered);
        let part = self.arriving.read(&rows, &*self.read)?;
        self.arriving.end_part();
        Ok(Some(part))
    }
}

/// Both give read access to the entities of the session.
macro_rules! reading {
    ($type:ident) => {
        impl<R> $type<'_, R> {
            /// An entity as a view, as [`Session::view`] gives it.
            ///
            /// # Panics
            /// If the handle is stale, as indexing does.
            #[track_caller]
            pub fn view<M: Model>(&self, entity: Entity<M>) -> M::View<'_> {
                match self.arriving.store() {
                    Some(store) => seen(store, entity),
                    None => panic!("{}", unknown::<M>()),
                }
            }

            /// Entities as views.
            ///
            /// # Panics
            /// While iterating, at a handle that is stale.
            pub fn views<'v, M: Model>(
                &'v self,
                entities: &'v [Entity<M>],
            ) -> impl ExactSizeIterator<Item = M::View<'v>> + Clone {
                entities.iter().map(|&entity| self.view(entity))
            }
        }

        /// The struct of an entity.
        ///
        /// # Panics
        /// If the handle is another session's, or its entity has left the session.
        impl<R, M: Model> Index<Entity<M>> for $type<'_, R> {
            type Output = M;

            #[track_caller]
            fn index(&self, entity: Entity<M>) -> &M {
                let found = self.arriving.store().ok_or_else(unknown::<M>);
                match found.and_then(|store| struct_of(store, entity)) {
                    Ok(model) => model,
                    Err(error) => panic!("{error}"),
                }
            }
        }

        impl<R> fmt::Debug for $type<'_, R> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($type), "(..)"))
            }
        }
    };
}
reading!(RowStream);
reading!(Partitions);
