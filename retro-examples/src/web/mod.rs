//! The web application: orders, products and charts as pages, and orders as JSON.
//!
//! * [`session_per_request`] and [`RequestSession`]: a session for each request;
//! * [`router`]: the pages, a file each, around an engine;
//! * [`Failure`]: an error as JSON, or as a page for those who use a browser;
//! * [`serve`] answers until it is told to end.

mod assets;
mod dashboard;
mod failure;
mod layout;
mod order_list;
mod orders;
mod orders_page;
mod parameters;
mod product;
mod product_list;
mod session;

use std::time::Duration;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::routing::{any, get};
use retro_core::prelude::*;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use failure::Failure;
pub use session::{RequestSession, session_per_request};

/// How long requests that run when the server is told to end may take still.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// The pages `/` (orders), `/products`, `/products/{id}` and `/dashboard`, and `/api/orders`, the orders
/// as JSON.
pub fn router(engine: Engine) -> Router {
    let session = from_fn_with_state(engine, session_per_request);
    let pages = Router::new()
        .route("/", get(orders::page))
        .route("/products", get(product_list::list))
        .route("/products/{id}", get(product::show))
        .route("/dashboard", get(dashboard::show))
        .layer(session.clone())
        .fallback(nothing)
        .layer(from_fn(failure::as_page));
    let api = Router::new()
        .route("/api/orders", get(orders::api))
        .layer(session)
        .route("/api/{*rest}", any(nothing))
        .layer(from_fn(failure::as_json));
    pages.merge(api).merge(assets::routes()).layer(map_response(assets::strictly))
}

async fn nothing() -> Failure {
    Failure::not_found("there is nothing at this address")
}

/// Answers requests until `end` is ready. Then no connection is taken any more, and requests that run
/// are answered still. Connections that are open after `patience` are cut: somebody who has sent half a
/// request, or does not read the answer, is not waited for without end.
///
/// # Errors
///
/// What the operating system reports of the listener.
pub async fn serve(
    engine: Engine,
    listener: TcpListener,
    end: impl Future<Output = ()> + Send + 'static,
    patience: Duration,
) -> std::io::Result<()> {
    let (told, ending) = oneshot::channel();
    let end = async move {
        end.await;
        tracing::info!("ending: no new connections are taken");
        // Nobody waits for it if the server has ended itself.
        let _ = told.send(());
    };
    let late = async {
        match ending.await {
            Ok(()) => tokio::time::sleep(patience).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        served = axum::serve(listener, router(engine)).with_graceful_shutdown(end).into_future() => served,
        () = late => {
            tracing::warn!("connections are cut that were open after {patience:?}");
            Ok(())
        }
    }
}
