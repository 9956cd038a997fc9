//! `orders.csv`: a customer for each name, an order for each row, up to three items for each order.

use std::collections::{HashMap, HashSet};

use retro_core::prelude::*;

use super::{ImportError, Located, OrderRow, Rows, named};
use crate::models::{Customer, Order, OrderItem, Product};

/// Adds the orders to the session and returns how many there are. Of a customer with several
/// addresses the first one counts.
pub(super) async fn import(session: &mut Session, mut rows: Rows<OrderRow>) -> Result<usize, ImportError> {
    let products: HashMap<_, _> = session.all(select((Product::name, Product))).await?.into_iter().collect();
    let mut customers: HashMap<_, _> = session.all(select((Customer::name, Customer))).await?.into_iter().collect();
    let mut placed: HashSet<_> =
        session.all(select((Order::customer_id, Order::timestamp))).await?.into_iter().collect();
    let mut added = 0;

    while let Some(Located { line, row }) = rows.next().transpose()? {
        let mut items: Vec<OrderItem> = Vec::new();
        let mut ordered = HashSet::new();
        for item in row.items() {
            let product = named("product", item.product, &products);
            let product = product.map_err(|reason| rows.error(line, item.column, reason))?;
            if !ordered.insert(product) {
                return Err(rows.error(line, item.column, format!("`{}` is in this order twice", item.product)));
            }
            items.push(new!(OrderItem { product, unit_price: item.unit_price, quantity: item.quantity }));
        }
        let OrderRow { name, address, phone, timestamp, .. } = row;
        let customer = *customers
            .entry(name)
            .or_insert_with_key(|name| session.add(new!(Customer { name: name.as_str(), address, phone })));
        if !placed.insert((session[customer].id, timestamp)) {
            let name = &session[customer].name;
            let reason = format!("{name} has an order of {timestamp} already; was this file imported before?");
            return Err(rows.error(line, "timestamp", reason));
        }
        session.add(new!(Order { timestamp, customer, items }));
        added += 1;
    }
    Ok(added)
}
