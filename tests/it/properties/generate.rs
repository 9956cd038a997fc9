//! Random rows, and random expressions about them as plain data.

use proptest::prelude::*;

use super::few;

/// A row, as the table has it.
#[derive(Debug, Clone)]
pub(super) struct Values {
    pub(super) a: Option<i64>,
    pub(super) b: Option<i64>,
    pub(super) n: i64,
    pub(super) t: Option<String>,
    pub(super) u: String,
    pub(super) f: Option<bool>,
}

/// An expression of a whole number, which may be NULL.
#[derive(Debug, Clone)]
pub(super) enum Number {
    A,
    B,
    N,
    Value(Option<i64>),
    Plus(Box<Number>, Box<Number>),
    Minus(Box<Number>, Box<Number>),
    Times(Box<Number>, Box<Number>),
    DividedBy(Box<Number>, i64),
    Remainder(Box<Number>, i64),
    Negative(Box<Number>),
    Abs(Box<Number>),
    Coalesce(Box<Number>, Box<Number>),
    NullIf(Box<Number>, Box<Number>),
    Case(Vec<(Condition, Number)>, Option<Box<Number>>),
    Length(Box<Text>),
    OfCondition(Box<Condition>),
}

/// An expression of text, which may be NULL. There is a column in each: two values alone would be
/// compared as the connection says, and not the column.
#[derive(Debug, Clone)]
pub(super) enum Text {
    T,
    U,
    Followed(Box<Text>, String),
    Joined(Box<Text>, Box<Text>),
    Replaced(Box<Text>, String, String),
    Part(Box<Text>, i32, i32),
    Coalesce(Box<Text>, String),
    NullIf(Box<Text>, String),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Debug, Clone)]
pub(super) enum Condition {
    Flag,
    Value(bool),
    Numbers(Number, Comparison, Number),
    Texts(Text, Comparison, Text),
    TextAndValue(Text, Comparison, String),
    Rows((Number, Number), Comparison, (Number, Number)),
    IsNull(Number, bool),
    Same(Number, Number, bool),
    Between(Number, Number, Number),
    In(Number, Vec<Option<i64>>),
    InExpressions(Number, Vec<Number>),
    TextIn(Text, Vec<String>),
    Contains(Text, String),
    StartsWith(Text, String),
    EndsWith(Text, String),
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

/// Small numbers meet each other often, and products of them stay small.
fn small() -> impl Strategy<Value = i64> {
    -3..=3i64
}

/// No letters of which there are two cases, and no space at the end: databases differ about these.
pub(super) fn text() -> impl Strategy<Value = String> {
    proptest::string::string_regex(r#"[ab1%_!'"\\?$ü漢]{0,4}"#).unwrap()
}

pub(super) fn values() -> impl Strategy<Value = Values> {
    let maybe = || prop::option::of(small());
    (maybe(), maybe(), small(), prop::option::of(text()), text(), prop::option::of(any::<bool>()))
        .prop_map(|(a, b, n, t, u, f)| Values { a, b, n, t, u, f })
}

fn comparison() -> impl Strategy<Value = Comparison> {
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
    prop::sample::select(vec![Eq, Ne, Lt, Le, Gt, Ge])
}

pub(super) fn texts() -> BoxedStrategy<Text> {
    let column = prop_oneof![Just(Text::T), Just(Text::U)];
    column
        .prop_recursive(3, 6, 2, |inner| {
            let boxed = || inner.clone().prop_map(Box::new);
            let some = || text().prop_filter("something", |text| !text.is_empty());
            prop_oneof![
                (boxed(), text()).prop_map(|(a, b)| Text::Followed(a, b)),
                (boxed(), boxed()).prop_map(|(a, b)| Text::Joined(a, b)),
                (boxed(), some(), text()).prop_map(|(a, from, to)| Text::Replaced(a, from, to)),
                (boxed(), 1..=4, 0..=4).prop_map(|(a, start, length)| Text::Part(a, start, length)),
                (boxed(), text()).prop_map(|(a, b)| Text::Coalesce(a, b)),
                (boxed(), text()).prop_map(|(a, b)| Text::NullIf(a, b)),
            ]
        })
        .boxed()
}

pub(super) fn numbers(depth: u32) -> BoxedStrategy<Number> {
    let leaf = prop_oneof![
        3 => Just(Number::A),
        3 => Just(Number::B),
        2 => Just(Number::N),
        3 => prop::option::weighted(0.9, small()).prop_map(Number::Value),
        1 => texts().prop_map(|text| Number::Length(Box::new(text))),
    ];
    leaf.prop_recursive(depth, 8, 2, move |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let divisor = || prop_oneof![-3..=-1i64, 1..=3i64];
        let branches = (condition(0, inner.clone().boxed()), inner.clone());
        prop_oneof![
            (boxed(), boxed()).prop_map(|(a, b)| Number::Plus(a, b)),
            (boxed(), boxed()).prop_map(|(a, b)| Number::Minus(a, b)),
            (boxed(), boxed()).prop_map(|(a, b)| Number::Times(a, b)),
            (boxed(), divisor()).prop_map(|(a, b)| Number::DividedBy(a, b)),
            (boxed(), divisor()).prop_map(|(a, b)| Number::Remainder(a, b)),
            boxed().prop_map(Number::Negative),
            boxed().prop_map(Number::Abs),
            (boxed(), boxed()).prop_map(|(a, b)| Number::Coalesce(a, b)),
            (boxed(), boxed()).prop_map(|(a, b)| Number::NullIf(a, b)),
            (prop::collection::vec(branches, 1..3), prop::option::of(boxed())).prop_map(|(b, o)| Number::Case(b, o)),
            condition(1, inner.boxed()).prop_map(|condition| Number::OfCondition(Box::new(condition))),
        ]
    })
    .boxed()
}

/// Conditions about some numbers.
pub(super) fn condition(depth: u32, number: BoxedStrategy<Number>) -> BoxedStrategy<Condition> {
    let number = || number.clone();
    let pair = || (number(), number());
    let leaf = prop_oneof![
        2 => Just(Condition::Flag),
        1 => any::<bool>().prop_map(Condition::Value),
        5 => (number(), comparison(), number()).prop_map(|(a, op, b)| Condition::Numbers(a, op, b)),
        2 => (texts(), comparison(), texts()).prop_map(|(a, op, b)| Condition::Texts(a, op, b)),
        2 => (texts(), comparison(), text()).prop_map(|(a, op, b)| Condition::TextAndValue(a, op, b)),
        1 => (pair(), comparison(), pair()).prop_map(|(a, op, b)| Condition::Rows(a, op, b)),
        2 => (number(), any::<bool>()).prop_map(|(a, not)| Condition::IsNull(a, not)),
        2 => (number(), number(), any::<bool>()).prop_map(|(a, b, same)| Condition::Same(a, b, same)),
        2 => (number(), number(), number()).prop_map(|(a, b, c)| Condition::Between(a, b, c)),
        2 => (number(), few(prop::option::weighted(0.9, small()), 4)).prop_map(|(a, list)| Condition::In(a, list)),
        1 => (number(), few(number(), 3)).prop_map(|(a, list)| Condition::InExpressions(a, list)),
        1 => (texts(), few(text(), 3)).prop_map(|(a, list)| Condition::TextIn(a, list)),
        1 => (texts(), text()).prop_map(|(a, b)| Condition::Contains(a, b)),
        1 => (texts(), text()).prop_map(|(a, b)| Condition::StartsWith(a, b)),
        1 => (texts(), text()).prop_map(|(a, b)| Condition::EndsWith(a, b)),
    ];
    leaf.prop_recursive(depth, 10, 3, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        prop_oneof![
            boxed().prop_map(Condition::Not),
            (boxed(), boxed()).prop_map(|(a, b)| Condition::And(a, b)),
            (boxed(), boxed()).prop_map(|(a, b)| Condition::Or(a, b)),
            few(inner.clone(), 3).prop_map(Condition::All),
            few(inner.clone(), 3).prop_map(Condition::Any),
        ]
    })
    .boxed()
}

pub(super) fn conditions() -> BoxedStrategy<Condition> {
    condition(3, numbers(2))
}
