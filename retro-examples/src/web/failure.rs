//! [`Failure`]: why a request is not answered as it was meant.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An error as a response: a JSON object with `error`, and `parameter` if one of the address is wrong.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    parameter: Option<&'static str>,
    error: String,
}

impl Failure {
    /// Status 400: a parameter of the address is wrong.
    pub fn parameter(parameter: &'static str, error: String) -> Self {
        Failure { status: StatusCode::BAD_REQUEST, parameter: Some(parameter), error }
    }
}

impl From<retro_core::Error> for Failure {
    /// Status 500. What the database says is for the log, and not for whoever asks.
    fn from(error: retro_core::Error) -> Self {
        eprintln!("error: {error}");
        let error = "the request could not be carried out".to_owned();
        Failure { status: StatusCode::INTERNAL_SERVER_ERROR, parameter: None, error }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = match self.parameter {
            Some(parameter) => json!({"error": self.error, "parameter": parameter}),
            None => json!({"error": self.error}),
        };
        (self.status, Json(body)).into_response()
    }
}
