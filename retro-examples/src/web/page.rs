//! What the pages look like. Needs no JavaScript: links and a form.

use maud::{DOCTYPE, Markup, html};
use serde_json::Value;

use super::parameters::Parameters;
use crate::numbers::{counted, grouped};
use crate::reports::web::OrderRow;

pub(super) fn orders(list: &Parameters, rows: &[OrderRow], total: i64) -> Markup {
    let total = total.unsigned_abs();
    let next = list.start.saturating_add(list.length);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Orders - RetroFun" }
                link rel="stylesheet" href="/style.css";
            }
            body {
                main {
                    h1 { "Orders" }
                    form method="get" action="/" role="search" {
                        label for="search" { "Customer or product" }
                        input id="search" type="search" name="search" value=(list.search);
                        input type="hidden" name="sort" value=(list.sort);
                        input type="hidden" name="length" value=(list.length);
                        button { "Search" }
                    }
                    @if total == 0 {
                        p { @if list.search.is_empty() { "There are no orders yet." } @else { "No order is of such a customer or product." } }
                    } @else if rows.is_empty() {
                        p { "There are no more orders. " a href=(list.from(0)) { "Back to the first" } }
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
                        nav aria-label="Pages" {
                            @if list.start > 0 { a rel="prev" href=(list.from(list.start.saturating_sub(list.length))) { "Previous" } }
                            span { (counted(list.start + 1)) " to " (counted(list.start + rows.len() as u64)) " of " (counted(total)) }
                            @if next < total { a rel="next" href=(list.from(next)) { "Next" } }
                        }
                    }
                }
            }
        }
    }
}

fn heading(list: &Parameters, column: &str, title: &str) -> Markup {
    let direction = list.direction(column);
    let arrow = direction.map(|direction| if direction == "ascending" { " \u{25b2}" } else { " \u{25bc}" });
    html! {
        th scope="col" aria-sort=[direction] {
            a href=(list.sorted_by(column)) { (title) @if let Some(arrow) = arrow { span aria-hidden="true" { (arrow) } } }
        }
    }
}

fn order(number: usize, (timestamp, customer, address, phone, total, items): &OrderRow) -> Markup {
    let contact = [address.as_deref(), phone.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    html! {
        tr {
            td { time datetime=(timestamp.format("%Y-%m-%dT%H:%M:%S")) { (timestamp.format("%Y-%m-%d %H:%M")) } }
            td { (hint(&format!("customer-{number}"), customer, &contact)) }
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
    html! { (item[3]) " \u{d7} " (hint(id, text(0), &format!("{}, {}", text(1), countries.join(" and ")))) }
}

/// A text that says more when it is pointed at or reached by keyboard.
fn hint(id: &str, text: &str, more: &str) -> Markup {
    html! {
        @if more.is_empty() { (text) }
        @else { span.hint tabindex="0" aria-describedby=(id) { (text) span role="tooltip" id=(id) { (more) } } }
    }
}
