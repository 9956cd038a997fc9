//! What was ordered when, and for how much.

use retro_core::prelude::*;

use super::midnight;
use crate::models::{Customer, Manufacturer, Order, OrderItem, Product};

const DECEMBER: NaiveDateTime = midnight(2022, 12, 1);
const CHRISTMAS_DAY: NaiveDateTime = midnight(2022, 12, 25);
const NEW_YEAR: NaiveDateTime = midnight(2023, 1, 1);

/// The orders of more than 400, largest first.
pub fn large_orders() -> Select<(NaiveDateTime, String, i64, f64)> {
    let total = OrderItem::revenue();
    select((Order::timestamp, Customer::name, count(OrderItem), &total))
        .join(Order::customer)
        .join(Order::items)
        .group_by((Order, Customer))
        .having(total.gt(400.0))
        .order_by((total.desc(), Order::timestamp))
}

/// The orders of December 2022 that something of Amstrad is part of.
pub fn amstrad_in_december() -> Select<(NaiveDateTime, String)> {
    let is_amstrad = Product::manufacturer.has(Manufacturer::name.eq("Amstrad"));
    select((Order::timestamp, Customer::name))
        .join(Order::customer)
        .filter(Order::timestamp.ge(DECEMBER) & Order::timestamp.lt(NEW_YEAR))
        .filter(Order::items.any(OrderItem::product.has(is_amstrad)))
        .order_by(Order::timestamp)
}

/// The orders of Christmas Day 2022 with two items or more.
pub fn christmas_orders() -> Select<(NaiveDateTime, String, i64, i64)> {
    let items = count(OrderItem);
    select((Order::timestamp, Customer::name, &items, OrderItem::units()))
        .join(Order::customer)
        .join(Order::items)
        .filter(Order::timestamp.truncate(DateUnit::Day).eq(CHRISTMAS_DAY))
        .group_by((Order, Customer))
        .having(items.ge(2))
        .order_by(Order::timestamp)
}

/// The sales of 2022, month by month.
pub fn monthly_sales() -> Select<(i32, i64, i64, f64)> {
    let month = Order::timestamp.month();
    select((&month, count_distinct(Order), OrderItem::units(), OrderItem::revenue()))
        .join(Order::items)
        .filter(Order::timestamp.year().eq(2022))
        .group_by(&month)
        .order_by(&month)
}

/// The orders of each month of 2022, what they came to on average, and how many came to more than
/// the average of the whole year.
pub fn above_average() -> Select<(i32, i64, f64, i64)> {
    let totals = select((Order::timestamp.month(), OrderItem::revenue()))
        .join(Order::items)
        .filter(Order::timestamp.year().eq(2022))
        .group_by(Order)
        .cte("totals");
    let (month, total) = totals.columns();
    let average = select(avg(&total)).from(&totals).scalar();
    select((&month, count_all(), avg(&total).required(), count_all().filter(total.gt(average))))
        .from(&totals)
        .group_by(&month)
        .order_by(&month)
}
