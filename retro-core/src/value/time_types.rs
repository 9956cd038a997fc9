//! Columns of the `time` crate's types. They travel as chrono values, which are the currency.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

use super::{ColumnType, SqlType, Value, ValueError};

/// Types that convert to chrono's and back, each with its own range.
macro_rules! time_type {
    ($($t:ty => $variant:ident: $to:path, $from:path;)*) => {$(
        impl ColumnType for $t {
            const SQL_TYPE: SqlType = SqlType::$variant;
            type Base = $t;
            type View<'a> = $t;
            fn to_value(&self) -> Value<'_> {
                $to(*self).map_or_else(out_of_range, Value::$variant)
            }
            fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
                match value {
                    Value::$variant(v) => $from(v).map_err(ValueError::new),
                    other => Err(ValueError::mismatch(&other, Self::SQL_TYPE)),
                }
            }
            fn view(&self) -> $t {
                *self
            }
        }
    )*};
}

time_type! {
    time::Date => Date: date_to, date_from;
    time::Time => Time: time_to, time_from;
    time::PrimitiveDateTime => DateTime: datetime_to, datetime_from;
    time::OffsetDateTime => Timestamp: timestamp_to, timestamp_from;
}

fn out_of_range() -> Value<'static> {
    Value::Invalid("it is outside of what a database column can hold".into())
}

fn date_to(date: time::Date) -> Option<NaiveDate> {
    NaiveDate::from_yo_opt(date.year(), date.ordinal().into())
}

fn date_from(date: NaiveDate) -> Result<time::Date, time::error::ComponentRange> {
    // An ordinal is at most 366.
    time::Date::from_ordinal_date(date.year(), date.ordinal() as u16)
}

fn time_to(time: time::Time) -> Option<NaiveTime> {
    let (hour, minute, second, nano) = time.as_hms_nano();
    NaiveTime::from_hms_nano_opt(hour.into(), minute.into(), second.into(), nano)
}

/// The `time` crate has no leap seconds: one becomes the last instant before it.
fn time_from(time: NaiveTime) -> Result<time::Time, time::error::ComponentRange> {
    let nano = time.nanosecond().min(999_999_999);
    time::Time::from_hms_nano(time.hour() as u8, time.minute() as u8, time.second() as u8, nano)
}

fn datetime_to(datetime: time::PrimitiveDateTime) -> Option<NaiveDateTime> {
    Some(date_to(datetime.date())?.and_time(time_to(datetime.time())?))
}

fn datetime_from(datetime: NaiveDateTime) -> Result<time::PrimitiveDateTime, time::error::ComponentRange> {
    Ok(time::PrimitiveDateTime::new(date_from(datetime.date())?, time_from(datetime.time())?))
}

fn timestamp_to(instant: time::OffsetDateTime) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(instant.unix_timestamp(), instant.nanosecond())
}

fn timestamp_from(instant: DateTime<Utc>) -> Result<time::OffsetDateTime, time::error::ComponentRange> {
    datetime_from(instant.naive_utc()).map(time::PrimitiveDateTime::assume_utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_round_trip<T: ColumnType + PartialEq + std::fmt::Debug>(value: T) {
        assert_eq!(T::from_value(value.to_value()).as_ref(), Ok(&value));
    }

    #[test]
    fn values_come_back_as_they_went() {
        let date = time::Date::from_calendar_date(1982, time::Month::August, 1).unwrap();
        let time = time::Time::from_hms_micro(12, 30, 59, 123_456).unwrap();
        let datetime = time::PrimitiveDateTime::new(date, time);
        assert_round_trip(date);
        assert_round_trip(time::Date::MIN);
        assert_round_trip(time::Date::MAX);
        assert_round_trip(time);
        assert_round_trip(datetime);
        let offset = time::UtcOffset::from_hms(2, 0, 0).unwrap();
        assert_round_trip(datetime.assume_utc().to_offset(offset));
        assert_round_trip(None::<time::OffsetDateTime>);
    }

    #[test]
    fn a_year_beyond_the_crate_is_an_error() {
        let late = NaiveDate::from_ymd_opt(99_999, 1, 1).unwrap();
        assert!(time::Date::from_value(Value::Date(late)).is_err());
    }
}
