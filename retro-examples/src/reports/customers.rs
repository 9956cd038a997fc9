//! Who buys most.

use retro_core::prelude::*;

use super::Table;
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

/// A customer and what the customer's orders amount to.
#[derive(Debug, Clone, PartialEq)]
pub struct BestCustomer {
    /// The customer's name.
    pub name: String,
    /// How many orders.
    pub orders: i64,
    /// What they amount to.
    pub revenue: f64,
}

/// The customers with the highest revenue.
///
/// # Errors
///
/// What the database reports.
pub async fn best_customers(session: &mut Session, limit: u64) -> Result<Vec<BestCustomer>, Error> {
    let revenue = sum(OrderItem::quantity * OrderItem::unit_price);
    let best = session
        .all(
            select((Customer::name, count_distinct(Order::id), &revenue))
                .join(Customer::orders)
                .join(Order::items)
                .group_by(Customer)
                .order_by((revenue.desc(), Customer::name))
                .limit(limit),
        )
        .await?;
    Ok(best.into_iter().map(|(name, orders, revenue)| BestCustomer { name, orders, revenue }).collect())
}

impl BestCustomer {
    /// The customers as a table.
    pub fn table(customers: &[BestCustomer]) -> Table {
        let rows = customers.iter().map(|c| [c.name.clone(), c.orders.to_string(), format!("{:.2}", c.revenue)]);
        Table::new("Best customers", ["customer", "orders", "revenue"], rows)
    }
}
