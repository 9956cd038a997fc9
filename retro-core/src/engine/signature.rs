//! [`Signatures`]: one text, one list of parameter types.
//!
//! PostgreSQL prepares a statement for certain parameter types, and the driver finds a prepared
//! statement by its text alone. `WHERE a + $1 > 0` bound with an `i32` and later with an `i64` would
//! meet the statement of the first, and the server would misread the second. So a text belongs to
//! the types that it was first sent with; with others it is sent with a comment that names them.

use std::fmt::Write;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::{FxHashMap, FxHasher};

use crate::sql::{Bind, BindData, Statement};

/// Texts that are remembered. Beyond it every text is sent with the comment, which is always right.
const REMEMBERED: usize = 10_000;

/// The types that each text was first sent with, by a hash of them.
#[derive(Default)]
pub(super) struct Signatures(RwLock<FxHashMap<Arc<str>, u64>>);

impl Signatures {
    /// The text to send the statement under.
    pub(super) fn text(&self, statement: &Statement<'_>) -> Arc<str> {
        let signature = signature(&statement.binds);
        // A panic elsewhere leaves the map whole: it only ever grows by one entry at a time.
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&statement.sql).copied();
        let is_same = match known {
            Some(first) => first == signature,
            // Not kept prepared, so it is met by nobody.
            None if !statement.cache => true,
            None => self.remember(statement, signature),
        };
        if is_same { Arc::clone(&statement.sql) } else { annotated(statement) }
    }

    fn remember(&self, statement: &Statement<'_>, signature: u64) -> bool {
        let mut texts = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if texts.len() >= REMEMBERED {
            return texts.get(&statement.sql) == Some(&signature);
        }
        *texts.entry(Arc::clone(&statement.sql)).or_insert(signature) == signature
    }
}

fn signature(binds: &[Bind<'_>]) -> u64 {
    let mut hasher = FxHasher::default();
    for bind in binds {
        (bind.sql_type, matches!(bind.data, BindData::Array(_))).hash(&mut hasher);
    }
    hasher.finish()
}

fn annotated(statement: &Statement<'_>) -> Arc<str> {
    let mut text = String::from(&*statement.sql);
    text.push_str("\n-- ");
    for bind in &statement.binds {
        let array = if matches!(bind.data, BindData::Array(_)) { "[]" } else { "" };
        // Writing to a string does not fail.
        let _ = write!(text, "{}{array}, ", bind.sql_type);
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{SqlType, Value};

    fn text(signatures: &Signatures, sql: &str, types: &[SqlType], cache: bool) -> String {
        let binds = types.iter().map(|sql_type| Bind::new(*sql_type, Value::Null)).collect();
        signatures.text(&Statement { sql: sql.into(), binds, cache, bounded: false }).to_string()
    }

    #[test]
    fn a_text_belongs_to_the_types_that_it_was_first_kept_with() {
        let signatures = Signatures::default();
        let (int, long) = (&[SqlType::I32], &[SqlType::I64]);
        assert_eq!(text(&signatures, "SELECT $1", long, false), "SELECT $1");
        assert_eq!(text(&signatures, "SELECT $1", int, true), "SELECT $1");
        assert_eq!(text(&signatures, "SELECT $1", int, true), "SELECT $1");
        assert_eq!(text(&signatures, "SELECT $1", int, false), "SELECT $1");
        for cache in [true, false] {
            assert_eq!(text(&signatures, "SELECT $1", long, cache), "SELECT $1\n-- 64-bit integer, ");
        }
        assert_eq!(text(&signatures, "SELECT $2", long, true), "SELECT $2");
    }
}
