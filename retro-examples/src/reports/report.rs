//! [`Report`]: a named question to the database, whose answer is a [`Sheet`].

use std::error::Error as StdError;
use std::pin::Pin;

use retro_core::prelude::*;

use super::{Cell, Kind, Row, Sheet};
use crate::charts::Look;

/// A report under its name.
pub struct Report {
    id: &'static str,
    title: &'static str,
    columns: Vec<Column>,
    source: Source,
    look: Option<Look>,
}

/// A column of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What its cells are.
    pub kind: Kind,
}

type Cells = Vec<Cell>;
type Error = Box<dyn StdError>;
type Rows<'s> = Pin<Box<dyn Future<Output = Result<Vec<Cells>, Error>> + 's>>;

/// Where the rows come from.
enum Source {
    Query(Box<dyn Fn() -> Select<Cells>>),
    Code(Box<dyn for<'s> Fn(&'s mut Session) -> Rows<'s>>),
}

impl Report {
    /// A report that is one query.
    pub(super) fn query<R: Row>(
        id: &'static str,
        title: &'static str,
        header: R::Header,
        query: impl Fn() -> Select<R> + 'static,
    ) -> Report {
        let source = Source::Query(Box::new(move || query().map(R::into_cells)));
        Report { id, title, columns: columns::<R>(&header), source, look: None }
    }

    /// A report that takes more than a query: whose rows are made of entities and what is loaded with
    /// them.
    pub(super) fn code<R: Row>(
        id: &'static str,
        title: &'static str,
        header: R::Header,
        rows: impl AsyncFn(&mut Session) -> Result<Vec<R>, Error> + Copy + 'static,
    ) -> Report {
        let source = Source::Code(Box::new(move |session| {
            Box::pin(async move {
                let rows = rows(session).await?;
                Ok(rows.into_iter().map(R::into_cells).collect())
            })
        }));
        Report { id, title, columns: columns::<R>(&header), source, look: None }
    }

    /// With so many digits after the point; two unless this says otherwise.
    pub(super) fn digits(mut self, digits: usize) -> Report {
        for column in &mut self.columns {
            if let Kind::Float(_) = column.kind {
                column.kind = Kind::Float(digits);
            }
        }
        self
    }

    /// With a chart.
    pub(super) fn seen_as(self, look: Look) -> Report {
        Report { look: Some(look), ..self }
    }

    /// Its name: a few words, behind a number if it is one of the catalog.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// The number that its name begins with, after a `Q`, if it has one.
    pub(super) fn number(&self) -> Option<usize> {
        let (number, _) = self.id.strip_prefix('Q')?.split_once('-')?;
        number.parse().ok()
    }

    /// What it can be called by, in lower case: its name, with the number and without it.
    pub(super) fn names(&self) -> Vec<String> {
        let numbered = self.number().and_then(|_| self.id.split_once('-'));
        let words = numbered.map(|(_, words)| words.to_lowercase());
        [self.id.to_lowercase()].into_iter().chain(words).collect()
    }

    /// What it is about.
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// Its columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How it looks as a chart, if it has one.
    pub fn look(&self) -> Option<Look> {
        self.look
    }

    /// Whether it is one query, and sends no other statement.
    pub fn is_query(&self) -> bool {
        matches!(self.source, Source::Query(_))
    }

    /// Asks the database.
    ///
    /// # Errors
    ///
    /// What the database reports.
    ///
    /// ```
    /// use retro_core::prelude::*;
    /// use retro_examples::{models, reports};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::connect("sqlite::memory:").await?;
    /// models::metadata().create_all(&engine).await?;
    /// let sheet = reports::find("Q02")?.run(&mut Session::new(&engine)).await?;
    /// assert_eq!(sheet.rows, [[reports::Cell::Int(0)]]);
    /// # Ok(()) }
    /// ```
    pub async fn run(&self, session: &mut Session) -> Result<Sheet, Error> {
        let rows = match &self.source {
            Source::Query(query) => session.all(query()).await?,
            Source::Code(rows) => rows(session).await?,
        };
        Ok(self.sheet(rows))
    }

    /// The query that it is, if it is one; for those who send it themselves.
    pub fn select(&self) -> Option<Select<Vec<Cell>>> {
        match &self.source {
            Source::Query(query) => Some(query()),
            Source::Code(_) => None,
        }
    }

    /// The answer with these rows.
    pub fn sheet(&self, rows: Vec<Vec<Cell>>) -> Sheet {
        Sheet { id: self.id, title: self.title, columns: self.columns.clone(), rows }
    }
}

fn columns<R: Row>(header: &R::Header) -> Vec<Column> {
    let column = |(&name, &kind): (&&'static str, &Kind)| match kind {
        Kind::Float(_) => Column { name, kind: Kind::Float(2) },
        kind => Column { name, kind },
    };
    header.as_ref().iter().zip(R::KINDS).map(column).collect()
}
