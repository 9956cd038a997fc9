//! Parts of dates and times, and what they are cut down to: alike on all databases.

use retro_core::prelude::*;

use super::on_samples;
use crate::forms::Forms;
use crate::forms::samples::{Moment, clock, day, moment};

const DAYS: [&str; 6] = ["2023-01-01", "2024-01-01", "2024-02-29", "2024-12-31", "1999-12-31", "1900-03-01"];

impl Forms {
    /// A part of each date, and of those that may be missing.
    async fn part(&mut self, name: &str, of_all: [Expr<i32>; 3], of_some: [Expr<Option<i32>>; 3], expected: [i32; 6]) {
        for (number, part) in of_all.into_iter().enumerate() {
            self.of_moments(&format!("{name} {number}"), part, expected).await;
        }
        let [a, b, _, d, e, _] = expected;
        for (number, part) in of_some.into_iter().enumerate() {
            self.of_moments(
                &format!("{name} or NULL {number}"),
                part,
                [Some(a), Some(b), None, Some(d), Some(e), None],
            )
            .await;
        }
    }
}

macro_rules! parts {
    ($forms:ident, $($part:ident $kind:ident $expected:expr;)*) => {$(
        let all = parts!(@ $kind $part day clock moment instant);
        let some = parts!(@ $kind $part maybe_day maybe_clock maybe_moment maybe_instant);
        $forms.part(stringify!($part), all, some, $expected).await;
    )*};
    (@ date $part:ident $day:ident $clock:ident $moment:ident $instant:ident) => {
        [Moment::$day.$part(), Moment::$moment.$part(), Moment::$instant.$part()]
    };
    (@ time $part:ident $day:ident $clock:ident $moment:ident $instant:ident) => {
        [Moment::$clock.$part(), Moment::$moment.$part(), Moment::$instant.$part()]
    };
}

#[tokio::test]
async fn date_parts() {
    on_samples("date_parts", async |forms| {
        parts! { forms,
            year date [2023, 2024, 2024, 2024, 1999, 1900];
            quarter date [1, 1, 1, 4, 4, 1];
            month date [1, 1, 2, 12, 12, 3];
            day date [1, 1, 29, 31, 31, 1];
            weekday date [7, 1, 4, 2, 5, 4];
            day_of_year date [1, 1, 60, 366, 365, 60];
            hour time [0, 0, 12, 23, 23, 6];
            minute time [0, 0, 34, 59, 59, 0];
            second time [0, 0, 56, 59, 59, 0];
        }
        forms
            .moments("a part in a condition", Moment::day.year().eq(2024) & Moment::moment.hour().lt(23), [2, 3])
            .await;
        forms
            .of_moments(
                "parts calculated with",
                Moment::day.year() * 100 + Moment::day.month(),
                [202301, 202401, 202402, 202412, 199912, 190003],
            )
            .await;
        let year = Moment::day.year();
        let by_year = select((&year, count(Moment))).group_by(&year).order_by(year.desc());
        forms.rows("grouped by a part", by_year, [(2024, 3), (2023, 1), (1999, 1), (1900, 1)]).await;
        forms.one("of a literal", select(lit(day("2000-03-01")).day_of_year()), 61).await;
        forms.one("of an expression", select(max(Moment::moment).quarter()), Some(4)).await;
    })
    .await;
}

#[tokio::test]
async fn truncated() {
    use DateUnit::{Day, Hour, Minute, Month, Quarter, Second, Week, Year};
    on_samples("truncated", async |forms| {
        for (unit, days) in [
            (Year, ["2023-01-01", "2024-01-01", "2024-01-01", "2024-01-01", "1999-01-01", "1900-01-01"]),
            (Quarter, ["2023-01-01", "2024-01-01", "2024-01-01", "2024-10-01", "1999-10-01", "1900-01-01"]),
            (Month, ["2023-01-01", "2024-01-01", "2024-02-01", "2024-12-01", "1999-12-01", "1900-03-01"]),
            (Week, ["2022-12-26", "2024-01-01", "2024-02-26", "2024-12-30", "1999-12-27", "1900-02-26"]),
            (Day, DAYS),
            (Hour, DAYS),
            (Minute, DAYS),
            (Second, DAYS),
        ] {
            forms.of_moments(&format!("date to {unit:?}"), Moment::day.truncate(unit), days.map(day)).await;
        }
        let midnight = ["00:00:00"; 6];
        for (unit, clocks) in [
            (Hour, ["00:00:00", "00:00:00", "12:00:00", "23:00:00", "23:00:00", "06:00:00"]),
            (Minute, ["00:00:00", "00:00:00", "12:34:00", "23:59:00", "23:59:00", "06:00:00"]),
            (Second, ["00:00:00", "00:00:00", "12:34:56", "23:59:59", "23:59:59", "06:00:00"]),
            (Day, midnight),
            (Week, midnight),
            (Month, midnight),
            (Year, midnight),
        ] {
            forms.of_moments(&format!("time to {unit:?}"), Moment::clock.truncate(unit), clocks.map(clock)).await;
        }
        for (unit, moments) in [
            (
                Year,
                [
                    "2023-01-01 00:00:00",
                    "2024-01-01 00:00:00",
                    "2024-01-01 00:00:00",
                    "2024-01-01 00:00:00",
                    "1999-01-01 00:00:00",
                    "1900-01-01 00:00:00",
                ],
            ),
            (
                Quarter,
                [
                    "2023-01-01 00:00:00",
                    "2024-01-01 00:00:00",
                    "2024-01-01 00:00:00",
                    "2024-10-01 00:00:00",
                    "1999-10-01 00:00:00",
                    "1900-01-01 00:00:00",
                ],
            ),
            (
                Month,
                [
                    "2023-01-01 00:00:00",
                    "2024-01-01 00:00:00",
                    "2024-02-01 00:00:00",
                    "2024-12-01 00:00:00",
                    "1999-12-01 00:00:00",
                    "1900-03-01 00:00:00",
                ],
            ),
            (
                Week,
                [
                    "2022-12-26 00:00:00",
                    "2024-01-01 00:00:00",
                    "2024-02-26 00:00:00",
                    "2024-12-30 00:00:00",
                    "1999-12-27 00:00:00",
                    "1900-02-26 00:00:00",
                ],
            ),
            (
                Day,
                [
                    "2023-01-01 00:00:00",
                    "2024-01-01 00:00:00",
                    "2024-02-29 00:00:00",
                    "2024-12-31 00:00:00",
                    "1999-12-31 00:00:00",
                    "1900-03-01 00:00:00",
                ],
            ),
            (
                Hour,
                [
                    "2023-01-01 00:00:00",
                    "2024-01-01 00:00:00",
                    "2024-02-29 12:00:00",
                    "2024-12-31 23:00:00",
                    "1999-12-31 23:00:00",
                    "1900-03-01 06:00:00",
                ],
            ),
            (
                Minute,
                [
                    "2023-01-01 00:00:00",
                    "2024-01-01 00:00:00",
                    "2024-02-29 12:34:00",
                    "2024-12-31 23:59:00",
                    "1999-12-31 23:59:00",
                    "1900-03-01 06:00:00",
                ],
            ),
            (
                Second,
                [
                    "2023-01-01 00:00:00",
                    "2024-01-01 00:00:00",
                    "2024-02-29 12:34:56",
                    "2024-12-31 23:59:59",
                    "1999-12-31 23:59:59",
                    "1900-03-01 06:00:00",
                ],
            ),
        ] {
            let expected = moments.map(moment);
            forms.of_moments(&format!("datetime to {unit:?}"), Moment::moment.truncate(unit), expected).await;
            let expected = expected.map(|moment| moment.and_utc());
            forms.of_moments(&format!("timestamp to {unit:?}"), Moment::instant.truncate(unit), expected).await;
            let [a, b, _, d, e, _] = expected;
            let some = [Some(a), Some(b), None, Some(d), Some(e), None];
            forms
                .of_moments(&format!("timestamp or NULL to {unit:?}"), Moment::maybe_instant.truncate(unit), some)
                .await;
        }
        forms.moments("compared", Moment::moment.truncate(Day).eq(moment("2024-12-31 00:00:00")), [4]).await;
        forms.moments("compared with a column", Moment::day.truncate(Month).eq(Moment::day), [1, 2, 6]).await;
        forms.moments("a time compared", Moment::clock.truncate(Minute).eq(clock("23:59:00")), [4, 5]).await;
        let month = Moment::instant.truncate(Month);
        let by_month =
            select((&month, count(Moment))).group_by(&month).having(count(Moment).gt(0)).order_by(&month).limit(1);
        forms.one("grouped", by_month, (moment("1900-03-01 00:00:00").and_utc(), 1)).await;
        forms.of_moments("a part of what is cut", Moment::day.truncate(Quarter).month(), [1, 1, 1, 10, 10, 1]).await;
    })
    .await;
}
