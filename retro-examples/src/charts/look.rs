//! [`Look`]: which columns of a report are drawn, and as what.

use crate::numbers::grouped;

/// How a report looks as a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// What is drawn for a value.
    pub shape: Shape,
    /// The column that says what the values are of: a month, an article. One that is called `month`
    /// has all twelve, whether the report has a row for each or not.
    pub of: &'static str,
    /// The columns with the values: a series each.
    pub values: &'static [&'static str],
    /// The column by whose cells the values are put into series, if it is not by column.
    pub by: Option<&'static str>,
    /// What the values are of, in words.
    pub of_label: &'static str,
    /// What the values are, in words.
    pub value_label: &'static str,
    /// What kind of numbers the values are.
    pub scale: Scale,
}

/// What is drawn for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A column; the series stand on each other.
    Columns,
    /// A point of a line.
    Lines,
    /// A bar to the right under a name, which may be long.
    Bars,
}

/// What kind of numbers the values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// How many.
    Count,
    /// How much, in US$.
    Dollars,
    /// Between one and five stars.
    Stars,
}

impl Scale {
    /// A value to be read on its own.
    pub fn value(self, value: f64) -> String {
        match self {
            Scale::Count => grouped(value, 0),
            Scale::Dollars => format!("${}", grouped(value, 0)),
            Scale::Stars => grouped(value, 2),
        }
    }

    /// A value beside the axis, whose label says what it is. Nothing where there is no such value:
    /// half an order.
    pub(super) fn tick(self, value: f64) -> String {
        match self {
            Scale::Count if value.fract().abs() > 1e-9 => String::new(),
            Scale::Count | Scale::Stars => grouped(value, 0),
            // Less than ten dollars is told in cents.
            Scale::Dollars => grouped(value, if value.fract().abs() > 1e-9 { 2 } else { 0 }),
        }
    }

    /// From where to where the axis goes if the values do so. Values beyond it are drawn at its end.
    pub(super) fn range(self, least: f64, largest: f64) -> (f64, f64) {
        match self {
            Scale::Stars => (1.0, 5.0),
            // Values that are all zero need an axis too.
            Scale::Count | Scale::Dollars if least >= largest => (least, least + 1.0),
            Scale::Count | Scale::Dollars => (least, largest),
        }
    }
}
