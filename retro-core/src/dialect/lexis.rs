//! How a text of a dialect falls into code, literals and comments.

use super::{Dialect, mysql, postgres, sqlite};

/// What differs in the form of literals and comments. `'..'`, `".."` and `` `..` `` with the quote
/// doubled inside, `--` and `/* */` are alike everywhere.
#[derive(Debug)]
pub(crate) struct Lexis {
    /// Whether a backslash takes the meaning from the character after it in literals.
    pub(crate) backslash_escapes: bool,
    /// Whether it does so in literals with an E before them.
    pub(crate) escape_literals: bool,
    /// Whether `$$..$$` and `$tag$..$tag$` are literals.
    pub(crate) dollar_quotes: bool,
    /// Whether `[..]` is a name.
    pub(crate) bracket_quotes: bool,
    /// Whether a comment can stand in a comment.
    pub(crate) nested_comments: bool,
    /// Whether `#` begins a comment.
    pub(crate) hash_comments: bool,
    /// Whether `--` begins a comment only if a space follows.
    pub(crate) spaced_comments: bool,
}

impl Dialect {
    pub(crate) fn lexis(self) -> &'static Lexis {
        match self {
            Dialect::Sqlite => &sqlite::LEXIS,
            Dialect::Postgres => &postgres::LEXIS,
            Dialect::MySql => &mysql::LEXIS,
        }
    }
}
