//! Types of PostgreSQL.

use crate::dialect::ddl::{decimal, enum_length, varchar};
use crate::schema::Column;
use crate::value::SqlType;

pub(in crate::dialect) fn type_name(column: &Column) -> String {
    match column.sql_type {
        SqlType::Bool => "BOOLEAN".into(),
        SqlType::I16 => "SMALLINT".into(),
        SqlType::I32 => "INTEGER".into(),
        SqlType::I64 => "BIGINT".into(),
        SqlType::F32 => "REAL".into(),
        SqlType::F64 => "DOUBLE PRECISION".into(),
        SqlType::Text => varchar(column.length, "TEXT"),
        SqlType::Bytes => "BYTEA".into(),
        SqlType::Date => "DATE".into(),
        SqlType::Time => "TIME WITHOUT TIME ZONE".into(),
        SqlType::DateTime => "TIMESTAMP WITHOUT TIME ZONE".into(),
        SqlType::Timestamp => "TIMESTAMP WITH TIME ZONE".into(),
        SqlType::Uuid => "UUID".into(),
        SqlType::Decimal => decimal("NUMERIC", column.precision, "NUMERIC"),
        SqlType::Json => "JSONB".into(),
        // Text with a check and not a native enum: a variant can be taken away again, and a
        // transaction that adds one can use it.
        SqlType::Enum(kind) => format!("VARCHAR({})", enum_length(column, kind.variants)),
    }
}

/// In UTC also where the column has no time zone: the other databases' sessions are in UTC.
pub(in crate::dialect) fn current_timestamp(sql_type: SqlType) -> Option<&'static str> {
    match sql_type {
        SqlType::DateTime => Some("(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')"),
        _ => None,
    }
}
