//! Expressions of MySQL and MariaDB.

use sea_query::{self as sq};

use crate::dialect::expression::{Cast, is_fractional, is_whole};
use crate::sql::Template;
use crate::sql::node::{DatePart, DateUnit};
use crate::value::SqlType;

pub(in crate::dialect) fn cast(template: Template, expr: sq::Expr, cast: &Cast) -> sq::Expr {
    let name = match cast.to {
        SqlType::Bool | SqlType::I16 | SqlType::I32 | SqlType::I64 => "SIGNED",
        SqlType::F32 | SqlType::F64 => "DOUBLE",
        SqlType::Text | SqlType::Enum(_) | SqlType::Uuid => "CHAR",
        SqlType::Bytes => "BINARY",
        SqlType::Date => "DATE",
        SqlType::Time => "TIME(6)",
        SqlType::DateTime | SqlType::Timestamp => "DATETIME(6)",
        SqlType::Decimal => "DECIMAL(57, 28)",
        // MariaDB has no such type: JSON is text there.
        SqlType::Json => return expr,
    };
    let cut = is_fractional(cast.from) && is_whole(cast.to);
    // A cast alone would round.
    let (before, after) = if cut { ("TRUNCATE(", ", 0)") } else { ("", "") };
    template.sql("CAST(").sql(before).expr(expr).sql(after).sql(" AS ").sql(name).sql(")").build()
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

pub(in crate::dialect) fn json(template: Template, document: sq::Expr, path: sq::Expr, to: SqlType) -> sq::Expr {
    if to == SqlType::Json {
        return template.sql("JSON_EXTRACT(").expr(document).sql(", ").expr(path).sql(")").build();
    }
    let value = template.sql("JSON_VALUE(").expr(document).sql(", ").expr(path).sql(")");
    match to {
        SqlType::Text => value.build(),
        // `true` on MySQL, 1 on MariaDB.
        SqlType::Bool => Template::like(&value)
            .sql("CASE ")
            .expr(value.build())
            .sql(" WHEN 'true' THEN TRUE WHEN '1' THEN TRUE WHEN 'false' THEN FALSE WHEN '0' THEN FALSE END")
            .build(),
        _ => cast(Template::like(&value), value.build(), &Cast { from: SqlType::Text, to }),
    }
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

pub(in crate::dialect) fn json_rows(template: Template, list: sq::Expr, sql_type: SqlType) -> Option<sq::Expr> {
    let (value, column) = match sql_type {
        SqlType::Json => return None,
        SqlType::Bool | SqlType::I16 | SqlType::I32 | SqlType::I64 => ("v", "BIGINT"),
        SqlType::F32 | SqlType::F64 => ("v", "DOUBLE"),
        SqlType::Decimal => ("v", "DECIMAL(57, 28)"),
        SqlType::Date => ("v", "DATE"),
        SqlType::Time => ("v", "TIME(6)"),
        SqlType::DateTime | SqlType::Timestamp => ("v", "DATETIME(6)"),
        SqlType::Bytes => ("UNHEX(v)", "LONGTEXT"),
        // Without a collation of its own the list's might clash with the column's.
        SqlType::Text | SqlType::Enum(_) | SqlType::Uuid => ("v COLLATE utf8mb4_bin", "LONGTEXT CHARACTER SET utf8mb4"),
    };
    let select = template.sql("SELECT ").sql(value).sql(" FROM JSON_TABLE(").expr(list);
    // The path goes as a literal, for it holds a sign that stands for a parameter elsewhere.
    let path = select.sql(", ").literal("$[*]");
    Some(path.sql(" COLUMNS (v ").sql(column).sql(" PATH ").literal("$").sql(")) AS list").build())
}
