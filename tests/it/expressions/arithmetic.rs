//! Calculations: types, `NULL`, signs and rounding.

use retro_core::prelude::*;

use super::on_samples;
use crate::forms::samples::{Number, decimal};

/// Reads an expression as the type that it says to have: what is read does not compile as another.
fn is<T>(expression: Expr<T>) -> Expr<T> {
    expression
}

#[tokio::test]
async fn arithmetic() {
    on_samples("arithmetic", async |forms| {
        forms.of_numbers("plus", Number::whole + 1, [11, -6, 1, 8]).await;
        forms.of_numbers("minus", Number::whole - Number::id, [9, -9, -3, 3]).await;
        forms.of_numbers("times", Number::whole * Number::whole, [100, 49, 0, 49]).await;
        forms.of_numbers("divided, cut off", Number::whole / 4, [2, -1, 0, 1]).await;
        forms.of_numbers("remainder has the sign of the dividend", Number::whole % 4, [2, -3, 0, 3]).await;
        forms.of_numbers("minus a minus", Number::whole - (Number::id - 1), [10, -8, -2, 4]).await;
        forms.of_numbers("minus from the left", Number::whole - Number::id - 1, [8, -10, -4, 2]).await;
        forms.of_numbers("times a sum", (Number::whole + 1) * (Number::id - 1), [0, -6, 2, 24]).await;
        forms.of_numbers("divided by a product", lit(100) / (Number::id * 2), [50, 25, 16, 12]).await;
        forms.of_numbers("divided twice", lit(100) / Number::id / 2, [50, 25, 16, 12]).await;
        forms.of_numbers("divided by a quotient", lit(100) / (lit(12) / Number::id), [8, 16, 25, 33]).await;
        forms.of_numbers("a remainder times", (Number::whole % 4) * 2, [4, -6, 0, 6]).await;
        forms.of_numbers("a quotient plus", Number::whole / 4 + 1, [3, 0, 1, 2]).await;
        forms.of_numbers("unary minus", -Number::whole, [-10, 7, 0, -7]).await;
        forms.of_numbers("minus of minus", -(-Number::whole), [10, -7, 0, 7]).await;
        forms.of_numbers("minus of a sum", -(Number::whole + 1), [-11, 6, -1, -8]).await;
        forms.of_numbers("minus a negated", Number::whole - -Number::id, [11, -5, 3, 11]).await;
        forms.of_numbers("minus of a value", -lit(5) + Number::id, [-4, -3, -2, -1]).await;
        forms.of_numbers("minus of a negative value", -lit(-5) + Number::id, [6, 7, 8, 9]).await;
        forms.of_numbers("a reference", &(Number::whole + 1) * 2, [22, -12, 2, 16]).await;
    })
    .await;
}

#[tokio::test]
async fn arithmetic_types() {
    on_samples("arithmetic_types", async |forms| {
        forms.of_numbers("i16 and i16", is::<i16>(Number::small + Number::small), [2, -4, 60, 8]).await;
        forms.of_numbers("i16 and i32", is::<i32>(Number::small + Number::whole), [11, -9, 30, 11]).await;
        forms.of_numbers("i16 and i64", is::<i64>(Number::small * Number::large), [1 << 40, 14, 0, 1 << 35]).await;
        forms
            .of_numbers(
                "i32 and i64",
                is::<i64>(Number::whole + Number::large),
                [(1 << 40) + 10, -14, 0, (1 << 33) + 7],
            )
            .await;
        forms.of_numbers("i16 divided by i32", is::<i32>(Number::small / Number::id), [1, -1, 10, 1]).await;
        forms
            .of_numbers("i64 divided by i32", is::<i64>(Number::large / 3), [366_503_875_925, -2, 0, 2_863_311_530])
            .await;
        forms.of_numbers("i32 and f64", is::<f64>(Number::whole * Number::float), [25.0, 17.5, 0.0, 7e10]).await;
        forms.of_numbers("i32 divided by f64", is::<f64>(Number::whole / 4.0), [2.5, -1.75, 0.0, 1.75]).await;
        forms.of_numbers("f64 divided by i32", is::<f64>(Number::float / 2), [1.25, -1.25, 0.0, 5e9]).await;
        forms.of_numbers("f32 and i32", is::<f64>(Number::single + Number::whole), [11.5, -7.25, 0.0, 15.0]).await;
        forms.of_numbers("f32 and f32", is::<f32>(Number::single * Number::single), [2.25, 0.0625, 0.0, 64.0]).await;
        forms.of_numbers("f32 and f64", is::<f64>(Number::single - Number::float), [-1.0, 2.25, 0.0, 8.0 - 1e10]).await;
        forms.of_numbers("remainder of floats", Number::float % 2.0, [0.5, -0.5, 0.0, 0.0]).await;
        forms.of_numbers("remainder of a whole number and a float", Number::whole % 1.5, [1.0, -1.0, 0.0, 1.0]).await;
        forms.of_numbers("remainder of f32", is::<f32>(Number::single % 1.0f32), [0.5, -0.25, 0.0, 0.0]).await;

        let decimals = |texts: [&str; 4]| texts.map(decimal);
        forms
            .of_numbers(
                "decimals",
                is::<Decimal>(Number::price + Number::price),
                decimals(["19", "20", "200.5", "0.2"]),
            )
            .await;
        forms
            .of_numbers(
                "decimal times i32",
                is::<Decimal>(Number::price * 3),
                decimals(["28.5", "30", "300.75", "0.3"]),
            )
            .await;
        forms
            .of_numbers(
                "decimal divided by i32",
                is::<Decimal>(Number::price / 4),
                decimals(["2.375", "2.5", "25.0625", "0.025"]),
            )
            .await;
        forms
            .of_numbers(
                "decimal divided by decimal",
                Number::price / decimal("4"),
                decimals(["2.375", "2.5", "25.0625", "0.025"]),
            )
            .await;
        forms
            .of_numbers(
                "i32 divided by decimal",
                is::<Decimal>(lit(1) / decimal("8") + Number::price),
                decimals(["9.625", "10.125", "100.375", "0.225"]),
            )
            .await;
        forms
            .of_numbers(
                "decimal minus i64",
                is::<Decimal>(Number::price - 10i64),
                decimals(["-0.5", "0", "90.25", "-9.9"]),
            )
            .await;
        forms.of_numbers("minus of a decimal", -Number::price, decimals(["-9.5", "-10", "-100.25", "-0.1"])).await;
        forms
            .of_numbers("remainder of decimals", Number::price % decimal("3"), decimals(["0.5", "1", "1.25", "0.1"]))
            .await;
        forms.numbers("a calculated decimal compared", (Number::price * 2).gt(decimal("20")), [3]).await;
    })
    .await;
}

#[tokio::test]
async fn arithmetic_with_null() {
    on_samples("arithmetic_with_null", async |forms| {
        forms
            .of_numbers("plus NULL", is::<Option<i32>>(Number::maybe_whole + 1), [Some(2), None, Some(1), Some(8)])
            .await;
        forms
            .of_numbers(
                "NULL on the right",
                is::<Option<i32>>(Number::id - Number::maybe_whole),
                [Some(0), None, Some(3), Some(-3)],
            )
            .await;
        forms
            .of_numbers(
                "NULL on both sides",
                is::<Option<f64>>(Number::maybe_whole * Number::maybe_float),
                [Some(2.5), None, Some(0.0), Some(0.875)],
            )
            .await;
        forms
            .of_numbers("minus of NULL", is::<Option<i32>>(-Number::maybe_whole), [Some(-1), None, Some(0), Some(-7)])
            .await;
        forms.of_numbers("a value that is NULL", Number::whole + None::<i32>, [None, None, None, None::<i32>]).await;
        let third = Number::maybe_price / 4;
        forms
            .of_numbers(
                "a decimal that is NULL",
                third,
                [Some("2.5"), None, Some("2.375"), Some("-0.075")].map(|t| t.map(decimal)),
            )
            .await;
    })
    .await;
}

#[tokio::test]
async fn rounding() {
    on_samples("rounding", async |forms| {
        forms.of_numbers("abs", Number::whole.abs(), [10, 7, 0, 7]).await;
        forms.of_numbers("abs of a float", Number::float.abs(), [2.5, 2.5, 0.0, 1e10]).await;
        forms.of_numbers("abs of NULL", Number::maybe_float.abs(), [Some(2.5), None, Some(1.5), Some(0.125)]).await;
        forms
            .of_numbers("abs of a decimal", (Number::price - 10).abs(), ["0.5", "0", "90.25", "9.9"].map(decimal))
            .await;

        forms.of_numbers("round, halves away from zero", Number::float.round(0), [3.0, -3.0, 0.0, 1e10]).await;
        forms.floats_of_numbers("round to digits", (Number::float / 8).round(2), [0.31, -0.31, 0.0, 1.25e9]).await;
        forms.of_numbers("round a whole number", Number::whole.round(0), [10, -7, 0, 7]).await;
        forms.of_numbers("round a whole number to digits", Number::whole.round(2), [10, -7, 0, 7]).await;
        forms.of_numbers("round and divide a whole number", Number::whole.round(1) / 4, [2, -1, 0, 1]).await;
        forms.of_numbers("round an i16", Number::small.round(0), [1i16, -2, 30, 4]).await;
        forms.of_numbers("round an f32", Number::single.round(0), [2.0f32, -0.0, 0.0, 8.0]).await;
        forms.of_numbers("round a decimal", Number::price.round(0), ["10", "10", "100", "0"].map(decimal)).await;
        forms
            .of_numbers("round a decimal to digits", Number::price.round(1), ["9.5", "10", "100.3", "0.1"].map(decimal))
            .await;
        forms.of_numbers("round NULL", Number::maybe_float.round(0), [Some(3.0), None, Some(-2.0), Some(0.0)]).await;

        forms.of_numbers("floor", Number::float.floor(), [2.0, -3.0, 0.0, 1e10]).await;
        forms.of_numbers("ceil", Number::float.ceil(), [3.0, -2.0, 0.0, 1e10]).await;
        forms.of_numbers("floor of a whole number", Number::whole.floor(), [10, -7, 0, 7]).await;
        forms.of_numbers("ceil of a whole number, divided", Number::whole.ceil() / 4, [2, -1, 0, 1]).await;
        forms.of_numbers("floor of an f32", Number::single.floor(), [1.0f32, -1.0, 0.0, 8.0]).await;
        forms.of_numbers("floor of a decimal", Number::price.floor(), ["9", "10", "100", "0"].map(decimal)).await;
        forms.of_numbers("ceil of a decimal", Number::price.ceil(), ["10", "10", "101", "1"].map(decimal)).await;
        forms.of_numbers("ceil of NULL", Number::maybe_float.ceil(), [Some(3.0), None, Some(-1.0), Some(1.0)]).await;
        forms.of_numbers("floor of a large float", (Number::float * 1e15).floor(), [2.5e15, -2.5e15, 0.0, 1e25]).await;
        forms.of_numbers("floor of a calculation", (Number::float + 0.25).floor() * 2.0, [4.0, -6.0, 0.0, 2e10]).await;
    })
    .await;
}
