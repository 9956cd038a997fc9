//! [`Statement`]: a text and its binds, ready for the engine.

use std::sync::Arc;

use crate::model::ColumnDef;
use crate::value::{SqlType, Value};

/// One statement. The text is shared because most texts come from a cache.
#[derive(Debug, Clone)]
pub(crate) struct Statement<'a> {
    pub(crate) sql: Arc<str>,
    pub(crate) binds: Vec<Bind<'a>>,
    /// Whether the driver should keep the prepared statement: true for texts that come again.
    pub(crate) cache: bool,
    /// Whether it takes about as long as it has binds, so that a database within this process may run
    /// it on the thread that asks. Says nothing about one that only reads.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))]
    pub(crate) bounded: bool,
}

/// What a statement does to the rows that it meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    /// Keeps others from changing them until the transaction ends, so there must be one.
    Lock,
    Write,
}

/// One bound parameter.
#[derive(Debug, Clone)]
pub(crate) struct Bind<'a> {
    pub(crate) sql_type: SqlType,
    pub(crate) data: BindData<'a>,
    /// Masked wherever the statement is shown.
    pub(crate) sensitive: bool,
    /// The column that it is written to: what it holds must fit. `None` for what is only compared.
    pub(crate) column: Option<&'static ColumnDef>,
}

/// A parameter is a value, or a whole column of values where the database takes array binds
/// (`UNNEST($1)`, `= ANY($1)`).
#[derive(Debug, Clone)]
pub(crate) enum BindData<'a> {
    One(Value<'a>),
    Array(Vec<Value<'a>>),
}

impl<'a> Statement<'a> {
    /// A statement that is sent once and not kept prepared.
    pub(crate) fn once(sql: impl Into<Arc<str>>, binds: Vec<Bind<'a>>) -> Self {
        Statement { sql: sql.into(), binds, cache: false, bounded: false }
    }

    /// A statement whose text comes again.
    pub(crate) fn cached(sql: Arc<str>, binds: Vec<Bind<'a>>) -> Self {
        Statement { sql, binds, cache: true, bounded: false }
    }
}

impl Statement<'_> {
    /// The same, known to take about as long as it has binds.
    pub(crate) fn bounded(self) -> Self {
        Statement { bounded: true, ..self }
    }
}

impl<'a> Bind<'a> {
    pub(crate) fn new(sql_type: SqlType, value: Value<'a>) -> Self {
        Bind { sql_type, data: BindData::One(value), sensitive: false, column: None }
    }

    pub(crate) fn array(sql_type: SqlType, values: Vec<Value<'a>>) -> Self {
        Bind { sql_type, data: BindData::Array(values), sensitive: false, column: None }
    }

    /// Says which column it is written to.
    pub(crate) fn written_to(mut self, column: Option<&'static ColumnDef>) -> Self {
        self.column = column;
        self
    }

    pub(crate) fn sensitive(mut self, sensitive: bool) -> Self {
        self.sensitive = sensitive;
        self
    }
}
