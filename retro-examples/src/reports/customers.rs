//! Who buys most.

use retro_core::prelude::*;

use crate::models::{Customer, Order, OrderItem};

/// The customers whose names start with Z or V: their first and last order, and how many they placed.
pub fn first_and_last_orders() -> Select<(String, NaiveDateTime, NaiveDateTime, i64)> {
    let (first, last) = (min(Order::timestamp).required(), max(Order::timestamp).required());
    select((Customer::name, first, last, count(Order)))
        .join(Customer::orders)
        .filter(Customer::name.starts_with("Z") | Customer::name.starts_with("V"))
        .group_by(Customer)
        .order_by(Customer::name)
}

/// The ten customers who spent most.
pub fn top_customers() -> Select<(String, i64, i64, f64)> {
    let amount = OrderItem::revenue();
    select((Customer::name, count_distinct(Order), OrderItem::units(), &amount))
        .join(Customer::orders)
        .join(Order::items)
        .group_by(Customer)
        .order_by((amount.desc(), Customer::name))
        .limit(10)
}

/// The customers with four orders or more who never reviewed anything.
pub fn loyal_and_silent() -> Select<(String, i64)> {
    let orders = count(Order);
    select((Customer::name, &orders))
        .join(Customer::orders)
        .filter(Customer::reviews.is_empty())
        .group_by(Customer)
        .having(orders.ge(4))
        .order_by((orders.desc(), Customer::name))
}

/// The customers with the highest revenue.
pub fn best_customers(limit: u64) -> Select<(String, i64, f64)> {
    let revenue = OrderItem::revenue();
    select((Customer::name, count_distinct(Order), &revenue))
        .join(Customer::orders)
        .join(Order::items)
        .group_by(Customer)
        .order_by((revenue.desc(), Customer::name))
        .limit(limit)
}
