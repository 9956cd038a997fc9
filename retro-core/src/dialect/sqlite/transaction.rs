//! How a transaction begins on SQLite.

use crate::dialect::TransactionOptions;

/// A transaction that will write takes the write lock at once. A deferred one takes it at its first
/// write, and fails there without waiting if another connection has written since it began to read.
pub(in crate::dialect) fn begin(options: &TransactionOptions) -> String {
    if options.read_only { "BEGIN".into() } else { "BEGIN IMMEDIATE".into() }
}
