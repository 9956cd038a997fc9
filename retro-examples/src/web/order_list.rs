//! [`OrderList`]: which page of the orders an address asks for, in which order, and what to search for.

use std::collections::HashMap;

use super::Failure;
use super::layout::address;
use super::parameters::{number, text};

/// The parameters `start`, `length`, `sort` and `search`, each of which may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OrderList {
    pub(super) start: u64,
    pub(super) length: u64,
    pub(super) sort: String,
    pub(super) search: String,
}

impl OrderList {
    /// # Errors
    ///
    /// A [`Failure`] that names the parameter if a number is none, or if the text has a character that
    /// databases do not keep in texts.
    pub(super) fn read(query: &HashMap<String, String>) -> Result<OrderList, Failure> {
        Ok(OrderList {
            start: number(query, "start", 0)?,
            length: number(query, "length", 10)?,
            // As it is: its `+` may have come as a space.
            sort: query.get("sort").cloned().unwrap_or_default(),
            search: text(query, "search")?,
        })
    }

    /// The address of this list from another row on.
    pub(super) fn from(&self, start: u64) -> String {
        self.address(start, &self.sort)
    }

    /// The address of this list sorted by a column before all others; the other way round if it is
    /// already.
    pub(super) fn sorted_by(&self, column: &str) -> String {
        let direction = if self.place(column) == Some((1, "ascending")) { '-' } else { '+' };
        let mut sort = format!("{direction}{column}");
        let others = self.terms().filter(|(_, other)| *other != column);
        others.for_each(|(descending, other)| {
            sort.push_str(if descending { ",-" } else { ",+" });
            sort.push_str(other);
        });
        self.address(0, &sort)
    }

    /// Whether the list is sorted by a column: the how manieth it is, and how, in the words of `aria-sort`.
    pub(super) fn place(&self, column: &str) -> Option<(usize, &'static str)> {
        let place = self.terms().position(|(_, other)| other == column)?;
        let (descending, _) = self.terms().nth(place)?;
        Some((place + 1, if descending { "descending" } else { "ascending" }))
    }

    /// How many columns it is sorted by.
    pub(super) fn places(&self) -> usize {
        self.terms().count()
    }

    fn terms(&self) -> impl Iterator<Item = (bool, &str)> {
        self.sort.split(',').filter_map(|term| {
            let mut rest = term.chars();
            rest.next().map(|direction| (direction == '-', rest.as_str()))
        })
    }

    fn address(&self, start: u64, sort: &str) -> String {
        let (start, length) = (start.to_string(), self.length.to_string());
        address("/", &[("start", &start), ("length", &length), ("sort", sort), ("search", &self.search)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_turned_around_and_goes_before_the_others() {
        let query = [("sort", "+customer,-total"), ("search", "a&b"), ("start", "20")];
        let query = query.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let list = OrderList::read(&query).unwrap_or_else(|_| panic!("all are right"));
        let address = |sort| format!("/?start=0&length=10&sort={sort}&search=a%26b");
        assert_eq!(list.sorted_by("customer"), address("-customer%2C-total"));
        assert_eq!(list.sorted_by("total"), address("%2Btotal%2C%2Bcustomer"));
        assert_eq!(list.sorted_by("timestamp"), address("%2Btimestamp%2C%2Bcustomer%2C-total"));
        let places = ["customer", "total", "timestamp"].map(|column| list.place(column));
        assert_eq!(places, [Some((1, "ascending")), Some((2, "descending")), None]);
    }
}
