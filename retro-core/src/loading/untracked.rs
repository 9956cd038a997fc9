//! Queries without a session: values and plain structs.

use super::found::Found;
use super::joined::Prepared;
use super::loader::Rows;
use super::plan::Reach;
use crate::engine::{Engine, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::mapping::Mapper;
use crate::model::EntityId;
use crate::query::{Ask, Item};
use crate::sql::{Bind, EntityValues};

impl Prepared {
    /// A query that finds no entities.
    pub(crate) fn untracked(ask: Ask, engine: &Engine) -> Result<Prepared> {
        if let Some(mapper) = ask.models().first() {
            let name = mapper.name();
            let plain = match ask {
                Ask::Select(_) => format!("select `{name}.owned()`"),
                Ask::Text(_) => format!("read it with `.owned::<{name}>()`"),
            };
            return Err(needs_session(mapper, &plain));
        }
        Prepared::new(ask, Reach::Statements, engine)
    }

    /// What a statement that writes gives back, where that are no entities.
    pub(crate) fn returned_untracked(items: Vec<Item>) -> Result<Prepared> {
        match items.iter().find_map(Item::entity) {
            Some(mapper) => Err(needs_session(mapper, &format!("return `{}.owned()`", mapper.name()))),
            None => Prepared::returned(items),
        }
    }

    /// The result of such a query.
    pub(crate) fn into_found(mut self, mut rows: Vec<Row>) -> Result<Found> {
        self.limit(&mut rows);
        if let Some(row) = rows.first() {
            self.locate(row)?;
        }
        Ok(Found::new(0, self, Rows::Kept(rows), Vec::new()))
    }
}

#[cold]
fn needs_session(mapper: &Mapper, plain: &str) -> Error {
    let name = mapper.name();
    Error::configuration(format!(
        "the query finds entities of {name}, which only a session can track; {plain} for plain structs, or give the \
         query to a session"
    ))
    .with_model(name)
}

/// Where there is no session there are no entities to compare with.
pub(crate) struct WithoutSession;

impl EntityValues for WithoutSession {
    fn value(&self, _: u32, _: EntityId, _: u16) -> Result<Bind<'static>> {
        Err(Error::new(
            ErrorKind::Detached,
            "the query compares with an entity, whose key only its session knows; compare with the key itself",
        ))
    }
}
