//! The list of orders as the web application shows it: searched, sorted and page by page.

use retro_core::prelude::*;
use retro_core::query;
use retro_core::value::Json;
use serde_json::{Value, json};

use crate::models::{Customer, Order, OrderItem, OrderView, Product};

/// Nobody looks at more orders at a time, whatever the address of the page says.
const LONGEST_PAGE: u64 = 100;

/// A page that was asked for is sorted by something that orders do not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("orders cannot be sorted by `{0}`, only by `customer`, `total` and `timestamp`")]
pub struct UnknownColumn(pub String);

/// An order as a row of the page: when, the customer's name, address and phone, the total, and the
/// items.
pub type OrderRow = (NaiveDateTime, String, Option<String>, Option<String>, f64, Json<Value>);

/// A page of the orders: so many, after so many, each with its total and with everything loaded that
/// the page shows.
///
/// Only what is found by the search counts for the total: all items of a customer who is found by
/// name, otherwise the items whose products are. An empty text finds everything; `%` and `_` in it
/// stand for any text and any character.
///
/// The order is a list of columns separated by commas: `-total,+customer`. A `-` before the column
/// turns it around; `+` may come as a space, which it is in addresses. A column that stands there again
/// changes nothing. What it leaves open is decided by the key, so that no order is on two pages.
///
/// # Errors
///
/// [`UnknownColumn`] if the order names anything but `customer`, `total` and `timestamp`.
pub fn orders_page(
    start: u64,
    length: u64,
    sort: &str,
    search: &str,
) -> Result<Select<(Entity<Order>, f64)>, UnknownColumn> {
    let total = OrderItem::revenue();
    let order = order(sort, &total)?;
    let product = joined(OrderItem::product).then((joined(Product::manufacturer), selectin(Product::countries)));
    Ok(found(select((Order, total)), search)
        .group_by((Order, Customer))
        .order_by((order, Order::id))
        .offset(start)
        .limit(length.min(LONGEST_PAGE))
        .options((selectin(Order::customer), selectin(Order::items).then(product))))
}

/// How many orders there are on all pages.
pub fn orders_total(search: &str) -> Select<i64> {
    match search {
        "" => select(count(Order)),
        _ => found(select(count_distinct(Order)), search),
    }
}

/// The orders of a page as rows.
///
/// # Errors
///
/// What the database reports.
pub async fn order_rows(session: &mut Session, page: Select<(Entity<Order>, f64)>) -> Result<Vec<OrderRow>, Error> {
    let orders = session.all(page).await?;
    Ok(orders.into_iter().map(|(order, total)| order_row(session.view(order), total)).collect())
}

/// Joins what the search looks at, and keeps what it finds.
fn found<R>(orders: Select<R>, search: &str) -> Select<R> {
    let orders = orders.join(Order::customer).join(Order::items).join(OrderItem::product);
    if search.is_empty() {
        return orders;
    }
    let pattern = format!("%{search}%");
    orders.filter(Customer::name.ilike(&pattern) | Product::name.ilike(&pattern))
}

fn order(sort: &str, total: &Expr<f64>) -> Result<Vec<query::Order>, UnknownColumn> {
    let mut order = Vec::new();
    // Databases sort by so many terms only, and an address may have any number.
    let mut named = Vec::new();
    for term in sort.split(',').filter(|term| !term.is_empty()) {
        let (direction, column) = term.split_at(term.chars().next().map_or(0, char::len_utf8));
        let ascending = match column {
            "customer" => Customer::name.asc(),
            "total" => total.asc(),
            "timestamp" => Order::timestamp.asc(),
            _ => return Err(UnknownColumn(column.to_owned())),
        };
        if !named.contains(&column) {
            named.push(column);
            order.push(if direction == "-" { ascending.reversed() } else { ascending });
        }
    }
    Ok(order)
}

fn order_row(order: OrderView<'_>, total: f64) -> OrderRow {
    let customer = order.customer();
    let mut items: Vec<_> = order.items().collect();
    items.sort_by_key(|item| item.product().name());
    let items = items.into_iter().map(|item| {
        let product = item.product();
        let countries: Vec<&str> = product.countries().map(|country| country.name()).collect();
        json!([product.name(), product.manufacturer().name(), countries, item.quantity, item.unit_price])
    });
    (
        order.timestamp(),
        customer.name().to_owned(),
        customer.address().map(str::to_owned),
        customer.phone().map(str::to_owned),
        total,
        Json(items.collect()),
    )
}
