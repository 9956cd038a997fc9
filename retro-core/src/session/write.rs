//! Statements that write without entities.

use futures::future::BoxFuture;

use super::Session;
use crate::bulk::{self, Done};
use crate::error::{Error, ErrorKind, Result};
use crate::loading::{Found, Loader, Prepared};
use crate::query::{Executable, Execute, Executed, Item, Returning, TextStatement};
use crate::sql::write::{Action, Write};
use crate::sql::{Writes, note};

impl Session {
    /// Runs an insert, update or delete of the query language in the session's transaction, which it
    /// begins as a flush does. Pending changes that touch the tables that it reads or writes, or those
    /// of the model's relationships, are flushed first. An update or delete is narrowed by the session's
    /// default filters.
    ///
    /// One statement, or for many structs as many as a flush would need. If the session has entities
    /// of the model, it keeps them in line:
    ///
    /// * Before an update or delete that is filtered, one SELECT asks which of them it will meet (one for
    ///   each long list of keys), and locks their rows where the database has such locks.
    /// * After an update, one SELECT reads the rows of these anew; after an upsert that updates, those of
    ///   all entities of the model. What was changed in them and not flushed stays. Where the statement
    ///   sets foreign keys, they change from one loaded collection to another.
    /// * After a delete they are deleted, as after a flush: they have left the collections that had them.
    ///
    /// `.without_sync()` leaves all this out. What the session cannot see stays as it is: rows that the
    /// database changes or deletes by itself (`on_delete`, triggers), and loaded collections that are
    /// joined by rows which the session does not have.
    ///
    /// A [`text`](crate::query::text) is not understood: everything pending is flushed before it, and
    /// entities do not follow. `expire` or `refresh` those whose rows it changed.
    ///
    /// # Errors
    /// [`Configuration`](ErrorKind::Configuration), before anything is sent, if the statement makes no
    /// sense or the database cannot do it; [`InvalidState`](ErrorKind::InvalidState), likewise, if it sets
    /// primary keys and the session has entities of the model. What the database refuses is explained in
    /// the model's words, and is to the transaction what a failed flush is: the session waits for
    /// [`rollback`](Session::rollback), which takes memory back too.
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "products")]
    /// # struct Product { #[retro(primary_key)] id: i32, name: String, year: i32 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # metadata![Product].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// let machines = (0..10_000).map(|n| new!(Product { name: format!("no. {n}"), year: 1970 + n % 20 }));
    /// assert_eq!(session.execute(insert(Product).values(machines)).await?.rows, 10_000);
    /// let gone = session.execute(delete(Product).filter(Product::year.lt(1980))).await?;
    /// assert_eq!(gone.rows, 5_000);
    /// session.commit().await?;
    /// # Ok(()) }
    /// ```
    pub async fn execute(&mut self, statement: impl Execute) -> Result<Executed> {
        let rows = match statement.statement().0 {
            Executable::Write(write) => self.write_rows(write, None).await?.rows,
            Executable::Text(text) => self.write_text(text).await?,
        };
        Ok(Executed::new(rows))
    }

    /// Runs an insert, update or delete that is `returning` something, and gives what it returns, in no
    /// particular order. Otherwise it is as [`execute`](Session::execute).
    ///
    /// Entities of the model that it returns are tracked: new ones join the session, those that it has
    /// are brought in line by what comes back, so that nothing is asked before or after. Entities that a
    /// delete returns are deleted, and can be read until the transaction ends.
    ///
    /// # Errors
    /// As [`execute`](Session::execute), and [`Conversion`](ErrorKind::Conversion) if a value does not
    /// fit its type.
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "products")]
    /// # struct Product { #[retro(primary_key)] id: i32, name: String, year: i32 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # metadata![Product].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// # session.execute(insert(Product).value(new!(Product { name: "ZX80", year: 1980 }))).await?;
    /// let gone = session.fetch(delete(Product).filter(Product::year.lt(1982)).returning(Product::name)).await?;
    /// assert_eq!(gone, ["ZX80"]);
    /// # Ok(()) }
    /// ```
    pub async fn fetch<R>(&mut self, statement: Returning<R>) -> Result<Vec<R>> {
        let found = self.write_returning(&statement.write, statement.items).await?;
        found.read(&*statement.read)
    }

    /// The only row that a statement returns: of an insert of one row, an update by key.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) if it wrote no row, [`MultipleFound`](ErrorKind::MultipleFound) if
    /// it wrote several, and as [`fetch`](Session::fetch). What it wrote stays written until the
    /// transaction is rolled back.
    pub async fn fetch_one<R>(&mut self, statement: Returning<R>) -> Result<R> {
        let what = statement.write.describe();
        let model = statement.write.mapper.name();
        let row = self.fetch_one_or_none(statement).await?;
        row.ok_or_else(|| {
            let message = format!("the {what} was to return one row, and there was none to write");
            Error::new(ErrorKind::NotFound, message).with_model(model)
        })
    }

    /// The only row that a statement returns, or `None` if it wrote none.
    ///
    /// # Errors
    /// [`MultipleFound`](ErrorKind::MultipleFound) if it wrote several, and as [`fetch`](Session::fetch).
    pub async fn fetch_one_or_none<R>(&mut self, statement: Returning<R>) -> Result<Option<R>> {
        let found = self.write_returning(&statement.write, statement.items).await?;
        if found.len() > 1 {
            let what = statement.write.describe();
            let message = format!("the {what} was to return one row, and wrote {}", found.len());
            return Err(Error::new(ErrorKind::MultipleFound, message).with_model(statement.write.mapper.name()));
        }
        found.read_at(0, &*statement.read).transpose()
    }

    async fn write_returning(&mut self, write: &Write, items: Vec<Item>) -> Result<Found> {
        let mut prepared = Prepared::returned(items)?;
        let done = self.write_rows(write, Some(&prepared)).await?;
        let Some(returned) = done.returned else {
            return Err(Error::configuration("a statement that returns nothing was asked for rows"));
        };
        if matches!(write.action, Action::Delete) {
            prepared.forget_plans();
        }
        let filters = self.filters.without(&write.unfiltered);
        Loader::new(&mut self.store, &mut self.transaction).filtered(filters).finish(prepared, returned, None).await
    }

    async fn write_text(&mut self, text: &TextStatement) -> Result<u64> {
        let (statement, _) = text.prepare(self.engine())?;
        self.autoflush(None).await?;
        self.transaction.begin_step()?;
        self.store.journal.wrote = true;
        match self.transaction.execute(&statement).await {
            Ok(executed) => {
                self.transaction.finish_step();
                Ok(executed.rows)
            }
            Err(error) => Err(self.transaction.fail_step(error).await),
        }
    }

    fn write_rows<'s>(&'s mut self, write: &'s Write, returning: Option<&'s Prepared>) -> BoxFuture<'s, Result<Done>> {
        Box::pin(async move {
            let filters = self.filters.without(&write.unfiltered);
            let mut tables = write.tables();
            let loaded = returning.and_then(Prepared::tables).unwrap_or_default();
            loaded.into_iter().for_each(|table| note(&mut tables, table));
            filters.tables(&mut tables);
            self.autoflush(Some(&tables)).await?;
            self.transaction.engine().learn().await?;
            let mut write = write.clone();
            write.narrow(&filters);
            bulk::check_keys(&self.store, &write)?;
            let engine = self.transaction.engine();
            let (dialect, capabilities) = (engine.dialect(), engine.capabilities());
            let writes = Writes { dialect, capabilities: &capabilities, entities: &self.store };
            let statements = bulk::statements(&write, writes, engine.templates())?;
            self.transaction.begin_step()?;
            match bulk::run(&mut self.store, &mut self.transaction, &write, statements, returning).await {
                Ok(done) => {
                    self.transaction.finish_step();
                    Ok(done)
                }
                Err(error) => Err(self.transaction.fail_step(error).await),
            }
        })
    }
}
