//! Faults: a line that breaks, statements that are refused. Whatever happens, a unit of work is in the database
//! as a whole or not at all, the error says which, and the session goes on after a rollback.

mod file;
mod killing;
mod line;
mod lost;
mod refusals;
mod room;
mod servers;
mod unit;
