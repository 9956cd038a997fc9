//! What expressions mean: in plain Rust, with a logic of three values.

use std::cmp::Ordering;

use super::generate::{Comparison, Condition, Number, Text, Values};

type Truth = Option<bool>;

fn not(truth: Truth) -> Truth {
    truth.map(|truth| !truth)
}

fn all(truths: impl IntoIterator<Item = Truth>) -> Truth {
    let mut unknown = false;
    for truth in truths {
        match truth {
            Some(false) => return Some(false),
            Some(true) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(true)
}

fn any(truths: impl IntoIterator<Item = Truth>) -> Truth {
    not(all(truths.into_iter().map(not)))
}

impl Comparison {
    fn of<T: Ord>(self, left: &Option<T>, right: &Option<T>) -> Truth {
        let order = left.as_ref()?.cmp(right.as_ref()?);
        Some(match self {
            Comparison::Eq => order == Ordering::Equal,
            Comparison::Ne => order != Ordering::Equal,
            Comparison::Lt => order == Ordering::Less,
            Comparison::Le => order != Ordering::Greater,
            Comparison::Gt => order == Ordering::Greater,
            Comparison::Ge => order != Ordering::Less,
        })
    }

    /// Of pairs: the first difference decides.
    fn of_pairs(self, left: [Option<i64>; 2], right: [Option<i64>; 2]) -> Truth {
        let compare = |op: Comparison, place: usize| op.of(&left[place], &right[place]);
        let strict = match self {
            Comparison::Eq => return all([compare(Comparison::Eq, 0), compare(Comparison::Eq, 1)]),
            Comparison::Ne => return any([compare(Comparison::Ne, 0), compare(Comparison::Ne, 1)]),
            Comparison::Lt | Comparison::Le => Comparison::Lt,
            Comparison::Gt | Comparison::Ge => Comparison::Gt,
        };
        any([compare(strict, 0), all([compare(Comparison::Eq, 0), compare(self, 1)])])
    }
}

impl Number {
    pub(super) fn of(&self, row: &Values) -> Option<i64> {
        match self {
            Number::A => row.a,
            Number::B => row.b,
            Number::N => Some(row.n),
            Number::Value(value) => *value,
            Number::Plus(a, b) => Some(a.of(row)? + b.of(row)?),
            Number::Minus(a, b) => Some(a.of(row)? - b.of(row)?),
            Number::Times(a, b) => Some(a.of(row)? * b.of(row)?),
            Number::DividedBy(a, b) => Some(a.of(row)? / b),
            Number::Remainder(a, b) => Some(a.of(row)? % b),
            Number::Negative(a) => Some(-a.of(row)?),
            Number::Abs(a) => Some(a.of(row)?.abs()),
            Number::Coalesce(a, b) => a.of(row).or_else(|| b.of(row)),
            Number::NullIf(a, b) => match a.of(row) {
                value if Comparison::Eq.of(&value, &b.of(row)) == Some(true) => None,
                value => value,
            },
            Number::Case(branches, otherwise) => {
                let met = branches.iter().find(|(condition, _)| condition.of(row) == Some(true));
                met.map(|(_, value)| value).or(otherwise.as_deref())?.of(row)
            }
            Number::Length(text) => Some(text.of(row)?.chars().count() as i64),
            Number::OfCondition(condition) => Some(i64::from(condition.of(row)?)),
        }
    }
}

impl Text {
    pub(super) fn of(&self, row: &Values) -> Option<String> {
        match self {
            Text::T => row.t.clone(),
            Text::U => Some(row.u.clone()),
            Text::Followed(a, b) => Some(a.of(row)? + b),
            Text::Joined(a, b) => Some(a.of(row)? + &b.of(row)?),
            Text::Replaced(a, from, to) => Some(a.of(row)?.replace(from, to)),
            Text::Part(a, start, length) => {
                Some(a.of(row)?.chars().skip(*start as usize - 1).take(*length as usize).collect())
            }
            Text::Coalesce(a, b) => Some(a.of(row).unwrap_or_else(|| b.clone())),
            Text::NullIf(a, b) => a.of(row).filter(|text| text != b),
        }
    }
}

impl Condition {
    pub(super) fn of(&self, row: &Values) -> Truth {
        match self {
            Condition::Flag => row.f,
            Condition::Value(value) => Some(*value),
            Condition::Numbers(a, op, b) => op.of(&a.of(row), &b.of(row)),
            Condition::Texts(a, op, b) => op.of(&a.of(row), &b.of(row)),
            Condition::TextAndValue(a, op, b) => op.of(&a.of(row), &Some(b.clone())),
            Condition::Rows((a, b), op, (c, d)) => op.of_pairs([a.of(row), b.of(row)], [c.of(row), d.of(row)]),
            Condition::IsNull(a, negated) => Some(a.of(row).is_none() != *negated),
            Condition::Same(a, b, same) => Some((a.of(row) == b.of(row)) == *same),
            Condition::Between(a, low, high) => {
                all([Comparison::Ge.of(&a.of(row), &low.of(row)), Comparison::Le.of(&a.of(row), &high.of(row))])
            }
            Condition::In(a, list) => any(list.iter().map(|value| Comparison::Eq.of(&a.of(row), value))),
            Condition::InExpressions(a, list) => {
                any(list.iter().map(|value| Comparison::Eq.of(&a.of(row), &value.of(row))))
            }
            Condition::TextIn(a, list) => {
                any(list.iter().map(|value| Comparison::Eq.of(&a.of(row), &Some(value.clone()))))
            }
            Condition::Contains(a, b) => Some(a.of(row)?.contains(b)),
            Condition::StartsWith(a, b) => Some(a.of(row)?.starts_with(b)),
            Condition::EndsWith(a, b) => Some(a.of(row)?.ends_with(b)),
            Condition::Not(a) => not(a.of(row)),
            Condition::And(a, b) => all([a.of(row), b.of(row)]),
            Condition::Or(a, b) => any([a.of(row), b.of(row)]),
            Condition::All(list) => all(list.iter().map(|condition| condition.of(row))),
            Condition::Any(list) => any(list.iter().map(|condition| condition.of(row))),
        }
    }
}
