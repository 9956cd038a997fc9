//! The list of orders, for people and for programs.

use std::collections::HashMap;

use axum::Json;
use axum::extract::Query;
use axum::response::Html;
use retro_core::prelude::*;
use serde_json::{Value, json};

use super::parameters::Parameters;
use super::{Failure, RequestSession, page};
use crate::reports::web::{OrderRow, order_rows, orders_page, orders_total};

type Address = Query<HashMap<String, String>>;

/// `GET /`
pub(super) async fn page(Query(query): Address, mut session: RequestSession) -> Result<Html<String>, Failure> {
    let mut list = Parameters::read(&query)?;
    if list.sort.is_empty() {
        list.sort = "-timestamp".to_owned();
    }
    // A page of no orders has no next one.
    list.length = list.length.clamp(1, 100);
    let (rows, total) = find(&list, &mut session.0).await?;
    Ok(Html(page::orders(&list, &rows, total).into_string()))
}

/// `GET /api/orders`: `data`, the orders of the page, and `total`, how many there are on all pages.
pub(super) async fn api(Query(query): Address, mut session: RequestSession) -> Result<Json<Value>, Failure> {
    let (rows, total) = find(&Parameters::read(&query)?, &mut session.0).await?;
    let order = |(timestamp, customer, address, phone, total, items): OrderRow| {
        let timestamp = timestamp.format("%Y-%m-%d %H:%M:%S").to_string();
        json!({"timestamp": timestamp, "customer": customer, "address": address, "phone": phone, "total": total,
            "items": items.0})
    };
    Ok(Json(json!({"data": rows.into_iter().map(order).collect::<Value>(), "total": total})))
}

async fn find(list: &Parameters, session: &mut Session) -> Result<(Vec<OrderRow>, i64), Failure> {
    let page = orders_page(list.start, list.length, &list.sort, &list.search);
    let page = page.map_err(|error| Failure::parameter("sort", error.to_string()))?;
    let rows = order_rows(session, page).await?;
    Ok((rows, session.one(orders_total(&list.search)).await?))
}
