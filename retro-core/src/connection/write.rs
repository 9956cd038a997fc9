//! Writing without a session.

use super::Connection;
use crate::bulk;
use crate::engine::Row;
use crate::error::Result;
use crate::loading::{Prepared, WithoutSession};
use crate::query::{Executable, Execute, Executed, Returning};
use crate::sql::Writes;
use crate::sql::write::Write;

impl Connection {
    /// Runs a statement that gives nothing back: an insert, update or delete of the query language, or a
    /// [`text`](crate::query::text). One statement is sent; for an insert of many structs as many as
    /// they need, which only a [`Transaction`](super::Transaction) makes one.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration), before anything is sent, if the statement makes no
    /// sense or the database cannot do it, if it compares with an entity, or if a text is several
    /// statements, or would begin or end a transaction; what the database reports, explained in the
    /// model's words.
    pub async fn execute(&mut self, statement: impl Execute) -> Result<Executed> {
        let rows = match statement.statement().0 {
            Executable::Text(text) => {
                let (statement, _) = text.prepare(self.engine())?;
                self.link.execute(&statement).await?.rows
            }
            Executable::Write(write) => self.write(write, None).await?,
        };
        Ok(Executed::new(rows))
    }

    /// Runs an insert, update or delete that is `returning` something, and gives what it returns, in no
    /// particular order.
    ///
    /// # Errors
    /// As [`execute`](Connection::execute), and [`Configuration`](crate::ErrorKind::Configuration) if it
    /// returns entities, which only a session can track: return `Product.owned()`.
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
    /// let mut connection = engine.connection().await?;
    /// let new = [1980, 1981].map(|year| new!(Product { name: format!("ZX{year}"), year }));
    /// let products: Vec<Product> = connection.fetch(insert(Product).values(new).returning(Product.owned())).await?;
    /// assert_eq!(products.len(), 2);
    /// # Ok(()) }
    /// ```
    pub async fn fetch<R>(&mut self, statement: Returning<R>) -> Result<Vec<R>> {
        let prepared = Prepared::returned_untracked(statement.items)?;
        let mut rows = Vec::new();
        self.write(&statement.write, Some(&mut rows)).await?;
        prepared.into_found(rows)?.read(&*statement.read)
    }

    async fn write(&mut self, write: &Write, mut returned: Option<&mut Vec<Row>>) -> Result<u64> {
        let engine = self.engine().clone();
        let (dialect, capabilities) = (engine.dialect(), engine.capabilities());
        let writes = Writes { dialect, capabilities: &capabilities, entities: &WithoutSession };
        let statements = bulk::statements(write, writes, engine.templates())?;
        let mut reported = 0;
        for part in statements {
            let answer = match &mut returned {
                Some(returned) => self.link.fetch(&part.statement).await.map(|rows| returned.extend(rows)),
                None => self.link.execute(&part.statement).await.map(|executed| reported += executed.rows),
            };
            answer.map_err(|error| bulk::explain(write, &part, dialect, std::iter::empty(), error))?;
        }
        Ok(bulk::rows(write, &capabilities, reported))
    }
}
