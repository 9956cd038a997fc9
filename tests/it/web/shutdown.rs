//! How the server ends: what runs is finished, and nothing new is begun.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use retro_core::prelude::*;
use retro_examples::import::Data;
use retro_examples::models::Country;
use retro_tests::{Db, on_every_backend};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::{PATIENCE, Server, ask, client, store};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_runs_is_finished_and_a_new_one_is_refused() {
    on_every_backend(async |db| {
        let db = store(db, &Data::Shipped).await;
        // Its only connection is taken, so that the request has to wait.
        let engine = db.engine_builder().max_connections(1).connect().await.unwrap();
        let mut session = Session::new(&engine);
        session.add(new!(Country { name: "Atlantis" }));
        session.flush().await.unwrap();

        let server = Server::start(&engine, PATIENCE).await;
        let (address, url) = (server.address, server.url("/products?name=zx+spectrum"));
        let running = tokio::spawn(async move { ask(&client(), &url).await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(!running.is_finished(), "it waits for the connection");
        server.end.send(()).unwrap();
        let begun = Instant::now();
        while TcpStream::connect(address).await.is_ok() {
            assert!(begun.elapsed() < Duration::from_secs(10), "connections are taken still");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(!running.is_finished() && !server.serving.is_finished());

        session.rollback().await.unwrap();
        let response = running.await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert!(response.text().await.unwrap().contains("ZX Spectrum"));
        server.serving.await.unwrap().unwrap();
        engine.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_connection_on_which_nothing_is_asked_does_not_keep_the_server() {
    let db = store(Db::in_memory().await, &Data::Shipped).await;
    let server = Server::start(&db.engine, Duration::from_millis(300)).await;
    let asked = client();
    assert_eq!(ask(&asked, &server.url("/")).await.status(), StatusCode::OK);
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    // Taken, and not only in the queue of the listener.
    assert_eq!(ask(&asked, &server.url("/")).await.status(), StatusCode::OK);
    let begun = Instant::now();
    server.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    drop(db);
    let _ = tokio::time::timeout(Duration::from_secs(5), silent.read(&mut [0])).await;
}
