//! Charts of reports: how a [`Sheet`](crate::reports::Sheet) looks as columns, lines or bars.
//!
//! * [`Look`]: which columns of a report are drawn, and as what;
//! * [`Chart`]: a sheet seen so, with all texts and numbers that are drawn;
//! * [`Chart::svg`] gives it to the web page, [`Chart::write`] to a file. Both draw it with the same
//!   function.

mod axes;
mod bars;
mod chart;
mod columns;
mod draw;
mod file;
mod lines;
mod look;
mod style;

pub use chart::{Chart, Series};
pub use file::{ChartError, FileKind};
pub use look::{Look, Scale, Shape};
