//! RetroFun, the store of vintage computers, on retro.
//!
//! * [`models`]: the store's 14 tables;
//! * [`import`] reads the store's CSV files into the database, files of any size too;
//! * [`reports`]: typed queries and their results as text;
//! * [`charts`]: results as pictures;
//! * [`generate`] writes such files: real machines, invented customers;
//! * [`stats`] counts statements, and memory;
//! * [`web`] serves orders, products and charts as pages;
//! * [`cli`] is the `retrofun` command.

pub mod charts;
pub mod cli;
pub mod generate;
pub mod import;
pub mod models;
mod numbers;
pub mod reports;
pub mod stats;
pub mod web;

/// The code in the README is compiled and run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The programs in the guide, likewise: one item for each chapter, so that a failure names it.
#[cfg(doctest)]
mod guide {
    macro_rules! chapters {
        ($($name:ident, $file:literal;)*) => {$(
            #[doc = include_str!(concat!("../../docs/guide/", $file))]
            struct $name;
        )*};
    }
    chapters! {
        SetUp, "01-set-up.md";
        TablesAndCrud, "02-tables-and-crud.md";
        OneToMany, "03-one-to-many.md";
        ManyToMany, "04-many-to-many.md";
        AssociationObjects, "05-association-objects-and-aggregation.md";
        PageAnalytics, "06-page-analytics-and-self-references.md";
        LoadingStrategies, "07-loading-strategies.md";
        Transactions, "08-transactions.md";
        Web, "09-web.md";
        FromSqlalchemy, "coming-from-sqlalchemy.md";
        FromOthers, "coming-from-diesel-seaorm-sqlx.md";
    }
}
