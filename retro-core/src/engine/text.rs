//! Values as text: how SQLite stores dates, times and identifiers, and how any database may send
//! them when it computes one.
//!
//! Written forms are fixed, so that they sort as what they stand for. Reading is liberal: a `T` in
//! the middle, fewer digits in the fraction or none, hyphens in an identifier.

/// An integer, also in the form of a decimal without a fraction: `12`, `12.000`.
pub(super) fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.bytes().any(|digit| digit != b'0') {
        return None;
    }
    whole.parse().ok()
}

/// A float. What is too large for the type is none, and what it calls by name only what PostgreSQL's
/// numbers can be.
pub(super) fn float(text: &str) -> Option<f64> {
    let text = text.trim();
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return matches!(text, "NaN" | "inf" | "-inf").then(|| text.parse().ok())?;
    }
    let float: f64 = text.parse().ok()?;
    let is_zero =
        !text.bytes().take_while(|byte| !byte.eq_ignore_ascii_case(&b'e')).any(|byte| matches!(byte, b'1'..=b'9'));
    (float.is_finite() && (float == 0.0) == is_zero).then_some(float)
}

/// A float that stands for an integer.
pub(super) fn exact_integer(float: f64) -> Option<i64> {
    // 2^63 is the first that does not fit; -2^63 fits.
    let fits = float.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float);
    fits.then_some(float as i64)
}

/// A decimal that is represented exactly. Trailing zeros beyond the type's 28 places may go.
#[cfg(feature = "decimal")]
pub(super) fn decimal(text: &str) -> Option<rust_decimal::Decimal> {
    use rust_decimal::Decimal;
    let text = text.trim();
    if let Ok(decimal) = Decimal::from_str_exact(text) {
        return Some(decimal);
    }
    if text.contains(['e', 'E']) {
        return Decimal::from_scientific(text).ok();
    }
    text.contains('.').then(|| Decimal::from_str_exact(text.trim_end_matches('0').trim_end_matches('.')).ok())?
}

/// A boolean as some schemas have it in text.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.trim() {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(feature = "uuid")]
pub(super) fn uuid(text: &str) -> Option<uuid::Uuid> {
    uuid::Uuid::try_parse(text.trim()).ok()
}

#[cfg(feature = "chrono")]
pub(super) use temporal::*;

#[cfg(feature = "chrono")]
mod temporal {
    use std::fmt::Write;
    use std::ops::RangeInclusive;

    use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};

    use crate::value::ValueError;

    /// `YYYY-MM-DD`. Other years have more digits or a sign, and would not sort.
    pub(in crate::engine) fn write_date(text: &mut String, date: NaiveDate) -> Result<(), ValueError> {
        require_years(date, &(0..=9999))?;
        let _ = write!(text, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
        Ok(())
    }

    /// `HH:MM:SS.ffffff`
    pub(in crate::engine) fn write_time(text: &mut String, time: NaiveTime) {
        // chrono counts a leap second as further nanoseconds of the one before.
        let leap = time.nanosecond() / 1_000_000_000;
        let micros = time.nanosecond() % 1_000_000_000 / 1_000;
        let _ = write!(text, "{:02}:{:02}:{:02}.{micros:06}", time.hour(), time.minute(), time.second() + leap);
    }

    /// `YYYY-MM-DD HH:MM:SS.ffffff`
    pub(in crate::engine) fn write_datetime(text: &mut String, datetime: NaiveDateTime) -> Result<(), ValueError> {
        write_date(text, datetime.date())?;
        text.push(' ');
        write_time(text, datetime.time());
        Ok(())
    }

    pub(in crate::engine) fn require_years(date: NaiveDate, years: &RangeInclusive<i32>) -> Result<(), ValueError> {
        if years.contains(&date.year()) {
            return Ok(());
        }
        Err(ValueError::new(format!(
            "the year is outside of {} to 9999, which is what the database can hold",
            years.start()
        )))
    }

    /// A time as servers keep it: to the microsecond, which the drivers round to in their own ways, and
    /// without leap seconds, of which they would make some other time.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(in crate::engine) fn server_time(time: NaiveTime) -> Result<NaiveTime, ValueError> {
        let nanos = time.nanosecond();
        if nanos >= 1_000_000_000 {
            return Err(ValueError::new("the database has no leap seconds"));
        }
        Ok(time.with_nanosecond(nanos / 1_000 * 1_000).unwrap_or(time))
    }

    /// A date, also one with midnight after it.
    pub(in crate::engine) fn date(text: &str) -> Option<NaiveDate> {
        let text = text.trim();
        if text.len() == 10 {
            return plain_date(text);
        }
        datetime(text).filter(|datetime| datetime.time() == NaiveTime::MIN).map(|datetime| datetime.date())
    }

    pub(in crate::engine) fn time(text: &str) -> Option<NaiveTime> {
        plain_time(text.trim())
    }

    /// A date and time, also a date alone, which stands for its midnight. A `Z` at the end is left
    /// out of account.
    pub(in crate::engine) fn datetime(text: &str) -> Option<NaiveDateTime> {
        let text = text.trim();
        let text = text.strip_suffix(['Z', 'z']).unwrap_or(text);
        let date = plain_date(text.get(..10)?)?;
        let Some(rest) = text.get(10..).filter(|rest| !rest.is_empty()) else {
            return Some(date.and_time(NaiveTime::MIN));
        };
        let time = rest.strip_prefix([' ', 'T', 't'])?;
        Some(date.and_time(plain_time(time)?))
    }

    /// An instant; without an offset it is in UTC.
    pub(in crate::engine) fn timestamp(text: &str) -> Option<DateTime<Utc>> {
        let text = text.trim();
        // The hyphens of the date are before this.
        let sign = text.get(10..).and_then(|rest| rest.find(['+', '-'])).map(|at| at + 10);
        let Some(sign) = sign else { return datetime(text).map(|datetime| datetime.and_utc()) };
        let offset = offset(&text[sign..])?;
        let local = datetime(&text[..sign])?;
        Some(offset.from_local_datetime(&local).single()?.to_utc())
    }

    /// `+HH`, `+HHMM`, `+HH:MM`
    fn offset(text: &str) -> Option<FixedOffset> {
        let (sign, digits) = text.split_at_checked(1)?;
        let digits = digits.replace(':', "");
        let (hours, minutes) = match digits.len() {
            2 => (number(&digits)?, 0),
            4 => (number(digits.get(..2)?)?, number(digits.get(2..)?)?),
            _ => return None,
        };
        let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
        FixedOffset::east_opt(if sign == "-" { -seconds } else { seconds })
    }

    fn plain_date(text: &str) -> Option<NaiveDate> {
        let mut parts = text.splitn(3, '-');
        let year = i32::try_from(number(parts.next()?)?).ok()?;
        NaiveDate::from_ymd_opt(year, number(parts.next()?)?, number(parts.next()?)?)
    }

    /// `HH:MM`, `HH:MM:SS`, `HH:MM:SS.f` with any number of digits; beyond nanoseconds they are cut.
    fn plain_time(text: &str) -> Option<NaiveTime> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let mut parts = whole.splitn(3, ':');
        let (hour, minute) = (number(parts.next()?)?, number(parts.next()?)?);
        let second = parts.next().map_or(Some(0), number)?;
        let mut nanos = 0;
        if !fraction.is_empty() {
            let digits = fraction.get(..fraction.len().min(9))?;
            nanos = number(digits)? * 10u32.pow(9 - digits.len() as u32);
        }
        match second {
            60 => NaiveTime::from_hms_nano_opt(hour, minute, 59, 1_000_000_000 + nanos),
            _ => NaiveTime::from_hms_nano_opt(hour, minute, second, nanos),
        }
    }

    /// Digits only: `parse` would take a sign.
    fn number(text: &str) -> Option<u32> {
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_may_have_a_fraction_of_zeros_only() {
        assert_eq!(integer("-12.000"), Some(-12));
        assert_eq!(integer("9223372036854775807"), Some(i64::MAX));
        assert_eq!(integer("1.5"), None);
        assert_eq!(integer("abc"), None);
        assert_eq!(exact_integer(9.3e18), None);
        assert_eq!(exact_integer(f64::NAN), None);
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn dates_and_times_are_read_in_many_forms() {
        let noon = chrono::NaiveDate::from_ymd_opt(1982, 8, 1).unwrap().and_hms_opt(12, 0, 0).unwrap();
        for text in ["1982-08-01 12:00:00.000000", "1982-08-01T12:00:00", "1982-08-01 12:00", "1982-08-01T12:00:00Z"] {
            assert_eq!(datetime(text), Some(noon), "{text}");
        }
        assert_eq!(timestamp("1982-08-01 14:00:00+02:00"), Some(noon.and_utc()));
        assert_eq!(timestamp("1982-08-01 12:00:00"), Some(noon.and_utc()));
        assert_eq!(date("1982-08-01 00:00:00"), Some(noon.date()));
        assert_eq!(date("1982-08-01 12:00:00"), None);
        for text in ["", "soon", "1982-13-01", "1982-08-01 25:00", "1982-08-01 12:00:00.x", "1982-08-ä1"] {
            assert_eq!(datetime(text), None, "{text}");
        }
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn what_is_written_is_read_back() {
        let date = chrono::NaiveDate::from_ymd_opt(33, 4, 3).unwrap();
        for nanos in [0, 1_000, 999_999_000, 1_500_000_000] {
            let datetime_ = date.and_time(chrono::NaiveTime::from_hms_nano_opt(23, 59, 59, nanos).unwrap());
            let mut text = String::new();
            write_datetime(&mut text, datetime_).unwrap();
            assert_eq!(text.len(), 26);
            assert_eq!(datetime(&text), Some(datetime_), "{text}");
        }
        let late = chrono::NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
        assert!(write_date(&mut String::new(), late).is_err());
    }

    #[cfg(feature = "decimal")]
    #[test]
    fn decimals_are_exact_or_not_at_all() {
        assert_eq!(decimal("1.50").unwrap().to_string(), "1.50");
        assert!(decimal("1.0000000000000000000000000000000000000").is_some());
        assert_eq!(decimal("0.1234567890123456789012345678901234567"), None);
    }
}
