//! Literals and comments of MySQL and MariaDB.

use crate::dialect::lexis::Lexis;

pub(in crate::dialect) const LEXIS: Lexis = Lexis {
    backslash_escapes: true,
    escape_literals: false,
    dollar_quotes: false,
    bracket_quotes: false,
    nested_comments: false,
    hash_comments: true,
    spaced_comments: true,
};
