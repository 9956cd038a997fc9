//! Orders and their items.

use retro_core::prelude::*;

use super::{Customer, Product};

/// What a customer ordered at one time.
#[derive(Model, Debug, Clone)]
#[retro(table = "orders")]
pub struct Order {
    /// Made by the program, so that it is known before the row is written.
    #[retro(primary_key, default = Uuid::new_v4())]
    pub id: Uuid,
    /// When it was placed.
    #[retro(default = now(), index)]
    pub timestamp: NaiveDateTime,
    /// Names [`customer`](Order::customer).
    #[retro(foreign_key = Customer::id, index)]
    pub customer_id: Uuid,

    /// Who placed it.
    #[retro(key = customer_id, back_populates = orders)]
    pub customer: BelongsTo<Customer>,
    /// What it consists of; an item is nothing without its order.
    #[retro(back_populates = order, cascade = "all, delete-orphan", order_by = OrderItem::product_id)]
    pub items: HasMany<OrderItem>,
}

/// A product in an order: an association with columns of its own, whose key is both foreign keys.
#[derive(Model, Debug, Clone)]
#[retro(table = "orders_items")]
pub struct OrderItem {
    /// Names [`product`](OrderItem::product).
    #[retro(primary_key, foreign_key = Product::id)]
    pub product_id: i32,
    /// Names [`order`](OrderItem::order).
    #[retro(primary_key, foreign_key = Order::id)]
    pub order_id: Uuid,
    /// What one of them cost.
    pub unit_price: f64,
    /// How many.
    pub quantity: i32,

    /// What was ordered.
    #[retro(key = product_id, back_populates = order_items)]
    pub product: BelongsTo<Product>,
    /// The order that it is part of.
    #[retro(key = order_id, back_populates = items)]
    pub order: BelongsTo<Order>,
}

impl OrderItem {
    /// How many pieces the items of a group are.
    pub fn units() -> Expr<i64> {
        sum(OrderItem::quantity)
    }

    /// What the items of a group amount to.
    pub fn revenue() -> Expr<f64> {
        sum(OrderItem::quantity * OrderItem::unit_price)
    }
}
