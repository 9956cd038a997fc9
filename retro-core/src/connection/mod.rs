//! Use without a session: queries and statements on a connection or in a transaction.
//!
//! The same queries, but nothing is tracked: rows are values, tuples and plain structs. What a session
//! does on the way (the identity map, the flush before a query, the transaction begun by itself) is
//! not there.

mod read;
mod write;

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::dialect::TransactionOptions;
use crate::engine::{self, Engine};
use crate::error::Result;

/// A connection out of the pool, for queries and statements without a session. Dropping it gives it
/// back.
///
/// Each statement is a transaction of its own and takes effect at once; [`Engine::begin`] gives
/// several one transaction. Rows are values, tuples, and plain structs:
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "products")]
/// # struct Product { #[retro(primary_key)] id: i32, name: String, year: i32 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # metadata![Product].create_all(&engine).await?;
/// let mut connection = engine.connection().await?;
/// connection.execute(insert(Product).value(new!(Product { name: "ZX80", year: 1980 }))).await?;
/// connection.execute(text("UPDATE products SET name = :name, year = 1981").bind("name", "ZX81")).await?;
/// let products: Vec<Product> = connection.all(select(Product.owned())).await?;
/// let years: Vec<(i32, i64)> = connection.all(select((Product::year, count_all())).group_by(Product::year)).await?;
/// assert_eq!((products[0].name.as_str(), years), ("ZX81", vec![(1981, 1)]));
/// # Ok(()) }
/// ```
///
/// A future of it that is dropped before it is done leaves the connection unusable, and the pool
/// closes it.
pub struct Connection {
    link: engine::Connection,
}

/// A transaction without a session: what is done with it takes effect with [`commit`](Transaction::commit),
/// and not at all if it is dropped before. It has all methods of a [`Connection`].
///
/// ```
/// use retro_core::prelude::*;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.connection().await?.execute(text("CREATE TABLE stock (product INTEGER, pieces INTEGER)")).await?;
/// let mut transaction = engine.begin().await?;
/// transaction.execute(text("INSERT INTO stock VALUES (1, 12)")).await?;
/// let pieces = transaction.one(text("SELECT SUM(pieces) FROM stock").rows::<i64>()).await?;
/// transaction.commit().await?;
/// assert_eq!(pieces, 12);
/// # Ok(()) }
/// ```
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Transaction {
    connection: Connection,
}

impl Engine {
    /// A connection out of the pool, for use without a session. Waits while all are in use.
    ///
    /// # Errors
    /// [`PoolTimeout`](crate::ErrorKind::PoolTimeout) if none becomes free,
    /// [`Disconnected`](crate::ErrorKind::Disconnected) if the database cannot be reached.
    pub async fn connection(&self) -> Result<Connection> {
        Ok(Connection { link: self.acquire().await? })
    }

    /// Begins a transaction without a session. On SQLite it is one that writes: it waits until no
    /// other does.
    ///
    /// # Errors
    /// As [`connection`](Engine::connection), and what the database reports.
    pub async fn begin(&self) -> Result<Transaction> {
        let mut connection = self.connection().await?;
        connection.link.begin(TransactionOptions::default()).await?;
        Ok(Transaction { connection })
    }
}

impl Connection {
    /// The engine that it came from.
    pub fn engine(&self) -> &Engine {
        self.link.engine()
    }
}

impl Transaction {
    /// Makes what was done take effect.
    ///
    /// # Errors
    /// What the database reports; then it has not taken effect, unless the link broke
    /// ([`Disconnected`](crate::ErrorKind::Disconnected)) or the future was dropped: then nobody knows.
    pub async fn commit(mut self) -> Result<()> {
        self.connection.link.commit().await
    }

    /// Undoes what was done. The same as dropping the transaction, but it is done when this returns.
    ///
    /// # Errors
    /// What the database reports. It is undone in any case: the connection is closed if need be.
    pub async fn rollback(mut self) -> Result<()> {
        self.connection.link.rollback().await
    }
}

impl Deref for Transaction {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("in_transaction", &self.link.in_transaction()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Transaction").field(&self.connection).finish()
    }
}
