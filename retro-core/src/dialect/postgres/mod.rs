//! PostgreSQL.

use super::{Capabilities, GeneratedKeys, Placeholder, RowLists, UpdateForm};

pub(super) const CAPABILITIES: Capabilities = Capabilities {
    identifier_quote: '"',
    placeholder: Placeholder::Numbered,
    max_binds: 65_535,
    rows_per_insert: 10_000,
    array_binds: true,
    generated_keys: GeneratedKeys::Returning,
    insert_returning: true,
    update_returning: true,
    update_form: UpdateForm::FromUnnest,
    begins_on_write: false,
    transactional_ddl: true,
    checks_at_statement_end: true,
    row_locks: true,
    integer_division: "/",
    row_lists: RowLists::Tuples,
};
