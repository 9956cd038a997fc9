//! Every form of expression, on every database, against results worked out by hand.

mod aggregates;
mod arithmetic;
mod casts;
mod choices;
mod comparisons;
mod dates;
mod functions;
mod json;
mod lists;
mod logic;
mod rows;
mod texts;
mod windows;

use std::fmt::Debug;

use retro_core::prelude::*;

use crate::forms::samples::{Moment, Number, Thing, Word, metadata, moments, numbers, things, words};
use crate::forms::{Forms, Rows, on_every_database};

/// Types that can be compared and shown.
trait Plain: ColumnType + PartialEq + Debug {}
impl<T: ColumnType + PartialEq + Debug> Plain for T {}

/// Tries forms on the sample rows.
async fn on_samples(subject: &str, forms: impl AsyncFn(&mut Forms)) {
    let fill = async |session: &mut Session| {
        numbers(session).await;
        words(session).await;
        moments(session).await;
        things(session).await;
    };
    on_every_database(subject, metadata, fill, forms).await;
}

impl Forms {
    /// The numbers that meet a condition.
    async fn numbers(&mut self, name: &str, condition: Expr<bool>, ids: impl Rows<i32>) {
        self.rows(name, select(Number::id).filter(condition).order_by(Number::id), ids).await;
    }

    /// The words that meet a condition.
    async fn words(&mut self, name: &str, condition: Expr<bool>, ids: impl Rows<i32>) {
        self.rows(name, select(Word::id).filter(condition).order_by(Word::id), ids).await;
    }

    /// The moments that meet a condition.
    async fn moments(&mut self, name: &str, condition: Expr<bool>, ids: impl Rows<i32>) {
        self.rows(name, select(Moment::id).filter(condition).order_by(Moment::id), ids).await;
    }

    /// The things that meet a condition, by their places.
    async fn things(&mut self, name: &str, condition: Expr<bool>, places: impl AsRef<[usize]>) {
        let ids = [Uuid::from_u128(1), Uuid::from_u128(2), crate::forms::samples::NAMED];
        let expected: Vec<Uuid> = places.as_ref().iter().map(|&place| ids[place - 1]).collect();
        self.rows(name, select(Thing::id).filter(condition).order_by(Thing::id), expected).await;
    }

    /// The value of an expression for each of the numbers.
    async fn of_numbers<T: Plain>(&mut self, name: &str, expression: Expr<T>, expected: impl Rows<T>) {
        self.rows(name, select(expression).from(Number).order_by(Number::id), expected).await;
    }

    /// The value of an expression of floats for each of the numbers.
    async fn floats_of_numbers(&mut self, name: &str, expression: Expr<f64>, expected: impl Rows<f64>) {
        self.floats(name, select(expression).from(Number).order_by(Number::id), expected).await;
    }

    /// The value of an expression for each of the words.
    async fn of_words<T: Plain>(&mut self, name: &str, expression: Expr<T>, expected: impl Rows<T>) {
        self.rows(name, select(expression).from(Word).order_by(Word::id), expected).await;
    }

    /// The value of an expression for each of the moments.
    async fn of_moments<T: Plain>(&mut self, name: &str, expression: Expr<T>, expected: impl Rows<T>) {
        self.rows(name, select(expression).from(Moment).order_by(Moment::id), expected).await;
    }

    /// The value of an expression for each of the things.
    async fn of_things<T: Plain>(&mut self, name: &str, expression: Expr<T>, expected: impl Rows<T>) {
        self.rows(name, select(expression).from(Thing).order_by(Thing::id), expected).await;
    }

    /// The value of an expression that names no table.
    async fn alone<T: Plain, E>(&mut self, name: &str, expression: Expr<T>, expected: E)
    where
        [E; 1]: Rows<T>,
    {
        self.one(name, select(expression), expected).await;
    }
}
