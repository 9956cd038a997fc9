//! [`RowStream`]: the rows of one statement, one by one.

use std::time::Instant;

use futures::StreamExt;

use super::connection::Status;
use super::driver::{Fault, Rows};
use super::{Engine, Row, error};
use crate::error::Result;
use crate::sql::Bind;

/// Rows as they arrive. Dropped before the last row it leaves the connection usable; a
/// [`next`](RowStream::next) that is dropped while it waits does not.
pub(crate) struct RowStream<'c> {
    engine: &'c Engine,
    status: &'c mut Status,
    rows: Rows<'c>,
    sql: &'c str,
    binds: &'c [Bind<'c>],
    started: Option<Instant>,
    count: u64,
    finished: bool,
}

#[cfg_attr(
    not(test),
    expect(dead_code, reason = "streamed results, the next part of the query language, read with it")
)]
impl<'c> RowStream<'c> {
    pub(super) fn new(
        engine: &'c Engine,
        status: &'c mut Status,
        rows: Rows<'c>,
        sql: &'c str,
        binds: &'c [Bind<'c>],
        started: Option<Instant>,
    ) -> Self {
        RowStream { engine, status, rows, sql, binds, started, count: 0, finished: false }
    }

    /// The next row; `None` after the last one.
    pub(crate) async fn next(&mut self) -> Result<Option<Row>> {
        if self.finished {
            return Ok(None);
        }
        self.status.in_flight = true;
        match self.rows.next().await {
            Some(Ok(row)) => {
                self.status.in_flight = false;
                self.status.undrained = true;
                self.count += 1;
                Ok(Some(row))
            }
            None => {
                self.status.in_flight = false;
                self.status.undrained = false;
                self.finished = true;
                self.engine.observers().tell(self.started, self.sql, self.binds, Ok(self.count));
                Ok(None)
            }
            Some(Err(fault)) => {
                self.finished = true;
                let failure = error::explain(Fault::Driver(fault), self.engine.dialect(), self.sql, self.binds);
                self.status.note(&failure);
                self.engine.observers().tell(self.started, self.sql, self.binds, Err(&failure.error));
                Err(failure.error)
            }
        }
    }
}
