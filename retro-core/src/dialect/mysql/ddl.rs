//! DDL of MySQL and MariaDB.

use crate::dialect::ddl::{Comments, Ddl, IdentifierLimit};

pub(in crate::dialect) const DDL: Ddl = Ddl {
    identifier_limit: IdentifierLimit::Characters(64),
    // Nothing keeps another program from creating the table after we have seen that it is missing.
    create_table: "CREATE TABLE IF NOT EXISTS",
    generated: " AUTO_INCREMENT",
    // Text is compared and sorted by code point, as on the other databases.
    table_options: " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
    comments: Comments::Inline,
    inline_indexes: true,
    partial_indexes: false,
    unbounded_keys: false,
    folds_table_names: false,
    foreign_keys_are_fixed: false,
    // MySQL 8 gives the catalog's names as bytes.
    tables: "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE()",
    foreign_keys: "SELECT CAST(table_name AS CHAR), CAST(constraint_name AS CHAR) \
                   FROM information_schema.table_constraints \
                   WHERE table_schema = DATABASE() AND constraint_type = 'FOREIGN KEY'",
    before_create: None,
    before_drop: None,
};
