//! Whether a value fits the column that it is written to, as far as the column's definition tells. What
//! the database itself cannot hold is the drivers' affair.
//!
//! Databases differ in what they do with the others: SQLite stores them, MySQL may round or refuse them,
//! PostgreSQL rounds numbers and refuses text. None of them says which row it was.

use super::{SqlType, Value, ValueError};
use crate::model::ColumnDef;

/// Refuses a value that the column would not give back as it is. Called for every value that is written:
/// it costs next to nothing where the column says nothing about its values.
pub(crate) fn check(column: &ColumnDef, value: &Value<'_>) -> Result<(), ValueError> {
    match (column.sql_type, value) {
        (SqlType::Text | SqlType::Enum(_), Value::Text(text)) => match column.length {
            Some(length) => text_length(text, length),
            None => Ok(()),
        },
        (SqlType::Bytes, Value::Bytes(bytes)) => match column.length {
            Some(length) if bytes.len() > length as usize => {
                Err(ValueError::new(format!("the bytes are more than the {length} that the column holds")))
            }
            _ => Ok(()),
        },
        (SqlType::I16, Value::Int(value)) => integer::<i16>(*value, column),
        (SqlType::I32, Value::Int(value)) => integer::<i32>(*value, column),
        (SqlType::F32, Value::Float(value)) => single(*value).map(drop),
        #[cfg(feature = "decimal")]
        (SqlType::Decimal, Value::Decimal(value)) => match column.precision {
            Some((digits, scale)) => decimal(*value, digits, scale),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// A float with 32 bits, unless that would make it infinite or nothing.
pub(super) fn single(value: f64) -> Result<f32, ValueError> {
    let single = value as f32;
    if single.is_infinite() != value.is_infinite() || (single == 0.0) != (value == 0.0) {
        return Err(ValueError::new(format!("the float does not fit a {}", SqlType::F32)));
    }
    Ok(single)
}

fn text_length(text: &str, length: u32) -> Result<(), ValueError> {
    let length = length as usize;
    // No text has more characters than bytes.
    if text.len() <= length || text.chars().nth(length).is_none() {
        return Ok(());
    }
    Err(ValueError::new(format!("the text is longer than the {length} characters that the column holds")))
}

/// A type of the user's may say that it is narrower than its values are.
fn integer<T: TryFrom<i64>>(value: i64, column: &ColumnDef) -> Result<(), ValueError> {
    match T::try_from(value) {
        Ok(_) => Ok(()),
        Err(_) => Err(ValueError::out_of_range(value, column.sql_type)),
    }
}

/// Digits before and after the point; zeros at the end do not count.
#[cfg(feature = "decimal")]
fn decimal(value: rust_decimal::Decimal, digits: u32, scale: u32) -> Result<(), ValueError> {
    let whole_digits = value.trunc().mantissa().unsigned_abs().checked_ilog10().map_or(0, |log| log + 1);
    if value.scale() > scale && value.normalize().scale() > scale {
        return Err(ValueError::new(format!(
            "the decimal has more digits after the point than the {scale} that the column holds"
        )));
    }
    if whole_digits > digits.saturating_sub(scale) {
        return Err(ValueError::new(format!(
            "the decimal has more digits before the point than the {} that the column holds",
            digits.saturating_sub(scale)
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(sql_type: SqlType) -> ColumnDef {
        ColumnDef { sql_type, ..ColumnDef::new::<bool>("it") }
    }

    #[test]
    fn a_text_is_measured_in_characters() {
        let column = ColumnDef { length: Some(3), ..column(SqlType::Text) };
        for text in ["", "abc", "äöü", "🎉🎉🎉"] {
            assert_eq!(check(&column, &Value::Text(text.into())), Ok(()), "{text}");
        }
        for text in ["abcd", "äöüß", "🎉🎉🎉🎉"] {
            let error = check(&column, &Value::Text(text.into())).unwrap_err().to_string();
            assert!(!error.contains(text), "{error}");
        }
    }

    #[test]
    fn numbers_are_within_their_bounds() {
        let fits = |sql_type, value: i64| check(&column(sql_type), &Value::Int(value)).is_ok();
        assert!(fits(SqlType::I16, -32_768) && !fits(SqlType::I16, 32_768));
        assert!(fits(SqlType::I32, 2_147_483_647) && !fits(SqlType::I32, -2_147_483_649));
        assert!(fits(SqlType::I64, i64::MIN));
        for float in [0.0, -0.0, 0.1, 3.4e38, f64::INFINITY, f64::NAN, 1e-45] {
            assert!(single(float).is_ok(), "{float}");
        }
        for float in [1e39, -1e300, 1e-60] {
            assert!(single(float).is_err(), "{float}");
        }
    }

    #[cfg(feature = "decimal")]
    #[test]
    fn decimals_are_never_rounded() {
        let column = ColumnDef { precision: Some((6, 2)), ..column(SqlType::Decimal) };
        let fits = |text: &str| check(&column, &Value::Decimal(text.parse().unwrap())).is_ok();
        for text in ["0", "-0.01", "9999.99", "-9999.990000", "1.5"] {
            assert!(fits(text), "{text}");
        }
        for text in ["0.001", "10000", "-10000.00", "79228162514264337593543950335"] {
            assert!(!fits(text), "{text}");
        }
        let fraction = ColumnDef { precision: Some((2, 2)), ..column };
        assert!(check(&fraction, &Value::Decimal("0.99".parse().unwrap())).is_ok());
        assert!(check(&fraction, &Value::Decimal("1".parse().unwrap())).is_err());
    }
}
