//! All integration tests, as one binary.
#![allow(missing_docs)]

mod loading;
mod query;
mod reading;
