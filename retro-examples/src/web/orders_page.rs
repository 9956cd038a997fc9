//! What the list of orders looks like.

use maud::{Markup, html};
use serde_json::Value;

use super::layout::{address, beyond, hint, page, pages};
use super::order_list::OrderList;
use crate::numbers::grouped;
use crate::reports::web::OrderRow;

pub(super) fn orders(list: &OrderList, rows: &[OrderRow], total: i64) -> Markup {
    let total = total.unsigned_abs();
    page(
        "Orders",
        html! {
            form method="get" action="/" role="search" {
                label for="search" { "Customer or product" }
                input id="search" type="search" name="search" value=(list.search);
                input type="hidden" name="sort" value=(list.sort);
                input type="hidden" name="length" value=(list.length);
                button { "Search" }
                @if !list.search.is_empty() { a href="/" { "Show all" } }
            }
            @if total == 0 {
                p.empty {
                    @if list.search.is_empty() { "There are no orders yet." } @else { "No order is of such a customer or product." }
                }
            } @else if rows.is_empty() {
                (beyond("orders", &list.from(0)))
            } @else {
                table {
                    thead { tr {
                        (heading(list, "timestamp", "Date"))
                        (heading(list, "customer", "Customer"))
                        th scope="col" { "Items" }
                        (heading(list, "total", "Total"))
                    } }
                    tbody { @for (number, row) in rows.iter().enumerate() { (order(number, row)) } }
                }
                (pages(list.start, list.length, rows.len(), total, |start| list.from(start)))
            }
        },
    )
}

/// A heading that sorts. It says how it does if it is the first, and which place it has if it is not
/// the only one.
fn heading(list: &OrderList, column: &str, title: &str) -> Markup {
    let place = list.place(column);
    let first = place.filter(|&(place, _)| place == 1).map(|(_, direction)| direction);
    html! {
        th.number[column == "total"] scope="col" aria-sort=[first] {
            a href=(list.sorted_by(column)) {
                (title)
                @if let Some((place, direction)) = place {
                    span.arrow aria-hidden="true" {
                        @if direction == "ascending" { "\u{25b2}" } @else { "\u{25bc}" }
                        @if list.places() > 1 { sub { (place) } }
                    }
                }
            }
        }
    }
}

fn order(number: usize, (timestamp, customer, postal, phone, total, items): &OrderRow) -> Markup {
    let contact = [postal.as_deref(), phone.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    html! {
        tr {
            td {
                time datetime=(timestamp.format("%Y-%m-%dT%H:%M:%S")) {
                    span { (timestamp.format("%Y-%m-%d")) } " " span { (timestamp.format("%H:%M")) }
                }
            }
            td { (hint(&format!("customer-{number}"), &address("/", &[("search", customer)]), customer, &contact)) }
            td { ul {
                @for (place, item) in items.0.as_array().into_iter().flatten().enumerate() {
                    li { (item_hint(&format!("item-{number}-{place}"), item)) }
                }
            } }
            td.number { "$" (grouped(*total, 2)) }
        }
    }
}

fn item_hint(id: &str, item: &Value) -> Markup {
    let text = |place: usize| item[place].as_str().unwrap_or_default();
    let countries: Vec<_> = item[2].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let origin = format!("{}, {}", text(1), countries.join(" and "));
    html! { (item[3]) "\u{a0}\u{d7}\u{a0}" (hint(id, &address("/products", &[("name", text(0))]), text(0), &origin)) }
}
