//! Results page by page, with how many there are in all.

use super::Session;
use crate::error::{Error, Result};
use crate::query::Select;

/// A page of a result. Made by [`Session::page`] and [`Connection::page`](crate::Connection::page).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<R> {
    /// The rows of the page.
    pub items: Vec<R>,
    /// How many rows the query has in all.
    pub total: u64,
    /// The number of the page, from 1 on.
    pub number: u64,
    /// How many rows a page has at most.
    pub size: u64,
}

impl<R> Page<R> {
    /// How many pages there are.
    pub fn pages(&self) -> u64 {
        self.total.div_ceil(self.size.max(1))
    }

    /// Whether there is a page after this one.
    pub fn has_next(&self) -> bool {
        self.number < self.pages()
    }

    /// Whether there is a page before this one.
    pub fn has_previous(&self) -> bool {
        self.number > 1 && self.total > 0
    }
}

impl Session {
    /// One page of a query, with how many rows there are in all. Pages count from 1; one beyond the
    /// last is empty. The query must have an order that tells all rows apart, or a row may show up on
    /// two pages, and neither limit nor offset.
    ///
    /// Sends two statements: one that counts, and the query with a LIMIT. The further back a page is
    /// the longer it takes, because the database passes over all the rows before it; to go through a
    /// long result use [`Select::after`].
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) if the number or the size is 0, or if the
    /// query has a limit or an offset; and as [`all`](Session::all).
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "products")]
    /// # struct Product { #[retro(primary_key)] id: i32, name: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # metadata![Product].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// # for name in ["PET", "VIC-20", "C64"] {
    /// #     session.add(new!(Product { name: name }));
    /// # }
    /// let page = session.page(select(Product).order_by(Product::id), 2, 2).await?;
    /// assert_eq!((page.items.len(), page.total, page.pages(), page.has_next()), (1, 3, 2, false));
    /// # Ok(()) }
    /// ```
    pub async fn page<R: 'static>(&mut self, query: Select<R>, number: u64, size: u64) -> Result<Page<R>> {
        let Paged { whole, page } = query.paged(number, size)?;
        let total = self.count(whole).await?;
        Ok(Page { items: self.all(page).await?, total, number, size })
    }
}

/// The two queries of a page.
pub(crate) struct Paged<R> {
    pub(crate) whole: Select<R>,
    pub(crate) page: Select<R>,
}

impl<R> Select<R> {
    pub(crate) fn paged(self, number: u64, size: u64) -> Result<Paged<R>> {
        if number == 0 || size == 0 {
            return Err(Error::configuration(format!(
                "page {number} of {size} rows: pages count from 1 and have at least one row"
            )));
        }
        if self.request.query.is_limited() {
            return Err(Error::configuration(
                "a page of a query that has a limit or an offset already; leave them out, or make the query a \
                 `.subquery(\"name\")` and select from it",
            ));
        }
        let page = self.clone().limit(size).offset((number - 1).saturating_mul(size));
        Ok(Paged { whole: self, page })
    }
}
