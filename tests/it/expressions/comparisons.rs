//! Comparisons of values, columns and expressions, with and without `NULL`.

use retro_core::prelude::*;

use super::on_samples;
use crate::forms::samples::{Kind, Moment, NAMED, Number, Thing, Word, clock, day, decimal, instant, moment};

#[tokio::test]
async fn comparisons() {
    on_samples("comparisons", async |forms| {
        forms.numbers("equal", Number::whole.eq(7), [4]).await;
        forms.numbers("not equal", Number::whole.ne(7), [1, 2, 3]).await;
        forms.numbers("less", Number::whole.lt(7), [2, 3]).await;
        forms.numbers("less or equal", Number::whole.le(7), [2, 3, 4]).await;
        forms.numbers("greater", Number::whole.gt(7), [1]).await;
        forms.numbers("greater or equal", Number::whole.ge(7), [1, 4]).await;
        forms.numbers("between", Number::whole.between(-7, 7), [2, 3, 4]).await;
        forms.numbers("not between", !Number::whole.between(-7, 7), [1]).await;
        forms.numbers("between columns", lit(5).between(Number::id, Number::whole), [1, 4]).await;

        forms.numbers("columns", Number::whole.gt(Number::id), [1, 4]).await;
        forms.numbers("columns of which one may be missing", Number::id.eq(Number::maybe_whole), [1]).await;
        forms.numbers("a nullable column and one that is not", Number::maybe_whole.eq(Number::whole), [3, 4]).await;
        forms.numbers("expressions", (Number::whole + 1).lt(Number::id * 3), [2, 3, 4]).await;
        forms.numbers("a value before", lit(7).eq(Number::whole), [4]).await;
        forms.numbers("a comparison as a value", Number::whole.gt(0).eq(Number::flag), [1, 2]).await;
        forms.numbers("comparisons compared", Number::whole.gt(0).eq(Number::small.gt(0)), [1, 2, 4]).await;
        forms.numbers("a comparison compared, negated", !(Number::whole.gt(0).eq(Number::flag)), [3, 4]).await;
    })
    .await;
}

#[tokio::test]
async fn comparisons_with_null() {
    on_samples("comparisons_with_null", async |forms| {
        forms.numbers("a comparison with NULL is not true", Number::maybe_whole.ne(1), [3, 4]).await;
        forms.numbers("nor is its opposite", !Number::maybe_whole.eq(1), [3, 4]).await;
        forms.numbers("is null", Number::maybe_whole.is_null(), [2]).await;
        forms.numbers("is not null", Number::maybe_whole.is_not_null(), [1, 3, 4]).await;
        forms.numbers("equal to None", Number::maybe_whole.eq(None), [2]).await;
        forms.numbers("not equal to None", Number::maybe_whole.ne(None), [1, 3, 4]).await;
        forms.numbers("equal to Some", Number::maybe_whole.eq(Some(0)), [3]).await;
        forms.numbers("less than None", Number::maybe_whole.lt(None), []).await;
        forms.numbers("not an expression that is null", !(Number::maybe_whole + 1).is_null(), [1, 3, 4]).await;
        forms.numbers("a comparison that is null", Number::maybe_whole.gt(0).is_null(), [2]).await;

        let same = |other: Option<i32>| Number::maybe_whole.is_not_distinct_from(other);
        forms.numbers("null-safe equality with None", same(None), [2]).await;
        forms.numbers("null-safe equality with Some", same(Some(7)), [4]).await;
        forms.numbers("null-safe equality, negated", !same(Some(7)), [1, 2, 3]).await;
        forms.numbers("null-safe difference", Number::maybe_whole.is_distinct_from(7), [1, 2, 3]).await;
        forms.numbers("null-safe difference, negated", !Number::maybe_whole.is_distinct_from(7), [4]).await;
        forms.numbers("null-safe, columns", Number::maybe_whole.is_not_distinct_from(Number::whole), [3, 4]).await;
        let sum = (Number::maybe_whole + Number::whole).is_not_distinct_from(Number::small - 30);
        forms.numbers("null-safe, expressions", sum.clone() | Number::whole.is_distinct_from(7) & sum, [3]).await;
        forms
            .numbers("null-safe, compared", same(Some(7)).eq(Number::whole.is_not_distinct_from(7)), [1, 2, 3, 4])
            .await;
        forms.numbers("a flag that may be missing", Number::maybe_flag.eq(true), [1, 4]).await;
        forms.numbers("a flag that is not true", Number::maybe_flag.is_distinct_from(true), [2, 3]).await;
    })
    .await;
}

#[tokio::test]
async fn comparisons_of_every_type() {
    on_samples("comparisons_of_every_type", async |forms| {
        forms.numbers("i16", Number::small.ge(4i16), [3, 4]).await;
        forms.numbers("i64", Number::large.gt(1i64 << 35), [1]).await;
        forms.numbers("f32", Number::single.lt(-0.125f32), [2]).await;
        forms.numbers("f32, equal", Number::single.eq(-0.25f32), [2]).await;
        forms.numbers("f64", Number::float.gt(2.25), [1, 4]).await;
        forms.numbers("f64, equal", Number::float.eq(1e10), [4]).await;
        forms.numbers("bool", Number::flag.eq(false), [2, 4]).await;
        forms.numbers("a flag as a condition", and_([Number::flag]), [1, 3]).await;

        forms.numbers("decimal, equal", Number::price.eq(decimal("9.5")), [1]).await;
        forms.numbers("decimal, equal with other zeros", Number::price.eq(decimal("10.000")), [2]).await;
        forms.numbers("decimal, less", Number::price.lt(decimal("10")), [1, 4]).await;
        forms.numbers("decimal, greater", Number::price.gt(decimal("9.75")), [2, 3]).await;
        forms.numbers("decimal, between", Number::price.between(decimal("9"), decimal("11")), [1, 2]).await;
        forms.numbers("decimal, columns", Number::price.lt(Number::maybe_price), [1]).await;
        forms.numbers("decimal, null-safe", Number::maybe_price.is_not_distinct_from(decimal("9.50")), [3]).await;
        forms.numbers("decimal, negative", Number::maybe_price.lt(decimal("-0.29")), [4]).await;

        forms.words("text", Word::text.eq("alpha"), [1]).await;
        forms.words("text, String", Word::text.eq(String::from("alpha")), [1]).await;
        forms.words("text with quotes", Word::text.eq(r#"it's "q" \ back"#), [3]).await;
        forms.words("text, less", Word::text.lt("alpha"), [2, 4, 5]).await;
        forms.words("text, empty", Word::maybe.eq(""), [3]).await;
        forms.words("text beyond ASCII", Word::text.eq("Füße 漢字 🎉"), [4]).await;

        forms.moments("date", Moment::day.lt(day("2000-01-01")), [5, 6]).await;
        forms.moments("time", Moment::clock.gt(clock("23:59:59.5")), [4]).await;
        forms.moments("datetime", Moment::moment.eq(moment("2024-01-01 00:00:00.000001")), [2]).await;
        forms
            .moments(
                "datetime, between",
                Moment::moment.between(moment("2023-01-01 00:00:00"), moment("2024-01-01 00:00:00")),
                [1],
            )
            .await;
        forms.moments("timestamp", Moment::instant.ge(instant("2024-12-31 23:59:59.999999")), [4]).await;
        forms
            .moments("timestamp, may be missing", Moment::maybe_instant.lt(instant("2024-01-01 00:00:00")), [1, 5])
            .await;

        forms.things("uuid", Thing::id.eq(NAMED), [3]).await;
        forms.things("uuid, less", Thing::maybe_id.lt(NAMED), [3]).await;
        forms.things("bytes", Thing::bytes.eq(&b"\x00\xff'\"\\"[..]), [1]).await;
        forms.things("bytes, empty", Thing::maybe_bytes.eq(Vec::new()), [1]).await;
        forms.things("bytes, greater", Thing::bytes.gt(vec![0u8, 255]), [1, 2]).await;
        forms.things("enum", Thing::kind.eq(Kind::Odd), [1]).await;
        forms.things("enum, may be missing", Thing::maybe_kind.ne(Kind::Odd), [1]).await;
        forms.things("enum, columns", Thing::kind.ne(Thing::maybe_kind), [1, 3]).await;
    })
    .await;
}
