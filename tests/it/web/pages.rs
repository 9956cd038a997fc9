//! How many statements each page sends: as many as it has kinds of things, however many of each.

use reqwest::StatusCode;
use retro_examples::import::Data;
use retro_tests::on_every_backend;

use super::{PATIENCE, Server, ask, client, store};

#[tokio::test]
async fn no_page_asks_row_by_row() {
    on_every_backend(async |db| {
        let db = store(db, &Data::Shipped).await;
        let server = Server::start(&db.engine, PATIENCE).await;
        let client = client();
        for (address, statements) in [
            ("/?length=1", 5),
            ("/?length=100", 5),
            ("/?length=100&search=commodore&sort=-total,%2Bcustomer", 5),
            ("/api/orders?length=100", 5),
            ("/products?name=zx+spectrum", 5),
            ("/products", 5),
            ("/products?manufacturer=Commodore&country=USA&from=1980&to=1990&cpu=6&name=o", 5),
            ("/products/28", 4),
            ("/products/28?start=10", 4),
            ("/dashboard", 5),
            ("/style.css", 0),
        ] {
            db.log.clear();
            let response = ask(&client, &server.url(address)).await;
            assert_eq!(response.status(), StatusCode::OK, "{address}");
            let sent = db.log.take();
            assert_eq!(sent.len(), statements, "{address} sent {sent:#?}");
        }
        // What is wrong whatever the database says does not ask it.
        for address in ["/products/x", "/?start=x", "/products?from=x", "/nothing", "/api/orders?length=x"] {
            assert!(ask(&client, &server.url(address)).await.status().is_client_error(), "{address}");
            assert!(db.log.take_all().is_empty(), "{address}");
        }
        server.stop().await;
    })
    .await;
}
