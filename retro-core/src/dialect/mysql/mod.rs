//! MySQL and MariaDB. MariaDB is the richer one; the engine switches off what a MySQL server lacks.

mod ddl;
mod errors;
mod expression;
mod lexis;
mod literal;
mod transaction;
mod types;

pub(super) use ddl::DDL;
pub(super) use errors::diagnose;
pub(super) use expression::{cast, concat_group, date_part, json, json_rows, round, truncate, widened};
pub(super) use lexis::LEXIS;
pub(super) use literal::literal;
pub(super) use transaction::begin;
pub(super) use types::{current_timestamp, type_name};

use super::{Capabilities, GeneratedKeys, Placeholder, PlanForm, UpdateForm};

pub(super) const CAPABILITIES: Capabilities = Capabilities {
    identifier_quote: '`',
    placeholder: Placeholder::Question,
    max_binds: 65_535,
    rows_per_insert: 1_000,
    rows_per_update: 500,
    rows_per_delete: 1_000,
    array_binds: false,
    generated_keys: GeneratedKeys::Returning,
    insert_returning: true,
    update_returning: false,
    on_conflict: false,
    with_before_write: false,
    // MariaDB has learnt to read what it writes, MySQL has not.
    reads_written: false,
    sets_at_once: false,
    joins_row_lists: true,
    update_form: UpdateForm::JoinSelect,
    begins_on_write: false,
    transactional_ddl: false,
    checks_at_statement_end: false,
    delete_returning: true,
    aggregate_filter: false,
    pattern_length: None,
    materialized: false,
    locks_of: false,
    share_lock: "LOCK IN SHARE MODE",
    orders_nulls: false,
    full_join: false,
    lateral: false,
    distinct_on: false,
    limit_in_subquery: false,
    row_locks: true,
    explain: "EXPLAIN ",
    explain_analyze: Some("ANALYZE "),
    plan_form: PlanForm::Steps,
};
