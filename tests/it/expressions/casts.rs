//! Values as other types, alike on all databases.

use retro_core::prelude::*;

use super::on_samples;
use crate::forms::samples::{Kind, Moment, NAMED, Number, Thing, Word, clock, day, decimal, instant, moment};

#[tokio::test]
async fn casts_of_numbers() {
    on_samples("casts_of_numbers", async |forms| {
        forms.of_numbers("i32 to i16", Number::whole.cast::<i16>(), [10, -7, 0, 7]).await;
        forms.of_numbers("i32 to i64", Number::whole.cast::<i64>(), [10, -7, 0, 7]).await;
        forms.of_numbers("i64 to i32", (Number::large / 1024).cast::<i32>(), [1 << 30, 0, 0, 1 << 23]).await;
        forms.of_numbers("i32 to f64", Number::whole.cast::<f64>() / 4, [2.5, -1.75, 0.0, 1.75]).await;
        forms.of_numbers("i32 to f32", Number::whole.cast::<f32>(), [10.0, -7.0, 0.0, 7.0]).await;
        forms
            .of_numbers(
                "i32 to decimal",
                Number::whole.cast::<Decimal>() / 4,
                ["2.5", "-1.75", "0", "1.75"].map(decimal),
            )
            .await;
        forms.of_numbers("i32 to bool", Number::whole.cast::<bool>(), [true, true, false, true]).await;
        forms.numbers("i32 to bool, compared", Number::whole.cast::<bool>().eq(Number::flag), [1]).await;
        forms.numbers("i32 to bool, negated", !Number::whole.cast::<bool>(), [3]).await;
        forms.of_numbers("i32 to text", Number::whole.cast::<String>(), ["10", "-7", "0", "7"]).await;
        forms.of_numbers("f64 to i32, cut off", Number::float.cast::<i64>(), [2, -2, 0, 10_000_000_000]).await;
        forms
            .of_numbers("f64 to i32, divided", (Number::float * 3).cast::<i64>() / 2, [3i64, -3, 0, 15_000_000_000])
            .await;
        forms.of_numbers("f64 to f32", Number::float.cast::<f32>(), [2.5, -2.5, 0.0, 1e10]).await;
        forms
            .of_numbers(
                "f64 to decimal",
                Number::float.cast::<Decimal>(),
                ["2.5", "-2.5", "0", "10000000000"].map(decimal),
            )
            .await;
        forms.of_numbers("f64 to bool", Number::float.cast::<bool>(), [true, true, false, true]).await;
        forms.of_numbers("f32 to i32", Number::single.cast::<i32>(), [1, 0, 0, 8]).await;
        forms.of_numbers("f32 to f64", Number::single.cast::<f64>(), [1.5, -0.25, 0.0, 8.0]).await;
        forms.of_numbers("decimal to i32, cut off", Number::price.cast::<i32>(), [9, 10, 100, 0]).await;
        forms
            .of_numbers(
                "decimal to i32, negative",
                Number::maybe_price.cast::<i32>(),
                [Some(10), None, Some(9), Some(0)],
            )
            .await;
        forms.of_numbers("decimal to f64", Number::price.cast::<f64>(), [9.5, 10.0, 100.25, 0.1]).await;
        forms.of_numbers("decimal to bool", Number::price.cast::<bool>(), [true; 4]).await;
        forms.of_numbers("bool to i32", Number::flag.cast::<i32>(), [1, 0, 1, 0]).await;
        forms.of_numbers("bool to i16", Number::flag.cast::<i16>(), [1, 0, 1, 0]).await;
        forms
            .of_numbers("bool to i64, nullable", Number::maybe_flag.cast::<i64>(), [Some(1), Some(0), None, Some(1)])
            .await;
        forms.of_numbers("bool to f64", Number::flag.cast::<f64>(), [1.0, 0.0, 1.0, 0.0]).await;
        forms.of_numbers("bool to decimal", Number::flag.cast::<Decimal>(), ["1", "0", "1", "0"].map(decimal)).await;
        forms.of_numbers("bool to text", Number::flag.cast::<String>(), ["true", "false", "true", "false"]).await;
        forms
            .of_numbers(
                "bool to text, nullable",
                Number::maybe_flag.cast::<String>(),
                [Some("true"), Some("false"), None, Some("true")],
            )
            .await;
        forms.of_numbers("bool to bool", Number::flag.cast::<bool>(), [true, false, true, false]).await;
        forms.of_numbers("a condition to i32", Number::whole.gt(0).cast::<i32>(), [1, 0, 0, 1]).await;
        forms.one("a sum of conditions", select(sum(Number::whole.gt(0).cast::<i32>())), 2).await;
    })
    .await;
}

#[tokio::test]
async fn casts_of_texts() {
    on_samples("casts_of_texts", async |forms| {
        forms.alone("text to i32", lit("-12").cast::<i32>(), -12).await;
        forms.alone("text to i64", lit("1099511627776").cast::<i64>(), 1i64 << 40).await;
        forms.alone("text to f64", lit("2.5").cast::<f64>(), 2.5).await;
        forms.alone("text to decimal", lit("2.50").cast::<Decimal>(), decimal("2.5")).await;
        for (text, value) in [("true", true), ("false", false), ("1", true), ("0", false)] {
            forms.alone("text to bool", lit(text).cast::<bool>(), value).await;
        }
        forms.numbers("text to bool, in a condition", lit("true").cast::<bool>() & Number::flag, [1, 3]).await;
        forms.alone("text to bool, NULL", lit(None::<String>).cast::<bool>(), None).await;
        forms.alone("text to date", lit("1982-08-01").cast::<NaiveDate>(), day("1982-08-01")).await;
        forms.alone("text to time", lit("12:30:01.25").cast::<NaiveTime>(), clock("12:30:01.25")).await;
        forms
            .alone(
                "text to datetime",
                lit("1982-08-01 12:30:01").cast::<NaiveDateTime>(),
                moment("1982-08-01 12:30:01"),
            )
            .await;
        forms
            .alone(
                "text to datetime with microseconds",
                lit("1982-08-01 12:30:01.000009").cast::<NaiveDateTime>(),
                moment("1982-08-01 12:30:01.000009"),
            )
            .await;
        forms
            .alone(
                "text to timestamp",
                lit("1982-08-01 12:30:01").cast::<DateTime<Utc>>(),
                instant("1982-08-01 12:30:01"),
            )
            .await;
        forms
            .moments(
                "text to datetime, compared",
                Moment::moment.gt(lit("2024-12-31 23:59:59").cast::<NaiveDateTime>()),
                [4],
            )
            .await;
        forms.alone("text to uuid", lit("00112233-4455-6677-8899-AABBCCDDEEFF").cast::<Uuid>(), NAMED).await;
        forms
            .things(
                "text to uuid, compared",
                Thing::id.eq(lit("00112233-4455-6677-8899-aabbccddeeff").cast::<Uuid>()),
                [3],
            )
            .await;
        forms
            .things(
                "text to uuid without hyphens, compared",
                Thing::id.eq(lit("00112233445566778899aabbccddeeff").cast::<Uuid>()),
                [3],
            )
            .await;
        forms
            .of_things(
                "uuid to text",
                Thing::maybe_id.cast::<String>(),
                [Some("00112233-4455-6677-8899-aabbccddeeff"), None, Some("00000000-0000-0000-0000-000000000002")],
            )
            .await;
        forms.alone("text to bytes", lit("a\\b'ü").cast::<Vec<u8>>(), "a\\b'ü".as_bytes().to_vec()).await;
        forms.alone("bytes to text", lit("a\\b'ü".as_bytes().to_vec()).cast::<String>(), "a\\b'ü".to_owned()).await;
        forms
            .alone(
                "text to json",
                lit(r#"{"a": [1]}"#).cast::<Json<serde_json::Value>>(),
                Json(serde_json::json!({"a": [1]})),
            )
            .await;
        forms.of_things("enum to text", Thing::kind.cast::<String>(), ["Odd", "Plain", "Rare"]).await;
        forms.alone("text to enum", lit("Rare").cast::<Kind>(), Kind::Rare).await;
        forms
            .of_words("text to text", Word::text.cast::<String>().eq("alpha"), [true, false, false, false, false])
            .await;
    })
    .await;
}

#[tokio::test]
async fn casts_of_dates() {
    on_samples("casts_of_dates", async |forms| {
        let days = ["2023-01-01", "2024-01-01", "2024-02-29", "2024-12-31", "1999-12-31", "1900-03-01"];
        let clocks = ["00:00:00", "00:00:00.000001", "12:34:56.789012", "23:59:59.999999", "23:59:59.5", "06:00:00"];
        let midnights = days.map(|text| moment(&format!("{text} 00:00:00")));
        let moments: Vec<_> = days.iter().zip(clocks).map(|(day, clock)| moment(&format!("{day} {clock}"))).collect();
        forms.of_moments("datetime to date", Moment::moment.cast::<NaiveDate>(), days.map(day)).await;
        forms.of_moments("datetime to time", Moment::moment.cast::<NaiveTime>(), clocks.map(clock)).await;
        forms.of_moments("datetime to datetime", Moment::moment.cast::<NaiveDateTime>(), moments.clone()).await;
        forms
            .of_moments(
                "datetime to timestamp",
                Moment::moment.cast::<DateTime<Utc>>(),
                moments.iter().map(NaiveDateTime::and_utc).collect::<Vec<_>>(),
            )
            .await;
        forms.of_moments("timestamp to date", Moment::instant.cast::<NaiveDate>(), days.map(day)).await;
        forms.of_moments("timestamp to time", Moment::instant.cast::<NaiveTime>(), clocks.map(clock)).await;
        forms.of_moments("timestamp to datetime", Moment::instant.cast::<NaiveDateTime>(), moments.clone()).await;
        forms
            .of_moments(
                "timestamp to timestamp",
                Moment::instant.cast::<DateTime<Utc>>(),
                moments.iter().map(NaiveDateTime::and_utc).collect::<Vec<_>>(),
            )
            .await;
        forms.of_moments("date to datetime", Moment::day.cast::<NaiveDateTime>(), midnights).await;
        forms
            .of_moments(
                "date to timestamp",
                Moment::day.cast::<DateTime<Utc>>(),
                midnights.map(|midnight| midnight.and_utc()),
            )
            .await;
        forms.of_moments("date to date", Moment::day.cast::<NaiveDate>(), days.map(day)).await;
        forms.of_moments("time to time", Moment::clock.cast::<NaiveTime>(), clocks.map(clock)).await;
        forms.of_moments("date to text", Moment::day.cast::<String>(), days).await;
        forms
            .of_moments(
                "nullable",
                Moment::maybe_moment.cast::<NaiveDate>(),
                [Some(days[0]), Some(days[1]), None, Some(days[3]), Some(days[4]), None].map(|it| it.map(day)),
            )
            .await;
        forms.moments("a date cast and compared", Moment::day.cast::<NaiveDateTime>().eq(Moment::moment), [1]).await;
        forms
            .moments(
                "a datetime cast and compared",
                Moment::moment.cast::<NaiveDate>().eq(Moment::day),
                [1, 2, 3, 4, 5, 6],
            )
            .await;
        forms
            .moments(
                "a datetime cast and compared with a value",
                Moment::moment.cast::<NaiveDate>().eq(day("2024-12-31")),
                [4],
            )
            .await;
    })
    .await;
}
