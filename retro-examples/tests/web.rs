//! The web application, asked as a browser or a program asks.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use retro_core::prelude::*;
use retro_examples::import::{Data, import_all};
use retro_examples::models::{Country, metadata};
use retro_examples::web::{Failure, RequestSession, router, session_per_request};
use serde_json::Value;
use tower::ServiceExt;

/// The sample in a file of its own, which several connections can read.
async fn store() -> (tempfile::TempDir, Engine) {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", directory.path().join("store.sqlite").display());
    let engine = Engine::builder(&url).max_connections(8).connect().await.unwrap();
    metadata().create_all(&engine).await.unwrap();
    import_all(&engine, &Data::Shipped).await.unwrap();
    (directory, engine)
}

async fn ask(router: &Router, address: &str) -> (StatusCode, String) {
    let request = Request::get(address).body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn wrong_parameters_are_named() {
    let (_directory, engine) = store().await;
    let router = router(engine);
    for (address, parameter) in [
        ("start=-1", "start"),
        ("start=1.5", "start"),
        ("length=ten", "length"),
        ("length=99999999999999999999", "length"),
        ("sort=-id", "sort"),
        ("search=a%00b", "search"),
    ] {
        for page in ["/", "/api/orders"] {
            let (status, body) = ask(&router, &format!("{page}?{address}")).await;
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!((status, body["parameter"].as_str()), (StatusCode::BAD_REQUEST, Some(parameter)), "{address}");
        }
    }
    let (status, body) = ask(&router, "/api/orders?start=18446744073709551615&length=500").await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &body["data"]), (StatusCode::OK, &serde_json::json!([])));
}

#[tokio::test]
async fn the_page_escapes_what_it_shows_and_says_that_it_is_empty() {
    let (_directory, engine) = store().await;
    let router = router(engine);
    let (status, body) = ask(&router, "/?search=%3Cscript%3E").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("value=\"&lt;script&gt;\"") && !body.contains("<script>"), "{body}");
    assert!(body.contains("No order is of such a customer or product."), "{body}");
    let (_, body) = ask(&router, "/?length=5&sort=-total").await;
    assert_eq!((body.matches("<time").count(), body.contains("aria-sort=\"descending\"")), (5, true), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_clients_at_once_get_their_own_pages() {
    let (_directory, engine) = store().await;
    let router = router(engine);
    let address = |start: usize| format!("/api/orders?start={start}&length=1&sort=%2Btimestamp");
    let (_, all) = ask(&router, "/api/orders?length=64&sort=%2Btimestamp").await;
    let all: Value = serde_json::from_str(&all).unwrap();
    let clients: Vec<_> = (0..64)
        .map(|start| {
            let router = router.clone();
            tokio::spawn(async move { ask(&router, &address(start)).await })
        })
        .collect();
    for (start, client) in clients.into_iter().enumerate() {
        let (status, page) = client.await.unwrap();
        let page: Value = serde_json::from_str(&page).unwrap();
        assert_eq!((status, &page["data"][0]), (StatusCode::OK, &all["data"][start]));
        assert!(page["data"][0].is_object(), "{page}");
    }
}

#[tokio::test]
async fn a_request_is_kept_only_if_it_succeeds() {
    async fn add(mut session: RequestSession, name: &str) -> Result<(), Failure> {
        session.0.add(new!(Country { name }));
        session.0.flush().await?;
        Ok(())
    }
    let (_directory, engine) = store().await;
    let kept = async |session: RequestSession| add(session, "Kept").await;
    let failed = async |session: RequestSession| {
        add(session, "Failed").await?;
        Err::<(), _>(Failure::parameter("name", "no such country".to_owned()))
    };
    let router = Router::new().route("/kept", get(kept)).route("/failed", get(failed));
    let router = router.layer(from_fn_with_state(engine.clone(), session_per_request));
    assert_eq!(ask(&router, "/kept").await.0, StatusCode::OK);
    assert_eq!(ask(&router, "/failed").await.0, StatusCode::BAD_REQUEST);
    let mut session = Session::new(&engine);
    let count = async |session: &mut Session, name: &str| {
        session.count(select(Country).filter(Country::name.eq(name))).await.unwrap()
    };
    assert_eq!(count(&mut session, "Kept").await, 1);
    assert_eq!(count(&mut session, "Failed").await, 0);
}
