//! Expressions of SQLite. Dates and times are texts of fixed form, decimals and JSON are text.

use sea_query::{self as sq, BinOper};

use crate::dialect::expression::{Cast, binary, call, cast_as, is_text, is_whole};
use crate::sql::Template;
use crate::sql::node::{DatePart, DateUnit};
use crate::value::SqlType;

/// The form in which dates and times with a date are stored. Of a date it is as much as the date has,
/// and all that is shorter than it sorts before what it is the beginning of.
const DATETIME: &str = "0000-00-00 00:00:00.000000";
const TIME: &str = "00:00:00.000000";
const MIDNIGHT: &str = " 00:00:00.000000";

pub(in crate::dialect) fn cast(template: Template, expr: sq::Expr, cast: &Cast) -> sq::Expr {
    let is_moment = |sql_type| matches!(sql_type, SqlType::DateTime | SqlType::Timestamp);
    match (cast.from, cast.to) {
        (from, to) if is_moment(from) && is_moment(to) => expr,
        (from, SqlType::Date) if is_moment(from) => part(expr, 1, 10),
        (from, SqlType::Time) if is_moment(from) => part(expr, 12, TIME.len()),
        (SqlType::Date, to) if is_moment(to) => followed(template, expr, MIDNIGHT),
        (from, SqlType::Time) if is_text(from) => completed(template, expr, TIME),
        (from, to) if is_text(from) && is_moment(to) => completed(template, expr, DATETIME),
        (SqlType::Uuid, to) if is_text(to) => hyphenated(template, expr),
        (from, SqlType::Uuid) if is_text(from) => template.sql("LOWER(REPLACE(").expr(expr).sql(", '-', ''))").build(),
        (_, SqlType::Date) => call("date", [expr]),
        (_, SqlType::Time) => format(template, "%H:%M:%f000", expr).build(),
        (_, SqlType::DateTime | SqlType::Timestamp) => format(template, "%Y-%m-%d %H:%M:%f000", expr).build(),
        (_, SqlType::Json) => call("json", [expr]),
        (_, to) => cast_as(expr, storage_class(to)),
    }
}

fn storage_class(sql_type: SqlType) -> &'static str {
    match sql_type {
        SqlType::Bool | SqlType::I16 | SqlType::I32 | SqlType::I64 => "INTEGER",
        SqlType::F32 | SqlType::F64 => "REAL",
        SqlType::Decimal => "NUMERIC",
        SqlType::Bytes => "BLOB",
        _ => "TEXT",
    }
}

fn format(template: Template, format: &str, expr: sq::Expr) -> Template {
    template.sql("strftime('").sql(format).sql("', ").expr(expr).sql(")")
}

/// So many characters from one on, which counts from 1. Not strftime, which knows milliseconds only
/// and may round to the next second, hour or year.
fn part(expr: sq::Expr, start: usize, length: usize) -> sq::Expr {
    let number = |n: usize| sq::Expr::Constant((n as i32).into());
    call("substr", [expr, number(start), number(length)])
}

fn followed(template: Template, expr: sq::Expr, text: &str) -> sq::Expr {
    template.expr(expr).sql(" || '").sql(text).sql("'").build()
}

/// A text that may end earlier than the stored form does, or have a `T` in its middle.
fn completed(template: Template, expr: sq::Expr, form: &str) -> sq::Expr {
    let text = Template::like(&template).sql("rtrim(replace(").expr(expr).sql(", 'T', ' '), 'Z')").build();
    let template =
        template.sql("substr(").expr(text.clone()).sql(" || substr('").sql(form).sql("', length(").expr(text);
    template.sql(&format!(") + 1), 1, {})", form.len())).build()
}

/// Identifiers are stored as 32 digits.
fn hyphenated(template: Template, expr: sq::Expr) -> sq::Expr {
    let parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)];
    let mut template = template;
    for (index, (start, length)) in parts.into_iter().enumerate() {
        let between = if index == 0 { "" } else { " || '-' || " };
        template = template.sql(between).expr(part(expr.clone(), start, length));
    }
    template.build()
}

pub(in crate::dialect) fn remainder(left: sq::Expr, right: sq::Expr) -> sq::Expr {
    let quotient = binary(cast_as(left.clone(), "REAL"), BinOper::Custom("/"), right.clone());
    let whole = cast_as(quotient, "INTEGER");
    binary(left, BinOper::Sub, binary(right, BinOper::Mul, whole))
}

/// The rounded number, and one less or more where that has gone too far.
pub(in crate::dialect) fn round_beyond(expr: sq::Expr, step: BinOper, too_far: BinOper) -> sq::Expr {
    let rounded = call("ROUND", [expr.clone()]);
    let expr = cast_as(expr, "REAL");
    // A comparison is 0 or 1.
    binary(rounded.clone(), step, binary(rounded, too_far, expr))
}

pub(in crate::dialect) fn date_part(template: Template, part: DatePart, expr: sq::Expr, of: SqlType) -> sq::Expr {
    // Where a time begins.
    let time = if of == SqlType::Time { 1 } else { 12 };
    let digits = |expr, start, length| cast_as(self::part(expr, start, length), "INTEGER");
    let number = |template: Template, code, expr| format(template.sql("CAST("), code, expr).sql(" AS INTEGER)");
    match part {
        DatePart::Year => digits(expr, 1, 4),
        DatePart::Month => digits(expr, 6, 2),
        DatePart::Day => digits(expr, 9, 2),
        DatePart::Hour => digits(expr, time, 2),
        DatePart::Minute => digits(expr, time + 3, 2),
        DatePart::Second => digits(expr, time + 6, 2),
        DatePart::Quarter => template.sql("(").expr(digits(expr, 6, 2)).sql(" + 2) / 3").build(),
        DatePart::DayOfYear => number(template, "%j", self::part(expr, 1, 10)).build(),
        // SQLite counts from Sunday, which is 0.
        DatePart::Weekday => number(template.sql("("), "%w", self::part(expr, 1, 10)).sql(" + 6) % 7 + 1").build(),
    }
}

pub(in crate::dialect) fn truncate(template: Template, unit: DateUnit, expr: sq::Expr, of: SqlType) -> sq::Expr {
    if of == SqlType::Time {
        let kept = match unit {
            DateUnit::Second => 8,
            DateUnit::Minute => 5,
            DateUnit::Hour => 2,
            _ => 0,
        };
        return followed(template, part(expr, 1, kept), &TIME[kept..]);
    }
    let midnight = if of == SqlType::Date { "" } else { MIDNIGHT };
    let first = |kept: usize| format!("{}{midnight}", &"0000-01-01"[kept..]);
    match unit {
        DateUnit::Year => followed(template, part(expr, 1, 4), &first(4)),
        DateUnit::Month => followed(template, part(expr, 1, 7), &first(7)),
        DateUnit::Quarter => {
            let year = template.expr(part(expr.clone(), 1, 5));
            let month = year.sql(" || substr('010101040404070707101010', ").expr(cast_as(part(expr, 6, 2), "INTEGER"));
            month.sql(" * 2 - 1, 2) || '-01").sql(midnight).sql("'").build()
        }
        DateUnit::Week => {
            // Back beyond the Monday before, then on to the next one.
            let days = template.sql("strftime('%Y-%m-%d").sql(midnight).sql("', ").expr(part(expr, 1, 10));
            days.sql(", '-6 days', 'weekday 1')").build()
        }
        _ if of == SqlType::Date => expr,
        DateUnit::Day => followed(template, part(expr, 1, 10), midnight),
        DateUnit::Hour => followed(template, part(expr, 1, 13), &DATETIME[13..]),
        DateUnit::Minute => followed(template, part(expr, 1, 16), &DATETIME[16..]),
        DateUnit::Second => followed(template, part(expr, 1, 19), &DATETIME[19..]),
    }
}

pub(in crate::dialect) fn json(template: Template, document: sq::Expr, path: sq::Expr, to: SqlType) -> sq::Expr {
    if to == SqlType::Json {
        return template.expr(document).sql(" -> ").expr(path).build();
    }
    let kind = call("json_type", [document.clone(), path.clone()]);
    let value = call("json_extract", [document, path]);
    let template = template.sql("CASE ").expr(kind);
    match to {
        SqlType::Bool => template.sql(" WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END"),
        _ if is_whole(to) || matches!(to, SqlType::F32 | SqlType::F64 | SqlType::Decimal) => {
            let number = cast_as(value, storage_class(to));
            template
                .sql(" WHEN 'integer' THEN ")
                .expr(number.clone())
                .sql(" WHEN 'real' THEN ")
                .expr(number)
                .sql(" END")
        }
        _ => {
            let text = cast_as(value, "TEXT");
            let text = match is_text(to) {
                true => text,
                false => cast(Template::like(&template), text, &Cast { from: SqlType::Text, to }),
            };
            let scalars = template.sql(" WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'");
            scalars.sql(" WHEN 'array' THEN NULL WHEN 'object' THEN NULL ELSE ").expr(text).sql(" END")
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
    let call = template.sql("group_concat(").expr(arg).sql(", ").literal(separator);
    let call = if order.is_empty() { call } else { call.sql(" ORDER BY ") };
    call.list(order).sql(")")
}

pub(in crate::dialect) fn json_rows(template: Template, list: sq::Expr, types: &[SqlType]) -> sq::Expr {
    let mut template = template.sql("SELECT ");
    for (index, sql_type) in types.iter().enumerate() {
        let value = match types {
            [_] => "value".to_owned(),
            _ => format!("value ->> {index}"),
        };
        let between = if index == 0 { "" } else { ", " };
        template = template.sql(between).sql(&match sql_type {
            SqlType::Bytes => format!("unhex({value})"),
            SqlType::Decimal => format!("CAST({value} AS REAL)"),
            _ => value,
        });
    }
    template.sql(" FROM json_each(").expr(list).sql(")").build()
}
