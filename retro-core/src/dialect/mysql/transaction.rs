//! How a transaction begins on MySQL.

use crate::dialect::TransactionOptions;

/// `START TRANSACTION` takes no isolation level here: it is set just before, for the next
/// transaction only.
pub(in crate::dialect) fn begin(options: &TransactionOptions) -> String {
    let mut sql = String::new();
    if let Some(isolation) = options.isolation {
        sql.push_str("SET TRANSACTION ISOLATION LEVEL ");
        sql.push_str(isolation.sql());
        sql.push_str("; ");
    }
    sql.push_str("START TRANSACTION");
    if options.read_only {
        sql.push_str(" READ ONLY");
    }
    sql
}
