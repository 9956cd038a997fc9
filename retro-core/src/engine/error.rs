//! From the driver's errors to the crate's.

use super::driver::{self, Fault, Unsendable};
use super::url::Location;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Misfit};
use crate::sql::{Bind, BindData};

const CHECK_SERVER: &str = "check that the server runs, can be reached and has a connection left";

/// Characters shown of a statement.
const SHOWN_SQL: usize = 200;

/// An error, and what it means for the connection.
pub(super) struct Failure {
    pub(super) error: Error,
    /// Whether the exchange with the database came to its end, so that the connection can be used.
    pub(super) answered: bool,
    pub(super) transaction_lost: bool,
    pub(super) connection_spent: bool,
}

/// Explains why a statement failed.
pub(super) fn explain(fault: Fault, dialect: Dialect, sql: &str, binds: &[Bind<'_>]) -> Failure {
    let error = match fault {
        Fault::Driver(error) => error,
        Fault::Bind(unsendable) => {
            let error = explain_bind(unsendable, sql, binds);
            return Failure { error, answered: true, transaction_lost: false, connection_spent: false };
        }
    };
    let discreet = binds.iter().any(|bind| bind.sensitive);
    match driver::refusal(&error) {
        Some(refusal) => {
            let diagnosis = dialect.diagnose(&refusal);
            // SQLite has no link that could break; it says that the file cannot be opened.
            let answered = diagnosis.kind != ErrorKind::Disconnected;
            let message = if discreet { diagnosis.discreet } else { diagnosis.message };
            let mut explained = Error::new(diagnosis.kind, message);
            if let Some(violation) = diagnosis.violation {
                explained = explained.with_violation(violation);
            }
            if diagnosis.kind == ErrorKind::Database {
                explained = explained.context(format!("running `{}`", shorten(sql)));
            }
            Failure {
                // The driver's error holds the undisguised message.
                error: if discreet { explained } else { explained.with_source(error) },
                answered,
                transaction_lost: diagnosis.transaction_lost,
                connection_spent: diagnosis.connection_spent,
            }
        }
        None => Failure {
            // Only SQLite's worker keeps its place after an error that is not the database's: it
            // refuses a statement before it runs any of it.
            answered: dialect == Dialect::Sqlite && !matches!(error, sqlx::Error::WorkerCrashed),
            error: explain_link(error, sql),
            transaction_lost: false,
            connection_spent: false,
        },
    }
}

/// A bind that cannot be sent. Whoever knows the model says more about it.
fn explain_bind(Unsendable { bind: at, element, reason }: Unsendable, sql: &str, binds: &[Bind<'_>]) -> Error {
    let bind = binds.get(at);
    let field = bind.and_then(|bind| bind.column).map(|column| column.field);
    let element = bind.is_some_and(|bind| matches!(bind.data, BindData::Array(_))).then_some(element);
    let message = format!("parameter {} of `{}`: {reason}", at + 1, shorten(sql));
    Error::new(ErrorKind::Conversion, message)
        .with_columns(field)
        .with_misfit(Misfit { bind: at, binds: binds.len(), element, field, reason: reason.to_string() })
        .with_source(reason)
}

/// Errors that are not an answer of the database.
fn explain_link(error: sqlx::Error, sql: &str) -> Error {
    let (kind, message) = match &error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => {
            (ErrorKind::Disconnected, format!("the connection broke while running `{}`: {error}", shorten(sql)))
        }
        _ => (ErrorKind::Database, format!("running `{}`: {error}", shorten(sql))),
    };
    Error::new(kind, message).with_source(error)
}

/// Explains why no connection could be opened. The place is printed without its password.
pub(super) fn explain_connect(error: sqlx::Error, place: &Location) -> Error {
    let refused = driver::refusal(&error).map(|refusal| place.dialect.diagnose(&refusal).kind);
    let kind = match refused {
        Some(ErrorKind::Configuration) => ErrorKind::Configuration,
        Some(_) => ErrorKind::Disconnected,
        None if matches!(error, sqlx::Error::Configuration(_) | sqlx::Error::InvalidArgument(_)) => {
            ErrorKind::Configuration
        }
        None => ErrorKind::Disconnected,
    };
    let way_out = match (kind, place.dialect) {
        (ErrorKind::Configuration, _) => "check the URL, the user and the database's name",
        _ if refused == Some(ErrorKind::SerializationFailure) => "another process has locked it",
        (_, Dialect::Sqlite) => "check that the directory exists and may be written",
        _ => CHECK_SERVER,
    };
    Error::new(kind, format!("cannot connect to {place}: {error}; {way_out}")).with_source(error)
}

/// Explains why there is no connection after a while, where nobody has said why.
pub(super) fn explain_silence(place: &Location, waited: &str) -> Error {
    let message = match place.dialect {
        Dialect::Sqlite => format!("{place} could not be opened within {waited}: another process may have locked it"),
        _ => format!("{place} did not accept a connection within {waited}: {CHECK_SERVER}"),
    };
    Error::new(ErrorKind::Disconnected, message)
}

fn shorten(sql: &str) -> String {
    match sql.char_indices().nth(SHOWN_SQL) {
        Some((end, _)) => format!("{}…", &sql[..end]),
        None => sql.to_owned(),
    }
}
