//! What users see: the [`Session`], a unit of work.
//!
//! `lifecycle` takes structs in and gives them back, `access` indexes, `relate` links, `view` reads
//! the graph, `refresh` and `merge` bring memory and database together, `transaction` and `flush`
//! end what was begun. Each is a thin typed surface over `identity`, `unit_of_work` and `loading`.

mod access;
mod explain;
mod flush;
mod lifecycle;
mod load;
mod merge;
mod page;
mod query;
mod refresh;
mod relate;
mod run;
mod serialize;
mod stream;
mod transaction;
mod view;
mod write;

pub use crate::unit_of_work::{FlushPlan, PlannedRow, PlannedStatement};
pub use access::{Change, State};
pub(crate) use explain::{number, ran};
pub use flush::FlushOutcome;
pub use page::Page;
pub(crate) use page::Paged;
pub use relate::{Members, SetTo};
pub use run::Retry;
pub(crate) use serialize::serialize;
pub use stream::{Partitions, RowStream};
pub(crate) use view::related;
pub use view::{ModelView, View, Views};

use crate::engine::Engine;
use crate::identity::Store;
use crate::model::{Model, Root};
use crate::query::IntoExpr;
use crate::sql::Filters;
use crate::transaction::Transaction;

/// A unit of work: it owns the entities that it loads and that are added to it, notices what
/// changes in them, and writes it in one flush.
///
/// A session is cheap to make and takes no connection until it needs one. It is meant for one piece
/// of work: a request, an import, a job. It is `Send`, and so are all its futures.
///
/// ```
/// use retro_core::prelude::*;
///
/// #[derive(Model, Debug, Clone)]
/// #[retro(table = "machines")]
/// struct Machine {
///     #[retro(primary_key)]
///     id: i32,
///     name: String,
///     year: i32,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// let engine = Engine::connect("sqlite::memory:").await?;
/// metadata![Machine].create_all(&engine).await?;
///
/// let mut session = Session::new(&engine);
/// let zx81 = session.add(Machine { name: "ZX81".into(), year: 1980, ..Default::default() });
/// session[zx81].year = 1981;
/// session.commit().await?;
/// assert_eq!(session[zx81].id, 1);
/// # Ok(()) }
/// ```
pub struct Session {
    pub(crate) store: Store,
    pub(crate) transaction: Transaction,
    autoflush: bool,
    expire_on_commit: bool,
    pub(crate) filters: Filters,
}

impl Session {
    /// A session on an engine. Takes no connection yet.
    pub fn new(engine: &Engine) -> Session {
        Session {
            store: Store::new(),
            transaction: Transaction::new(engine.clone()),
            autoflush: true,
            expire_on_commit: false,
            filters: Filters::default(),
        }
    }

    /// Whether a query first writes pending changes that touch the tables it reads. On by default.
    #[must_use = "gives back the session with the setting"]
    pub fn with_autoflush(mut self, autoflush: bool) -> Session {
        self.autoflush = autoflush;
        self
    }

    /// Whether a commit expires all entities, so that the next query that meets them reads them
    /// anew. Off by default: a commit keeps the values.
    #[must_use = "gives back the session with the setting"]
    pub fn expire_on_commit(mut self, expire: bool) -> Session {
        self.expire_on_commit = expire;
        self
    }

    /// A condition that the rows of a model must meet in every query of this session, whether the
    /// model is selected, joined, loaded as a relationship, asked for by key or by a condition on a
    /// relationship, updated or deleted in bulk: for rows that are marked as deleted, or belong to
    /// another tenant. [`Select::without_filter`](crate::query::Select::without_filter) leaves it out
    /// by its name. A further one of the same name about the same model replaces the first.
    ///
    /// Entities that the session has are not looked at again, and what a flush has to load for its
    /// cascades is loaded unfiltered. A collection that was loaded through a filter counts as loaded:
    /// deleting its owner deletes the members that were seen.
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "notes")]
    /// # struct Note { #[retro(primary_key)] id: i32, text: String, deleted: bool }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # metadata![Note].create_all(&engine).await?;
    /// let mut session = Session::new(&engine).with_default_filter(Note, "deleted", !Note::deleted);
    /// session.add(new!(Note { text: "old", deleted: true }));
    /// session.add(new!(Note { text: "new" }));
    /// assert_eq!(session.all(select(Note::text)).await?, ["new"]);
    /// assert_eq!(session.count(select(Note).without_filter("deleted")).await?, 2);
    /// # Ok(()) }
    /// ```
    #[must_use = "gives back the session with the setting"]
    pub fn with_default_filter<M: Model>(
        mut self,
        _: Root<M>,
        name: &'static str,
        condition: impl IntoExpr<bool>,
    ) -> Session {
        self.filters = self.filters.with(M::mapper(), name, condition.into_node().0);
        self
    }

    /// The engine that the session works on.
    pub fn engine(&self) -> &Engine {
        self.transaction.engine()
    }

    /// Runs `work` without autoflush: its queries read what the database has.
    pub async fn no_autoflush<T>(&mut self, work: impl AsyncFnOnce(&mut Session) -> T) -> T {
        let before = std::mem::replace(&mut self.autoflush, false);
        let quiet = WithoutAutoflush { session: self, before };
        work(quiet.session).await
    }
}

/// Autoflush is as it was when this goes, even if the work was dropped before its end.
struct WithoutAutoflush<'s> {
    session: &'s mut Session,
    before: bool,
}

impl Drop for WithoutAutoflush<'_> {
    fn drop(&mut self) {
        self.session.autoflush = self.before;
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("number", &self.store.session())
            .field("in_transaction", &self.transaction.is_open())
            .finish_non_exhaustive()
    }
}
