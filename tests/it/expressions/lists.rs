//! Membership: in lists of values and of expressions, of any length, and in queries.

use retro_core::prelude::*;

use super::on_samples;
use crate::forms::Forms;
use crate::forms::samples::{Kind, Moment, NAMED, Number, Thing, Word, clock, day, decimal, instant, moment};

#[tokio::test]
async fn lists() {
    on_samples("lists", async |forms| {
        forms.numbers("values", Number::whole.in_([7, 10, 99]), [1, 4]).await;
        forms.numbers("one value", Number::whole.in_([7]), [4]).await;
        forms.numbers("a vector", Number::whole.in_(vec![7, 10]), [1, 4]).await;
        let borrowed = vec![7, 10];
        forms.numbers("a borrowed vector", Number::whole.in_(&borrowed), [1, 4]).await;
        forms.numbers("an iterator", Number::whole.in_((0..8).filter(|n| n % 7 == 0)), [3, 4]).await;
        forms.numbers("none of", !Number::whole.in_([7, 10]), [2, 3]).await;
        forms.numbers("nothing", Number::whole.in_([] as [i32; 0]), []).await;
        forms.numbers("not nothing", !Number::whole.in_([] as [i32; 0]), [1, 2, 3, 4]).await;
        forms.numbers("NULL in nothing is false", !Number::maybe_whole.in_([] as [i32; 0]), [1, 2, 3, 4]).await;
        forms.numbers("NULL in values is NULL", !Number::maybe_whole.in_([7]), [1, 3]).await;
        forms.numbers("values of which one is NULL", Number::maybe_whole.in_([Some(7), None]), [4]).await;
        forms.numbers("none of values of which one is NULL", !Number::maybe_whole.in_([Some(7), None]), []).await;
        forms.numbers("columns", lit(7).in_([Number::whole, Number::id]), [4]).await;
        forms.numbers("expressions", Number::whole.in_([Number::id * 10, Number::small + 3]), [1, 4]).await;
        forms.numbers("none of expressions", !Number::whole.in_([Number::id * 10, Number::small + 3]), [2, 3]).await;
        forms.numbers("an expression in values", (Number::whole + 1).in_([8, 11]), [1, 4]).await;
        forms.numbers("membership compared", Number::whole.in_([7, 10]).eq(Number::flag), [1, 2]).await;
        forms.words("text", Word::text.in_(["alpha", "", "it's"]), [1, 5]).await;
        forms.words("Strings", Word::text.in_([String::from("alpha")]), [1]).await;
        forms.things("enums", Thing::kind.in_([Kind::Odd, Kind::Rare]), [1, 3]).await;
        forms.numbers("decimals", Number::price.in_([decimal("9.5"), decimal("10.00")]), [1, 2]).await;
        forms.numbers("booleans", Number::maybe_flag.in_([true, false]), [1, 2, 4]).await;

        let large = select(Number::whole).filter(Number::whole.gt(5));
        forms.numbers("a query", Number::maybe_whole.in_(large.clone()), [4]).await;
        forms.numbers("not in a query", !Number::id.in_(large.clone()), [1, 2, 3, 4]).await;
        let first = select(Number::whole).order_by(Number::whole.desc()).limit(1);
        forms.numbers("a limited query", Number::whole.in_(first), [1]).await;
        let missing = select(Number::maybe_whole);
        forms.numbers("a query that finds NULL", !Number::id.in_(missing), []).await;
        let grouped = select(max(Number::id)).group_by(Number::flag);
        forms.numbers("a grouped query", Number::id.in_(grouped), [3, 4]).await;
        let both = select(Number::whole).union(select(Number::id));
        forms.numbers("a union", Number::maybe_whole.in_(both), [1, 3, 4]).await;
    })
    .await;
}

/// A long list of other values around those that match.
async fn long<T: Clone>(
    forms: &mut Forms,
    name: &str,
    matching: [T; 2],
    other: impl Fn(u32) -> T,
    count: impl AsyncFn(&mut Session, Vec<T>) -> retro_core::Result<u64>,
) {
    for length in [3, 1_999, 2_000, 70_000] {
        let mut values: Vec<T> = (0..length - 2).map(&other).collect();
        values.insert(0, matching[0].clone());
        values.push(matching[1].clone());
        match count(&mut forms.session, values).await {
            Ok(2) => {}
            Ok(count) => forms.fail(name, format!("{count} of a list of {length}")),
            Err(error) => forms.fail(name, format!("a list of {length}: {error}")),
        }
    }
}

macro_rules! long {
    ($forms:ident, $name:literal, $column:expr, $of:ident, $matching:expr, $other:expr) => {
        long($forms, $name, $matching, $other, async |session, values| {
            let found = session.count(select($of).filter($column.in_(&values))).await?;
            let others = session.count(select($of).filter(!$column.in_(&values))).await?;
            let all = session.count(select($of).filter($column.is_not_null())).await?;
            assert_eq!(found + others, all);
            retro_core::Result::Ok(found)
        })
        .await;
    };
}

#[tokio::test]
async fn long_lists_of_numbers() {
    on_samples("long_lists_of_numbers", async |forms| {
        long!(forms, "i16", Number::small, Number, [1, 30], |n| (n % 1_000 + 1_000) as i16);
        long!(forms, "i32", Number::whole, Number, [7, -7], |n| n as i32 + 100);
        long!(forms, "i64", Number::large, Number, [1 << 40, 1 << 33], |n| i64::from(n) + 100);
        long!(forms, "f32", Number::single, Number, [1.5, -0.25], |n| n as f32 + 100.0);
        long!(forms, "f64", Number::float, Number, [2.5, 1e10], |n| f64::from(n) + 0.1);
        long!(forms, "decimal", Number::price, Number, [decimal("9.5"), decimal("100.250")], |n| Decimal::from(n)
            + decimal("1000.01"));
        long!(forms, "nullable", Number::maybe_whole, Number, [1, 7], |n| n as i32 + 100);
        long!(forms, "bool", Number::maybe_flag, Number, [true, true], |_| true);
    })
    .await;
}

#[tokio::test]
async fn long_lists_of_texts_and_others() {
    on_samples("long_lists_of_texts_and_others", async |forms| {
        let texts = [r#"it's "q" \ back"#.to_owned(), "Füße 漢字 🎉".to_owned()];
        long!(forms, "text", Word::text, Word, texts, |n| format!("{n}'\"\\%_ü"));
        let texts = [r#"it's "q" \ back"#.repeat(2), "alphaalpha".to_owned()];
        long!(forms, "long text", Word::long, Word, texts, |n| format!("{n}"));
        long!(forms, "uuid", Thing::id, Thing, [NAMED, Uuid::from_u128(2)], |n| Uuid::from_u128(u128::from(n) + 100));
        let bytes = [b"\x00\xff'\"\\".to_vec(), b"plain".to_vec()];
        long!(forms, "bytes", Thing::bytes, Thing, bytes, |n| n.to_be_bytes().to_vec());
        long!(forms, "enum", Thing::kind, Thing, [Kind::Odd, Kind::Rare], |_| Kind::Odd);
        let days = [day("2024-02-29"), day("1900-03-01")];
        long!(forms, "date", Moment::day, Moment, days, |n| (moment("2100-01-01 00:00:00")
            + std::time::Duration::from_secs(86_400 * u64::from(n % 10_000)))
        .date());
        let clocks = [clock("12:34:56.789012"), clock("00:00:00.000001")];
        long!(forms, "time", Moment::clock, Moment, clocks, |n| clock("01:00:00")
            + std::time::Duration::from_micros(n.into()));
        let moments = [moment("2024-12-31 23:59:59.999999"), moment("1900-03-01 06:00:00")];
        long!(forms, "datetime", Moment::moment, Moment, moments, |n| moment("2100-01-01 00:00:00")
            + std::time::Duration::from_micros(n.into()));
        let instants = [instant("2024-12-31 23:59:59.999999"), instant("1900-03-01 06:00:00")];
        long!(forms, "timestamp", Moment::instant, Moment, instants, |n| instant("2100-01-01 00:00:00")
            + std::time::Duration::from_micros(n.into()));
    })
    .await;
}
