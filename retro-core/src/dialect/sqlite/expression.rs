//! Expressions of SQLite. Dates and times are texts of fixed form, JSON is text.

use sea_query::{self as sq, Func};

use crate::dialect::expression::Cast;
use crate::sql::Template;
use crate::sql::node::{DatePart, DateUnit};
use crate::value::SqlType;

pub(in crate::dialect) fn cast(template: Template, expr: sq::Expr, cast: &Cast) -> sq::Expr {
    let name = match cast.to {
        SqlType::Bool | SqlType::I16 | SqlType::I32 | SqlType::I64 => "INTEGER",
        SqlType::F32 | SqlType::F64 => "REAL",
        SqlType::Decimal => "NUMERIC",
        SqlType::Bytes => "BLOB",
        SqlType::Text | SqlType::Enum(_) | SqlType::Uuid => "TEXT",
        SqlType::Json => return call("json", [expr]),
        SqlType::Date => return call("date", [expr]),
        SqlType::Time => return format(template, "%H:%M:%f000", expr).build(),
        SqlType::DateTime | SqlType::Timestamp => return format(template, "%Y-%m-%d %H:%M:%f000", expr).build(),
    };
    template.sql("CAST(").expr(expr).sql(" AS ").sql(name).sql(")").build()
}

fn call(name: &'static str, args: impl IntoIterator<Item = sq::Expr>) -> sq::Expr {
    sq::Expr::FunctionCall(Func::cust(name).args(args))
}

fn format(template: Template, format: &str, expr: sq::Expr) -> Template {
    template.sql("strftime('").sql(format).sql("', ").expr(expr).sql(")")
}

pub(in crate::dialect) fn date_part(template: Template, part: DatePart, expr: sq::Expr) -> sq::Expr {
    let number = |template: Template, code: &str, expr| format(template.sql("CAST("), code, expr).sql(" AS INTEGER)");
    match part {
        DatePart::Year => number(template, "%Y", expr),
        DatePart::Month => number(template, "%m", expr),
        DatePart::Day => number(template, "%d", expr),
        DatePart::DayOfYear => number(template, "%j", expr),
        DatePart::Hour => number(template, "%H", expr),
        DatePart::Minute => number(template, "%M", expr),
        DatePart::Second => number(template, "%S", expr),
        DatePart::Quarter => number(template.sql("("), "%m", expr).sql(" + 2) / 3"),
        // SQLite counts from Sunday, which is 0.
        DatePart::Weekday => number(template.sql("("), "%w", expr).sql(" + 6) % 7 + 1"),
    }
    .build()
}

pub(in crate::dialect) fn truncate(template: Template, unit: DateUnit, expr: sq::Expr, of: SqlType) -> sq::Expr {
    if of == SqlType::Time {
        let pattern = match unit {
            DateUnit::Second => "%H:%M:%S.000000",
            DateUnit::Minute => "%H:%M:00.000000",
            DateUnit::Hour => "%H:00:00.000000",
            _ => "00:00:00.000000",
        };
        return format(template, pattern, expr).build();
    }
    let midnight = if of == SqlType::Date { "" } else { " 00:00:00.000000" };
    match unit {
        DateUnit::Year => format(template, &format!("%Y-01-01{midnight}"), expr),
        DateUnit::Month => format(template, &format!("%Y-%m-01{midnight}"), expr),
        DateUnit::Quarter => {
            let year = format(template, "%Y-", expr.clone());
            let month = format(year.sql(" || substr('010101040404070707101010', CAST("), "%m", expr);
            month.sql(" AS INTEGER) * 2 - 1, 2) || '-01").sql(midnight).sql("'")
        }
        DateUnit::Week => {
            // Back beyond the Monday before, then on to the next one.
            let days = template.sql("strftime('%Y-%m-%d").sql(midnight).sql("', ").expr(expr);
            days.sql(", '-6 days', 'weekday 1')")
        }
        _ if of == SqlType::Date => format(template, "%Y-%m-%d", expr),
        DateUnit::Day => format(template, "%Y-%m-%d 00:00:00.000000", expr),
        DateUnit::Hour => format(template, "%Y-%m-%d %H:00:00.000000", expr),
        DateUnit::Minute => format(template, "%Y-%m-%d %H:%M:00.000000", expr),
        DateUnit::Second => format(template, "%Y-%m-%d %H:%M:%S.000000", expr),
    }
    .build()
}

pub(in crate::dialect) fn json(template: Template, document: sq::Expr, path: sq::Expr, to: SqlType) -> sq::Expr {
    if to == SqlType::Json {
        return template.expr(document).sql(" -> ").expr(path).build();
    }
    let value = call("json_extract", [document, path]);
    match to {
        SqlType::Bool => value,
        _ => cast(template, value, &Cast { from: SqlType::Text, to }),
    }
}

pub(in crate::dialect) fn concat_group(
    template: Template,
    arg: sq::Expr,
    separator: &str,
    order: Vec<sq::Expr>,
) -> Template {
    let call = template.sql("group_concat(").expr(arg).sql(", ").literal(separator);
    let call = if order.is_empty() { call } else { call.sql(" ORDER BY ") };
    call.list(order).sql(")")
}

pub(in crate::dialect) fn json_rows(template: Template, list: sq::Expr, sql_type: SqlType) -> Option<sq::Expr> {
    let value = match sql_type {
        SqlType::Json => return None,
        SqlType::Bytes => "SELECT unhex(value) FROM json_each(",
        _ => "SELECT value FROM json_each(",
    };
    Some(template.sql(value).expr(list).sql(")").build())
}
