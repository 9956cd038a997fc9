//! Queries: results as entities, columns and tuples.

use super::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::loading::{self, Found, Loader, Prepared};
use crate::mapping::Mapper;
use crate::model::{Entity, KeyValues, Model, PrimaryKey};
use crate::query::{Fields, Item, Request, Select};
use crate::value::Value;

/// How much of a query a message shows.
const SHOWN: usize = 300;

impl Session {
    /// All rows of a query. Entities that the session has already are found in it and keep their
    /// values; others join it. Pending changes that touch the tables read are flushed first.
    ///
    /// Sends one SELECT, and one for each relationship (and list of keys) that is loaded with it by
    /// select-in or subquery.
    ///
    /// # Errors
    /// [`Configuration`](ErrorKind::Configuration) if the query names a model that it does not
    /// read; [`Conversion`](ErrorKind::Conversion) if a value of a row does not fit its type; what
    /// the database reports; what the flush reports.
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "products")]
    /// # struct Product {
    /// #     #[retro(primary_key)]
    /// #     id: i32,
    /// #     name: String,
    /// #     year: i32,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # metadata![Product].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// # session.add(Product { name: "ZX81".into(), year: 1981, ..Default::default() });
    /// # session.add(Product { name: "Jupiter Ace".into(), year: 1982, ..Default::default() });
    /// for product in session.all(select(Product).filter(Product::year.lt(1982))).await? {
    ///     println!("{}", session[product].name);
    /// }
    /// let years: Vec<(i32, i64)> =
    ///     session.all(select((Product::year, count(Product))).group_by(Product::year).order_by(Product::year)).await?;
    /// assert_eq!(years, [(1981, 1), (1982, 1)]);
    /// # Ok(()) }
    /// ```
    pub async fn all<R>(&mut self, query: Select<R>) -> Result<Vec<R>> {
        let read = query.read;
        self.find(query.request).await?.read(&*read)
    }

    /// The only row of a query.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) if there is none, [`MultipleFound`](ErrorKind::MultipleFound)
    /// if there are several, and as [`all`](Session::all).
    pub async fn one<R>(&mut self, query: Select<R>) -> Result<R> {
        let (read, request) = (query.read, query.request);
        let subject = subject(&request);
        let found = self.find_at_most_one(request.clone()).await?;
        match found.read_at(0, &*read) {
            Some(row) => row,
            None => {
                let message = format!("no {subject} was found by the query {}", self.summary(&request));
                Err(about(Error::new(ErrorKind::NotFound, message), &request))
            }
        }
    }

    /// The only row of a query, or `None` if there is none.
    ///
    /// # Errors
    /// [`MultipleFound`](ErrorKind::MultipleFound) if there are several, and as
    /// [`all`](Session::all).
    pub async fn one_or_none<R>(&mut self, query: Select<R>) -> Result<Option<R>> {
        let read = query.read;
        self.find_at_most_one(query.request).await?.read_at(0, &*read).transpose()
    }

    /// The first row of a query, or `None` if there is none. Asks the database for one row only.
    ///
    /// # Errors
    /// As [`all`](Session::all).
    pub async fn first<R>(&mut self, query: Select<R>) -> Result<Option<R>> {
        let (read, mut request) = (query.read, query.request);
        request.query.limit = Some(request.query.limit.unwrap_or(1).min(1));
        self.find(request).await?.read_at(0, &*read).transpose()
    }

    /// How many rows a query has. Only counts; nothing is loaded.
    ///
    /// # Errors
    /// As [`all`](Session::all).
    pub async fn count<R>(&mut self, query: Select<R>) -> Result<u64> {
        let request = query.request.counting();
        let count = self.find(request).await?.read_at(0, &read_count).transpose()?;
        Ok(count.unwrap_or(0))
    }

    /// Whether a query has any row. Asks for one at most, and loads nothing.
    ///
    /// # Errors
    /// As [`all`](Session::all).
    pub async fn exists<R>(&mut self, query: Select<R>) -> Result<bool> {
        Ok(self.find(query.request.existing()).await?.len() > 0)
    }

    /// The entity that has a key; `None` if there is no such row. One that the session has already
    /// is given without a statement, unless it is expired: then it is read anew, and leaves the
    /// session if its row is gone.
    ///
    /// # Errors
    /// What the database reports.
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "products")]
    /// # struct Product {
    /// #     #[retro(primary_key)]
    /// #     id: i32,
    /// #     name: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # metadata![Product].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// assert!(session.get::<Product>(7).await?.is_none());
    /// # Ok(()) }
    /// ```
    pub async fn get<M: Model>(&mut self, key: impl Into<M::Key>) -> Result<Option<Entity<M>>> {
        let key = owned(&key.into());
        Ok(self.get_untyped(M::mapper(), vec![key]).await?.into_iter().next().flatten().map(|at| self.entity(at)))
    }

    /// The entities that have these keys, in the order of the keys; `None` where there is no such
    /// row. One statement for those that the session does not have, or one for each long list.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn get_all<M: Model>(
        &mut self,
        keys: impl IntoIterator<Item: Into<M::Key>>,
    ) -> Result<Vec<Option<Entity<M>>>> {
        let keys = keys.into_iter().map(|key| owned(&key.into())).collect();
        let found = self.get_untyped(M::mapper(), keys).await?;
        Ok(found.into_iter().map(|at| at.map(|at| self.entity(at))).collect())
    }

    fn entity<M>(&self, at: crate::model::EntityRef) -> Entity<M> {
        Entity::new(self.store.session(), at)
    }

    async fn get_untyped(
        &mut self,
        mapper: &'static Mapper,
        keys: Vec<KeyValues<'static>>,
    ) -> Result<Vec<Option<crate::model::EntityRef>>> {
        self.store.settle();
        let unknown = loading::unknown_keys(&self.store, mapper, &keys);
        if !unknown.is_empty() {
            self.autoflush(&[mapper.table()]).await?;
            loading::get(&mut self.store, &mut self.transaction, mapper, unknown, &self.filters).await?;
        }
        Ok(loading::known_keys(&mut self.store, mapper, &keys))
    }

    /// Runs a query; the rows have no type yet.
    async fn find(&mut self, request: Request) -> Result<Found> {
        let filters = self.filters.without(&request.unfiltered);
        let prepared = Prepared::new(request)?;
        if self.has_changes() {
            // What is wrong with the query is told before anything is flushed for it.
            let (dialect, capabilities) = (self.engine().dialect(), self.engine().capabilities());
            crate::sql::render(&prepared.query, dialect, &capabilities, &crate::sql::NoEntities)?;
        }
        let mut tables = prepared.tables();
        filters.tables(&mut tables);
        self.autoflush(&tables).await?;
        Loader::new(&mut self.store, &mut self.transaction).filtered(filters).run(prepared).await
    }

    async fn find_at_most_one(&mut self, mut request: Request) -> Result<Found> {
        let asked = request.clone();
        request.query.limit = Some(request.query.limit.unwrap_or(2).min(2));
        let found = self.find(request).await?;
        if found.len() < 2 {
            return Ok(found);
        }
        let message = format!(
            "several {} were found where one was asked for, by the query {}",
            plural(&subject(&asked)),
            self.summary(&asked)
        );
        Err(about(Error::new(ErrorKind::MultipleFound, message), &asked))
    }

    /// The text of a query as far as a message shows it, without values.
    fn summary(&self, request: &Request) -> String {
        let dialect = self.engine().dialect();
        let rendered = crate::sql::render(&request.query, dialect, &dialect.capabilities(), &crate::sql::NoEntities);
        let sql = rendered.map(|rendered| rendered.sql).unwrap_or_default();
        let shown = sql.find(" FROM ").map_or(sql.as_str(), |at| &sql[at + 1..]);
        match shown.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("`SELECT .. {}..`", &shown[..end]),
            None => format!("`SELECT .. {shown}`"),
        }
    }
}

fn read_count(fields: &mut Fields<'_>) -> Result<u64> {
    let count: i64 = <crate::query::Expr<i64> as crate::query::Selection>::read(fields)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

fn owned<K: PrimaryKey>(key: &K) -> KeyValues<'static> {
    key.values().into_iter().map(Value::into_owned).collect()
}

/// What a query is about, for messages.
fn subject(request: &Request) -> String {
    let models = request.items.iter().filter_map(|item| match item {
        Item::Entity { source, .. } => Some(source.name()),
        _ => None,
    });
    let models: Vec<&str> = models.collect();
    if models.is_empty() { "row".into() } else { models.join(" with ") }
}

fn plural(subject: &str) -> String {
    if subject == "row" { "rows".into() } else { format!("rows of {subject}") }
}

fn about(error: Error, request: &Request) -> Error {
    let mapper = request.items.iter().find_map(|item| match item {
        Item::Entity { source, .. } => source.mapper,
        _ => None,
    });
    match mapper {
        Some(mapper) => error.with_model(mapper.name()),
        None => error,
    }
}
