//! [`Select`]: a query, and [`Request`], the untyped part of it that the session runs.

use std::fmt;
use std::sync::Arc;

use super::{Fields, FromRow, Grouping, IntoExpr, Item, Items, LoadOptions, OrderBy, Selection};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::identity::Load;
use crate::mapping::Mapper;
use crate::model::Mapped;
use crate::sql::ast::{Distinct, Lock, Query, Wait};
use crate::sql::{NoEntities, render, with_values};

/// A query whose rows are read as `R`: `select(Product)` is a `Select<Entity<Product>>`,
/// `select((Product::name, count_all()))` a `Select<(String, i64)>`.
///
/// It is a value: build it in steps, clone it, give it to a session. Whatever is added narrows or
/// extends what is there, so a search can be put together in `if`s:
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "products")]
/// # struct Product {
/// #     #[retro(primary_key)]
/// #     id: i32,
/// #     name: String,
/// #     year: i32,
/// # }
///
/// # let (since, text) = (Some(1980), "ZX");
/// let mut query = select(Product);
/// if let Some(year) = since {
///     query = query.filter(Product::year.ge(year));
/// }
/// if !text.is_empty() {
///     query = query.filter(Product::name.contains(text));
/// }
/// let query = query.order_by((Product::year.desc(), Product::name));
/// ```
#[must_use = "a query does nothing until a session runs it"]
pub struct Select<R> {
    pub(crate) request: Request,
    pub(crate) read: Arc<Read<R>>,
}

/// Reads a row of a result.
pub(crate) type Read<R> = dyn Fn(&mut Fields<'_>) -> Result<R> + Send + Sync;

/// A query without the type of its rows.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) query: Query,
    pub(crate) items: Vec<Item>,
    pub(crate) loads: Vec<RequestedLoad>,
    pub(crate) populate_existing: bool,
    /// How many of the sources in FROM were named by [`Select::from`].
    pub(crate) from_named: usize,
    /// Whether the rows are made into something else than what is selected.
    pub(crate) mapped: bool,
    /// Default filters of the session that do not hold for this query.
    pub(crate) unfiltered: Vec<&'static str>,
}

impl Request {
    pub(crate) fn new(query: Query, items: Vec<Item>) -> Self {
        Request {
            query,
            items,
            loads: Vec::new(),
            populate_existing: false,
            from_named: 0,
            mapped: false,
            unfiltered: Vec::new(),
        }
    }
}

/// A loader option and the model that it starts at.
#[derive(Debug, Clone)]
#[doc(hidden)]
pub struct RequestedLoad {
    pub(crate) mapper: &'static Mapper,
    pub(crate) load: Load,
}

/// A query for models, columns and expressions.
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "products")]
/// # struct Product {
/// #     #[retro(primary_key)]
/// #     id: i32,
/// #     name: String,
/// #     year: i32,
/// # }
/// let entities: Select<Entity<Product>> = select(Product);
/// let names: Select<String> = select(Product::name);
/// let by_year: Select<(i32, i64)> = select((Product::year, count(Product))).group_by(Product::year);
/// ```
pub fn select<S: Selection>(selection: S) -> Select<S::Row> {
    let mut items = Items::default();
    selection.add(&mut items);
    let Items { query, items } = items;
    // As a pointer, because `S` itself may borrow.
    let read: fn(&mut Fields<'_>) -> Result<S::Row> = S::read;
    Select { request: Request::new(query, items), read: Arc::new(read) }
}

impl<R> Select<R> {
    /// Keeps the rows that meet a condition. Several filters must all be met.
    pub fn filter(mut self, condition: impl IntoExpr<bool>) -> Self {
        self.request.query.restrict(condition.into_node().0);
        self
    }

    /// Makes one row of all rows that are equal in something: a model (that is, its key), a column,
    /// an expression, or a tuple of these.
    pub fn group_by(mut self, by: impl Grouping) -> Self {
        self.request.query.settle_before("group_by");
        let mut groups = Vec::new();
        by.groups(&mut groups);
        self.request.query.group_by.extend(groups.into_iter().map(|group| group.0));
        self
    }

    /// Keeps the groups that meet a condition.
    pub fn having(mut self, condition: impl IntoExpr<bool>) -> Self {
        self.request.query.restrict_groups(condition.into_node().0);
        self
    }

    /// Orders the rows, after what they are ordered by already.
    pub fn order_by(mut self, by: impl OrderBy) -> Self {
        let mut terms = Vec::new();
        by.terms(&mut terms);
        self.request.query.order_by.extend(terms.into_iter().map(|order| order.0));
        self
    }

    /// Takes at most so many rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.request.query.limit = Some(rows);
        self
    }

    /// Skips so many rows.
    pub fn offset(mut self, rows: u64) -> Self {
        self.request.query.offset = Some(rows);
        self
    }

    /// Leaves out rows that are equal to one before.
    pub fn distinct(mut self) -> Self {
        self.request.query.settle_before("distinct");
        self.request.query.distinct = Distinct::Rows;
        self
    }

    /// Keeps the first row, by the order, of all that are equal in some columns. The order must begin
    /// with these columns.
    ///
    /// Only PostgreSQL has it; elsewhere the query is refused before it is sent.
    pub fn distinct_on(mut self, by: impl Grouping) -> Self {
        self.request.query.settle_before("distinct_on");
        let mut groups = Vec::new();
        by.groups(&mut groups);
        self.request.query.distinct = Distinct::On(groups.into_iter().map(|group| group.0).collect());
        self
    }

    /// Locks the rows that it finds, so that nobody else changes them before the transaction ends.
    ///
    /// SQLite has no locks on rows: there the query begins a transaction that writes, and waits until
    /// no other does.
    pub fn for_update(self) -> Self {
        self.lock(true)
    }

    /// As [`for_update`](Select::for_update), and lets others lock the rows in the same way.
    pub fn for_share(self) -> Self {
        self.lock(false)
    }

    fn lock(mut self, exclusive: bool) -> Self {
        let wait = self.request.query.lock.map_or(Wait::Block, |lock| lock.wait);
        self.request.query.lock = Some(Lock { exclusive, wait });
        self
    }

    /// Leaves out rows that somebody else has locked: several workers each take rows of a queue of
    /// their own. Locks as [`for_update`](Select::for_update) unless the query says otherwise.
    pub fn skip_locked(self) -> Self {
        self.waiting(Wait::Skip)
    }

    /// Fails at once where somebody else has locked a row, instead of waiting. Locks as
    /// [`for_update`](Select::for_update) unless the query says otherwise.
    pub fn nowait(self) -> Self {
        self.waiting(Wait::Fail)
    }

    fn waiting(mut self, wait: Wait) -> Self {
        let exclusive = self.request.query.lock.is_none_or(|lock| lock.exclusive);
        self.request.query.lock = Some(Lock { exclusive, wait });
        self
    }

    /// Makes something of each row: a struct, a text, a part of a tuple.
    ///
    /// ```
    /// use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "products")]
    /// # struct Product { #[retro(primary_key)] id: i32, name: String, year: i32 }
    /// struct Machine { title: String }
    ///
    /// let machines: Select<Machine> =
    ///     select((Product::name, Product::year)).map(|(name, year)| Machine { title: format!("{name} ({year})") });
    /// ```
    pub fn map<T>(self, make: impl Fn(R) -> T + Send + Sync + 'static) -> Select<T>
    where
        R: 'static,
    {
        let read = self.read;
        let request = Request { mapped: true, ..self.request };
        Select { request, read: Arc::new(move |fields| read(fields).map(&make)) }
    }

    /// Reads each row into a struct that derives [`FromRow`], whose fields have the types that are
    /// selected, in the same order.
    ///
    /// ```
    /// use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "products")]
    /// # struct Product { #[retro(primary_key)] id: i32, name: String, year: i32 }
    /// #[derive(FromRow)]
    /// struct Year {
    ///     year: i32,
    ///     products: i64,
    /// }
    ///
    /// let years: Select<Year> = select((Product::year, count(Product))).group_by(Product::year).into::<Year>();
    /// ```
    pub fn into<T: FromRow<Row = R> + 'static>(self) -> Select<T>
    where
        R: 'static,
    {
        self.map(T::from_row)
    }

    /// Leaves a default filter of the session out, by its name, for this query and what it loads.
    pub fn without_filter(mut self, name: &'static str) -> Self {
        self.request.unfiltered.push(name);
        self
    }

    /// Says how relationships are to be loaded where their own default is not wanted: one option,
    /// or a tuple or `Vec` of them. Of several options for one relationship the last one counts.
    pub fn options<M: Mapped>(mut self, options: impl LoadOptions<M>) -> Self {
        options.nodes(&mut self.request.loads);
        self
    }

    /// Overwrites the values of entities that the session has already, changed or not, with those
    /// of the rows that this query finds, and loads their relationships anew where the query loads
    /// them. Without it an entity keeps its values unless it is expired.
    pub fn populate_existing(mut self) -> Self {
        self.request.populate_existing = true;
        self
    }

    /// The text of the query in the SQL of a dialect, with placeholders in place of the values.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) if the query names a model that it does
    /// not read.
    pub fn to_sql(&self, dialect: Dialect) -> Result<String> {
        render(&self.request.query, dialect, &dialect.capabilities(), &NoEntities).map(|rendered| rendered.sql)
    }

    /// The text of the query in the SQL of a dialect, with its values in it: to be read, or tried out
    /// in a database's shell. Values of sensitive columns are masked. What is sent has parameters.
    ///
    /// The key of an entity that the query compares with is known to its session only; it stands there
    /// as `NULL`.
    ///
    /// # Errors
    /// As [`to_sql`](Select::to_sql), and [`Conversion`](crate::ErrorKind::Conversion) if the database
    /// has no form for a value.
    ///
    /// ```
    /// use retro_core::prelude::*;
    /// use retro_core::Dialect;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "products")]
    /// # struct Product { #[retro(primary_key)] id: i32, name: String }
    /// let query = select(Product::id).filter(Product::name.eq("Rock 'n' Roll"));
    /// let sql = query.to_sql_with_values(Dialect::Sqlite).unwrap();
    /// assert!(sql.ends_with(r#"WHERE "products"."name" = 'Rock ''n'' Roll'"#));
    /// ```
    pub fn to_sql_with_values(&self, dialect: Dialect) -> Result<String> {
        let rendered = render(&self.request.query, dialect, &dialect.capabilities(), &NoEntities)?;
        with_values(&rendered, dialect)
    }
}

impl<R> Clone for Select<R> {
    fn clone(&self) -> Self {
        Select { request: self.request.clone(), read: self.read.clone() }
    }
}

impl<R> fmt::Debug for Select<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}
