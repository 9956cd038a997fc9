//! A session for each request: committed if the request succeeds, rolled back if it fails.
//!
//! To use it elsewhere, copy this file, put [`session_per_request`] around the routes as
//! [`router`](super::router) does, and let handlers take a [`RequestSession`].

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use retro_core::prelude::*;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::Failure;

type Shared = Arc<Mutex<Session>>;

/// The session of the request, for a handler to take as an argument.
pub struct RequestSession(pub OwnedMutexGuard<Session>);

/// Gives the request a session, and ends its transaction before the response is sent.
///
/// A response of the 4xx and 5xx kinds rolls back, any other commits. If the commit fails, its error is
/// the response: a client is never told of something that was not kept. A handler that panics, or whose
/// client goes away, drops the session, which rolls back too. Connections are taken by the first
/// statement only, so that what needs no database costs none.
pub async fn session_per_request(State(engine): State<Engine>, mut request: Request, next: Next) -> Response {
    let shared: Shared = Arc::new(Mutex::new(Session::new(&engine)));
    request.extensions_mut().insert(shared.clone());
    let response = next.run(request).await;
    let mut session = shared.lock().await;
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let ended = if failed { session.rollback().await } else { session.commit().await };
    match ended {
        // The client is told why the request failed, not why the rollback did.
        Err(_) if failed => response,
        Err(error) => Failure::from(error).into_response(),
        Ok(()) => response,
    }
}

impl<S: Sync> FromRequestParts<S> for RequestSession {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let refused = |why| (StatusCode::INTERNAL_SERVER_ERROR, why);
        let shared = parts.extensions.get::<Shared>().cloned();
        let shared = shared.ok_or(refused("the route is not inside of session_per_request"))?;
        // Not waited for: a handler that takes two would wait for itself.
        let session = shared.try_lock_owned();
        session.map(RequestSession).map_err(|_| refused("the handler takes the session of the request twice"))
    }
}
