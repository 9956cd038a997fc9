//! [`RowStream`]: the rows of one statement, one by one.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Instant;

use futures::future::BoxFuture;
use futures::stream::{BoxStream, Stream, StreamExt, TryStreamExt};

use super::connection::Status;
use super::driver::{Fault, Rows};
use super::{Connection, Engine, Row, error};
use crate::error::Result;
use crate::sql::Statement;

/// Rows as they arrive. Dropped between two rows it leaves the connection usable; dropped while a
/// row is waited for it does not.
pub(crate) struct RowStream<'c> {
    engine: &'c Engine,
    status: &'c mut Status,
    rows: Rows<'c>,
    statement: Statement<'static>,
    started: Option<Instant>,
    count: u64,
    finished: bool,
}

impl<'c> RowStream<'c> {
    pub(super) fn new(
        engine: &'c Engine,
        status: &'c mut Status,
        rows: Rows<'c>,
        statement: Statement<'static>,
        started: Option<Instant>,
    ) -> Self {
        RowStream { engine, status, rows, statement, started, count: 0, finished: false }
    }

    fn tell(&self, outcome: Result<u64, &crate::error::Error>) {
        self.engine.observers().tell(self.started, &self.statement.sql, &self.statement.binds, outcome);
    }
}

impl Stream for RowStream<'_> {
    type Item = Result<Row>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Row>>> {
        let this = self.get_mut();
        if this.finished {
            return Poll::Ready(None);
        }
        this.status.in_flight = true;
        let next = ready!(this.rows.poll_next_unpin(context));
        this.status.in_flight = false;
        this.status.undrained = matches!(next, Some(Ok(_)));
        Poll::Ready(match next {
            Some(Ok(row)) => {
                this.count += 1;
                Some(Ok(row))
            }
            None => {
                this.finished = true;
                this.tell(Ok(this.count));
                None
            }
            Some(Err(fault)) => {
                this.finished = true;
                let Statement { sql, binds, .. } = &this.statement;
                let failure = error::explain(Fault::Driver(fault), this.engine.dialect(), sql, binds);
                this.status.note(&failure);
                this.tell(Err(&failure.error));
                Some(Err(failure.error))
            }
        })
    }
}

/// A stream that was given up between two rows has run as far as anybody wanted it to.
impl Drop for RowStream<'_> {
    fn drop(&mut self) {
        if !self.finished && self.count > 0 && !self.status.in_flight {
            self.tell(Ok(self.count));
        }
    }
}

impl Connection {
    /// The rows of a statement on a connection that nobody needs afterwards: it goes back to the
    /// pool with the stream.
    pub(crate) fn into_stream(mut self, statement: Statement<'static>) -> BoxStream<'static, Result<Row>> {
        let hand = Hand::default();
        let other = hand.clone();
        let pass = Box::pin(async move {
            let mut rows = self.stream(statement)?;
            while let Some(row) = rows.try_next().await? {
                other.pass(row).await;
            }
            Ok(())
        });
        Passing { pass: Some(pass), hand }.boxed()
    }
}

/// A connection and the stream that borrows it, in one. Only a future can hold both, so the rows
/// come out of one, which stops after each.
struct Passing {
    pass: Option<BoxFuture<'static, Result<()>>>,
    hand: Hand,
}

/// Where a row is between the future and the stream.
#[derive(Clone, Default)]
struct Hand(Arc<Mutex<Option<Row>>>);

impl Hand {
    /// Leaves the row to be taken and stops once. Nothing wakes it: whoever wants the next row polls.
    async fn pass(&self, row: Row) {
        self.put(Some(row));
        let mut passed = false;
        std::future::poll_fn(|_| {
            let poll = if passed { Poll::Ready(()) } else { Poll::Pending };
            passed = true;
            poll
        })
        .await;
    }

    /// Exchanges what is there.
    fn put(&self, row: Option<Row>) -> Option<Row> {
        // There is no panic while the lock is held.
        std::mem::replace(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), row)
    }
}

impl Stream for Passing {
    type Item = Result<Row>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Row>>> {
        let Some(pass) = &mut self.pass else { return Poll::Ready(None) };
        let done = pass.as_mut().poll(context);
        if let Some(row) = self.hand.put(None) {
            return Poll::Ready(Some(Ok(row)));
        }
        let done = ready!(done);
        self.pass = None;
        Poll::Ready(done.err().map(Err))
    }
}
