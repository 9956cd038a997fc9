//! Columns of the `time` crate's types. They travel as chrono values, which are the currency.
