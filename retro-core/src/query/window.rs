//! Window functions: values over the rows around a row.

use std::marker::PhantomData;

use super::{Expr, Expression, Grouping, OrderBy};
use crate::sql::node::{Bound, Frame, Node, Over, Window as WindowNode};
use crate::value::ColumnType;

/// The rows that a window function looks at. Made by [`window`].
#[derive(Debug, Clone, Default)]
#[must_use = "says which rows a function is `over`"]
pub struct Window(pub(crate) WindowNode);

/// All rows of the result, unless they are parted with [`partition_by`](Window::partition_by).
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "products")]
/// # struct Product { #[retro(primary_key)] id: i32, name: String, maker: String, price: f64 }
/// let place = rank().over(window().partition_by(Product::maker).order_by(Product::price.desc()));
/// let query: Select<(String, String, i64)> = select((Product::maker, Product::name, place));
/// ```
pub fn window() -> Window {
    Window::default()
}

impl Window {
    /// Only the rows that are equal to the current one in something.
    pub fn partition_by(mut self, by: impl Grouping) -> Window {
        let mut groups = Vec::new();
        by.groups(&mut groups);
        self.0.partition_by.extend(groups.into_iter().map(|group| group.0));
        self
    }

    /// In this order. An aggregate then counts the rows up to the current one and its equals.
    pub fn order_by(mut self, by: impl OrderBy) -> Window {
        let mut terms = Vec::new();
        by.terms(&mut terms);
        self.0.order_by.extend(terms.into_iter().map(|order| order.0));
        self
    }

    /// Only the rows between two bounds, counted in rows.
    pub fn rows(mut self, start: Bound, end: Bound) -> Window {
        self.0.frame = Some(Frame { unit: "ROWS", start, end });
        self
    }

    /// Only the rows between two bounds, where rows that are equal in the order count together.
    pub fn range(mut self, start: Bound, end: Bound) -> Window {
        self.0.frame = Some(Frame { unit: "RANGE", start, end });
        self
    }
}

/// A function that means something only over a window.
#[derive(Debug, Clone)]
#[must_use = "say over which rows with `.over(window()..)`"]
pub struct WindowFunction<T> {
    function: Node,
    value: PhantomData<fn() -> T>,
}

impl<T: ColumnType> WindowFunction<T> {
    fn new(function: Node) -> Self {
        WindowFunction { function, value: PhantomData }
    }

    /// Over these rows.
    pub fn over(self, window: Window) -> Expr<T> {
        Expr::new(Node::Over(Box::new(Over { function: self.function.into(), window: window.0 })))
    }
}

macro_rules! plain {
    ($($(#[$doc:meta])* $name:ident -> $type:ty, $sql:literal;)*) => {$(
        $(#[$doc])*
        pub fn $name() -> WindowFunction<$type> {
            WindowFunction::new(Node::call($sql, []))
        }
    )*};
}
plain! {
    /// The number of the row in its partition, from 1 on.
    row_number -> i64, "ROW_NUMBER";
    /// The place of the row by the order, from 1 on. Equals share a place, and places after them are
    /// left out.
    rank -> i64, "RANK";
    /// As [`rank`](fn@rank), without leaving out places.
    dense_rank -> i64, "DENSE_RANK";
    /// The place of the row as a share of the others, from 0 to 1.
    percent_rank -> f64, "PERCENT_RANK";
    /// The share of rows up to this one and its equals.
    cume_dist -> f64, "CUME_DIST";
}

/// The number of the part that the row falls in, when the rows are parted into so many equal parts.
pub fn ntile(parts: u32) -> WindowFunction<i64> {
    WindowFunction::new(Node::call("NTILE", [Node::Integer(i64::from(parts)).into()]))
}

macro_rules! of_another_row {
    ($($(#[$doc:meta])* $name:ident, $sql:literal $(, $argument:ident: $type:ty)?;)*) => {$(
        $(#[$doc])*
        pub fn $name<E: Expression>(of: E $(, $argument: $type)?) -> WindowFunction<Option<<E::Type as ColumnType>::Base>>
        where
            Option<<E::Type as ColumnType>::Base>: ColumnType,
        {
            let args = [of.node().0 $(, Node::Integer(i64::from($argument)).into())?];
            WindowFunction::new(Node::call($sql, args))
        }
    )*};
}
of_another_row! {
    /// The value so many rows before the current one; `None` where there is no such row.
    lag, "LAG", rows: u32;
    /// The value so many rows after the current one; `None` where there is no such row.
    lead, "LEAD", rows: u32;
    /// The value in the first row of the frame.
    first_value, "FIRST_VALUE";
    /// The value in the last row of the frame, which ends at the current row unless it is said
    /// otherwise with [`rows`](Window::rows).
    last_value, "LAST_VALUE";
    /// The value in a row of the frame, counted from 1; `None` where the frame has no such row yet.
    nth_value, "NTH_VALUE", row: u32;
}
