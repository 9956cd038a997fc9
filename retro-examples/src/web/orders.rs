//! The list of orders, for people and for programs.

use axum::Json;
use axum::extract::Query;
use maud::Markup;
use retro_core::prelude::*;
use serde_json::{Value, json};

use super::order_list::OrderList;
use super::parameters::Parameters;
use super::{Failure, RequestSession, orders_page as markup};
use crate::reports::web::{OrderRow, order_rows, orders_page, orders_total};

/// `GET /`
pub(super) async fn page(Query(query): Parameters, mut session: RequestSession) -> Result<Markup, Failure> {
    let mut list = OrderList::read(&query)?;
    if list.sort.is_empty() {
        list.sort = "-timestamp".to_owned();
    }
    // A page of no orders has no next one.
    list.length = list.length.clamp(1, 100);
    let (rows, total) = find(&list, &mut session.0).await?;
    Ok(markup::orders(&list, &rows, total))
}

/// `GET /api/orders`: `data`, the orders of the page, and `total`, how many there are on all pages.
pub(super) async fn api(Query(query): Parameters, mut session: RequestSession) -> Result<Json<Value>, Failure> {
    let (rows, total) = find(&OrderList::read(&query)?, &mut session.0).await?;
    let order = |(timestamp, customer, address, phone, total, items): OrderRow| {
        let timestamp = timestamp.format("%Y-%m-%d %H:%M:%S").to_string();
        json!({"timestamp": timestamp, "customer": customer, "address": address, "phone": phone, "total": total,
            "items": items.0})
    };
    Ok(Json(json!({"data": rows.into_iter().map(order).collect::<Value>(), "total": total})))
}

async fn find(list: &OrderList, session: &mut Session) -> Result<(Vec<OrderRow>, i64), Failure> {
    let page = orders_page(list.start, list.length, &list.sort, &list.search);
    let page = page.map_err(|error| Failure::parameter("sort", error.to_string()))?;
    let rows = order_rows(session, page).await?;
    Ok((rows, session.one(orders_total(&list.search)).await?))
}
