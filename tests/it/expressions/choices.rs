//! COALESCE, NULLIF and CASE.

use retro_core::prelude::*;

use super::on_samples;
use crate::forms::samples::{Kind, Moment, Number, Thing, Word, day, decimal};

#[tokio::test]
async fn choices() {
    on_samples("choices", async |forms| {
        forms.of_numbers("coalesce", Number::maybe_whole.coalesce(-1), [1, -1, 0, 7]).await;
        forms.of_numbers("coalesce with a column", Number::maybe_whole.coalesce(Number::id), [1, 2, 0, 7]).await;
        forms
            .of_numbers(
                "coalesce twice",
                Number::maybe_whole.null_if(0).coalesce(Number::maybe_whole).coalesce(5),
                [1, 5, 0, 7],
            )
            .await;
        forms.of_words("coalesce of texts", Word::maybe.coalesce("-"), ["Alpha", "-", "", "  padded  ", "zx"]).await;
        forms
            .of_numbers(
                "coalesce of decimals",
                Number::maybe_price.coalesce(decimal("1.5")),
                ["10", "1.5", "9.5", "-0.3"].map(decimal),
            )
            .await;
        forms.of_numbers("coalesce of booleans", Number::maybe_flag.coalesce(false), [true, false, false, true]).await;
        forms.numbers("coalesce of booleans as a condition", Number::maybe_flag.coalesce(true), [1, 3, 4]).await;
        forms.of_numbers("null_if", Number::whole.null_if(7), [Some(10), Some(-7), Some(0), None]).await;
        forms.of_words("null_if of texts", Word::text.null_if("").is_null(), [false, false, false, false, true]).await;
        forms
            .of_numbers(
                "null_if of a column",
                Number::whole.null_if(Number::maybe_whole),
                [Some(10), Some(-7), None, None],
            )
            .await;
        forms
            .of_numbers(
                "null_if of decimals",
                Number::price.null_if(decimal("9.5")).is_null(),
                [true, false, false, false],
            )
            .await;

        let size = case().when(Number::whole.gt(7), "large").when(Number::whole.gt(0), "small").otherwise("none");
        forms.of_numbers("case", size.clone(), ["large", "none", "none", "small"]).await;
        forms.numbers("case in a condition", size.eq("none"), [2, 3]).await;
        let end = case().when(Number::whole.gt(7), Number::whole).end();
        forms.of_numbers("case that ends", end, [Some(10), None, None, None]).await;
        let nullable = case().when(Number::flag, Number::maybe_whole).otherwise(0);
        forms.of_numbers("case of a nullable column", nullable, [Some(1), Some(0), Some(0), Some(0)]).await;
        let nested = case().when(Number::flag, case().when(Number::id.eq(1), 1).otherwise(2)).otherwise(3);
        forms.of_numbers("case within case", nested, [1, 3, 2, 3]).await;
        let unknown = case().when(Number::maybe_whole.gt(0), 1).otherwise(2);
        forms.of_numbers("case where the condition is NULL", unknown, [1, 2, 2, 1]).await;
        let number = case().when(Number::flag, 1.5).otherwise(Number::float);
        forms.of_numbers("case of floats", number + 1.0, [2.5, -1.5, 2.5, 1e10 + 1.0]).await;
        let truth = case().when(Number::flag, true).otherwise(Number::maybe_flag);
        forms.of_numbers("case of booleans", truth.clone(), [true, false, true, true]).await;
        forms.numbers("case of booleans as a condition", truth, [1, 3, 4]).await;
        let date = case().when(Moment::id.eq(1), Moment::day).otherwise(day("2000-01-01"));
        forms.of_moments("case of dates", date.eq(day("2000-01-01")), [false, true, true, true, true, true]).await;
        let kind = case().when(Thing::kind.eq(Kind::Odd), Thing::kind).otherwise(Kind::Plain);
        forms.of_things("case of enums", kind, [Kind::Odd, Kind::Plain, Kind::Plain]).await;
        let exact = case().when(Number::flag, decimal("2.50")).otherwise(Number::price);
        forms.of_numbers("case of decimals", exact, ["2.5", "10", "2.5", "0.1"].map(decimal)).await;

        let parity = case().when((Number::id % 2).eq(0), "even").otherwise("odd");
        let grouped = select((&parity, count(Number))).group_by(&parity).order_by(&parity);
        forms.rows("grouped by case", grouped, [("even".to_owned(), 2), ("odd".to_owned(), 2)]).await;
        let listed = case().when(Number::id.in_([1, 4]), 1).when(Number::id.between(2, 2), 2).otherwise(3);
        let grouped = select((&listed, count(Number))).group_by(&listed).order_by(listed.desc());
        forms.rows("grouped by case of a list", grouped, [(3, 1), (2, 1), (1, 2)]).await;
    })
    .await;
}
