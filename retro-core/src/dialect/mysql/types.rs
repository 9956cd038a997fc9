//! Types of MySQL and MariaDB.

use crate::dialect::ddl::{decimal, enum_length, varchar};
use crate::schema::Column;
use crate::value::SqlType;

pub(in crate::dialect) fn type_name(column: &Column) -> String {
    match column.sql_type {
        SqlType::Bool => "BOOLEAN".into(),
        SqlType::I16 => "SMALLINT".into(),
        SqlType::I32 => "INT".into(),
        SqlType::I64 => "BIGINT".into(),
        SqlType::F32 => "FLOAT".into(),
        SqlType::F64 => "DOUBLE".into(),
        // TEXT and BLOB end at 64 KiB, where the other databases' types have no such end.
        SqlType::Text => varchar(column.length, "LONGTEXT"),
        SqlType::Bytes => column.length.map_or_else(|| "LONGBLOB".into(), |length| format!("VARBINARY({length})")),
        SqlType::Date => "DATE".into(),
        // Without the six digits the fraction of the second would be rounded away.
        SqlType::Time => "TIME(6)".into(),
        // TIMESTAMP ends in 2038; sessions are in UTC.
        SqlType::DateTime | SqlType::Timestamp => "DATETIME(6)".into(),
        SqlType::Uuid => "CHAR(32)".into(),
        // DECIMAL alone has no digits after the point. This holds every `rust_decimal::Decimal`:
        // 29 digits before the point, 28 after it.
        SqlType::Decimal => decimal("DECIMAL", column.precision, "DECIMAL(57, 28)"),
        SqlType::Json => "JSON".into(),
        SqlType::Enum(kind) => format!("VARCHAR({})", enum_length(column, kind.variants)),
    }
}

/// With the column's digits of a fraction, without which MySQL refuses it.
pub(in crate::dialect) fn current_timestamp(sql_type: SqlType) -> Option<&'static str> {
    match sql_type {
        SqlType::DateTime | SqlType::Timestamp => Some("CURRENT_TIMESTAMP(6)"),
        _ => None,
    }
}
