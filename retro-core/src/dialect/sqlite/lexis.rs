//! Literals and comments of SQLite.

use crate::dialect::lexis::Lexis;

pub(in crate::dialect) const LEXIS: Lexis = Lexis {
    backslash_escapes: false,
    escape_literals: false,
    dollar_quotes: false,
    bracket_quotes: true,
    nested_comments: false,
    hash_comments: false,
    spaced_comments: false,
};
