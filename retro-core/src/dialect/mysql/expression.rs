//! Expressions of MySQL and MariaDB.

use sea_query::{self as sq};

use crate::dialect::expression::{Cast, call, cast_as, is_fractional, is_number, is_text, is_whole};
use crate::sql::Template;
use crate::sql::node::{DatePart, DateUnit};
use crate::value::SqlType;

pub(in crate::dialect) fn cast(template: Template, expr: sq::Expr, cast: &Cast) -> sq::Expr {
    match (cast.from, cast.to) {
        // A cast alone would round.
        (from, to) if is_fractional(from) && is_whole(to) => {
            cast_as(template.sql("TRUNCATE(").expr(expr).sql(", 0)").build(), "SIGNED")
        }
        (SqlType::Uuid, to) if is_text(to) => hyphenated(template, expr),
        (from, SqlType::Uuid) if is_text(from) => template.sql("LOWER(REPLACE(").expr(expr).sql(", '-', ''))").build(),
        // MariaDB has no such type: JSON is text there.
        (_, SqlType::Json) => expr,
        (_, to) => cast_as(expr, type_of(to)),
    }
}

fn type_of(sql_type: SqlType) -> &'static str {
    match sql_type {
        SqlType::Bool | SqlType::I16 | SqlType::I32 | SqlType::I64 => "SIGNED",
        SqlType::F32 | SqlType::F64 => "DOUBLE",
        SqlType::Bytes => "BINARY",
        SqlType::Date => "DATE",
        SqlType::Time => "TIME(6)",
        SqlType::DateTime | SqlType::Timestamp => "DATETIME(6)",
        SqlType::Decimal => "DECIMAL(57, 28)",
        _ => "CHAR",
    }
}

pub(in crate::dialect) fn widened(expr: sq::Expr, of: SqlType) -> sq::Expr {
    match of {
        // As long as any packet may be.
        SqlType::Text => cast_as(expr, "CHAR(1000000)"),
        _ => cast_as(expr, type_of(of)),
    }
}

/// Identifiers are stored as 32 digits.
fn hyphenated(template: Template, expr: sq::Expr) -> sq::Expr {
    let template = template.sql("INSERT(INSERT(INSERT(INSERT(").expr(expr);
    template.sql(", 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-')").build()
}

/// A float, rounded as an exact number. One so large that it would not fit there has no fraction.
pub(in crate::dialect) fn round(template: Template, expr: sq::Expr, digits: u8) -> sq::Expr {
    let digits = sq::Expr::Constant(i32::from(digits).into());
    let exact = cast_as(expr.clone(), type_of(SqlType::Decimal));
    let rounded = cast_as(call("ROUND", [exact, digits]), type_of(SqlType::F64));
    let template = template.sql("CASE WHEN ABS(").expr(expr.clone()).sql(") < 1e15 THEN ").expr(rounded);
    template.sql(" ELSE ").expr(expr).sql(" END").build()
}

pub(in crate::dialect) fn date_part(template: Template, part: DatePart, expr: sq::Expr) -> sq::Expr {
    let (function, after) = match part {
        DatePart::Year => ("YEAR(", ")"),
        DatePart::Quarter => ("QUARTER(", ")"),
        DatePart::Month => ("MONTH(", ")"),
        DatePart::Day => ("DAYOFMONTH(", ")"),
        // MySQL counts from Monday, which is 0.
        DatePart::Weekday => ("WEEKDAY(", ") + 1"),
        DatePart::DayOfYear => ("DAYOFYEAR(", ")"),
        DatePart::Hour => ("HOUR(", ")"),
        DatePart::Minute => ("MINUTE(", ")"),
        DatePart::Second => ("SECOND(", ")"),
    };
    template.sql(function).expr(expr).sql(after).build()
}

pub(in crate::dialect) fn truncate(template: Template, unit: DateUnit, expr: sq::Expr, of: SqlType) -> sq::Expr {
    let (before, after) = match of {
        SqlType::Date => ("CAST(", " AS DATE)"),
        SqlType::Time => ("CAST(", " AS TIME(6))"),
        _ => ("CAST(", " AS DATETIME(6))"),
    };
    let template = template.sql(before);
    let format = |template: Template, format: &str, expr| {
        let function = if of == SqlType::Time { "TIME_FORMAT(" } else { "DATE_FORMAT(" };
        template.sql(function).expr(expr).sql(", '").sql(format).sql("')")
    };
    let date = if of == SqlType::Time { "" } else { "%Y-%m-%d " };
    match unit {
        DateUnit::Year if of != SqlType::Time => template.sql("MAKEDATE(YEAR(").expr(expr).sql("), 1)"),
        DateUnit::Quarter if of != SqlType::Time => {
            let year = template.sql("MAKEDATE(YEAR(").expr(expr.clone()).sql("), 1) + INTERVAL QUARTER(");
            year.expr(expr).sql(") - 1 QUARTER")
        }
        DateUnit::Month if of != SqlType::Time => format(template, "%Y-%m-01", expr),
        DateUnit::Week if of != SqlType::Time => {
            template.sql("DATE(").expr(expr.clone()).sql(") - INTERVAL WEEKDAY(").expr(expr).sql(") DAY")
        }
        DateUnit::Hour => format(template, &format!("{date}%H:00:00"), expr),
        DateUnit::Minute => format(template, &format!("{date}%H:%i:00"), expr),
        DateUnit::Second => format(template, &format!("{date}%H:%i:%s"), expr),
        _ => format(template, &format!("{date}00:00:00"), expr),
    }
    .sql(after)
    .build()
}

pub(in crate::dialect) fn json(
    template: Template,
    document: sq::Expr,
    path: sq::Expr,
    arrays: Vec<sq::Expr>,
    to: SqlType,
) -> sq::Expr {
    let extract = |path| call("JSON_EXTRACT", [document.clone(), path]);
    let value = extract(path);
    let kind = call("JSON_TYPE", [value.clone()]);
    let text = call("JSON_UNQUOTE", [value.clone()]);
    let mut conditions = Template::like(&template);
    for array in arrays {
        conditions = conditions.expr(call("JSON_TYPE", [extract(array)])).sql(" = 'ARRAY' AND ");
    }
    let (conditions, value) = match to {
        // Always true where the place is there.
        SqlType::Json => (conditions.expr(kind).sql(" IS NOT NULL"), value),
        SqlType::Bool => {
            (conditions.expr(kind).sql(" = 'BOOLEAN'"), Template::like(&template).expr(text).sql(" = 'true'").build())
        }
        _ if is_number(to) => {
            let number = match is_whole(to) {
                true => {
                    let exact = cast_as(text, type_of(SqlType::Decimal));
                    cast(Template::like(&template), exact, &Cast { from: SqlType::Decimal, to })
                }
                false => cast_as(text, type_of(to)),
            };
            (conditions.expr(kind).sql(" IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL')"), number)
        }
        _ => {
            let value = match is_text(to) {
                true => text,
                false => cast(Template::like(&template), text, &Cast { from: SqlType::Text, to }),
            };
            (conditions.expr(kind).sql(" NOT IN ('ARRAY', 'OBJECT', 'NULL')"), value)
        }
    };
    template.sql("CASE WHEN ").expr(conditions.build()).sql(" THEN ").expr(value).sql(" END").build()
}

pub(in crate::dialect) fn concat_group(
    template: Template,
    arg: sq::Expr,
    separator: &str,
    order: Vec<sq::Expr>,
) -> Template {
    let call = template.sql("GROUP_CONCAT(").expr(arg);
    let call = if order.is_empty() { call } else { call.sql(" ORDER BY ") };
    call.list(order).sql(" SEPARATOR ").literal(separator).sql(")")
}

pub(in crate::dialect) fn json_rows(template: Template, list: sq::Expr, types: &[SqlType]) -> sq::Expr {
    let mut select = template.sql("SELECT ");
    for (index, sql_type) in types.iter().enumerate() {
        let between = if index == 0 { "" } else { ", " };
        select = select.sql(between).sql(&match sql_type {
            SqlType::Bytes => format!("UNHEX(v{index})"),
            // Without a collation of its own the list's might clash with the column's.
            SqlType::Text | SqlType::Enum(_) | SqlType::Uuid => format!("v{index} COLLATE utf8mb4_bin"),
            _ => format!("v{index}"),
        });
    }
    // Paths go as literals, for they hold a sign that stands for a parameter elsewhere.
    let mut columns = select.sql(" FROM JSON_TABLE(").expr(list).sql(", ").literal("$[*]").sql(" COLUMNS (");
    for (index, sql_type) in types.iter().enumerate() {
        let path = if types.len() == 1 { "$".to_owned() } else { format!("$[{index}]") };
        let between = if index == 0 { "" } else { ", " };
        let column = match sql_type {
            SqlType::Bool | SqlType::I16 | SqlType::I32 | SqlType::I64 => "BIGINT",
            SqlType::F32 | SqlType::F64 => "DOUBLE",
            SqlType::Decimal => "DECIMAL(57, 28)",
            SqlType::Date => "DATE",
            SqlType::Time => "TIME(6)",
            SqlType::DateTime | SqlType::Timestamp => "DATETIME(6)",
            _ => "LONGTEXT CHARACTER SET utf8mb4",
        };
        columns = columns.sql(&format!("{between}v{index} {column} PATH ")).literal(&path);
    }
    columns.sql(")) AS list").build()
}
