//! Statements with their values in the text, to be shown.

use super::scan::{Part, scan};
use super::{Bind, BindData, Rendered};
use crate::dialect::{Dialect, Placeholder};
use crate::error::{Error, ErrorKind, Result};
use crate::value::ValueError;

/// The text with each placeholder replaced by what is bound to it. Sensitive values are masked.
///
/// # Errors
/// If a value has no form in the database.
pub(crate) fn with_values(rendered: &Rendered, dialect: Dialect) -> Result<String> {
    let numbered = dialect.capabilities().placeholder == Placeholder::Numbered;
    let mut shown = String::with_capacity(rendered.sql.len());
    let mut next = 0;
    for part in scan(&rendered.sql, dialect.lexis()) {
        let place = match part {
            Part::Mark if !numbered => {
                next += 1;
                Some(next - 1)
            }
            Part::Number(number) if numbered => number.parse().ok().and_then(|number: usize| number.checked_sub(1)),
            _ => None,
        };
        let Some(bind) = place.and_then(|place| rendered.binds.get(place)) else {
            part.write(&mut shown);
            continue;
        };
        let literal = literal(bind, dialect).map_err(unshowable)?;
        if shown.ends_with('-') && literal.starts_with('-') {
            // Two would begin a comment.
            shown.push(' ');
        }
        shown.push_str(&literal);
    }
    Ok(shown)
}

fn literal(bind: &Bind<'_>, dialect: Dialect) -> Result<String, ValueError> {
    match &bind.data {
        _ if bind.sensitive => Ok("'***'".into()),
        BindData::One(value) => dialect.literal(value),
        BindData::Array(values) => {
            let values: Result<Vec<String>, ValueError> = values.iter().map(|value| dialect.literal(value)).collect();
            Ok(format!("ARRAY[{}]::{}", values?.join(", "), dialect.array_type(bind.sql_type)))
        }
    }
}

#[cold]
fn unshowable(cause: ValueError) -> Error {
    Error::new(ErrorKind::Conversion, format!("a value of the query cannot be shown: {cause}")).with_source(cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{SqlType, Value};

    #[track_caller]
    fn check(value: Value<'static>, sqlite: &str, postgres: &str, mysql: &str) {
        let expected = [(Dialect::Sqlite, sqlite), (Dialect::Postgres, postgres), (Dialect::MySql, mysql)];
        for (dialect, expected) in expected {
            let found = dialect.literal(&value).unwrap_or_else(|error| error.to_string());
            assert_eq!(found, expected, "{value} on {dialect}");
        }
    }

    fn alike(value: Value<'static>, expected: &str) {
        check(value, expected, expected, expected);
    }

    #[test]
    fn values_as_literals() {
        alike(Value::Null, "NULL");
        alike(Value::Bool(true), "TRUE");
        alike(Value::Int(-5), "-5");
        alike(Value::Float(1.0), "1.0");
        alike(Value::Text("it's".into()), "'it''s'");
        check(Value::Text(r"a\".into()), r"'a\'", r"'a\'", r"'a\\'");
        check(Value::Bytes(vec![1, 255].into()), "X'01ff'", r"'\x01ff'::bytea", "X'01ff'");
        let no = "MySQL can store neither NaN nor infinity";
        check(Value::Float(f64::NEG_INFINITY), "-9e999", "'-inf'::float8", no);
        let json = serde_json::json!({"a": "it's"});
        let text = r#"'{"a":"it''s"}'"#;
        check(Value::Json(std::borrow::Cow::Owned(json)), text, &format!("{text}::jsonb"), text);
        check(
            Value::Text("a\0".into()),
            "CAST(X'6100' AS TEXT)",
            "PostgreSQL cannot store the character NUL in text",
            "'a\0'",
        );
    }

    #[cfg(all(feature = "chrono", feature = "uuid", feature = "decimal"))]
    #[test]
    fn values_of_optional_types() {
        let at = chrono::NaiveDate::from_ymd_opt(1982, 8, 1).unwrap().and_hms_opt(12, 0, 0).unwrap();
        check(Value::Date(at.date()), "'1982-08-01'", "DATE '1982-08-01'", "DATE '1982-08-01'");
        check(Value::Time(at.time()), "'12:00:00.000000'", "TIME '12:00:00.000000'", "TIME '12:00:00.000000'");
        let text = "'1982-08-01 12:00:00.000000'";
        check(Value::DateTime(at), text, &format!("TIMESTAMP {text}"), &format!("TIMESTAMP {text}"));
        let zoned = "TIMESTAMPTZ '1982-08-01 12:00:00.000000+00'";
        check(Value::Timestamp(at.and_utc()), text, zoned, &format!("TIMESTAMP {text}"));
        let simple = "'00000000000000000000000000000007'";
        let hyphens = "'00000000-0000-0000-0000-000000000007'::uuid";
        check(Value::Uuid(uuid::Uuid::from_u128(7)), simple, hyphens, simple);
        check(Value::Decimal(rust_decimal::Decimal::new(150, 2)), "'1.50'", "1.50", "1.50");
    }

    #[test]
    fn placeholders_are_replaced_and_nothing_else_is() {
        let binds = vec![
            Bind::new(SqlType::I32, Value::Int(7)),
            Bind::new(SqlType::Text, Value::Text("secret".into())).sensitive(true),
            Bind::array(SqlType::I64, vec![Value::Int(1), Value::Null]),
        ];
        let rendered = |sql: &str| Rendered { sql: sql.into(), binds: binds.clone(), varies: false };
        let sql = "$1 = ANY($3) AND '$1' <> $2 AND a ? 'b' -- $1 :x";
        let shown = with_values(&rendered(sql), Dialect::Postgres).unwrap();
        assert_eq!(shown, "7 = ANY(ARRAY[1, NULL]::int8[]) AND '$1' <> '***' AND a ? 'b' -- $1 :x");
        let shown = with_values(&rendered("? '?' `?` ?"), Dialect::MySql).unwrap();
        assert_eq!(shown, "7 '?' `?` '***'");
        let negative = vec![Bind::new(SqlType::I32, Value::Int(-1))];
        let rendered = Rendered { sql: "-? x".into(), binds: negative, varies: false };
        assert_eq!(with_values(&rendered, Dialect::Sqlite).unwrap(), "- -1 x");
    }
}
