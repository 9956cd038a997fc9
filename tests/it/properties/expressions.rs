//! Random expressions over random rows: as a condition, as a value, in an order and in aggregates.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use retro_core::prelude::*;
use retro_core::query::{Expr, not_};
use retro_tests::Db;

use super::generate::{Comparison, Condition, Number, Text, Values, conditions, numbers, texts, values};
use super::{check, few};

#[derive(Model, Debug, Clone)]
#[retro(table = "random_rows")]
struct Row {
    #[retro(primary_key)]
    id: i32,
    a: Option<i64>,
    b: Option<i64>,
    n: i64,
    #[retro(length = 16)]
    t: Option<String>,
    #[retro(length = 16)]
    u: String,
    f: Option<bool>,
}

impl Number {
    fn expression(&self) -> Expr<Option<i64>> {
        match self {
            Number::A => Row::a.nullable(),
            Number::B => Row::b.nullable(),
            Number::N => Row::n.nullable(),
            Number::Value(value) => lit(*value),
            Number::Plus(a, b) => a.expression() + b.expression(),
            Number::Minus(a, b) => a.expression() - b.expression(),
            Number::Times(a, b) => a.expression() * b.expression(),
            Number::DividedBy(a, b) => a.expression() / *b,
            Number::Remainder(a, b) => a.expression() % *b,
            Number::Negative(a) => -a.expression(),
            Number::Abs(a) => a.expression().abs(),
            Number::Coalesce(a, b) => a.expression().coalesce(b.expression()).nullable(),
            Number::NullIf(a, b) => a.expression().null_if(b.expression()),
            Number::Case(branches, otherwise) => {
                let mut branches = branches.iter().map(|(when, then)| (when.expression(), then.expression()));
                let (when, then) = branches.next().unwrap();
                let case = branches.fold(case().when(when, then), |case, (when, then)| case.when(when, then));
                match otherwise {
                    Some(otherwise) => case.otherwise(otherwise.expression()),
                    None => case.end(),
                }
            }
            Number::Length(text) => text.expression().length().cast::<i64>(),
            Number::OfCondition(condition) => condition.expression().nullable().cast::<i64>(),
        }
    }
}

impl Text {
    fn expression(&self) -> Expr<Option<String>> {
        match self {
            Text::T => Row::t.nullable(),
            Text::U => Row::u.nullable(),
            Text::Followed(a, b) => a.expression().concat(b.as_str()),
            Text::Joined(a, b) => a.expression().concat(b.expression()),
            Text::Replaced(a, from, to) => a.expression().replace(from.as_str(), to.as_str()),
            Text::Part(a, start, length) => a.expression().substring(*start, *length),
            Text::Coalesce(a, b) => a.expression().coalesce(b.as_str()).nullable(),
            Text::NullIf(a, b) => a.expression().null_if(b.as_str()),
        }
    }
}

macro_rules! compare {
    ($op:expr, $left:expr, $right:expr) => {
        match $op {
            Comparison::Eq => $left.eq($right),
            Comparison::Ne => $left.ne($right),
            Comparison::Lt => $left.lt($right),
            Comparison::Le => $left.le($right),
            Comparison::Gt => $left.gt($right),
            Comparison::Ge => $left.ge($right),
        }
    };
}

impl Condition {
    fn expression(&self) -> Expr<bool> {
        let list = |conditions: &[Condition]| conditions.iter().map(Condition::expression).collect::<Vec<_>>();
        match self {
            Condition::Flag => and_([Row::f]),
            Condition::Value(value) => lit(*value),
            // `eq(None)` asks for NULL, so that a value that is NULL is no comparison.
            Condition::Numbers(a, op, Number::Value(None)) => compare!(op, a.expression(), lit(None::<i64>) + 0),
            Condition::Numbers(a, op, b) => compare!(op, a.expression(), b.expression()),
            Condition::Texts(a, op, b) => compare!(op, a.expression(), b.expression()),
            Condition::TextAndValue(a, op, b) => compare!(op, a.expression(), b.as_str()),
            Condition::Rows((a, b), op, (c, d)) => {
                compare!(op, row((a.expression(), b.expression())), (c.expression(), d.expression()))
            }
            Condition::IsNull(a, false) => a.expression().is_null(),
            Condition::IsNull(a, true) => a.expression().is_not_null(),
            Condition::Same(a, b, true) => a.expression().is_not_distinct_from(b.expression()),
            Condition::Same(a, b, false) => a.expression().is_distinct_from(b.expression()),
            Condition::Between(a, low, high) => a.expression().between(low.expression(), high.expression()),
            Condition::In(a, list) => a.expression().in_(list.iter().copied()),
            Condition::InExpressions(a, list) => a.expression().in_(list.iter().map(Number::expression)),
            Condition::TextIn(a, list) => a.expression().in_(list),
            Condition::Contains(a, b) => a.expression().contains(b),
            Condition::StartsWith(a, b) => a.expression().starts_with(b),
            Condition::EndsWith(a, b) => a.expression().ends_with(b),
            Condition::Not(a) => not_(a.expression()),
            Condition::And(a, b) => a.expression() & b.expression(),
            Condition::Or(a, b) => a.expression() | b.expression(),
            Condition::All(conditions) => and_(list(conditions)),
            Condition::Any(conditions) => or_(list(conditions)),
        }
    }
}

/// A session that has written some rows, which are gone with it. Their keys are in their order.
async fn filled(db: &Db, rows: &[Values]) -> (Session, Vec<i32>) {
    let mut session = db.session();
    let added = session.add_all(rows.iter().cloned().map(|Values { a, b, n, t, u, f }| Row {
        a,
        b,
        n,
        t,
        u,
        f,
        ..Default::default()
    }));
    session.flush().await.unwrap();
    let ids = added.iter().map(|&row| session[row].id).collect();
    (session, ids)
}

fn rows() -> impl Strategy<Value = Vec<Values>> {
    few(values(), 8)
}

#[test]
fn conditions_find_the_same_rows() {
    let cases = || (rows(), prop::collection::vec(conditions(), 8)).boxed();
    check(
        || metadata![Row],
        cases,
        async |db, (rows, conditions)| {
            let (mut session, ids) = filled(db, &rows).await;
            for condition in conditions {
                let query = select(Row::id).filter(condition.expression()).order_by(Row::id);
                let met = rows.iter().zip(&ids).filter(|(row, _)| condition.of(row) == Some(true));
                let expected: Vec<i32> = met.map(|(_, &id)| id).collect();
                let sql = query.to_sql(db.engine.dialect());
                assert_eq!(session.all(query).await.unwrap(), expected, "{condition:?}\n{sql:?}");
            }
            session.rollback().await.unwrap();
        },
    );
}

#[test]
fn expressions_have_the_same_values() {
    type Case = (Vec<Values>, Vec<(Condition, Number, Text)>);
    let cases =
        || -> BoxedStrategy<Case> { (rows(), prop::collection::vec((conditions(), numbers(3), texts()), 6)).boxed() };
    check(
        || metadata![Row],
        cases,
        async |db, (rows, expressions)| {
            let (mut session, _) = filled(db, &rows).await;
            for (condition, number, text) in expressions {
                let selected = (condition.expression().nullable(), number.expression(), text.expression());
                let query = select(selected).from(Row).order_by(Row::id);
                let expected: Vec<_> =
                    rows.iter().map(|row| (condition.of(row), number.of(row), text.of(row))).collect();
                let sql = query.to_sql(db.engine.dialect());
                assert_eq!(session.all(query).await.unwrap(), expected, "{condition:?} {number:?} {text:?}\n{sql:?}");
            }
            session.rollback().await.unwrap();
        },
    );
}

#[test]
fn orders_and_limits_are_the_same() {
    let order = || (numbers(1), any::<bool>(), any::<bool>());
    let cases = move || (rows(), order(), order(), 0..9u64, 0..4u64).boxed();
    check(
        || metadata![Row],
        cases,
        async |db, (rows, first, second, limit, offset)| {
            let (mut session, ids) = filled(db, &rows).await;
            let term = |(number, descending, nulls_first): &(Number, bool, bool)| {
                let term = if *descending { number.expression().desc() } else { number.expression().asc() };
                if *nulls_first { term.nulls_first() } else { term.nulls_last() }
            };
            // What sorts as the term does.
            let place = |(number, descending, nulls_first): &(Number, bool, bool), row: &Values| {
                let value = number.of(row);
                let number = value.map_or(0, |value| if *descending { -value } else { value });
                (value.is_none() != *nulls_first, number)
            };
            let mut expected: Vec<(_, _, i32)> =
                rows.iter().zip(&ids).map(|(row, &id)| (place(&first, row), place(&second, row), id)).collect();
            expected.sort();
            let expected: Vec<i32> =
                expected.into_iter().map(|(_, _, id)| id).skip(offset as usize).take(limit as usize).collect();
            let query = select(Row::id).order_by((term(&first), term(&second), Row::id)).limit(limit).offset(offset);
            let sql = query.to_sql(db.engine.dialect());
            assert_eq!(session.all(query).await.unwrap(), expected, "{sql:?}");
            session.rollback().await.unwrap();
        },
    );
}

#[test]
fn aggregates_have_the_same_values() {
    let cases = || (rows(), conditions(), conditions(), numbers(2)).boxed();
    check(
        || metadata![Row],
        cases,
        async |db, (rows, which, counted, number)| {
            let (mut session, _) = filled(db, &rows).await;
            let value = || number.expression();
            let query = select((
                count(value()),
                count_distinct(value()),
                sum(value()),
                min(value()),
                max(value()),
                sum(value()).filter(counted.expression()),
                count_all().filter(counted.expression()),
            ))
            .from(Row)
            .filter(which.expression());
            let found: Vec<&Values> = rows.iter().filter(|row| which.of(row) == Some(true)).collect();
            let mut values: Vec<i64> = found.iter().filter_map(|row| number.of(row)).collect();
            values.sort_unstable();
            let (least, most, sum) = (values.first().copied(), values.last().copied(), values.iter().sum::<i64>());
            let count = values.len() as i64;
            values.dedup();
            let met: Vec<&&Values> = found.iter().filter(|row| counted.of(row) == Some(true)).collect();
            let sum_of_met = met.iter().filter_map(|row| number.of(row)).sum::<i64>();
            let expected = (count, values.len() as i64, sum, least, most, sum_of_met, met.len() as i64);
            let sql = query.to_sql(db.engine.dialect());
            assert_eq!(session.one(query).await.unwrap(), expected, "{sql:?}");
            session.rollback().await.unwrap();
        },
    );
}
