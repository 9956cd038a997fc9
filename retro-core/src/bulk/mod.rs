//! Writing without entities: what the `insert`, `update` and `delete` of the query language send, and
//! what that means for the entities that a session has.
//!
//! `statements` cuts a [`Write`](crate::sql::write::Write) into texts and binds; structs go through the
//! flush's own texts. `run` sends them in a session's transaction. `sync` finds out before which
//! entities are meant, and brings them in line afterwards. Only `run` and `sync` know a session.

mod run;
mod statements;
mod sync;

pub(crate) use run::{Done, run};
pub(crate) use statements::{Part, first_text, rows, statements};
pub(crate) use sync::check_keys;

use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::mapping::Mapper;
use crate::sql::write::Write;
use crate::unit_of_work::locate_violation;

/// Says what the statement was doing, and maps a violated constraint back. `known` are further models
/// that the constraint may belong to.
#[cold]
pub(crate) fn explain(
    write: &Write,
    part: &Part<'_>,
    dialect: Dialect,
    known: impl Iterator<Item = &'static Mapper>,
    error: Error,
) -> Error {
    let mapper = write.mapper;
    if let Some(misfit) = error.misfit() {
        let row = match part.structs {
            Some((first, width)) => format!(" of row {}", first + misfit.row(width) + 1),
            None => String::new(),
        };
        let message = misfit.message(mapper.name(), &row);
        return error.recast(ErrorKind::Conversion, message).with_model(mapper.name());
    }
    // Whoever refers to the model may refuse that its rows go.
    let related = mapper.relationships.iter().map(|relationship| relationship.target());
    let mappers: Vec<&'static Mapper> = std::iter::once(mapper).chain(related).chain(known).collect();
    let (error, _) = locate_violation(dialect, &mappers, Some(mapper.table()), error);
    let error = if error.model().is_some() { error } else { error.with_model(mapper.name()) };
    error.context(write.describe())
}
