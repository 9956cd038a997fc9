//! Dates and times in expressions: their parts, and what they are cut down to.

use super::{Expr, Expression, Lift};
use crate::sql::node::{DatePart, DateUnit, Node};
use crate::value::ColumnType;

/// Dates, with or without a time. An instant counts in UTC.
#[diagnostic::on_unimplemented(message = "`{Self}` has no date", label = "expected a date, with or without a time")]
pub trait Dated: ColumnType {}

/// Times, with or without a date. An instant counts in UTC.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no time of day",
    label = "expected a time, with or without a date"
)]
pub trait Timed: ColumnType {}

/// Dates and times that can be cut down.
#[diagnostic::on_unimplemented(message = "`{Self}` is neither a date nor a time", label = "expected a date or a time")]
pub trait Temporal: ColumnType {}

#[cfg(feature = "chrono")] // `time` brings it along
macro_rules! temporal {
    ($($trait:ident: $($t:ty),*;)*) => {$($(impl $trait for $t {})*)*};
}
#[cfg(feature = "chrono")]
temporal! {
    Dated: chrono::NaiveDate, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>;
    Timed: chrono::NaiveTime, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>;
    Temporal: chrono::NaiveDate, chrono::NaiveTime, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>;
}
#[cfg(feature = "time")]
temporal! {
    Dated: time::Date, time::PrimitiveDateTime, time::OffsetDateTime;
    Timed: time::Time, time::PrimitiveDateTime, time::OffsetDateTime;
    Temporal: time::Date, time::Time, time::PrimitiveDateTime, time::OffsetDateTime;
}

/// A whole number that may be `NULL` where the date may.
type Part<E> = Expr<<<E as Expression>::Type as Lift<i32>>::Output>;

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident, $part:ident, $trait:ident;)*) => {$(
        $(#[$doc])*
        fn $name(&self) -> Part<Self>
        where
            <Self::Type as ColumnType>::Base: $trait,
            Self::Type: Lift<i32>,
        {
            let of = <Self::Type as ColumnType>::SQL_TYPE;
            Expr::new(Node::DatePart { node: self.node().0, part: DatePart::$part, of })
        }
    )*};
}

/// What expressions of dates and times can do, alike on all databases.
pub trait TemporalExpression: Expression {
    parts! {
        /// The year.
        year, Year, Dated;
        /// The quarter of the year, from 1 on.
        quarter, Quarter, Dated;
        /// The month, from 1 on.
        month, Month, Dated;
        /// The day of the month, from 1 on.
        day, Day, Dated;
        /// The day of the week: 1 is Monday, 7 is Sunday.
        weekday, Weekday, Dated;
        /// The day of the year, from 1 on.
        day_of_year, DayOfYear, Dated;
        /// The hour, from 0 on.
        hour, Hour, Timed;
        /// The minute, from 0 on.
        minute, Minute, Timed;
        /// The whole second, from 0 on.
        second, Second, Timed;
    }

    /// The date or time with everything below a unit cut off: `Order::timestamp.truncate(DateUnit::Month)`
    /// is midnight of the first day of the month. A unit larger than a day makes midnight of a time.
    fn truncate(&self, unit: DateUnit) -> Expr<Self::Type>
    where
        <Self::Type as ColumnType>::Base: Temporal,
    {
        let of = <Self::Type as ColumnType>::SQL_TYPE;
        Expr::new(Node::Truncated { node: self.node().0, unit, of })
    }
}

impl<E: Expression> TemporalExpression for E {}
