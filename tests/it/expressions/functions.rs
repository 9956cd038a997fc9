//! Literals of every type, and functions that the crate does not know.

use retro_core::prelude::*;
use serde_json::json;

use super::on_samples;
use crate::forms::samples::{Kind, NAMED, Number, Word, clock, day, decimal, instant, moment};

#[tokio::test]
async fn literals() {
    on_samples("literals", async |forms| {
        forms.alone("bool", lit(true), true).await;
        forms.alone("i16", lit(-7i16), -7i16).await;
        forms.alone("i32", lit(7), 7).await;
        forms.alone("i64", lit(i64::MIN), i64::MIN).await;
        forms.alone("f32", lit(0.1f32), 0.1f32).await;
        forms.alone("f64", lit(0.1), 0.1).await;
        forms.alone("&str", lit("it's \"q\" \\ ? $1 :x"), "it's \"q\" \\ ? $1 :x").await;
        forms.alone("String", lit(String::new()), "").await;
        forms.alone("bytes", lit(vec![0u8, 255, 39]), vec![0u8, 255, 39]).await;
        forms.alone("date", lit(day("1982-08-01")), day("1982-08-01")).await;
        forms.alone("time", lit(clock("23:59:59.999999")), clock("23:59:59.999999")).await;
        forms.alone("datetime", lit(moment("2024-02-29 12:00:00.000001")), moment("2024-02-29 12:00:00.000001")).await;
        forms.alone("timestamp", lit(instant("2024-02-29 12:00:00")), instant("2024-02-29 12:00:00")).await;
        forms.alone("uuid", lit(NAMED), NAMED).await;
        forms.alone("decimal", lit(decimal("-12.50")), decimal("-12.5")).await;
        forms.alone("json", lit(Json(json!({"a": [1, null]}))), Json(json!({"a": [1, null]}))).await;
        forms.alone("json null", lit(Json(json!(null))), Json(json!(null))).await;
        forms.alone("Some", lit(Some(7)), Some(7)).await;
        forms.alone("None", lit(None::<i32>), None::<i32>).await;
        forms.alone("None of text", lit(None::<String>), None::<String>).await;
        let labelled =
            select((lit("a").label("tag"), lit(1.5).label("rate"), Number::id)).order_by(Number::id).limit(1);
        forms.one("in a row", labelled, ("a".to_owned(), 1.5, 1)).await;
        forms
            .rows("an order by a literal", select(Number::id).order_by((lit(-1).desc(), Number::id)), [1, 2, 3, 4])
            .await;
        let grouped = select((lit(2), count(Number))).group_by(lit(2));
        forms.one("grouped by a literal", grouped, (2, 4)).await;
        let window = row_number().over(window().order_by((lit(1), Number::id)));
        forms.of_numbers("a window ordered by a literal", window, [1, 2, 3, 4]).await;
        forms.one("a literal twice", select((lit(1), lit(1))), (1, 1)).await;
        forms.alone("an enum", lit("Odd").cast::<Kind>(), Kind::Odd).await;
    })
    .await;
}

#[tokio::test]
async fn functions() {
    on_samples("functions", async |forms| {
        forms
            .of_words(
                "a function",
                func::<i64>("length", (Word::text.replace("ü", "u").replace("ß", "s").lower(),)).gt(8),
                [false, true, true, true, false],
            )
            .await;
        forms.numbers("of two arguments", func::<Option<i32>>("nullif", (Number::whole, 7)).is_null(), [4]).await;
        forms
            .of_numbers("of values", func::<i32>("coalesce", (None::<i32>, Number::maybe_whole, 5)), [1, 5, 0, 7])
            .await;
        forms.of_numbers("calculated with", func::<i32>("abs", (Number::whole,)) * 2 + 1, [21, 15, 1, 15]).await;
        forms.refused("no name", select(func::<i32>("", ())), "cannot be the name of a function").await;
        for name in
            ["abs(1)", "a;b", "a b", "1a", "a-b", "\"a\"", "a..b", ".a", "a.", "ä", "a'", "x/*", "pg_sleep(1)--"]
        {
            forms
                .refused("a name that is none", select(func::<i32>(name, (1,))), "cannot be the name of a function")
                .await;
        }
        let hidden = select(Number::id).filter(and_([func::<bool>("no name", ()), Number::flag.eq(true)]));
        forms.refused("a name that is none, within a condition", hidden, "cannot be the name of a function").await;
    })
    .await;
}
