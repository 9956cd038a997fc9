//! What differs between databases, said once.
//!
//! Outside this folder code asks [`Dialect::can`] for a capability and never for a database's name.
//! The three dialects' folders have the same file names: know one, know all.

mod capability;
mod ddl;
mod diagnosis;
mod expression;
mod lexis;
mod literal;
mod mysql;
mod postgres;
mod sqlite;
mod transaction;
mod writer;

pub(crate) use capability::{Capabilities, GeneratedKeys, Placeholder, PlanForm, UpdateForm};
pub(crate) use ddl::{Comments, Ddl, IdentifierLimit};
pub(crate) use diagnosis::{Diagnosis, Refusal};
pub(crate) use expression::{JsonArrow, JsonPath, Rounding, binary, call, parenthesized};
pub(crate) use lexis::Lexis;
pub use transaction::Isolation;
pub(crate) use transaction::TransactionOptions;

use std::fmt;

/// The SQL that a database speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// SQLite 3.35 or later.
    Sqlite,
    /// PostgreSQL 12 or later.
    Postgres,
    /// MySQL 8 and MariaDB 10.5 or later.
    MySql,
}

impl Dialect {
    /// What the database can do, as far as the dialect alone tells. An engine knows better, because
    /// it has asked the server for its version: see `Engine::capabilities`.
    pub(crate) fn capabilities(self) -> Capabilities {
        match self {
            Dialect::Sqlite => sqlite::CAPABILITIES,
            Dialect::Postgres => postgres::CAPABILITIES,
            Dialect::MySql => mysql::CAPABILITIES,
        }
    }

    /// How the type of an array bind is written, where there are array binds.
    pub(crate) fn array_type(self, sql_type: crate::value::SqlType) -> &'static str {
        match self {
            Dialect::Postgres => postgres::array_type(sql_type),
            Dialect::Sqlite | Dialect::MySql => "",
        }
    }

    /// What stands for a generated key in a list of values.
    pub(crate) fn generated_value(self) -> &'static str {
        match self {
            Dialect::Sqlite => "NULL",
            Dialect::Postgres | Dialect::MySql => "DEFAULT",
        }
    }

    /// What stands before the rows in `(a, b) IN (..)`.
    pub(crate) fn row_values(self) -> &'static str {
        match self {
            Dialect::Sqlite => "VALUES ",
            Dialect::Postgres | Dialect::MySql => "",
        }
    }

    /// What a refusal of the database means.
    pub(crate) fn diagnose(self, refusal: &Refusal<'_>) -> Diagnosis {
        match self {
            Dialect::Sqlite => sqlite::diagnose(refusal),
            Dialect::Postgres => postgres::diagnose(refusal),
            Dialect::MySql => mysql::diagnose(refusal),
        }
    }

    /// The statement that begins a transaction.
    pub(crate) fn begin(self, options: &TransactionOptions) -> String {
        match self {
            Dialect::Sqlite => sqlite::begin(options),
            Dialect::Postgres => postgres::begin(options),
            Dialect::MySql => mysql::begin(options),
        }
    }

    /// The identifier in the dialect's quotes, with quotes inside it doubled.
    pub(crate) fn quote(self, identifier: &str) -> String {
        let quote = self.capabilities().identifier_quote;
        let mut quoted = String::with_capacity(identifier.len() + 2);
        quoted.push(quote);
        for c in identifier.chars() {
            if c == quote {
                quoted.push(quote);
            }
            quoted.push(c);
        }
        quoted.push(quote);
        quoted
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Dialect::Sqlite => "SQLite",
            Dialect::Postgres => "PostgreSQL",
            Dialect::MySql => "MySQL",
        })
    }
}
