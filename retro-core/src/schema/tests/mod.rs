//! Tests of the schema on models that are written by hand, as the derive would write them.

mod database;
mod ddl;
mod locate;
mod models;
mod verify;
