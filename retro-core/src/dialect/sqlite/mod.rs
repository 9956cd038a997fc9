//! SQLite.

mod ddl;
mod errors;
mod expression;
mod lexis;
mod literal;
mod transaction;
mod types;

pub(super) use ddl::DDL;
pub(super) use errors::diagnose;
pub(super) use expression::{cast, concat_group, date_part, json, json_rows, remainder, round_beyond, truncate};
pub(super) use lexis::LEXIS;
pub(super) use literal::literal;
pub(super) use transaction::begin;
pub(super) use types::{current_timestamp, type_name};

use super::{Capabilities, GeneratedKeys, Placeholder, PlanForm, UpdateForm};

pub(super) const CAPABILITIES: Capabilities = Capabilities {
    identifier_quote: '"',
    placeholder: Placeholder::Question,
    max_binds: 32_766,
    rows_per_insert: 200,
    rows_per_update: 200,
    rows_per_delete: 500,
    array_binds: false,
    // RETURNING costs more than twice the plain INSERT here, and rowids of one statement are
    // consecutive.
    generated_keys: GeneratedKeys::LastRow,
    insert_returning: true,
    update_returning: true,
    on_conflict: true,
    with_before_write: true,
    reads_written: true,
    sets_at_once: true,
    joins_row_lists: false,
    update_form: UpdateForm::FromValues,
    begins_on_write: true,
    transactional_ddl: true,
    checks_at_statement_end: true,
    delete_returning: true,
    aggregate_filter: true,
    pattern_length: Some(50_000),
    materialized: true,
    locks_of: false,
    share_lock: "",
    orders_nulls: true,
    full_join: true,
    lateral: false,
    distinct_on: false,
    limit_in_subquery: true,
    row_locks: false,
    explain: "EXPLAIN QUERY PLAN ",
    explain_analyze: None,
    plan_form: PlanForm::Nodes,
};
