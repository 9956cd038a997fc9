//! retro: an ORM with a real unit of work, over sqlx, for SQLite, PostgreSQL, MySQL and MariaDB.
//!
//! A [`Session`](session::Session) owns the entities that it loads and that are added to it. They
//! are plain structs, reached through small `Copy` handles; what changes in them is noticed, both
//! sides of a relationship stay in step, and one flush writes it all in as few statements as an
//! expert would.
//!
//! ```
//! use retro_core::prelude::*;
//!
//! #[derive(Model, Debug, Clone)]
//! #[retro(table = "manufacturers")]
//! pub struct Manufacturer {
//!     #[retro(primary_key)]
//!     pub id: i32,
//!     #[retro(length = 64, index, unique)]
//!     pub name: String,
//!     #[retro(back_populates = manufacturer, cascade = "all, delete-orphan")]
//!     pub products: HasMany<Product>,
//! }
//!
//! #[derive(Model, Debug, Clone)]
//! #[retro(table = "products")]
//! pub struct Product {
//!     #[retro(primary_key)]
//!     pub id: i32,
//!     #[retro(length = 64)]
//!     pub name: String,
//!     pub year: i32,
//!     #[retro(foreign_key = Manufacturer::id)]
//!     pub manufacturer_id: i32,
//!     #[retro(key = manufacturer_id, back_populates = products)]
//!     pub manufacturer: BelongsTo<Manufacturer>,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! let engine = Engine::connect("sqlite::memory:").await?;
//! metadata![Manufacturer, Product].create_all(&engine).await?;
//!
//! let mut session = Session::new(&engine);
//! let commodore = session.add(new!(Manufacturer { name: "Commodore" }));
//! let c64 = session.push(commodore, Manufacturer::products, new!(Product { name: "C64", year: 1983 }));
//! session[c64].year = 1982;
//! session.commit().await?;
//!
//! assert_eq!(session[c64].manufacturer_id, session[commodore].id);
//! assert_eq!(session.view(c64).manufacturer().name(), "Commodore");
//! # Ok(()) }
//! ```
//!
//! # Where to find things
//!
//! * [`Model`](macro@prelude::Model), the derive, with every attribute; [`model`]: what it
//!   implements; [`value`]: the types of columns.
//! * [`hybrid`](macro@hybrid): methods of a model that are expressions of a query too.
//! * [`Engine`] connects; [`metadata!`] and [`schema::MetaData`] create tables.
//! * [`session::Session`]: add, link, change, delete, flush, commit, roll back; views.
//! * [`query`]: `select`, and `insert`, `update`, `delete` of rows that are not loaded; `text` for SQL of
//!   your own.
//! * [`Connection`] and [`Transaction`]: the same without a session, where nothing is tracked.
//! * [`Error`]: one error that can be questioned.
//!
//! The modules are declared in reading order: what a model is; from entities to rows; from rows to
//! entities; and what talks SQL. `ARCHITECTURE.md` in the repository follows a call through them.

// The derive names the crate by its name, in its own tests too.
#[cfg(test)]
extern crate self as retro_core;

// define
pub mod error;
mod macros;
mod mapping;
pub mod model;
pub mod schema;
pub mod value;
// write: entities -> rows
mod identity;
pub mod session;
mod unit_of_work;
// read: rows -> entities
mod loading;
pub mod query;
// without entities
mod bulk;
mod connection;
// talk SQL
mod dialect;
mod engine;
mod sql;
mod transaction;

pub mod prelude;
#[doc(hidden)]
pub mod private;

pub use connection::{Connection, Transaction};
pub use dialect::{Dialect, Isolation};
pub use engine::{
    Binds, ConnectHook, Engine, EngineBuilder, HookConnection, PoolStatus, StatementEvent, StatementObserver,
};
pub use error::{Error, ErrorKind, Result};
pub use retro_derive::hybrid;

/// The time now, in UTC and without a time zone, to the microsecond: what all three databases keep.
/// For `#[retro(default = now())]`.
#[cfg(feature = "chrono")]
pub fn now() -> chrono::NaiveDateTime {
    use chrono::Timelike;
    let now = chrono::Utc::now().naive_utc();
    // The databases keep microseconds; a value that is read back must equal the one written.
    now.with_nanosecond(now.nanosecond() / 1_000 * 1_000).unwrap_or(now)
}
