//! Expressions of PostgreSQL.

use sea_query::{self as sq};

use crate::dialect::expression::{Cast, JsonArrow, call, cast_as, is_fractional, is_number, is_text, is_whole};
use crate::sql::Template;
use crate::sql::node::{DatePart, DateUnit};
use crate::value::SqlType;

pub(in crate::dialect) fn cast(template: Template, expr: sq::Expr, cast: &Cast) -> sq::Expr {
    let name = type_of(cast.to);
    match (cast.from, cast.to) {
        // A cast alone would round.
        (from, to) if is_fractional(from) && is_whole(to) => cast_as(call("TRUNC", [expr]), name),
        (SqlType::Bool, SqlType::I32) => cast_as(expr, name),
        // Only 32 bits can be made of a boolean.
        (SqlType::Bool, to) if is_number(to) => cast_as(cast_as(expr, "integer"), name),
        // A cast would take backslashes in the text for codes of bytes, and write them in the text.
        (from, SqlType::Bytes) if is_text(from) => template.sql("CONVERT_TO(").expr(expr).sql(", 'UTF8')").build(),
        (SqlType::Bytes, to) if is_text(to) => template.sql("CONVERT_FROM(").expr(expr).sql(", 'UTF8')").build(),
        (SqlType::Timestamp, SqlType::DateTime) => in_utc(template, expr),
        (SqlType::Timestamp, SqlType::Date | SqlType::Time) => cast_as(in_utc(template, expr), name),
        (SqlType::Date, SqlType::Timestamp) => in_utc(template, cast_as(expr, "timestamp")),
        (SqlType::DateTime, SqlType::Timestamp) => in_utc(template, expr),
        _ => cast_as(expr, name),
    }
}

/// An instant as date and time in UTC, and the other way.
fn in_utc(template: Template, expr: sq::Expr) -> sq::Expr {
    template.sql("(").expr(expr).sql(") AT TIME ZONE 'UTC'").build()
}

pub(in crate::dialect) fn widened(expr: sq::Expr, of: SqlType) -> sq::Expr {
    cast_as(expr, type_of(of))
}

/// There is no MIN nor MAX of booleans, identifiers and bytes.
pub(in crate::dialect) fn comparable(expr: sq::Expr, of: SqlType) -> sq::Expr {
    match of {
        SqlType::Bool => cast_as(expr, "integer"),
        SqlType::Uuid => cast_as(expr, "text"),
        SqlType::Bytes => call("ENCODE", [expr, text("hex")]),
        _ => expr,
    }
}

pub(in crate::dialect) fn of_comparable(expr: sq::Expr, of: SqlType) -> sq::Expr {
    match of {
        SqlType::Bool => cast_as(expr, "boolean"),
        SqlType::Uuid => cast_as(expr, "uuid"),
        SqlType::Bytes => call("DECODE", [expr, text("hex")]),
        _ => expr,
    }
}

fn text(text: &str) -> sq::Expr {
    sq::Expr::Constant(sq::Value::String(Some(text.to_owned())))
}

/// Only exact numbers have a remainder.
pub(in crate::dialect) fn remainder(left: sq::Expr, right: sq::Expr) -> sq::Expr {
    let exact = [cast_as(left, "numeric"), cast_as(right, "numeric")];
    cast_as(call("MOD", exact), "double precision")
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
        SqlType::Time => {
            // A time counts as an interval here, which has no weeks.
            let unit = if unit == "week" { "day" } else { unit };
            template.sql("CAST(DATE_TRUNC('").sql(unit).sql("', ").expr(expr).sql(") AS time)").build()
        }
        SqlType::Timestamp => template.sql("DATE_TRUNC('").sql(unit).sql("', ").expr(expr).sql(", 'UTC')").build(),
        _ => template.sql("DATE_TRUNC('").sql(unit).sql("', ").expr(expr).sql(")").build(),
    }
}

pub(in crate::dialect) fn json(template: Template, document: sq::Expr, steps: Vec<JsonArrow>, to: SqlType) -> sq::Expr {
    let arrow = |document, arrow: &str, step| Template::like(&template).expr(document).sql(arrow).expr(step).build();
    let mut arrays = Template::like(&template);
    let mut place = document.clone();
    let mut text = document;
    for JsonArrow { step, is_first } in steps {
        if is_first {
            arrays = arrays.expr(call("JSONB_TYPEOF", [place.clone()])).sql(" = 'array' AND ");
        }
        text = arrow(place.clone(), " ->> ", step.clone());
        place = arrow(place, " -> ", step);
    }
    let kind = call("JSONB_TYPEOF", [place.clone()]);
    let template = template.sql("CASE WHEN ").expr(arrays.expr(kind).build());
    match to {
        // Always true where the place is there.
        SqlType::Json => template.sql(" IS NOT NULL THEN ").expr(place).sql(" END"),
        SqlType::Bool => template.sql(" = 'boolean' THEN CAST(").expr(text).sql(" AS boolean) END"),
        _ if is_number(to) => {
            let number = cast_as(text, "numeric");
            let number = match to {
                SqlType::Decimal => number,
                _ => cast(Template::like(&template), number, &Cast { from: SqlType::Decimal, to }),
            };
            template.sql(" = 'number' THEN ").expr(number).sql(" END")
        }
        _ => {
            let value = match is_text(to) {
                true => text,
                false => cast(Template::like(&template), text, &Cast { from: SqlType::Text, to }),
            };
            template.sql(" NOT IN ('array', 'object') THEN ").expr(value).sql(" END")
        }
    }
    .build()
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
