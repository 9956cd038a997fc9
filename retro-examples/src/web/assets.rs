//! The files that the pages need. They are part of the program: nothing is fetched from elsewhere.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use axum::routing::get;

const STYLE: &str = include_str!("style.css");
const ICON: &str = include_str!("icon.svg");

/// What a page may do in a browser: show what this program serves, and nothing else. It would stop a
/// script that got into a page in spite of all.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

pub(super) fn routes() -> Router {
    Router::new()
        .route("/style.css", get(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)))
        .route("/icon.svg", get(([(header::CONTENT_TYPE, "image/svg+xml")], ICON)))
}

/// Tells browsers to be strict with every response.
pub(super) async fn strictly(mut response: Response) -> Response {
    let strict: [(HeaderName, &'static str); 3] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in strict {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
