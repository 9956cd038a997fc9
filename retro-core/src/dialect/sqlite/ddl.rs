//! DDL of SQLite.

use crate::dialect::ddl::{Comments, Ddl, IdentifierLimit};

pub(in crate::dialect) const DDL: Ddl = Ddl {
    identifier_limit: IdentifierLimit::None,
    create_table: "CREATE TABLE",
    // An INTEGER primary key is an alias of the row's id, which is made where an INSERT has none.
    generated: "",
    table_options: "",
    comments: Comments::None,
    inline_indexes: false,
    partial_indexes: true,
    unbounded_keys: true,
    folds_table_names: true,
    foreign_keys_are_fixed: true,
    tables: "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')",
    foreign_keys: "",
    // A transaction that writes is the only one.
    before_create: None,
    // Dropping a table deletes its rows, which others may refer to until they are dropped too.
    before_drop: Some("PRAGMA defer_foreign_keys = ON"),
};
