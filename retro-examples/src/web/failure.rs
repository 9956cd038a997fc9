//! [`Failure`]: why a request is not answered as it was meant, for programs and for people.

use std::borrow::Cow;

use axum::Json;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::html;
use serde_json::json;

use super::layout;

/// An error as a response: a JSON object with `error`, and `parameter` if one of the address is wrong.
/// The routes of [`router`](super::router) that people look at make a page of it.
#[derive(Debug, Clone)]
pub struct Failure {
    status: StatusCode,
    parameter: Option<&'static str>,
    error: Cow<'static, str>,
}

impl Failure {
    /// Status 400: a parameter of the address is wrong.
    pub fn parameter(parameter: &'static str, error: String) -> Self {
        Failure { status: StatusCode::BAD_REQUEST, parameter: Some(parameter), error: error.into() }
    }

    /// Status 404: there is no such thing.
    pub fn not_found(error: &'static str) -> Self {
        Failure { status: StatusCode::NOT_FOUND, parameter: None, error: error.into() }
    }

    /// What was answered in the framework's own words, which are for those who write the program.
    fn of(status: StatusCode) -> Self {
        Failure { status, parameter: None, error: status.canonical_reason().unwrap_or("error").into() }
    }
}

impl From<retro_core::Error> for Failure {
    /// Status 500. What the database says is for the log, and not for whoever asks.
    fn from(error: retro_core::Error) -> Self {
        tracing::error!(%error, "a request could not be carried out");
        let error = "the request could not be carried out".into();
        Failure { status: StatusCode::INTERNAL_SERVER_ERROR, parameter: None, error }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = match self.parameter {
            Some(parameter) => json!({"error": self.error, "parameter": parameter}),
            None => json!({"error": self.error}),
        };
        let mut response = (self.status, Json(body)).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// For routes that programs ask: whatever is an error is told as JSON.
pub(super) async fn as_json(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    match failure(&response) {
        Some(failure) => answer(response, failure.into_response()),
        None => response,
    }
}

/// For routes that people look at: whatever is an error is told on a page.
pub(super) async fn as_page(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let Some(failure) = failure(&response) else { return response };
    let title = match failure.status {
        StatusCode::NOT_FOUND => "Not found",
        status if status.is_client_error() => "This address cannot be shown",
        _ => "Something went wrong",
    };
    let page = layout::page(
        title,
        html! {
            p { @if let Some(parameter) = failure.parameter { "The parameter " code { (parameter) } ": " } (failure.error) "." }
            p { a href="/" { "All orders" } }
        },
    );
    answer(response, (failure.status, page).into_response())
}

fn failure(response: &Response) -> Option<Failure> {
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    failed.then(|| response.extensions().get().cloned().unwrap_or_else(|| Failure::of(status)))
}

/// The new response with what else the old one said in its head, such as which methods are allowed.
fn answer(old: Response, mut new: Response) -> Response {
    let (mut old, _) = old.into_parts();
    for of_the_body in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
        old.headers.remove(of_the_body);
    }
    new.headers_mut().extend(old.headers);
    new
}
