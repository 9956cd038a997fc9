//! The web application, asked as a browser or a program asks.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use retro_core::prelude::*;
use retro_examples::import::{Data, import_all};
use retro_examples::models::{
    BlogArticle, BlogAuthor, BlogSession, BlogUser, BlogView, Country, Customer, Language, Manufacturer, Order,
    OrderItem, Product, ProductReview, metadata,
};
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
        let (status, body) = ask(&router, &format!("/api/orders?{address}")).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, body["parameter"].as_str()), (StatusCode::BAD_REQUEST, Some(parameter)), "{address}");
        is_error_page(&router, &format!("/?{address}"), StatusCode::BAD_REQUEST, parameter).await;
    }
    for (address, parameter) in [
        ("/products?from=old", "from"),
        ("/products?to=99999999999", "to"),
        ("/products?start=-1", "start"),
        ("/products?name=%00", "name"),
        ("/products?cpu=%00", "cpu"),
        ("/products/1?start=x", "start"),
    ] {
        is_error_page(&router, address, StatusCode::BAD_REQUEST, parameter).await;
    }
    let (status, body) = ask(&router, "/api/orders?start=18446744073709551615&length=500").await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &body["data"]), (StatusCode::OK, &serde_json::json!([])));
}

/// Whether an address is answered with a page that tells of an error, and says this.
async fn is_error_page(router: &Router, address: &str, status: StatusCode, says: &str) {
    let (found, body) = ask(router, address).await;
    assert_eq!(found, status, "{address}: {body}");
    assert!(body.starts_with("<!DOCTYPE html>") && body.contains("<a href=\"/\">All orders</a>"), "{address}: {body}");
    assert!(body.contains(says), "{address}: {body}");
}

/// As long as a server takes addresses.
#[tokio::test]
async fn a_very_long_address_is_no_error_of_the_server() {
    let (_directory, engine) = store().await;
    let router = router(engine);
    let sort = "-total,%2Btotal,".repeat(3_000);
    let (_, sorted) = ask(&router, "/api/orders?sort=-total").await;
    assert_eq!(ask(&router, &format!("/api/orders?sort={sort}")).await, (StatusCode::OK, sorted));
    let long = "a%25".repeat(15_000);
    is_error_page(&router, &format!("/?search={long}"), StatusCode::BAD_REQUEST, "search").await;
    for name in ["name", "manufacturer", "country", "cpu", "from"] {
        is_error_page(&router, &format!("/products?{name}={long}"), StatusCode::BAD_REQUEST, name).await;
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_page_for_people_and_json_for_programs() {
    let (_directory, engine) = store().await;
    let router = router(engine);
    for address in ["/nothing", "/products/nothing", "/products/0", "/products/2147483648", "/products/1/2"] {
        is_error_page(&router, address, StatusCode::NOT_FOUND, "<h1>Not found</h1>").await;
    }
    for address in ["/api/nothing", "/api/orders/1"] {
        let (status, body) = ask(&router, address).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        let error = serde_json::json!({"error": "there is nothing at this address"});
        assert_eq!((status, body), (StatusCode::NOT_FOUND, error), "{address}");
    }
    for (address, begins) in [("/", "<!DOCTYPE html>"), ("/api/orders", "{\"error\"")] {
        let request = Request::delete(address).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()["allow"], "GET,HEAD");
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert!(body.starts_with(begins.as_bytes()), "{body:?}");
    }
}

#[tokio::test]
async fn what_the_database_says_is_not_shown() {
    let engine = Engine::connect("sqlite::memory:").await.unwrap();
    let router = router(engine);
    for address in ["/", "/products", "/products/1", "/dashboard"] {
        is_error_page(&router, address, StatusCode::INTERNAL_SERVER_ERROR, "the request could not be carried out")
            .await;
        assert!(!ask(&router, address).await.1.contains("no such table"), "{address}");
    }
    let (status, body) = ask(&router, "/api/orders").await;
    let error = r#"{"error":"the request could not be carried out"}"#;
    assert_eq!((status, body.as_str()), (StatusCode::INTERNAL_SERVER_ERROR, error));
}

#[tokio::test]
async fn an_empty_store_is_said_to_be_empty() {
    let engine = Engine::connect("sqlite::memory:").await.unwrap();
    metadata().create_all(&engine).await.unwrap();
    let mut session = Session::new(&engine);
    let product = session.add(new!(Product { name: "C64", year: 1982 }));
    session.add(new!(Manufacturer { name: "Commodore", products: [product] }));
    let router = router(engine);
    for (address, says) in [
        ("/", "There are no orders yet."),
        ("/?search=x", "No order is of such a customer or product."),
        ("/products", "There are no products yet."),
        ("/products?cpu=z80", "No product is like that."),
        ("/dashboard", "There is nothing to show yet."),
    ] {
        let (status, body) = ask(&router, address).await;
        assert!(status == StatusCode::OK && body.contains(says), "{address}: {status} {body}");
    }
    session.commit().await.unwrap();
    let (_, body) = ask(&router, &format!("/products/{}", session[product].id)).await;
    assert!(body.contains("Nobody has reviewed this yet.") && !body.contains("aria-label=\"Pages\""), "{body}");
}

#[tokio::test]
async fn names_from_the_database_are_text_and_never_markup() {
    const NAME: &str = "<script>alert(\"1\")</script>'&";
    let engine = Engine::connect("sqlite::memory:").await.unwrap();
    metadata().create_all(&engine).await.unwrap();
    let mut session = Session::new(&engine);
    let product =
        session.add(new!(Product { name: NAME, cpu: NAME, year: 1982, countries: [new!(Country { name: NAME })] }));
    session.add(new!(Manufacturer { name: NAME, products: [product] }));
    let customer = session.add(new!(Customer { name: NAME, address: NAME, phone: NAME }));
    session.add(new!(Order {
        customer: customer,
        items: [new!(OrderItem { product: product, unit_price: 1.0, quantity: 1 })]
    }));
    session.add(new!(ProductReview { product: product, customer: customer, rating: 5, comment: NAME }));
    let timestamp: NaiveDateTime = "2022-05-01T00:00:00".parse().unwrap();
    let article = session.add(new!(BlogArticle {
        title: NAME,
        author: new!(BlogAuthor { name: NAME }),
        language: new!(Language { name: NAME }),
    }));
    let user = new!(BlogUser {});
    session.add(new!(BlogView { article: article, session: new!(BlogSession { user: user }), timestamp }));
    session.commit().await.unwrap();
    let product = session[product].id;
    let router = router(engine);
    for address in ["/", "/products", &format!("/products/{product}"), "/dashboard"] {
        let (status, body) = ask(&router, address).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        assert!(!body.contains("<script") && body.contains("&lt;script&gt;alert("), "{address}: {body}");
    }
}

#[tokio::test]
async fn products_are_filtered_by_everything_that_is_asked_for() {
    let (_directory, engine) = store().await;
    let router = router(engine);
    let found = async |filters: &str| {
        let (status, body) = ask(&router, &format!("/products?{filters}")).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        let names = body.split("<th scope=\"row\">").skip(1).map(|row| {
            let name = row.split_once("\">").unwrap().1;
            name.split_once("</a>").unwrap().0.to_owned()
        });
        names.collect::<Vec<_>>()
    };
    assert_eq!(found("").await.len(), 25);
    assert_eq!(found("name=zx+SPEC&from=1982&to=1982").await, ["ZX Spectrum"]);
    assert_eq!(found("manufacturer=Commodore&to=1981&cpu=6502").await, ["PET 2001", "VIC-20"]);
    assert_eq!(found("country=Croatia&from=1985").await.len(), 0);
    assert_eq!(found("name=%25").await.len(), 0, "a percent sign is one");
    assert_eq!(found("manufacturer=%27+OR+1%3D1").await.len(), 0);
    assert_eq!(found("from=1990&to=1980").await.len(), 0);
    let second = found("start=25").await;
    assert!(second.len() == 25 && !second.contains(&found("").await[0]));
    let (_, body) = ask(&router, "/products?cpu=z80").await;
    assert!(body.contains("rel=\"next\" href=\"/products?cpu=z80&amp;start=25\""), "{body}");
}

#[tokio::test]
async fn a_product_is_shown_with_its_reviews_page_by_page() {
    let (_directory, engine) = store().await;
    let mut session = Session::new(&engine);
    let reviews = count(ProductReview);
    let most = select((Product::id, &reviews, avg(ProductReview::rating).required()));
    let most = most.join(Product::reviews).group_by(Product).order_by((reviews.desc(), Product::id));
    let (id, reviews, average): (i32, i64, f64) = session.first(most).await.unwrap().unwrap();
    assert!(reviews > 10, "the sample has a product with several pages of reviews");
    let router = router(engine);
    let (_, first) = ask(&router, &format!("/products/{id}")).await;
    assert!(first.contains(&format!("{average:.2} of 5 on average, {reviews} reviews")), "{first}");
    assert_eq!(first.matches("<article").count(), 10);
    assert!(
        first.contains(&format!("<span>1 to 10 of {reviews}</span><a rel=\"next\" href=\"/products/{id}?start=10\">"))
    );
    let last = (reviews - 1) / 10 * 10;
    let (_, body) = ask(&router, &format!("/products/{id}?start={last}")).await;
    assert_eq!(body.matches("<article").count() as i64, reviews - last);
    assert!(body.contains("rel=\"prev\"") && !body.contains("rel=\"next\""), "{body}");
    let (_, beyond) = ask(&router, &format!("/products/{id}?start=18446744073709551615")).await;
    assert!(beyond.contains("There are no more reviews."), "{beyond}");
}

#[tokio::test]
async fn the_dashboard_has_every_chart_with_its_numbers() {
    let (_directory, engine) = store().await;
    let (status, body) = ask(&router(engine), "/dashboard").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!((body.matches("<figure>").count(), body.matches("<svg ").count()), (5, 10), "wide and narrow");
    for text in [
        "Sales of each month",
        "Ratings of all machines in each month",
        "Views of each month by language",
        "Most viewed articles",
    ] {
        assert!(body.contains(&format!("<summary>Numbers: {text}</summary>")), "{text}");
    }
    assert!(body.contains("<td class=\"number\">$22,327</td>"), "sales of December");
}

#[tokio::test]
async fn everything_a_page_needs_is_served_and_nothing_else_is_allowed() {
    let (_directory, engine) = store().await;
    let router = router(engine);
    for (address, kind) in [("/style.css", "text/css; charset=utf-8"), ("/icon.svg", "image/svg+xml")] {
        let response = router.clone().oneshot(Request::get(address).body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], kind);
    }
    for address in ["/", "/products", "/products/1", "/dashboard", "/nothing"] {
        let response = router.clone().oneshot(Request::get(address).body(Body::empty()).unwrap()).await.unwrap();
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'") && !policy.contains("unsafe"), "{policy}");
        let (_, body) = ask(&router, address).await;
        let elsewhere = ["src=\"http", "href=\"http", "url(", "@import", "<script"];
        assert!(elsewhere.iter().all(|text| !body.contains(text)), "{address}: {body}");
    }
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
