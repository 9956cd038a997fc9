//! How the database runs a query.

use std::time::{Duration, Instant};

use futures::TryStreamExt;
use futures::future::BoxFuture;
use futures::stream::BoxStream;

use super::Session;
use crate::engine::Row;
use crate::error::Result;
use crate::loading::{Explain, Explanation, Reach};
use crate::query::{Ask, Asked, Query};
use crate::sql::Access;

impl Session {
    /// How the database would run a query, a line for each step of its plan, in its own words. The
    /// query is not run. What it would load by further statements is no part of it.
    ///
    /// Pending changes that touch the tables read are flushed first, as before the query itself.
    ///
    /// # Errors
    /// As [`all`](Session::all).
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "products")]
    /// # struct Product { #[retro(primary_key)] id: i32, #[retro(index)] year: i32 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # metadata![Product].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// let plan = session.explain(&select(Product::id).filter(Product::year.eq(1982))).await?;
    /// assert!(plan.contains("ix_products_year"), "{plan}");
    /// # Ok(()) }
    /// ```
    pub fn explain<R: 'static>(&mut self, query: &impl Query<R>) -> BoxFuture<'_, Result<String>> {
        let Asked { ask, .. } = query.clone().into_asked();
        Box::pin(async move { self.explained(ask, Explain::Plan).await })
    }

    /// Runs a query and tells how the database did it: its plan, with what it measured. Where the
    /// database measures nothing (SQLite) the plan is followed by the number of rows and the time that
    /// they took to arrive. The rows themselves are thrown away.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) for a text that writes, and as
    /// [`all`](Session::all).
    pub fn explain_analyze<R: 'static>(&mut self, query: &impl Query<R>) -> BoxFuture<'_, Result<String>> {
        let Asked { ask, .. } = query.clone().into_asked();
        Box::pin(async move { self.explained(ask, Explain::Run).await })
    }

    async fn explained(&mut self, ask: Ask, explain: Explain) -> Result<String> {
        let (mut prepared, filters) = self.prepare(ask, Reach::Statements).await?;
        filters.narrow(&mut prepared.query);
        let (statement, access) = prepared.statement(self.engine(), &self.store)?;
        let explanation = Explanation::new((statement, access), explain, &self.engine().capabilities())?;
        let rows = self.transaction.fetch(&explanation.plan, Access::Read).await?;
        let mut plan = explanation.print(&rows)?;
        if let Some(query) = explanation.run {
            let started = Instant::now();
            let rows = number(self.transaction.stream(query, access).await?).await?;
            plan.push_str(&ran(rows, started.elapsed()));
        }
        Ok(plan)
    }
}

/// How many rows arrive.
pub(crate) async fn number(rows: BoxStream<'_, Result<Row>>) -> Result<u64> {
    rows.try_fold(0, async |rows, _| Ok(rows + 1)).await
}

/// The line that follows a plan whose query was run for it.
pub(crate) fn ran(rows: u64, elapsed: Duration) -> String {
    let s = if rows == 1 { "" } else { "s" };
    format!("\n{rows} row{s} in {:.3} ms", elapsed.as_secs_f64() * 1_000.0)
}
