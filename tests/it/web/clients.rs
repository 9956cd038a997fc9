//! Many clients at the same time.

use std::sync::Arc;

use reqwest::StatusCode;
use retro_examples::import::Data;
use retro_tests::on_every_backend;
use serde_json::Value;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::{PATIENCE, Server, ask, client, store};

const CLIENTS: usize = 64;

/// More clients than the engine has connections: each gets its own page, and nobody an error.
#[tokio::test(flavor = "multi_thread")]
async fn each_of_many_clients_gets_its_own_pages() {
    on_every_backend(async |db| {
        let db = store(db, &Data::Shipped).await;
        let server = Server::start(&db.engine, PATIENCE).await;
        let all = server.json(&format!("/api/orders?length={CLIENTS}&sort=%2Btimestamp")).await;
        let all = Arc::new(all["data"].as_array().unwrap().clone());
        assert_eq!(all.len(), CLIENTS);
        let together = Arc::new(Barrier::new(CLIENTS));
        let mut clients = JoinSet::new();
        for number in 0..CLIENTS {
            let (all, together, base) = (all.clone(), together.clone(), server.url(""));
            clients.spawn(async move {
                let client = client();
                together.wait().await;
                for _ in 0..3 {
                    let address = format!("{base}/api/orders?start={number}&length=1&sort=%2Btimestamp");
                    let page: Value = ask(&client, &address).await.json().await.unwrap();
                    assert_eq!(page["data"], Value::from(vec![all[number].clone()]));
                    let page = ["/", "/products", "/dashboard", "/products/1"][number % 4];
                    assert_eq!(ask(&client, &format!("{base}{page}")).await.status(), StatusCode::OK, "{page}");
                }
            });
        }
        while let Some(client) = clients.join_next().await {
            client.unwrap();
        }
        server.stop().await;
    })
    .await;
}
