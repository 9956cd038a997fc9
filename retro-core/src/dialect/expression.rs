//! Expressions that every dialect has and writes in its own way.

use sea_query as sq;

use super::{Dialect, mysql, postgres, sqlite};
use crate::sql::Template;
use crate::sql::node::{DatePart, DateUnit};
use crate::value::SqlType;

/// A conversion that is to be written.
pub(super) struct Cast {
    pub(super) from: SqlType,
    pub(super) to: SqlType,
}

impl Dialect {
    pub(crate) fn template(self) -> Template {
        Template::new(self.capabilities().placeholder)
    }

    /// The value as another type. A float becomes a whole number by cutting off its fraction, as in
    /// Rust; a number is true if it is not 0; `true` as text is `true`.
    pub(crate) fn cast(self, expr: sq::Expr, from: SqlType, to: SqlType) -> sq::Expr {
        match to {
            SqlType::Bool if is_number(from) => self.template().expr(parenthesized(self, expr)).sql(" <> 0").build(),
            SqlType::Text if from == SqlType::Bool => self.boolean_text(expr),
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

    fn boolean_text(self, expr: sq::Expr) -> sq::Expr {
        let template = self.template().sql("CASE (").expr(expr);
        template.sql(") WHEN TRUE THEN 'true' WHEN FALSE THEN 'false' END").build()
    }

    /// A part of a date or time as a whole number.
    pub(crate) fn date_part(self, part: DatePart, expr: sq::Expr, of: SqlType) -> sq::Expr {
        match self {
            Dialect::Sqlite => sqlite::date_part(self.template(), part, expr),
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

    /// What a path leads to in a JSON document. The path is a parameter: an array of texts where
    /// the database has arrays, else `$."key"[0]`.
    pub(crate) fn json(self, document: sq::Expr, path: sq::Expr, to: SqlType) -> sq::Expr {
        match self {
            Dialect::Sqlite => sqlite::json(self.template(), document, path, to),
            Dialect::Postgres => postgres::json(self.template(), document, path, to),
            Dialect::MySql => mysql::json(self.template(), document, path, to),
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

    /// The rows of a list that travels as one JSON array, if values of the type can: a query of one
    /// column.
    pub(crate) fn json_rows(self, list: sq::Expr, sql_type: SqlType) -> Option<sq::Expr> {
        match self {
            Dialect::Sqlite => sqlite::json_rows(self.template(), list, sql_type),
            Dialect::Postgres => None,
            Dialect::MySql => mysql::json_rows(self.template(), list, sql_type),
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

    /// A number with so many digits after the point.
    pub(crate) fn round(self, expr: sq::Expr, digits: u8, of: SqlType) -> sq::Expr {
        let digits = format!(", {digits})");
        match self {
            // It rounds to digits only what is exact.
            Dialect::Postgres if matches!(of, SqlType::F32 | SqlType::F64) => {
                let exact = self.cast(expr, of, SqlType::Decimal);
                let rounded = self.template().sql("ROUND(").expr(exact).sql(&digits).build();
                self.cast(rounded, SqlType::Decimal, of)
            }
            _ => self.template().sql("ROUND(").expr(expr).sql(&digits).build(),
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

pub(super) fn is_number(sql_type: SqlType) -> bool {
    is_whole(sql_type) || is_fractional(sql_type)
}

pub(super) fn is_whole(sql_type: SqlType) -> bool {
    matches!(sql_type, SqlType::I16 | SqlType::I32 | SqlType::I64)
}

pub(super) fn is_fractional(sql_type: SqlType) -> bool {
    matches!(sql_type, SqlType::F32 | SqlType::F64 | SqlType::Decimal)
}

/// In parentheses, unless it needs none on either side of any operator.
pub(crate) fn parenthesized(dialect: Dialect, expr: sq::Expr) -> sq::Expr {
    match expr {
        sq::Expr::Column(_) | sq::Expr::Value(_) | sq::Expr::FunctionCall(_) | sq::Expr::Tuple(_) => expr,
        sq::Expr::SubQuery(..) | sq::Expr::Constant(_) => expr,
        other => dialect.template().sql("(").expr(other).sql(")").build(),
    }
}
