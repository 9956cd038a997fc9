//! What a database said when it refused a statement, and what that means.
//!
//! Both sides are plain data, so that the dialects need not know the driver.

use crate::error::{ErrorKind, Violation};

/// A refusal in the database's own words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Refusal<'a> {
    /// The vendor's number: SQLite's extended result code, MySQL's error number; 0 on PostgreSQL.
    pub(crate) number: i32,
    /// The SQLSTATE; empty on SQLite.
    pub(crate) state: &'a str,
    /// Whether the database has hung up, whatever else it says. Not said by all.
    pub(crate) fatal: bool,
    pub(crate) message: &'a str,
    pub(crate) detail: Option<&'a str>,
    pub(crate) table: Option<&'a str>,
    pub(crate) column: Option<&'a str>,
    pub(crate) constraint: Option<&'a str>,
}

/// What a refusal means.
#[derive(Debug, Clone)]
pub(crate) struct Diagnosis {
    pub(crate) kind: ErrorKind,
    pub(crate) violation: Option<Violation>,
    /// What the database said, values included.
    pub(crate) message: String,
    /// The same without the values that the database may have quoted: what is shown when the
    /// statement binds something sensitive.
    pub(crate) discreet: String,
    /// Whether a transaction that was open can only be rolled back now, or is already gone.
    pub(crate) transaction_lost: bool,
    /// Whether the connection will keep refusing and must not be used by anybody else.
    pub(crate) connection_spent: bool,
}

impl Diagnosis {
    /// A diagnosis whose message quotes no values.
    pub(super) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let message = message.into();
        Diagnosis {
            kind,
            violation: None,
            discreet: message.clone(),
            message,
            transaction_lost: false,
            connection_spent: false,
        }
    }
}

/// The text between two markers, where both are there in this order.
pub(super) fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let start = text.find(before)? + before.len();
    let end = start + text[start..].find(after)?;
    Some(&text[start..end])
}

/// What stands for a message that may quote a sensitive value.
pub(super) fn withheld(code: &str) -> String {
    format!(
        "the database refused the statement ({code}); its message is withheld because the statement binds sensitive values"
    )
}
