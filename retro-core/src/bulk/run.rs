//! Sending a write in a session's transaction.

use super::explain;
use super::statements::{Statements, rows};
use super::sync::Affected;
use crate::engine::Row;
use crate::error::Result;
use crate::identity::Store;
use crate::loading::{Absorbed, Loader, Prepared, Renew};
use crate::sql::write::{Action, Write};
use crate::transaction::Transaction;

/// What a write did.
pub(crate) struct Done {
    /// Rows written.
    pub(crate) rows: u64,
    /// What it gave back, if it was asked to.
    pub(crate) returned: Option<Absorbed>,
}

/// Sends the statements and brings memory in line. To be called within a step: on an error the
/// database and memory are left in between.
pub(crate) async fn run(
    store: &mut Store,
    transaction: &mut Transaction,
    write: &Write,
    statements: Statements<'_>,
    returning: Option<&Prepared>,
) -> Result<Done> {
    let mut affected = Affected::possible(store, write);
    let comes_back = returning.is_some_and(|prepared| prepared.site_of(write.target()).is_some());
    if !comes_back {
        affected.narrow(store, transaction, write).await?;
    }
    let sent = send(store, transaction, write, statements, returning.is_some()).await?;
    let returned = match returning {
        Some(prepared) => {
            let renew = if write.sync { Renew::All } else { Renew::Expired };
            Some(Loader::after_write(store, transaction, renew).absorb(prepared, sent.rows)?)
        }
        None => None,
    };
    let found = returning.zip(returned.as_ref()).and_then(|(prepared, returned)| returned.of(prepared, write.target()));
    match (&write.action, found) {
        (Action::Delete, Some(found)) => affected.deleted(store, found),
        (Action::Delete, None) => affected.are_deleted(store),
        (_, Some(_)) => affected.are_renewed(store),
        (_, None) if sent.reported > 0 => affected.renew(store, transaction).await?,
        (_, None) => {}
    }
    let capabilities = transaction.engine().capabilities();
    Ok(Done { rows: rows(write, &capabilities, sent.reported), returned })
}

/// What the database answered.
struct Sent {
    reported: u64,
    rows: Vec<Row>,
}

async fn send(
    store: &mut Store,
    transaction: &mut Transaction,
    write: &Write,
    statements: Statements<'_>,
    returns: bool,
) -> Result<Sent> {
    let mut sent = Sent { reported: 0, rows: Vec::new() };
    store.journal.wrote = true;
    for part in statements {
        let answer = match returns {
            true => transaction.write_fetch(&part.statement).await.map(|rows| {
                sent.reported += rows.len() as u64;
                sent.rows.extend(rows);
            }),
            false => transaction.execute(&part.statement).await.map(|executed| sent.reported += executed.rows),
        };
        let dialect = transaction.engine().dialect();
        answer.map_err(|error| explain(write, &part, dialect, store.sets().map(|set| set.mapper), error))?;
    }
    Ok(sent)
}
