//! The models that the tests share, by theme. [`shop`] has every usual kind of relationship; the
//! others each have what `shop` has not.

// What the fields of these models mean is said by their names, and by the tests.
#![allow(missing_docs)]

pub mod features;
pub mod keys;
pub mod ledger;
pub mod shop;
pub mod trees;
