//! How a transaction begins on PostgreSQL.

use crate::dialect::TransactionOptions;

pub(in crate::dialect) fn begin(options: &TransactionOptions) -> String {
    let mut sql = String::from("BEGIN");
    if let Some(isolation) = options.isolation {
        sql.push_str(" ISOLATION LEVEL ");
        sql.push_str(isolation.sql());
    }
    if options.read_only {
        sql.push_str(" READ ONLY");
    }
    sql
}
