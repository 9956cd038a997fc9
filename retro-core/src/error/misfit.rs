//! [`Misfit`]: a value that could not be sent, in the statement's own terms.

/// Where in a statement the value was that could not be sent, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// The number of the parameter.
    pub(crate) bind: usize,
    /// How many parameters there are.
    pub(crate) binds: usize,
    /// Which element of it, where it is a whole column of values.
    pub(crate) element: Option<usize>,
    /// The field of the column that it is written to, where that is known.
    pub(crate) field: Option<&'static str>,
    pub(crate) reason: String,
}

impl Misfit {
    /// The row of a statement whose rows begin with the first parameter and have so many each.
    pub(crate) fn row(&self, width: usize) -> usize {
        self.element.unwrap_or(self.bind / width.max(1))
    }

    /// `Product::name of row 3 cannot be written: ..`
    pub(crate) fn message(&self, model: &str, row: &str) -> String {
        match self.field {
            Some(field) => format!("{model}::{field}{row} cannot be written: {}", self.reason),
            None => format!("a value of {model}{row} cannot be sent: {}", self.reason),
        }
    }
}
