//! Values of many rows as one.

use retro_core::prelude::*;
use retro_core::query::sum_distinct;

use super::on_samples;
use crate::forms::samples::{Moment, NAMED, Number, Thing, Word, clock, day, decimal, instant, moment};

#[tokio::test]
async fn aggregates() {
    on_samples("aggregates", async |forms| {
        forms.one("count of a model", select(count(Number)), 4).await;
        forms.one("count of a column", select(count(Number::maybe_whole)), 3).await;
        forms.one("count of an expression", select(count(Number::whole.null_if(7))), 3).await;
        forms.one("count of all", select(count_all()).from(Number), 4).await;
        forms.one("count of different values", select(count_distinct(Number::flag)), 2).await;
        forms.one("count of nothing", select(count(Number)).filter(Number::id.gt(9)), 0).await;
        forms.one("sum", select(sum(Number::whole)), 10).await;
        forms.one("sum of i16", select(sum(Number::small)), 33).await;
        forms.one("sum of i64", select(sum(Number::large)), (1i64 << 40) + (1 << 33) - 7).await;
        forms.one("sum of f32", select(sum(Number::single)), 9.25).await;
        forms.one("sum of f64", select(sum(Number::float)), 1e10).await;
        forms.one("sum of decimals", select(sum(Number::price)), decimal("119.85")).await;
        forms.one("sum with NULLs", select(sum(Number::maybe_whole)), 8).await;
        forms.one("sum of nothing", select(sum(Number::whole)).filter(Number::id.gt(9)), 0).await;
        forms.one("sum of no decimals", select(sum(Number::price)).filter(Number::id.gt(9)), Decimal::ZERO).await;
        forms.one("sum of different values", select(sum_distinct(Number::whole.abs())), 17).await;
        forms.one("sum of a product", select(sum(Number::whole * Number::id)), 24).await;
        forms.one("calculated with sums", select(sum(Number::whole) * 2 + count(Number)), 24i64).await;
        forms.floats("avg", select(avg(Number::whole).coalesce(0.0)), [2.5]).await;
        forms
            .floats("avg that does not come out even", select(avg(Number::maybe_whole).coalesce(0.0)), [8.0 / 3.0])
            .await;
        forms.one("avg of f64", select(avg(Number::maybe_float)), Some(0.375)).await;
        forms.one("avg of f32", select(avg(Number::single)), Some(2.3125)).await;
        forms.one("avg of decimals", select(avg(Number::price)), Some(decimal("29.9625"))).await;
        forms.one("avg of nothing", select(avg(Number::whole)).filter(Number::id.gt(9)), None).await;
        forms.one("min and max", select((min(Number::whole), max(Number::whole))), (Some(-7), Some(10))).await;
        forms.one("min of nothing", select(min(Number::whole)).filter(Number::id.gt(9)), None).await;
        forms
            .one(
                "min and max with NULLs",
                select((min(Number::maybe_float), max(Number::maybe_float))),
                (Some(-1.5), Some(2.5)),
            )
            .await;
        forms.one("max of an expression", select(max(Number::whole * -1)), Some(7)).await;
    })
    .await;
}

#[tokio::test]
async fn extremes_of_every_type() {
    on_samples("extremes_of_every_type", async |forms| {
        forms.one("i16", select((min(Number::small), max(Number::small))), (Some(-2i16), Some(30))).await;
        forms.one("i64", select((min(Number::large), max(Number::large))), (Some(-7i64), Some(1 << 40))).await;
        forms.one("f32", select((min(Number::single), max(Number::single))), (Some(-0.25f32), Some(8.0))).await;
        forms
            .one(
                "decimal",
                select((min(Number::price), max(Number::price))),
                (Some(decimal("0.1")), Some(decimal("100.25"))),
            )
            .await;
        forms.one("decimal, of some", select(max(Number::price)).filter(Number::id.le(2)), Some(decimal("10"))).await;
        forms.one("bool", select((min(Number::flag), max(Number::maybe_flag))), (Some(false), Some(true))).await;
        forms
            .one(
                "text",
                select((min(Word::text), max(Word::text))),
                (Some(String::new()), Some(r#"it's "q" \ back"#.to_owned())),
            )
            .await;
        forms
            .one(
                "date",
                select((min(Moment::day), max(Moment::day))),
                (Some(day("1900-03-01")), Some(day("2024-12-31"))),
            )
            .await;
        forms
            .one(
                "time",
                select((min(Moment::clock), max(Moment::clock))),
                (Some(clock("00:00:00")), Some(clock("23:59:59.999999"))),
            )
            .await;
        forms.one("datetime", select(max(Moment::moment)), Some(moment("2024-12-31 23:59:59.999999"))).await;
        forms.one("timestamp", select(min(Moment::instant)), Some(instant("1900-03-01 06:00:00"))).await;
        forms.one("uuid", select((min(Thing::id), max(Thing::id))), (Some(Uuid::from_u128(1)), Some(NAMED))).await;
        forms.one("bytes", select(max(Thing::maybe_bytes)), Some(b"plain".to_vec())).await;
    })
    .await;
}

#[tokio::test]
async fn filtered_aggregates() {
    on_samples("filtered_aggregates", async |forms| {
        forms.one("count", select(count(Number).filter(Number::flag)), 2).await;
        forms.one("count of all", select(count_all().filter(Number::whole.lt(0))).from(Number), 1).await;
        forms.one("sum", select(sum(Number::whole).filter(Number::whole.gt(0))), 17).await;
        forms.one("sum of none", select(sum(Number::whole).filter(Number::whole.gt(99))), 0).await;
        forms.one("two filters", select(count(Number).filter(Number::flag).filter(Number::id.gt(1))), 1).await;
        forms.one("different values", select(count_distinct(Number::flag).filter(Number::id.ne(1))), 2).await;
        forms.one("the smallest", select(min(Number::whole).filter(Number::flag)), Some(0)).await;
        forms.one("average", select(avg(Number::whole).filter(Number::flag)), Some(5.0)).await;
        forms.one("a condition that is NULL", select(count(Number).filter(Number::maybe_flag)), 2).await;
        forms
            .one(
                "several",
                select((count(Number).filter(Number::flag), count(Number), count(Number).filter(!Number::flag))),
                (2, 4, 2),
            )
            .await;
        let joined = string_agg(Word::text, "|", Word::id).filter(Word::id.in_([1, 2]));
        forms.one("texts", select(joined), Some("alpha|100%_case".to_owned())).await;
        forms
            .refused(
                "of no aggregate",
                select(Number::whole.abs().filter(Number::flag)),
                "`filter` of an expression that is no aggregate",
            )
            .await;
        forms
            .refused(
                "of a calculation",
                select((sum(Number::whole) + 1).filter(Number::flag)),
                "`filter` of an expression that is no aggregate",
            )
            .await;
    })
    .await;
}

#[tokio::test]
async fn texts_put_together() {
    on_samples("texts_put_together", async |forms| {
        let of_flag = |texts| select((Number::flag, texts)).group_by(Number::flag).order_by(Number::flag);
        let whole = Number::whole.cast::<String>();
        let rows = |a: &str, b: &str| [(false, Some(a.to_owned())), (true, Some(b.to_owned()))];
        forms.rows("in an order", of_flag(string_agg(whole.clone(), ",", Number::whole)), rows("-7,7", "0,10")).await;
        forms
            .rows(
                "in descending order",
                of_flag(string_agg(whole.clone(), ", ", Number::whole.desc())),
                rows("7, -7", "10, 0"),
            )
            .await;
        forms.rows("without a separator", of_flag(string_agg(whole.clone(), "", Number::id)), rows("-77", "100")).await;
        let separator = r#"' " \ ? $1 ü"#;
        let rows_ = rows(&format!("-7{separator}7"), &format!("10{separator}0"));
        forms.rows("a separator with quotes", of_flag(string_agg(whole.clone(), separator, Number::id)), rows_).await;
        let nulls = |order| select(string_agg(Number::id.cast::<String>(), ",", order));
        forms.one("NULL first", nulls(Number::maybe_whole.asc().nulls_first()), Some("2,3,1,4".to_owned())).await;
        forms.one("NULL last", nulls(Number::maybe_whole.asc().nulls_last()), Some("3,1,4,2".to_owned())).await;
        forms
            .one("NULL first, descending", nulls(Number::maybe_whole.desc().nulls_first()), Some("2,4,1,3".to_owned()))
            .await;
        forms
            .one("NULL last, descending", nulls(Number::maybe_whole.desc().nulls_last()), Some("4,1,3,2".to_owned()))
            .await;
        let several = select(string_agg(Number::id.cast::<String>(), ",", (Number::flag, Number::id.desc())));
        forms.one("several terms", several, Some("4,2,3,1".to_owned())).await;
        forms
            .one(
                "NULLs are left out",
                select(string_agg(Word::maybe, "|", Word::id)),
                Some("Alpha||  padded  |zx".to_owned()),
            )
            .await;
        forms.one("nothing", select(string_agg(Word::text, "|", Word::id)).filter(Word::id.gt(9)), None::<&str>).await;
        let upper = select(string_agg(Word::maybe.coalesce("-").upper(), "", Word::id)).filter(Word::id.lt(3));
        forms.one("an expression", upper, Some("ALPHA-".to_owned())).await;
        let long = string_agg(Word::long.concat("x".repeat(1 << 20)), "", Word::id).length();
        forms.one("long texts", select(long), Some(5 * (1 << 20) + 2 * (5 + 9 + 15 + 9))).await;
    })
    .await;
}
