//! What the address of a list of orders says: which page, in which order, and what to search for.

use std::collections::HashMap;

use super::Failure;

/// The parameters `start`, `length`, `sort` and `search`, each of which may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parameters {
    pub(super) start: u64,
    pub(super) length: u64,
    pub(super) sort: String,
    pub(super) search: String,
}

impl Parameters {
    /// # Errors
    ///
    /// A [`Failure`] that names the parameter if a number is none, or if the text has a character that
    /// databases do not keep in texts.
    pub(super) fn read(query: &HashMap<String, String>) -> Result<Parameters, Failure> {
        let number = |name: &'static str, default| match query.get(name).map(String::as_str) {
            None | Some("") => Ok(default),
            Some(text) => {
                text.parse().map_err(|_| Failure::parameter(name, format!("`{text}` is not a number of 0 or more")))
            }
        };
        let text = |name: &str| query.get(name).cloned().unwrap_or_default();
        let search = text("search");
        if search.contains('\0') {
            return Err(Failure::parameter("search", "no text has a NUL character in it".to_owned()));
        }
        Ok(Parameters { start: number("start", 0)?, length: number("length", 10)?, sort: text("sort"), search })
    }

    /// The address of this list from another row on.
    pub(super) fn from(&self, start: u64) -> String {
        self.address(start, &self.sort)
    }

    /// The address of this list sorted by a column before all others; the other way round if it is
    /// already.
    pub(super) fn sorted_by(&self, column: &str) -> String {
        let direction = if self.direction(column) == Some("ascending") { '-' } else { '+' };
        let mut sort = format!("{direction}{column}");
        let others = self.terms().filter(|(_, other)| *other != column);
        others.for_each(|(descending, other)| {
            sort.push_str(if descending { ",-" } else { ",+" });
            sort.push_str(other);
        });
        self.address(0, &sort)
    }

    /// How the list is sorted by a column, for `aria-sort`, if it is the first.
    pub(super) fn direction(&self, column: &str) -> Option<&'static str> {
        let (descending, first) = self.terms().next()?;
        (first == column).then_some(if descending { "descending" } else { "ascending" })
    }

    fn terms(&self) -> impl Iterator<Item = (bool, &str)> {
        self.sort.split(',').filter_map(|term| {
            let mut rest = term.chars();
            rest.next().map(|direction| (direction == '-', rest.as_str()))
        })
    }

    fn address(&self, start: u64, sort: &str) -> String {
        let mut address = String::from("/?");
        let query = [("start", &*start.to_string()), ("length", &*self.length.to_string()), ("sort", sort)];
        let mut form = form_urlencoded::Serializer::for_suffix(&mut address, 2);
        form.extend_pairs(query).append_pair("search", &self.search);
        address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_turned_around_and_goes_before_the_others() {
        let query = [("sort", "+customer,-total"), ("search", "a&b"), ("start", "20")];
        let query = query.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let list = Parameters::read(&query).unwrap_or_else(|_| panic!("all are right"));
        let address = |sort| format!("/?start=0&length=10&sort={sort}&search=a%26b");
        assert_eq!(list.sorted_by("customer"), address("-customer%2C-total"));
        assert_eq!(list.sorted_by("total"), address("%2Btotal%2C%2Bcustomer"));
        assert_eq!((list.direction("customer"), list.direction("total")), (Some("ascending"), None));
    }
}
