//! The web application: the list of orders as a page and as JSON.
//!
//! * [`session_per_request`] and [`RequestSession`]: a session for each request;
//! * [`router`]: the pages, around an engine;
//! * [`serve`] answers until it is told to end.

mod failure;
mod orders;
mod page;
mod parameters;
mod session;

use axum::Router;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use retro_core::prelude::*;
use tokio::net::TcpListener;

pub use failure::Failure;
pub use session::{RequestSession, session_per_request};

/// The pages `/`, the list of orders, and `/api/orders`, the same as JSON.
pub fn router(engine: Engine) -> Router {
    Router::new()
        .route("/", get(orders::page))
        .route("/api/orders", get(orders::api))
        .layer(from_fn_with_state(engine, session_per_request))
        .route("/style.css", get(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("style.css"))))
}

/// Answers requests until `end` is ready; requests that run then are answered still.
///
/// # Errors
///
/// What the operating system reports of the listener.
pub async fn serve(
    engine: Engine,
    listener: TcpListener,
    end: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(engine)).with_graceful_shutdown(end).await
}
