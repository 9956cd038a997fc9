//! Who buys most.

use retro_core::prelude::*;

use super::Table;
use crate::models::{Customer, Order, OrderItem};

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
