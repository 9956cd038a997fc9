//! Expressions that every dialect has and writes in its own way.

use sea_query::{self as sq, BinOper, Func};

use super::{Dialect, mysql, postgres, sqlite};
use crate::sql::Template;
use crate::sql::node::{DatePart, DateUnit, Place};
use crate::value::SqlType;

/// A conversion that is to be written.
pub(super) struct Cast {
    pub(super) from: SqlType,
    pub(super) to: SqlType,
}

/// The way to a place in a JSON document, as parameters.
pub(crate) enum JsonPath {
    /// A key or an index for each step.
    Steps(Vec<JsonArrow>),
    /// `$."key"[0]`
    Text {
        path: sq::Expr,
        /// The paths that the first elements of arrays are taken of.
        arrays: Vec<sq::Expr>,
    },
}

/// A step into a JSON document.
pub(crate) struct JsonArrow {
    pub(crate) step: sq::Expr,
    /// Whether it is to the first element of an array. Some databases take anything else for an array
    /// of itself, so they must be asked whether an array is there.
    pub(crate) is_first: bool,
}

/// How a fraction is made whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// To so many digits after the point; halves go away from zero.
    Digits(u8),
    Down,
    Up,
}

impl Dialect {
    pub(crate) fn template(self) -> Template {
        Template::new(self.capabilities().placeholder)
    }

    /// The value as another type. A float becomes a whole number by cutting off its fraction, as in
    /// Rust; a number is true if it is not 0; `true` as text is `true`; an identifier as text has
    /// hyphens; bytes and text are UTF-8.
    pub(crate) fn cast(self, expr: sq::Expr, from: SqlType, to: SqlType) -> sq::Expr {
        match (from, to) {
            _ if from == to || (is_text(from) && is_text(to)) => expr,
            (_, SqlType::Bool) if is_number(from) => {
                binary(self.by_value(expr, from), BinOper::NotEqual, sq::Expr::Constant(0i32.into()))
            }
            (_, SqlType::Bool) if is_text(from) => self.boolean_of_text(expr),
            (SqlType::Bool, _) if is_text(to) => self.text_of_boolean(expr),
            _ => {
                let cast = Cast { from, to };
                match self {
                    Dialect::Sqlite => sqlite::cast(self.template(), expr, &cast),
                    Dialect::Postgres => postgres::cast(self.template(), expr, &cast),
                    Dialect::MySql => mysql::cast(self.template(), expr, &cast),
                }
            }
        }
    }

    fn text_of_boolean(self, expr: sq::Expr) -> sq::Expr {
        let template = self.template().sql("CASE (").expr(expr);
        template.sql(") WHEN TRUE THEN 'true' WHEN FALSE THEN 'false' END").build()
    }

    fn boolean_of_text(self, expr: sq::Expr) -> sq::Expr {
        let text = call("LOWER", [expr]);
        let template =
            self.template().sql("CASE WHEN ").expr(text.clone()).sql(" IN ('true', 't', '1') THEN TRUE WHEN ");
        template.expr(text).sql(" IN ('false', 'f', '0') THEN FALSE END").build()
    }

    /// A value where it is compared or ordered. Where decimals are kept as text that must not be
    /// compared as text.
    pub(crate) fn by_value(self, expr: sq::Expr, of: SqlType) -> sq::Expr {
        if self.compares_otherwise(of) { cast_as(expr, "REAL") } else { expr }
    }

    /// Whether [`by_value`](Dialect::by_value) makes something else of values of a type.
    pub(crate) fn compares_otherwise(self, of: SqlType) -> bool {
        self == Dialect::Sqlite && of == SqlType::Decimal
    }

    /// A value of a type without a limit to its length or digits.
    pub(crate) fn widened(self, expr: sq::Expr, of: SqlType) -> sq::Expr {
        match self {
            Dialect::Sqlite => expr,
            Dialect::Postgres => postgres::widened(expr, of),
            Dialect::MySql => mysql::widened(expr, of),
        }
    }

    /// A parameter that is not taken for the place of a column, as MySQL does in an order.
    pub(crate) fn not_a_place(self, expr: sq::Expr) -> sq::Expr {
        match self {
            Dialect::Sqlite | Dialect::Postgres => expr,
            Dialect::MySql => call("COALESCE", [expr, sq::Expr::Keyword(sq::Keyword::Null)]),
        }
    }

    /// A value in a form in which the database finds the smallest and the largest.
    pub(crate) fn comparable(self, expr: sq::Expr, of: SqlType) -> sq::Expr {
        match self {
            Dialect::Postgres => postgres::comparable(expr, of),
            Dialect::Sqlite | Dialect::MySql => self.by_value(expr, of),
        }
    }

    /// The value of what [`comparable`](Dialect::comparable) gave.
    pub(crate) fn of_comparable(self, expr: sq::Expr, of: SqlType) -> sq::Expr {
        match self {
            Dialect::Postgres => postgres::of_comparable(expr, of),
            Dialect::Sqlite | Dialect::MySql => expr,
        }
    }

    /// A division whose result has a type: of whole numbers it truncates.
    pub(crate) fn divide(self, left: sq::Expr, right: sq::Expr, of: SqlType) -> sq::Expr {
        match self {
            Dialect::MySql if is_whole(of) => binary(left, BinOper::Custom("DIV"), right),
            _ => binary(self.by_value(left, of), BinOper::Custom("/"), right),
        }
    }

    /// What a division leaves, with the sign of what is divided.
    pub(crate) fn remainder(self, left: sq::Expr, right: sq::Expr, of: SqlType) -> sq::Expr {
        match self {
            Dialect::Sqlite if is_fractional(of) => sqlite::remainder(left, right),
            Dialect::Postgres if is_float(of) => postgres::remainder(left, right),
            _ => binary(left, BinOper::Mod, right),
        }
    }

    /// A part of a date or time as a whole number.
    pub(crate) fn date_part(self, part: DatePart, expr: sq::Expr, of: SqlType) -> sq::Expr {
        match self {
            Dialect::Sqlite => sqlite::date_part(self.template(), part, expr, of),
            Dialect::Postgres => postgres::date_part(self.template(), part, expr, of),
            Dialect::MySql => mysql::date_part(self.template(), part, expr),
        }
    }

    /// A date or time with all that is smaller than a unit cut off.
    pub(crate) fn truncate(self, unit: DateUnit, expr: sq::Expr, of: SqlType) -> sq::Expr {
        match self {
            Dialect::Sqlite => sqlite::truncate(self.template(), unit, expr, of),
            Dialect::Postgres => postgres::truncate(self.template(), unit, expr, of),
            Dialect::MySql => mysql::truncate(self.template(), unit, expr, of),
        }
    }

    /// What a path leads to in a JSON document: NULL where that is nothing, a JSON null, or of
    /// another kind than the type.
    pub(crate) fn json(self, document: sq::Expr, path: JsonPath, to: SqlType) -> sq::Expr {
        match (self, path) {
            (Dialect::Sqlite, JsonPath::Text { path, .. }) => sqlite::json(self.template(), document, path, to),
            (_, JsonPath::Text { path, arrays }) => mysql::json(self.template(), document, path, arrays, to),
            (_, JsonPath::Steps(steps)) => postgres::json(self.template(), document, steps, to),
        }
    }

    /// Whether a text has another one of so many bytes at a place, for what LIKE cannot say.
    pub(crate) fn holds(self, expr: sq::Expr, place: Place, text: sq::Expr, bytes: usize) -> sq::Expr {
        let lower = |expr| call("LOWER", [expr]);
        let (expr, text) = (lower(expr), lower(text));
        let number = |n: i64| sq::Expr::Constant(n.into());
        match place {
            Place::Anywhere => binary(call("INSTR", [expr, text]), BinOper::GreaterThan, number(0)),
            Place::Start => binary(call("INSTR", [expr, text]), BinOper::Equal, number(1)),
            Place::End => {
                // As bytes, which a NUL does not end.
                let [expr, text] = [expr, text].map(|text| cast_as(text, "BLOB"));
                binary(call("SUBSTR", [expr, number(-(bytes as i64))]), BinOper::Equal, text)
            }
        }
    }

    /// The texts of a group, one after the other. `order` are terms of an order.
    pub(crate) fn concat_group(self, arg: sq::Expr, separator: &str, order: Vec<sq::Expr>) -> Template {
        match self {
            Dialect::Sqlite => sqlite::concat_group(self.template(), arg, separator, order),
            Dialect::Postgres => postgres::concat_group(self.template(), arg, separator, order),
            Dialect::MySql => mysql::concat_group(self.template(), arg, separator, order),
        }
    }

    /// The rows of a list that travels as one JSON array, if values of these types can: a query of
    /// as many columns. The array has values where there is one column, else an array for each row.
    pub(crate) fn json_rows(self, list: sq::Expr, types: &[SqlType]) -> Option<sq::Expr> {
        match self {
            _ if types.contains(&SqlType::Json) => None,
            Dialect::Sqlite => Some(sqlite::json_rows(self.template(), list, types)),
            Dialect::Postgres => None,
            Dialect::MySql => Some(mysql::json_rows(self.template(), list, types)),
        }
    }

    /// Whether two values are equal, or both NULL; or the opposite.
    pub(crate) fn null_safe(self, left: sq::Expr, right: sq::Expr, equal: bool) -> sq::Expr {
        let (left, right) = (parenthesized(self, left), parenthesized(self, right));
        let template = self.template();
        match (self, equal) {
            (Dialect::Sqlite, true) => template.expr(left).sql(" IS ").expr(right),
            (Dialect::Sqlite, false) => template.expr(left).sql(" IS NOT ").expr(right),
            (Dialect::Postgres, true) => template.expr(left).sql(" IS NOT DISTINCT FROM ").expr(right),
            (Dialect::Postgres, false) => template.expr(left).sql(" IS DISTINCT FROM ").expr(right),
            (Dialect::MySql, true) => template.expr(left).sql(" <=> ").expr(right),
            (Dialect::MySql, false) => template.sql("NOT (").expr(left).sql(" <=> ").expr(right).sql(")"),
        }
        .build()
    }

    /// The function that counts the characters of a text.
    pub(crate) fn length_function(self) -> &'static str {
        match self {
            Dialect::Sqlite => "LENGTH",
            Dialect::Postgres | Dialect::MySql => "CHAR_LENGTH",
        }
    }

    /// A number with its fraction made whole, or shorter.
    pub(crate) fn round(self, expr: sq::Expr, rounding: Rounding, of: SqlType) -> sq::Expr {
        let number = |n: u8| sq::Expr::Constant(i32::from(n).into());
        match (self, rounding) {
            // It has functions only for rounding.
            (Dialect::Sqlite, Rounding::Down) => sqlite::round_beyond(expr, BinOper::Sub, BinOper::GreaterThan),
            (Dialect::Sqlite, Rounding::Up) => sqlite::round_beyond(expr, BinOper::Add, BinOper::SmallerThan),
            (_, Rounding::Down) => call("FLOOR", [expr]),
            (_, Rounding::Up) => call("CEIL", [expr]),
            // PostgreSQL rounds to digits only what is exact, and MySQL rounds halves of floats to the
            // next even number.
            (Dialect::Postgres, Rounding::Digits(digits)) if is_float(of) => {
                let exact = self.cast(expr, of, SqlType::Decimal);
                self.cast(call("ROUND", [exact, number(digits)]), SqlType::Decimal, of)
            }
            (Dialect::MySql, Rounding::Digits(digits)) if is_float(of) => mysql::round(self.template(), expr, digits),
            (_, Rounding::Digits(digits)) => call("ROUND", [expr, number(digits)]),
        }
    }

    /// In an upsert: the value that the row in conflict would have been given.
    pub(crate) fn excluded(self, column: &'static str) -> sq::Expr {
        match self {
            Dialect::Sqlite | Dialect::Postgres => sq::Expr::col(("excluded", column)),
            Dialect::MySql => sq::Expr::FunctionCall(sq::Func::cust("VALUES").arg(sq::Expr::col(column))),
        }
    }
}

pub(super) fn is_text(sql_type: SqlType) -> bool {
    matches!(sql_type, SqlType::Text | SqlType::Enum(_))
}

pub(super) fn is_number(sql_type: SqlType) -> bool {
    is_whole(sql_type) || is_fractional(sql_type)
}

pub(super) fn is_whole(sql_type: SqlType) -> bool {
    matches!(sql_type, SqlType::I16 | SqlType::I32 | SqlType::I64)
}

pub(super) fn is_float(sql_type: SqlType) -> bool {
    matches!(sql_type, SqlType::F32 | SqlType::F64)
}

pub(super) fn is_fractional(sql_type: SqlType) -> bool {
    is_float(sql_type) || sql_type == SqlType::Decimal
}

pub(crate) fn binary(left: sq::Expr, op: BinOper, right: sq::Expr) -> sq::Expr {
    sq::Expr::Binary(Box::new(left), op, Box::new(right))
}

pub(crate) fn call(name: &'static str, args: impl IntoIterator<Item = sq::Expr>) -> sq::Expr {
    sq::Expr::FunctionCall(Func::cust(name).args(args))
}

pub(super) fn cast_as(expr: sq::Expr, name: &'static str) -> sq::Expr {
    sq::Expr::FunctionCall(Func::cast_as(expr, name))
}

/// In parentheses, unless it needs none on either side of any operator.
pub(crate) fn parenthesized(dialect: Dialect, expr: sq::Expr) -> sq::Expr {
    match expr {
        sq::Expr::Column(_) | sq::Expr::Value(_) | sq::Expr::FunctionCall(_) | sq::Expr::Tuple(_) => expr,
        sq::Expr::SubQuery(..) | sq::Expr::Constant(_) => expr,
        other => dialect.template().sql("(").expr(other).sql(")").build(),
    }
}
