//! [`text`]: queries and statements in the user's own SQL.

use std::fmt;
use std::sync::Arc;

use super::{Fields, FromRow, LoadOptions, Read, RequestedLoad, Selection};
use crate::dialect::Dialect;
use crate::engine::Engine;
use crate::error::Result;
use crate::mapping::Mapper;
use crate::model::{Entity, Mapped, Model, Root};
use crate::sql::{Access, Bind, Raw, Statement, with_values};
use crate::value::{ColumnType, SqlType, Value};

/// A statement in SQL, with `:name` in the places of values. To be read from it needs a type for its
/// rows: [`rows`](TextStatement::rows), [`into`](TextStatement::into),
/// [`entities`](TextStatement::entities) or [`owned`](TextStatement::owned).
#[derive(Clone)]
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct TextStatement {
    pub(crate) raw: Raw,
}

/// A statement in SQL, for what the query language has no word for. Values are bound to names, and a
/// name may stand in several places:
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
/// # let mut session = Session::new(&engine);
/// # session.add(new!(Product { name: "ZX81", year: 1981 }));
/// # session.add(new!(Product { name: "VIC-20", year: 1980 }));
/// let query = text("SELECT id, name FROM products WHERE year > :year OR name IN (:names) ORDER BY id")
///     .bind("year", 1980)
///     .bind("names", ["PET", "VIC-20"])
///     .rows::<(i32, String)>();
/// assert_eq!(session.all(query).await?, [(1, "ZX81".to_owned()), (2, "VIC-20".to_owned())]);
/// # Ok(()) }
/// ```
///
/// A colon begins a name where a letter or `_` follows and neither a colon nor a part of a word stands
/// before it. Colons in literals, quoted names and comments are left alone, so are `::type` and
/// dollar quotes; `\:` stands for any other colon. The text otherwise goes to the database as it is,
/// so it must be in that database's SQL. The database's own placeholders (`?`, `$1`) are refused.
///
/// A list stands alone in `IN (:list)`, also after NOT: that is understood everywhere, whatever the
/// list's length. Where a database takes arrays a list is one array parameter, so on PostgreSQL
/// `= ANY(:list)` works too; elsewhere it is as many parameters as it has values.
///
/// A text may read anything, so a session flushes all its pending changes before it sends one. Its
/// default filters do not hold for the text, only for what is loaded with entities that it finds. What
/// the text does is told by its words: it counts as reading if it begins with `SELECT` or the like and
/// has no `INSERT`, `UPDATE`, `DELETE`, `MERGE` or `INTO` in it, else as writing. It must be one
/// statement, and may not begin or end a transaction.
pub fn text(sql: impl Into<String>) -> TextStatement {
    TextStatement { raw: Raw::new(sql.into()) }
}

impl TextStatement {
    /// Gives a placeholder its value: one of a column's type (an `Option` where it may be `NULL`), or
    /// a list of them. A name that was bound before gets the new value.
    ///
    /// A name that the text does not have, and one that was not bound, is an error when the statement
    /// is to be sent.
    pub fn bind(mut self, name: &str, value: impl IntoBind) -> Self {
        self.raw.bind(name, value.into_bind().0);
        self
    }

    /// As [`bind`](TextStatement::bind), for a value that is masked in errors, logs and plans.
    pub fn bind_sensitive(mut self, name: &str, value: impl IntoBind) -> Self {
        self.raw.bind(name, value.into_bind().0.sensitive(true));
        self
    }

    /// Reads each row by the position of its columns: as one value, or as a tuple with a type for each
    /// column.
    pub fn rows<T: TextRow>(self) -> TextQuery<T> {
        self.read(Layout::Positions(types::<T>()), T::read)
    }

    /// Reads each row into a struct that derives [`FromRow`], by the names of its fields. Columns that
    /// it has no field for are left out.
    ///
    /// ```
    /// use retro_core::prelude::*;
    ///
    /// #[derive(FromRow)]
    /// struct Year {
    ///     year: i32,
    ///     products: i64,
    /// }
    ///
    /// let years = text("SELECT year, COUNT(*) AS products FROM products GROUP BY year").into::<Year>();
    /// ```
    pub fn into<T: FromRow<Row: TextRow> + 'static>(self) -> TextQuery<T> {
        let layout = Layout::Names(T::FIELDS, types::<T::Row>());
        self.read(layout, |fields| T::Row::read(fields).map(T::from_row))
    }

    /// Reads each row as an entity of the session, by the names of the model's columns, all of which
    /// the result must have. Other columns are left out.
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
    /// # let mut session = Session::new(&engine);
    /// let zx81 = session.add(new!(Product { name: "ZX81", year: 1981 }));
    /// let found = session.all(text("SELECT * FROM products").entities::<Product>()).await?;
    /// assert_eq!(found, [zx81]);
    /// # Ok(()) }
    /// ```
    pub fn entities<M: Model>(self) -> TextQuery<Entity<M>> {
        self.read(Layout::Entity(M::mapper()), <Root<M> as Selection>::read)
    }

    /// Reads each row as a plain struct of a model, which no session tracks, by the names of its
    /// columns.
    pub fn owned<M: Model>(self) -> TextQuery<M> {
        self.read(Layout::Owned(M::mapper()), <super::Owned<M> as Selection>::read)
    }

    /// The text as it would be sent, with the database's placeholders.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) if names and values do not fit.
    pub fn to_sql(&self, dialect: Dialect) -> Result<String> {
        self.raw.render(dialect, &dialect.capabilities()).map(|rendered| rendered.sql)
    }

    /// The text with its values in it, as [`Select::to_sql_with_values`](super::Select::to_sql_with_values)
    /// gives it.
    ///
    /// # Errors
    /// As [`to_sql`](TextStatement::to_sql), and [`Conversion`](crate::ErrorKind::Conversion) if the database
    /// has no form for a value.
    pub fn to_sql_with_values(&self, dialect: Dialect) -> Result<String> {
        with_values(&self.raw.render(dialect, &dialect.capabilities())?, dialect)
    }

    /// The statement as an engine takes it, and what it does.
    pub(crate) fn prepare(&self, engine: &Engine) -> Result<(Statement<'static>, Access)> {
        let rendered = self.raw.render(engine.dialect(), &engine.capabilities())?;
        Ok((rendered.into_statement(), self.raw.access(engine.dialect())?))
    }

    fn read<R>(self, layout: Layout, read: fn(&mut Fields<'_>) -> Result<R>) -> TextQuery<R>
    where
        R: 'static,
    {
        let request = TextRequest { raw: self.raw, layout, loads: Vec::new(), populate_existing: false, limit: None };
        TextQuery { request, read: Arc::new(read) }
    }
}

impl fmt::Debug for TextStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TextStatement").field(&self.raw.text()).finish()
    }
}

/// A [`text`] whose rows are read as `R`.
#[must_use = "a query does nothing until a session or a connection runs it"]
pub struct TextQuery<R> {
    pub(crate) request: TextRequest,
    pub(crate) read: Arc<Read<R>>,
}

/// A query in text without the type of its rows.
#[derive(Debug, Clone)]
pub(crate) struct TextRequest {
    pub(crate) raw: Raw,
    pub(crate) layout: Layout,
    pub(crate) loads: Vec<RequestedLoad>,
    pub(crate) populate_existing: bool,
    /// How many of the rows are wanted.
    pub(crate) limit: Option<u64>,
}

/// What is in the rows of a text, and how it is found there.
#[derive(Debug, Clone)]
pub(crate) enum Layout {
    /// Values, one after the other.
    Positions(Vec<SqlType>),
    /// Values by name.
    Names(&'static [&'static str], Vec<SqlType>),
    /// The columns of a model, by name.
    Entity(&'static Mapper),
    Owned(&'static Mapper),
}

impl Layout {
    pub(crate) fn entity(&self) -> Option<&'static Mapper> {
        match self {
            Layout::Entity(mapper) => Some(mapper),
            _ => None,
        }
    }
}

impl<R> TextQuery<R> {
    /// Says how relationships of the entities are to be loaded, as [`Select::options`] does. What a
    /// query would join is loaded by a statement of its own.
    ///
    /// [`Select::options`]: super::Select::options
    pub fn options<M: Mapped>(mut self, options: impl LoadOptions<M>) -> Self {
        options.nodes(&mut self.request.loads);
        self
    }

    /// Overwrites the values of entities that the session has already, as
    /// [`Select::populate_existing`](super::Select::populate_existing) does.
    pub fn populate_existing(mut self) -> Self {
        self.request.populate_existing = true;
        self
    }

    /// The text as it would be sent, with the database's placeholders.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) if names and values do not fit.
    pub fn to_sql(&self, dialect: Dialect) -> Result<String> {
        self.request.raw.render(dialect, &dialect.capabilities()).map(|rendered| rendered.sql)
    }

    /// The text with its values in it, as [`Select::to_sql_with_values`](super::Select::to_sql_with_values)
    /// gives it.
    ///
    /// # Errors
    /// As [`to_sql`](TextQuery::to_sql), and [`Conversion`](crate::ErrorKind::Conversion) if the database
    /// has no form for a value.
    pub fn to_sql_with_values(&self, dialect: Dialect) -> Result<String> {
        with_values(&self.request.raw.render(dialect, &dialect.capabilities())?, dialect)
    }
}

impl<R> Clone for TextQuery<R> {
    fn clone(&self) -> Self {
        TextQuery { request: self.request.clone(), read: self.read.clone() }
    }
}

impl<R> fmt::Debug for TextQuery<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TextQuery").field(&self.request.raw.text()).finish()
    }
}

/// What the rows of a [`text`] can be read as: a value of a column's type, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "rows of a text cannot be read as `{Self}`",
    label = "expected the type of a column, or a tuple of such types",
    note = "read a struct that derives `FromRow` with `.into::<..>()`, a model with `.entities::<..>()` or `.owned::<..>()`"
)]
pub trait TextRow: Sized + 'static {
    #[doc(hidden)]
    fn types(types: &mut Vec<SqlType>);
    #[doc(hidden)]
    fn read(fields: &mut Fields<'_>) -> Result<Self>;
}

fn types<T: TextRow>() -> Vec<SqlType> {
    let mut types = Vec::new();
    T::types(&mut types);
    types
}

impl<T: ColumnType> TextRow for T {
    fn types(types: &mut Vec<SqlType>) {
        types.push(T::SQL_TYPE);
    }

    fn read(fields: &mut Fields<'_>) -> Result<T> {
        fields.value()
    }
}

macro_rules! tuples {
    ($($t:ident),*) => {
        impl<$($t: ColumnType),*> TextRow for ($($t,)*) {
            fn types(types: &mut Vec<SqlType>) {
                $(types.push($t::SQL_TYPE);)*
            }

            fn read(fields: &mut Fields<'_>) -> Result<Self> {
                Ok(($(fields.value::<$t>()?,)*))
            }
        }
    };
}
tuples!(A);
tuples!(A, B);
tuples!(A, B, C);
tuples!(A, B, C, D);
tuples!(A, B, C, D, E);
tuples!(A, B, C, D, E, F);
tuples!(A, B, C, D, E, F, G);
tuples!(A, B, C, D, E, F, G, H);
tuples!(A, B, C, D, E, F, G, H, I);
tuples!(A, B, C, D, E, F, G, H, I, J);
tuples!(A, B, C, D, E, F, G, H, I, J, K);
tuples!(A, B, C, D, E, F, G, H, I, J, K, L);

/// What can be bound to a name of a [`text`]: a value of a column's type, or a list of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be bound",
    label = "expected a value of a column's type, or a list of such values"
)]
pub trait IntoBind {
    #[doc(hidden)]
    fn into_bind(self) -> BoundValue;
}

/// A bound value as the crate knows it.
#[doc(hidden)]
pub struct BoundValue(Bind<'static>);

impl<T: ColumnType> IntoBind for T {
    fn into_bind(self) -> BoundValue {
        BoundValue(Bind::new(T::SQL_TYPE, self.to_value().into_owned()))
    }
}

impl IntoBind for &str {
    fn into_bind(self) -> BoundValue {
        self.to_owned().into_bind()
    }
}

impl IntoBind for &[u8] {
    fn into_bind(self) -> BoundValue {
        self.to_owned().into_bind()
    }
}

fn list<'v>(sql_type: SqlType, values: impl Iterator<Item = Value<'v>>) -> BoundValue {
    BoundValue(Bind::array(sql_type, values.map(Value::into_owned).collect()))
}

impl<T: ColumnType> IntoBind for Vec<T> {
    fn into_bind(self) -> BoundValue {
        list(T::SQL_TYPE, self.iter().map(T::to_value))
    }
}

impl<T: ColumnType, const N: usize> IntoBind for [T; N] {
    fn into_bind(self) -> BoundValue {
        list(T::SQL_TYPE, self.iter().map(T::to_value))
    }
}

impl IntoBind for Vec<&str> {
    fn into_bind(self) -> BoundValue {
        list(SqlType::Text, self.into_iter().map(|text| Value::Text(text.into())))
    }
}

impl<const N: usize> IntoBind for [&str; N] {
    fn into_bind(self) -> BoundValue {
        list(SqlType::Text, self.into_iter().map(|text| Value::Text(text.into())))
    }
}
