//! [`Violation`]: a refused constraint in the database's own names.

/// What the database said about the constraint that refused a statement. Each database says less
/// or more: PostgreSQL names table, constraint and columns, SQLite the table and columns of a
/// unique index, MySQL the key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) table: Option<String>,
    pub(crate) columns: Vec<String>,
    pub(crate) constraint: Option<String>,
}
