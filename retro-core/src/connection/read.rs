//! Reading without a session.

use std::time::Instant;

use futures::StreamExt;
use futures::future::BoxFuture;

use super::Connection;
use crate::error::Result;
use crate::loading::{Arriving, Explain, Explanation, Found, Prepared, WithoutSession};
use crate::query::{Ask, Asked, Query, Select};
use crate::session::{Page, Paged, RowStream, number, ran};

/// The same as on a [`Session`](crate::session::Session), but that a query which finds entities is a
/// [`Configuration`](crate::ErrorKind::Configuration) error: select `Product.owned()`.
impl Connection {
    /// All rows of a query.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) if the query finds entities, or names a
    /// model that it does not read; [`Conversion`](crate::ErrorKind::Conversion) if a value of a row
    /// does not fit its type; what the database reports.
    pub fn all<R: 'static>(&mut self, query: impl Query<R>) -> BoxFuture<'_, Result<Vec<R>>> {
        let Asked { ask, read } = query.into_asked();
        Box::pin(async move { self.find(ask).await?.read(&*read) })
    }

    /// The only row of a query.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is none,
    /// [`MultipleFound`](crate::ErrorKind::MultipleFound) if there are several, and as
    /// [`all`](Connection::all).
    pub fn one<R: 'static>(&mut self, query: impl Query<R>) -> BoxFuture<'_, Result<R>> {
        let Asked { ask, read } = query.into_asked();
        Box::pin(async move {
            let found = self.find_at_most_one(&ask).await?;
            found.read_at(0, &*read).unwrap_or_else(|| Err(ask.none_found(self.engine().dialect())))
        })
    }

    /// The only row of a query, or `None` if there is none.
    ///
    /// # Errors
    /// [`MultipleFound`](crate::ErrorKind::MultipleFound) if there are several, and as
    /// [`all`](Connection::all).
    pub fn one_or_none<R: 'static>(&mut self, query: impl Query<R>) -> BoxFuture<'_, Result<Option<R>>> {
        let Asked { ask, read } = query.into_asked();
        Box::pin(async move { self.find_at_most_one(&ask).await?.read_at(0, &*read).transpose() })
    }

    /// The first row of a query, or `None` if there is none. Asks the database for one row only; a
    /// text has to say so itself, with `LIMIT 1`.
    ///
    /// # Errors
    /// As [`all`](Connection::all).
    pub fn first<R: 'static>(&mut self, query: impl Query<R>) -> BoxFuture<'_, Result<Option<R>>> {
        let Asked { mut ask, read } = query.into_asked();
        Box::pin(async move {
            ask.limit(1);
            self.find(ask).await?.read_at(0, &*read).transpose()
        })
    }

    /// How many rows a query has. Only counts.
    ///
    /// # Errors
    /// As [`all`](Connection::all).
    pub async fn count<R>(&mut self, query: Select<R>) -> Result<u64> {
        self.find(Ask::Select(query.request.counting())).await?.count()
    }

    /// Whether a query has any row. Asks for one at most.
    ///
    /// # Errors
    /// As [`all`](Connection::all).
    pub async fn exists<R>(&mut self, query: Select<R>) -> Result<bool> {
        Ok(self.find(Ask::Select(query.request.existing())).await?.len() > 0)
    }

    /// One page of a query, with how many rows there are in all, as
    /// [`Session::page`](crate::session::Session::page). Outside of a transaction others may write
    /// between its two statements.
    ///
    /// # Errors
    /// As there, and as [`all`](Connection::all).
    pub async fn page<R: 'static>(&mut self, query: Select<R>, number: u64, size: u64) -> Result<Page<R>> {
        let Paged { whole, page } = query.paged(number, size)?;
        let total = self.count(whole).await?;
        Ok(Page { items: self.all(page).await?, total, number, size })
    }

    /// The rows of a query one by one, as they arrive, in bounded memory.
    ///
    /// # Errors
    /// As [`all`](Connection::all), also in the middle.
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
    /// let mut connection = engine.connection().await?;
    /// let mut products = connection.stream(select(Product.owned()).order_by(Product::id)).await?;
    /// while let Some(product) = products.next().await? {
    ///     println!("{}: {}", product.name, product.year);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn stream<R: 'static>(&mut self, query: impl Query<R>) -> BoxFuture<'_, Result<RowStream<'_, R>>> {
        let Asked { ask, read } = query.into_asked();
        Box::pin(async move {
            let prepared = Prepared::untracked(ask, self.engine())?;
            let (statement, _) = prepared.statement(self.engine(), &WithoutSession)?;
            let rows = self.link.stream(statement)?.boxed();
            Ok(RowStream::new(Arriving::new(prepared, rows, None), read))
        })
    }

    /// How the database would run a query, as [`Session::explain`](crate::session::Session::explain).
    ///
    /// # Errors
    /// As [`all`](Connection::all).
    pub fn explain<R: 'static>(&mut self, query: &impl Query<R>) -> BoxFuture<'_, Result<String>> {
        let Asked { ask, .. } = query.clone().into_asked();
        Box::pin(async move { self.explained(ask, Explain::Plan).await })
    }

    /// Runs a query and tells how the database did it, as
    /// [`Session::explain_analyze`](crate::session::Session::explain_analyze).
    ///
    /// # Errors
    /// As there.
    pub fn explain_analyze<R: 'static>(&mut self, query: &impl Query<R>) -> BoxFuture<'_, Result<String>> {
        let Asked { ask, .. } = query.clone().into_asked();
        Box::pin(async move { self.explained(ask, Explain::Run).await })
    }

    async fn explained(&mut self, ask: Ask, explain: Explain) -> Result<String> {
        let prepared = Prepared::untracked(ask, self.engine())?;
        let statement = prepared.statement(self.engine(), &WithoutSession)?;
        let explanation = Explanation::new(statement, explain, &self.engine().capabilities())?;
        let rows = self.link.fetch(&explanation.plan).await?;
        let mut plan = explanation.print(&rows)?;
        if let Some(query) = explanation.run {
            let started = Instant::now();
            let rows = number(self.link.stream(query)?.boxed()).await?;
            plan.push_str(&ran(rows, started.elapsed()));
        }
        Ok(plan)
    }

    /// Runs a query; the rows have no type yet.
    async fn find(&mut self, ask: Ask) -> Result<Found> {
        let prepared = Prepared::untracked(ask, self.engine())?;
        let (statement, _) = prepared.statement(self.engine(), &WithoutSession)?;
        let rows = self.link.fetch(&statement).await?;
        prepared.into_found(rows)
    }

    async fn find_at_most_one(&mut self, ask: &Ask) -> Result<Found> {
        let mut asked = ask.clone();
        asked.limit(2);
        let found = self.find(asked).await?;
        match found.len() {
            0 | 1 => Ok(found),
            _ => Err(ask.several_found(self.engine().dialect())),
        }
    }
}
