//! The flush checker, and the planner by it.

mod faults;
mod random;
