//! Queries: results as entities, columns and tuples.

use futures::future::BoxFuture;

use super::Session;
use crate::error::Result;
use crate::loading::{self, Found, Loader, Prepared, Reach};
use crate::mapping::Mapper;
use crate::model::{Entity, KeyValues, Model, PrimaryKey};
use crate::query::{Ask, Asked, Query, Select};
use crate::sql::Filters;
use crate::value::Value;

impl Session {
    /// All rows of a query. Entities that the session has already are found in it and keep their
    /// values; others join it. Pending changes that touch the tables read are flushed first.
    ///
    /// Sends one SELECT, and one for each relationship (and list of keys) that is loaded with it by
    /// select-in or subquery.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) if the query names a model that it does not
    /// read; [`Conversion`](crate::ErrorKind::Conversion) if a value of a row does not fit its type; what
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
    pub fn all<R: 'static>(&mut self, query: impl Query<R>) -> BoxFuture<'_, Result<Vec<R>>> {
        let Asked { ask, read } = query.into_asked();
        Box::pin(async move { self.find(ask).await?.read(&*read) })
    }

    /// The only row of a query.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is none, [`MultipleFound`](crate::ErrorKind::MultipleFound)
    /// if there are several, and as [`all`](Session::all).
    pub fn one<R: 'static>(&mut self, query: impl Query<R>) -> BoxFuture<'_, Result<R>> {
        let Asked { ask, read } = query.into_asked();
        Box::pin(async move {
            let found = self.find_at_most_one(&ask).await?;
            found.read_at(0, &*read).unwrap_or_else(|| Err(ask.none_found(self.engine().dialect())))
        })
    }

    /// The only row of a query, or `None` if there is none.
    ///
    /// # Errors
    /// [`MultipleFound`](crate::ErrorKind::MultipleFound) if there are several, and as
    /// [`all`](Session::all).
    pub fn one_or_none<R: 'static>(&mut self, query: impl Query<R>) -> BoxFuture<'_, Result<Option<R>>> {
        let Asked { ask, read } = query.into_asked();
        Box::pin(async move { self.find_at_most_one(&ask).await?.read_at(0, &*read).transpose() })
    }

    /// The first row of a query, or `None` if there is none. Asks the database for one row only; a
    /// text has to say so itself, with `LIMIT 1`.
    ///
    /// # Errors
    /// As [`all`](Session::all).
    pub fn first<R: 'static>(&mut self, query: impl Query<R>) -> BoxFuture<'_, Result<Option<R>>> {
        let Asked { mut ask, read } = query.into_asked();
        Box::pin(async move {
            ask.limit(1);
            self.find(ask).await?.read_at(0, &*read).transpose()
        })
    }

    /// How many rows a query has. Only counts; nothing is loaded.
    ///
    /// # Errors
    /// As [`all`](Session::all).
    pub async fn count<R>(&mut self, query: Select<R>) -> Result<u64> {
        self.find(Ask::Select(query.request.counting())).await?.count()
    }

    /// Whether a query has any row. Asks for one at most, and loads nothing.
    ///
    /// # Errors
    /// As [`all`](Session::all).
    pub async fn exists<R>(&mut self, query: Select<R>) -> Result<bool> {
        Ok(self.find(Ask::Select(query.request.existing())).await?.len() > 0)
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

    /// The entity that has a key, with its row locked until the transaction ends: nobody else changes or
    /// deletes it meanwhile. `None` if there is no such row.
    ///
    /// The row is read in any case. An entity that the session has already takes its values, save those
    /// that were changed in it and not flushed; its relationships stay as they are loaded. If the model
    /// has a version column, an entity whose version is not the row's any more is stale.
    ///
    /// Sends one SELECT, `FOR UPDATE` where rows can be locked. SQLite has no such locks: there the
    /// transaction begins as one that writes, and others that want to write wait for its end.
    /// Pending changes that touch the table are flushed first.
    ///
    /// # Errors
    /// [`StaleData`](crate::ErrorKind::StaleData) if the session's entity is of another version;
    /// [`refresh`](Session::refresh) brings it up to date, the lock is held.
    /// [`SerializationFailure`](crate::ErrorKind::SerializationFailure) if the lock is not to be had; then the
    /// session waits for [`rollback`](Session::rollback).
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "accounts")]
    /// # struct Account {
    /// #     #[retro(primary_key)]
    /// #     id: i32,
    /// #     balance: i64,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # metadata![Account].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// # session.add(Account { balance: 5, ..Default::default() });
    /// # session.commit().await?;
    /// if let Some(account) = session.get_for_update::<Account>(1).await? {
    ///     session[account].balance -= 3;
    /// }
    /// session.commit().await?;
    /// # Ok(()) }
    /// ```
    pub async fn get_for_update<M: Model>(&mut self, key: impl Into<M::Key>) -> Result<Option<Entity<M>>> {
        let (mapper, key) = (M::mapper(), owned(&key.into()));
        self.autoflush(Some(&[mapper.table()])).await?;
        loading::get_locked(&mut self.store, &mut self.transaction, mapper, key.clone(), &self.filters).await?;
        let found = loading::known_keys(&mut self.store, mapper, &[key]);
        Ok(found.into_iter().flatten().next().map(|at| self.entity(at)))
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
            self.autoflush(Some(&[mapper.table()])).await?;
            loading::get(&mut self.store, &mut self.transaction, mapper, unknown, &self.filters).await?;
        }
        Ok(loading::known_keys(&mut self.store, mapper, &keys))
    }

    /// Runs a query; the rows have no type yet.
    pub(super) async fn find(&mut self, ask: Ask) -> Result<Found> {
        let (prepared, filters) = self.prepare(ask, Reach::Statements).await?;
        Loader::new(&mut self.store, &mut self.transaction).filtered(filters).run(prepared).await
    }

    /// Makes a query ready and writes what it has to find. Also gives the filters that hold for it.
    pub(super) async fn prepare(&mut self, ask: Ask, reach: Reach) -> Result<(Prepared, Filters)> {
        let filters = self.filters.without(ask.unfiltered());
        let prepared = Prepared::new(ask, reach, self.engine())?;
        if self.has_changes() {
            // What is wrong with the query is told before anything is flushed for it.
            prepared.statement(self.engine(), &crate::sql::NoEntities)?;
        }
        let mut tables = prepared.tables();
        if let Some(tables) = &mut tables {
            filters.tables(tables);
        }
        self.autoflush(tables.as_deref()).await?;
        Ok((prepared, filters))
    }

    async fn find_at_most_one(&mut self, ask: &Ask) -> Result<Found> {
        let mut asked = ask.clone();
        asked.limit(2);
        let found = self.find(asked).await?;
        match found.len() {
            0 | 1 => Ok(found),
            _ => Err(ask.several_found(self.engine().dialect())),
        }
    }
}

fn owned<K: PrimaryKey>(key: &K) -> KeyValues<'static> {
    key.values().into_iter().map(Value::into_owned).collect()
}
