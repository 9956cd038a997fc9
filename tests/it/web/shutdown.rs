//! How the server ends: what runs is finished, and nothing new is begun.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use retro_core::prelude::*;
use retro_examples::import::Data;
use retro_examples::models::Country;
use retro_tests::{Db, on_every_backend};
use tokio::io::AsyncWriteExt;
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
async fn half_a_request_does_not_keep_the_server() {
    let db = store(Db::in_memory().await, &Data::Shipped).await;
    let patience = Duration::from_millis(300);
    let server = Server::start(&db.engine, patience).await;
    let mut half = TcpStream::connect(server.address).await.unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
    // Another one has asked everything, and keeps its connection.
    let other = client();
    assert_eq!(ask(&other, &server.url("/")).await.status(), StatusCode::OK);
    let begun = Instant::now();
    server.stop().await;
    let took = begun.elapsed();
    assert!(took >= patience && took < Duration::from_secs(10), "{took:?}");
    drop((db, half));
}

#[tokio::test]
async fn connections_on_which_nothing_is_asked_are_closed_at_once() {
    let db = store(Db::in_memory().await, &Data::Shipped).await;
    let server = Server::start(&db.engine, PATIENCE).await;
    let (other, silent) = (client(), TcpStream::connect(server.address).await.unwrap());
    assert_eq!(ask(&other, &server.url("/")).await.status(), StatusCode::OK);
    let begun = Instant::now();
    server.stop().await;
    assert!(begun.elapsed() < PATIENCE / 2, "{:?}", begun.elapsed());
    drop((db, silent));
}
