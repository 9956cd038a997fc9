//! Literals and comments of PostgreSQL.

use crate::dialect::lexis::Lexis;

pub(in crate::dialect) const LEXIS: Lexis = Lexis {
    backslash_escapes: false,
    escape_literals: true,
    dollar_quotes: true,
    bracket_quotes: false,
    nested_comments: true,
    hash_comments: false,
    spaced_comments: false,
};
