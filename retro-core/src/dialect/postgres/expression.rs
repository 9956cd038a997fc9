//! Expressions of PostgreSQL.

use sea_query::{self as sq};

use crate::dialect::expression::{Cast, is_fractional, is_whole};
use crate::sql::Template;
use crate::sql::node::{DatePart, DateUnit};
use crate::value::SqlType;

pub(in crate::dialect) fn cast(template: Template, expr: sq::Expr, cast: &Cast) -> sq::Expr {
    let name = type_of(cast.to);
    let cut = is_fractional(cast.from) && is_whole(cast.to);
    let (before, after) = match () {
        // A cast alone would round.
        () if cut => ("TRUNC(", ")"),
        // Only 32 bits can be made of a boolean.
        () if cast.from == SqlType::Bool && is_whole(cast.to) => ("CAST(", " AS integer)"),
        () => ("", ""),
    };
    template.sql("CAST(").sql(before).expr(expr).sql(after).sql(" AS ").sql(name).sql(")").build()
}

fn type_of(sql_type: SqlType) -> &'static str {
    match sql_type {
        SqlType::Bool => "boolean",
        SqlType::I16 => "smallint",
        SqlType::I32 => "integer",
        SqlType::I64 => "bigint",
        SqlType::F32 => "real",
        SqlType::F64 => "double precision",
        SqlType::Text | SqlType::Enum(_) => "text",
        SqlType::Bytes => "bytea",
        SqlType::Date => "date",
        SqlType::Time => "time",
        SqlType::DateTime => "timestamp",
        SqlType::Timestamp => "timestamptz",
        SqlType::Uuid => "uuid",
        SqlType::Decimal => "numeric",
        SqlType::Json => "jsonb",
    }
}

pub(in crate::dialect) fn date_part(template: Template, part: DatePart, expr: sq::Expr, of: SqlType) -> sq::Expr {
    let field = match part {
        DatePart::Year => "YEAR",
        DatePart::Quarter => "QUARTER",
        DatePart::Month => "MONTH",
        DatePart::Day => "DAY",
        DatePart::Weekday => "ISODOW",
        DatePart::DayOfYear => "DOY",
        DatePart::Hour => "HOUR",
        DatePart::Minute => "MINUTE",
        DatePart::Second => "SECOND",
    };
    let field = template.sql("CAST(FLOOR(EXTRACT(").sql(field).sql(" FROM ").expr(expr);
    field.sql(if of == SqlType::Timestamp { " AT TIME ZONE 'UTC'" } else { "" }).sql(")) AS integer)").build()
}

pub(in crate::dialect) fn truncate(template: Template, unit: DateUnit, expr: sq::Expr, of: SqlType) -> sq::Expr {
    let unit = match unit {
        DateUnit::Year => "year",
        DateUnit::Quarter => "quarter",
        DateUnit::Month => "month",
        DateUnit::Week => "week",
        DateUnit::Day => "day",
        DateUnit::Hour => "hour",
        DateUnit::Minute => "minute",
        DateUnit::Second => "second",
    };
    match of {
        SqlType::Date => {
            let cut = template.sql("CAST(DATE_TRUNC('").sql(unit).sql("', CAST(").expr(expr);
            cut.sql(" AS timestamp)) AS date)").build()
        }
        SqlType::Time => template.sql("CAST(DATE_TRUNC('").sql(unit).sql("', ").expr(expr).sql(") AS time)").build(),
        SqlType::Timestamp => template.sql("DATE_TRUNC('").sql(unit).sql("', ").expr(expr).sql(", 'UTC')").build(),
        _ => template.sql("DATE_TRUNC('").sql(unit).sql("', ").expr(expr).sql(")").build(),
    }
}

pub(in crate::dialect) fn json(template: Template, document: sq::Expr, path: sq::Expr, to: SqlType) -> sq::Expr {
    match to {
        SqlType::Json => template.expr(document).sql(" #> ").expr(path).build(),
        SqlType::Text => template.expr(document).sql(" #>> ").expr(path).build(),
        _ => {
            let text = template.sql("CAST(").expr(document).sql(" #>> ").expr(path);
            text.sql(" AS ").sql(type_of(to)).sql(")").build()
        }
    }
}

pub(in crate::dialect) fn concat_group(
    template: Template,
    arg: sq::Expr,
    separator: &str,
    order: Vec<sq::Expr>,
) -> Template {
    let call = template.sql("STRING_AGG(").expr(arg).sql(", ").literal(separator);
    let call = if order.is_empty() { call } else { call.sql(" ORDER BY ") };
    call.list(order).sql(")")
}
