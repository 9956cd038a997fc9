//! Reading the store's CSV files.
//!
//! [`read_rows`] opens a file, checks its header and yields its rows as typed structs with the
//! line that each came from. Every [`ImportError`] says, in plain words, what to mend and where.

mod error;
mod field;
mod lines;
mod reader;
mod rows;

pub use error::ImportError;
pub use reader::{CsvRow, Located, Rows, read_rows};
pub use rows::{OrderLine, OrderRow, ProductRow, ReviewRow};
