//! When things happen: the store's year, its seasons and hours.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta};
use rand::RngExt;

use super::random::{StoreRng, Weighted};

/// The first day of business. Both days are checked when this is compiled.
const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2022, 1, 1).unwrap();
/// The first day of which there are no data any more.
pub(super) const CLOSING_DAY: NaiveDate = NaiveDate::from_ymd_opt(2023, 1, 1).unwrap();

/// The day of the blog's first article, and that of the last. The blog is older than the store, so that
/// there is something to read from the first day on.
const FIRST_ARTICLE: NaiveDate = NaiveDate::from_ymd_opt(2021, 9, 1).unwrap();
const LAST_ARTICLE: NaiveDate = NaiveDate::from_ymd_opt(2022, 11, 30).unwrap();

/// How busy the months are: slow after New Year, presents from November on.
const MONTHS: [u64; 12] = [75, 70, 80, 85, 85, 80, 75, 80, 90, 100, 135, 220];
/// How busy the days are, from Monday.
const WEEKDAYS: [u64; 7] = [9, 9, 9, 10, 11, 14, 13];
/// How busy the hours are, from midnight.
const HOURS: [u64; 24] = [4, 2, 1, 1, 1, 2, 4, 8, 12, 16, 18, 18, 20, 18, 16, 16, 18, 20, 24, 30, 32, 28, 18, 9];

/// When each of `count` orders is placed, or the blog is visited, the earliest first.
pub(super) fn busy_times(rng: &mut StoreRng, count: usize) -> Vec<NaiveDateTime> {
    let days: Vec<NaiveDate> = FIRST_DAY.iter_days().take_while(|day| *day < CLOSING_DAY).collect();
    let busy_days = Weighted::new(
        days.iter().map(|day| MONTHS[day.month0() as usize] * WEEKDAYS[day.weekday().num_days_from_monday() as usize]),
    );
    let busy_hours = Weighted::new(HOURS);
    let mut times: Vec<_> = (0..count)
        .map(|_| {
            let day = days[busy_days.pick(rng)];
            let hour = busy_hours.pick(rng) as i64;
            NaiveDateTime::from(day) + TimeDelta::seconds(hour * 3_600 + rng.random_range(0..3_600))
        })
        .collect();
    times.sort_unstable();
    times
}

/// When something bought at `bought` is reviewed: days or weeks later, or not in the store's year.
pub(super) fn review_time(rng: &mut StoreRng, bought: NaiveDateTime) -> Option<NaiveDateTime> {
    let later = Days::new(rng.random_range(2..=45));
    let second = TimeDelta::seconds(rng.random_range(0..86_400));
    let reviewed = bought.checked_add_days(later)?.checked_add_signed(second)?;
    (reviewed < CLOSING_DAY.into()).then_some(reviewed)
}

/// When an article is published, the `number`th of `count`: at even distances, more or less.
pub(super) fn publication_time(rng: &mut StoreRng, number: usize, count: usize) -> NaiveDateTime {
    let distance = (LAST_ARTICLE - FIRST_ARTICLE).num_seconds() / count as i64;
    let second = distance * number as i64 + rng.random_range(0..distance);
    NaiveDateTime::from(FIRST_ARTICLE) + TimeDelta::seconds(second)
}
