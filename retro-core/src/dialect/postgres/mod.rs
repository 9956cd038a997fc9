//! PostgreSQL.

mod ddl;
mod errors;
mod expression;
mod lexis;
mod literal;
mod transaction;
mod types;

pub(super) use ddl::DDL;
pub(super) use errors::diagnose;
pub(super) use expression::{
    cast, comparable, concat_group, date_part, json, of_comparable, remainder, truncate, widened,
};
pub(super) use lexis::LEXIS;
pub(super) use literal::literal;
pub(super) use transaction::begin;
pub(super) use types::{current_timestamp, type_name};

use super::{Capabilities, GeneratedKeys, Placeholder, PlanForm, UpdateForm};
use crate::value::SqlType;

pub(super) const CAPABILITIES: Capabilities = Capabilities {
    identifier_quote: '"',
    placeholder: Placeholder::Numbered,
    max_binds: 65_535,
    rows_per_insert: 10_000,
    rows_per_update: 10_000,
    rows_per_delete: 10_000,
    array_binds: true,
    generated_keys: GeneratedKeys::Returning,
    insert_returning: true,
    update_returning: true,
    on_conflict: true,
    with_before_write: true,
    reads_written: true,
    sets_at_once: true,
    joins_row_lists: false,
    update_form: UpdateForm::FromUnnest,
    begins_on_write: false,
    transactional_ddl: true,
    checks_at_statement_end: true,
    delete_returning: true,
    aggregate_filter: true,
    pattern_length: None,
    materialized: true,
    locks_of: true,
    share_lock: "FOR SHARE",
    orders_nulls: true,
    full_join: true,
    lateral: true,
    distinct_on: true,
    limit_in_subquery: true,
    row_locks: true,
    explain: "EXPLAIN ",
    explain_analyze: Some("EXPLAIN ANALYZE "),
    plan_form: PlanForm::Steps,
};

/// The type of an array bind.
pub(super) fn array_type(sql_type: SqlType) -> &'static str {
    match sql_type {
        SqlType::Bool => "bool[]",
        SqlType::I16 => "int2[]",
        SqlType::I32 => "int4[]",
        SqlType::I64 => "int8[]",
        SqlType::F32 => "float4[]",
        SqlType::F64 => "float8[]",
        SqlType::Text | SqlType::Enum(_) => "text[]",
        SqlType::Bytes => "bytea[]",
        SqlType::Date => "date[]",
        SqlType::Time => "time[]",
        SqlType::DateTime => "timestamp[]",
        SqlType::Timestamp => "timestamptz[]",
        SqlType::Uuid => "uuid[]",
        SqlType::Decimal => "numeric[]",
        SqlType::Json => "jsonb[]",
    }
}
