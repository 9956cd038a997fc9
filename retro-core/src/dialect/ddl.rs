//! What DDL needs to know about a dialect.

use super::{Dialect, mysql, postgres, sqlite};
use crate::schema::Column;

/// How a database wants its schema described. The differences are data, so that the statements are
/// written in one place.
#[derive(Debug)]
pub(crate) struct Ddl {
    /// How long a name may be.
    pub(crate) identifier_limit: IdentifierLimit,
    /// The words before a table's name and columns.
    pub(crate) create_table: &'static str,
    /// What follows the type of a column whose value the database makes.
    pub(crate) generated: &'static str,
    /// What follows the columns and constraints of every table.
    pub(crate) table_options: &'static str,
    /// How comments are written.
    pub(crate) comments: Comments,
    /// Whether indexes stand inside of the CREATE TABLE. Where DDL is not transactional this keeps
    /// a table from being left half made, and where a foreign key makes an index unless it finds
    /// one, it finds ours.
    pub(crate) inline_indexes: bool,
    /// Whether an index can leave out rows.
    pub(crate) partial_indexes: bool,
    /// Whether text and bytes of any length can be in a key or an index.
    pub(crate) unbounded_keys: bool,
    /// Whether names of tables are the same in upper and lower case.
    pub(crate) folds_table_names: bool,
    /// Whether a foreign key can only be created and dropped with its table. Then it may refer to
    /// a table that does not exist yet.
    pub(crate) foreign_keys_are_fixed: bool,
    /// The query for the names of all tables and views.
    pub(crate) tables: &'static str,
    /// The query for the tables and names of all foreign keys.
    pub(crate) foreign_keys: &'static str,
    /// Sent before the tables are looked at for `create_all`: keeps programs that start at the same
    /// time from creating the same table.
    pub(crate) before_create: Option<&'static str>,
    /// Sent before tables are dropped.
    pub(crate) before_drop: Option<&'static str>,
}

/// How long a name may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdentifierLimit {
    None,
    Bytes(usize),
    Characters(usize),
}

impl IdentifierLimit {
    pub(crate) fn fits(self, name: &str) -> bool {
        match self {
            IdentifierLimit::None => true,
            IdentifierLimit::Bytes(limit) => name.len() <= limit,
            IdentifierLimit::Characters(limit) => name.chars().count() <= limit,
        }
    }
}

/// How comments are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comments {
    /// Not at all.
    None,
    /// With what they are about.
    Inline,
    /// In statements of their own.
    Statements,
}

impl Dialect {
    pub(crate) fn ddl(self) -> &'static Ddl {
        match self {
            Dialect::Sqlite => &sqlite::DDL,
            Dialect::Postgres => &postgres::DDL,
            Dialect::MySql => &mysql::DDL,
        }
    }

    /// The type of a column as the database spells it.
    pub(crate) fn type_name(self, column: &Column) -> String {
        match self {
            Dialect::Sqlite => sqlite::type_name(column),
            Dialect::Postgres => postgres::type_name(column),
            Dialect::MySql => mysql::type_name(column),
        }
    }

    /// The default of a column: as the model says it, verbatim, except that the current time must
    /// have the form that the column has.
    pub(crate) fn server_default(self, column: &Column) -> Option<&str> {
        let default = column.server_default.as_deref()?;
        let now = match self {
            Dialect::Sqlite => sqlite::current_timestamp(column.sql_type),
            Dialect::Postgres => postgres::current_timestamp(column.sql_type),
            Dialect::MySql => mysql::current_timestamp(column.sql_type),
        };
        match now {
            Some(now) if default.eq_ignore_ascii_case("current_timestamp") => Some(now),
            _ => Some(default),
        }
    }

    /// The text as a literal, where there are no parameters: in DDL, and in what is only shown.
    pub(crate) fn text_literal(self, text: &str) -> String {
        let mut literal = text.replace('\'', "''");
        if self.lexis().backslash_escapes {
            literal = literal.replace('\\', "\\\\");
        }
        format!("'{literal}'")
    }
}

/// `VARCHAR(n)`, or the given type where there is no length.
pub(super) fn varchar(length: Option<u32>, otherwise: &str) -> String {
    length.map_or_else(|| otherwise.to_string(), |length| format!("VARCHAR({length})"))
}

/// The length of an enum's column: as it says, else that of its longest variant.
pub(super) fn enum_length(column: &Column, variants: &[&str]) -> u32 {
    let longest = variants.iter().map(|variant| variant.chars().count()).max().unwrap_or(0);
    column.length.unwrap_or_else(|| u32::try_from(longest.max(1)).unwrap_or(u32::MAX))
}

/// The type with precision and scale, or the given type where there is neither.
pub(super) fn decimal(name: &str, precision: Option<(u32, u32)>, otherwise: &str) -> String {
    precision.map_or_else(|| otherwise.to_string(), |(digits, scale)| format!("{name}({digits}, {scale})"))
}
