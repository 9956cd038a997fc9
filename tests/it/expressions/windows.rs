//! Values over the rows around a row.

use retro_core::prelude::*;
use retro_core::query::{Bound, cume_dist, first_value, last_value, nth_value, ntile, percent_rank};

use super::on_samples;
use crate::forms::samples::{Number, decimal};

#[tokio::test]
async fn windows() {
    on_samples("windows", async |forms| {
        let by_whole = || window().order_by(Number::whole);
        let by_flag = || window().partition_by(Number::flag).order_by(Number::whole);
        // By value: -7, 0, 7, 10 are the ids 2, 3, 4, 1. False are 2, 4, true are 3, 1.
        forms.of_numbers("row_number", row_number().over(by_whole()), [4, 1, 2, 3]).await;
        forms.of_numbers("row_number in partitions", row_number().over(by_flag()), [2, 1, 1, 2]).await;
        forms.of_numbers("rank", rank().over(window().order_by(Number::flag)), [3, 1, 3, 1]).await;
        forms.of_numbers("dense_rank", dense_rank().over(window().order_by(Number::flag.desc())), [1, 2, 1, 2]).await;
        forms
            .floats_of_numbers(
                "percent_rank",
                percent_rank().over(window().order_by(Number::flag)),
                [2.0 / 3.0, 0.0, 2.0 / 3.0, 0.0],
            )
            .await;
        forms.of_numbers("cume_dist", cume_dist().over(by_whole()), [1.0, 0.25, 0.5, 0.75]).await;
        forms.of_numbers("ntile", ntile(2).over(by_whole()), [2, 1, 1, 2]).await;
        forms.of_numbers("lag", lag(Number::whole, 1).over(by_whole()), [Some(7), None, Some(-7), Some(0)]).await;
        forms.of_numbers("lag by two", lag(Number::id, 2).over(by_whole()), [Some(3), None, None, Some(2)]).await;
        forms.of_numbers("lead", lead(Number::whole, 1).over(by_whole()), [None, Some(0), Some(7), Some(10)]).await;
        forms
            .of_numbers("lead in partitions", lead(Number::whole, 1).over(by_flag()), [None, Some(7), Some(10), None])
            .await;
        forms
            .of_numbers("first_value", first_value(Number::id).over(by_flag()), [Some(3), Some(2), Some(3), Some(2)])
            .await;
        forms
            .of_numbers(
                "last_value, up to the current row",
                last_value(Number::id).over(by_whole()),
                [Some(1), Some(2), Some(3), Some(4)],
            )
            .await;
        let all = by_whole().rows(Bound::First, Bound::Last);
        forms.of_numbers("last_value of all", last_value(Number::id).over(all.clone()), [Some(1); 4]).await;
        forms
            .of_numbers("nth_value", nth_value(Number::id, 2).over(by_whole()), [Some(3), None, Some(3), Some(3)])
            .await;
        forms.of_numbers("nth_value of all", nth_value(Number::id, 3).over(all), [Some(4); 4]).await;
        forms
            .of_numbers(
                "of NULL",
                lag(Number::maybe_whole, 1).over(window().order_by(Number::id)),
                [None, Some(1), None, Some(0)],
            )
            .await;
        forms
            .of_numbers(
                "of decimals",
                lag(Number::price, 1).over(window().order_by(Number::price)),
                [Some("0.1"), Some("9.5"), Some("10"), None].map(|t| t.map(decimal)),
            )
            .await;
        forms.of_numbers("of all rows", row_number().over(window()).ge(1), [true; 4]).await;
        forms.of_numbers("calculated with", row_number().over(by_whole()) * 10 + 1, [41i64, 11, 21, 31]).await;
        forms.of_numbers("compared", row_number().over(by_whole()).le(2), [false, true, true, false]).await;
        forms
            .rows(
                "in the order of the query",
                select(Number::id).order_by(row_number().over(window().order_by(Number::whole.desc()))),
                [1, 4, 3, 2],
            )
            .await;
    })
    .await;
}

#[tokio::test]
async fn window_orders() {
    on_samples("window_orders", async |forms| {
        let place = |order| row_number().over(window().order_by(order));
        // 1, NULL, 0, 7
        forms.of_numbers("NULL first", place(Number::maybe_whole.asc().nulls_first()), [3, 1, 2, 4]).await;
        forms.of_numbers("NULL last", place(Number::maybe_whole.asc().nulls_last()), [2, 4, 1, 3]).await;
        forms.of_numbers("NULL first, descending", place(Number::maybe_whole.desc().nulls_first()), [3, 1, 4, 2]).await;
        forms.of_numbers("NULL last, descending", place(Number::maybe_whole.desc().nulls_last()), [2, 4, 3, 1]).await;
        let several = row_number().over(window().order_by((Number::flag, Number::whole.desc())));
        forms.of_numbers("several terms", several, [3, 2, 4, 1]).await;
        let expression = (Number::maybe_whole + 1).desc().nulls_last();
        forms.of_numbers("an expression", row_number().over(window().order_by(expression)), [2, 4, 3, 1]).await;
        let several = row_number().over(window().partition_by((Number::flag, Number::id % 2)).order_by(Number::id));
        forms.of_numbers("several partitions", several, [1, 1, 2, 2]).await;
        let of_expression = count_all().over(window().partition_by(Number::whole.gt(0)));
        forms.of_numbers("partitions by an expression", of_expression, [2, 2, 2, 2]).await;
    })
    .await;
}

#[tokio::test]
async fn running_aggregates() {
    on_samples("running_aggregates", async |forms| {
        let by_id = || window().order_by(Number::id);
        forms.of_numbers("running sum", sum(Number::whole).over(by_id()), [10, 3, 3, 10]).await;
        forms.of_numbers("sum of all", sum(Number::whole).over(window()), [10; 4]).await;
        forms
            .of_numbers(
                "sum of a partition",
                sum(Number::whole).over(window().partition_by(Number::flag)),
                [10, 0, 10, 0],
            )
            .await;
        forms.of_numbers("running count", count(Number::maybe_whole).over(by_id()), [1, 1, 2, 3]).await;
        forms
            .of_numbers(
                "running average",
                avg(Number::float).over(by_id().rows(Bound::Preceding(1), Bound::Current)),
                [Some(2.5), Some(0.0), Some(-1.25), Some(5e9)],
            )
            .await;
        forms.of_numbers("running maximum", max(Number::whole).over(by_id()), [Some(10); 4]).await;
        forms
            .of_numbers(
                "minimum of decimals",
                min(Number::price).over(by_id()),
                [Some("9.5"), Some("9.5"), Some("9.5"), Some("0.1")].map(|t| t.map(decimal)),
            )
            .await;
        forms
            .of_numbers("equals count together", sum(Number::id).over(window().order_by(Number::flag)), [10, 6, 10, 6])
            .await;
        let rows =
            sum(Number::id).over(window().order_by((Number::flag, Number::id)).rows(Bound::First, Bound::Current));
        forms.of_numbers("rows do not", rows, [7, 2, 10, 6]).await;
        forms
            .of_numbers(
                "around",
                sum(Number::id).over(by_id().rows(Bound::Preceding(1), Bound::Following(1))),
                [3, 6, 9, 7],
            )
            .await;
        forms
            .of_numbers("from here on", sum(Number::id).over(by_id().rows(Bound::Current, Bound::Last)), [10, 9, 7, 4])
            .await;
        forms
            .of_numbers("before", sum(Number::id).over(by_id().rows(Bound::First, Bound::Preceding(1))), [0, 1, 3, 6])
            .await;
        forms
            .of_numbers("range", sum(Number::id).over(by_id().range(Bound::First, Bound::Current)), [1, 3, 6, 10])
            .await;
        forms
            .of_numbers(
                "range of values",
                count_all().over(window().order_by(Number::whole).range(Bound::Preceding(7), Bound::Current)),
                [2, 1, 2, 2],
            )
            .await;
        forms.of_numbers("a share", Number::id * 100 / sum(Number::id).over(window()), [10i64, 20, 30, 40]).await;
        let filtered = sum(Number::whole).filter(Number::flag).over(by_id());
        forms.of_numbers("filtered", filtered, [10, 10, 10, 10]).await;
        let grouped = select((Number::flag, sum(sum(Number::whole)).over(window())))
            .group_by(Number::flag)
            .order_by(Number::flag);
        forms.rows("a sum of sums of groups", grouped, [(false, 10), (true, 10)]).await;
        let ranked = select((Number::flag, rank().over(window().order_by(sum(Number::whole).desc()))))
            .group_by(Number::flag)
            .order_by(Number::flag);
        forms.rows("groups by rank", ranked, [(false, 2), (true, 1)]).await;
        forms
            .refused(
                "a calculation",
                select((sum(Number::whole) + 1).over(window())),
                "`over` takes an aggregate or a window function",
            )
            .await;
        forms
            .refused(
                "a column",
                select(Number::whole.label("w").over(window())),
                "`over` takes an aggregate or a window function",
            )
            .await;
        forms
            .refused(
                "over itself",
                select(sum(Number::whole).over(window()).over(window())),
                "`over` takes an aggregate or a window function",
            )
            .await;
    })
    .await;
}
