//! Diesel: tables and structs, for SQLite and, by diesel-async, for PostgreSQL.

mod postgres;
mod sqlite;

use diesel::prelude::*;

use crate::job;
pub(crate) use postgres::DieselPostgres;
pub(crate) use sqlite::DieselSqlite;

diesel::table! {
    bench_items (id) {
        id -> BigInt,
        name -> Text,
        year -> Integer,
        price -> Double,
        note -> Nullable<Text>,
        stock -> BigInt,
    }
}

diesel::table! {
    bench_products (id) {
        id -> BigInt,
        name -> Text,
        price -> Double,
    }
}

diesel::table! {
    bench_customers (id) {
        id -> BigInt,
        name -> Text,
        city -> Text,
    }
}

diesel::table! {
    bench_orders (id) {
        id -> BigInt,
        number -> BigInt,
        customer_id -> BigInt,
    }
}

diesel::table! {
    bench_lines (id) {
        id -> BigInt,
        order_id -> BigInt,
        product_id -> BigInt,
        quantity -> Integer,
        price -> Double,
    }
}

diesel::joinable!(bench_orders -> bench_customers (customer_id));
diesel::joinable!(bench_lines -> bench_orders (order_id));
diesel::joinable!(bench_lines -> bench_products (product_id));
diesel::allow_tables_to_appear_in_same_query!(bench_customers, bench_lines, bench_orders, bench_products);

// Where None stands for a default, SQLite gets its rows one by one.
#[derive(Queryable, Selectable, Identifiable, Insertable)]
#[diesel(table_name = bench_items, treat_none_as_default_value = false)]
struct Item {
    id: i64,
    name: String,
    year: i32,
    price: f64,
    note: Option<String>,
    stock: i64,
}

#[derive(Insertable)]
#[diesel(table_name = bench_items, treat_none_as_default_value = false)]
struct NewItem<'a> {
    name: &'a str,
    year: i32,
    price: f64,
    note: Option<&'a str>,
    stock: i64,
}

impl<'a> NewItem<'a> {
    fn of(item: &'a job::Item) -> NewItem<'a> {
        let job::Item { name, year, price, note, stock, .. } = item;
        NewItem { name, year: *year, price: *price, note: note.as_deref(), stock: *stock }
    }
}

#[allow(dead_code)] // they are loaded, and that is the job
#[derive(Queryable, Selectable)]
#[diesel(table_name = bench_products)]
struct Product {
    id: i64,
    name: String,
    price: f64,
}

#[allow(dead_code)] // as above
#[derive(Queryable, Selectable)]
#[diesel(table_name = bench_customers)]
struct Customer {
    id: i64,
    name: String,
    city: String,
}

#[derive(Insertable)]
#[diesel(table_name = bench_customers, treat_none_as_default_value = false)]
struct NewCustomer {
    name: String,
    city: String,
}

#[allow(dead_code)] // as above
#[derive(Queryable, Selectable, Identifiable)]
#[diesel(table_name = bench_orders)]
struct Order {
    id: i64,
    number: i64,
    customer_id: i64,
}

#[derive(Insertable)]
#[diesel(table_name = bench_orders, treat_none_as_default_value = false)]
struct NewOrder {
    number: i64,
    customer_id: i64,
}

#[allow(dead_code)] // as above
#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = bench_lines, belongs_to(Order))]
struct Line {
    id: i64,
    order_id: i64,
    product_id: i64,
    quantity: i32,
    price: f64,
}

#[derive(Insertable)]
#[diesel(table_name = bench_lines, treat_none_as_default_value = false)]
struct NewLine {
    order_id: i64,
    product_id: i64,
    quantity: i32,
    price: f64,
}

fn new_customers() -> Vec<NewCustomer> {
    (0..job::ORDERS).map(job::customer).map(|(name, city)| NewCustomer { name, city }).collect()
}

fn new_orders(customers: &[i64]) -> Vec<NewOrder> {
    customers.iter().zip(0..).map(|(&customer_id, number)| NewOrder { number, customer_id }).collect()
}

fn new_lines(orders: &[i64], products: &[i64]) -> Vec<NewLine> {
    let lines = orders.iter().enumerate().flat_map(|(number, &order_id)| {
        job::lines(number).map(move |(product, quantity, price)| {
            let product_id = products[product];
            NewLine { order_id, product_id, quantity, price }
        })
    });
    lines.collect()
}
