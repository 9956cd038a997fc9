//! [`Query`]: what a session is asked, built or in text.

use std::sync::Arc;

use super::{Item, Read, Request, Select, TextQuery, TextRequest};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::mapping::Mapper;
use crate::sql::{NoEntities, render};

/// How much of a query a message shows.
const SHOWN: usize = 300;

/// A query with rows of type `R` that a session or a connection runs: a [`Select`], or a [`TextQuery`]
/// where the SQL is the user's own.
// Methods that take one are no `async fn`, whose result would hold its type: a wrong argument would be
// reported three times then, once for itself and twice for the result.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a query",
    label = "expected a query",
    note = "build one with `select(..)`; say how the rows of a `text(..)` are read: `.rows::<(..)>()`, `.into::<..>()` or \
            `.entities::<..>()`"
)]
pub trait Query<R>: Clone {
    #[doc(hidden)]
    fn into_asked(self) -> Asked<R>;
}

/// A query as the crate knows it, and how its rows are read.
#[doc(hidden)]
pub struct Asked<R> {
    pub(crate) ask: Ask,
    pub(crate) read: Arc<Read<R>>,
}

/// A query without the type of its rows.
#[derive(Debug, Clone)]
pub(crate) enum Ask {
    Select(Request),
    Text(TextRequest),
}

impl Ask {
    /// Asks for so many rows at most.
    pub(crate) fn limit(&mut self, rows: u64) {
        match self {
            Ask::Select(request) => request.query.limit = Some(request.query.limit.unwrap_or(rows).min(rows)),
            Ask::Text(request) => request.limit = Some(request.limit.unwrap_or(rows).min(rows)),
        }
    }

    /// Default filters of the session that do not hold for it.
    pub(crate) fn unfiltered(&self) -> &[&'static str] {
        match self {
            Ask::Select(request) => &request.unfiltered,
            Ask::Text(_) => &[],
        }
    }

    /// The models whose entities it finds.
    pub(crate) fn models(&self) -> Vec<&'static Mapper> {
        match self {
            Ask::Select(request) => request.items.iter().filter_map(Item::entity).collect(),
            Ask::Text(request) => request.layout.entity().into_iter().collect(),
        }
    }

    #[cold]
    pub(crate) fn none_found(&self, dialect: Dialect) -> Error {
        let message = format!("no {} was found by the query {}", self.subject(), self.summary(dialect));
        self.about(Error::new(ErrorKind::NotFound, message))
    }

    #[cold]
    pub(crate) fn several_found(&self, dialect: Dialect) -> Error {
        let what = match self.models().is_empty() {
            true => "rows".into(),
            false => format!("rows of {}", self.subject()),
        };
        let message =
            format!("several {what} were found where one was asked for, by the query {}", self.summary(dialect));
        self.about(Error::new(ErrorKind::MultipleFound, message))
    }

    /// What the query is about.
    fn subject(&self) -> String {
        let names: Vec<&str> = match self {
            Ask::Select(request) => request.items.iter().filter_map(Item::name).collect(),
            Ask::Text(_) => self.models().into_iter().map(Mapper::name).collect(),
        };
        if names.is_empty() { "row".into() } else { names.join(" with ") }
    }

    fn about(&self, error: Error) -> Error {
        match self.models().first() {
            Some(mapper) => error.with_model(mapper.name()),
            None => error,
        }
    }

    /// The text as far as a message shows it, without values.
    fn summary(&self, dialect: Dialect) -> String {
        let (before, sql) = match self {
            Ask::Text(request) => ("", request.raw.text().to_owned()),
            Ask::Select(request) => {
                let rendered = render(&request.query, dialect, &dialect.capabilities(), &NoEntities);
                let sql = rendered.map(|rendered| rendered.sql).unwrap_or_default();
                // What is selected is known; what from, and where, is of interest.
                ("SELECT .. ", sql.find(" FROM ").map_or(sql.clone(), |at| sql[at + 1..].to_owned()))
            }
        };
        match sql.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("`{before}{}..`", &sql[..end]),
            None => format!("`{before}{sql}`"),
        }
    }
}

impl<R> Query<R> for Select<R> {
    fn into_asked(self) -> Asked<R> {
        Asked { ask: Ask::Select(self.request), read: self.read }
    }
}

impl<R> Query<R> for TextQuery<R> {
    fn into_asked(self) -> Asked<R> {
        Asked { ask: Ask::Text(self.request), read: self.read }
    }
}
