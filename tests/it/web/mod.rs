//! The web application of the examples, asked over a real socket, on every database.

mod clients;
#[cfg(feature = "golden")]
mod golden;
mod pages;
mod shutdown;

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::{Client, Response, StatusCode};
use retro_core::prelude::*;
use retro_examples::import::{Data, import_all};
use retro_examples::models::metadata;
use retro_examples::web::serve;
use retro_tests::Db;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Longer than any test waits.
const PATIENCE: Duration = Duration::from_secs(60);

/// The store with the data of a directory, or the sample.
async fn store(db: Db, data: &Data) -> Db {
    let db = db.with(metadata()).await;
    import_all(&db.engine, data).await.unwrap();
    db.log.clear();
    db
}

/// The application on a port of its own.
struct Server {
    address: SocketAddr,
    end: oneshot::Sender<()>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Server {
    async fn start(engine: &Engine, patience: Duration) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (end, asked) = oneshot::channel();
        let asked = async { asked.await.unwrap_or_default() };
        Server { address, end, serving: tokio::spawn(serve(engine.clone(), listener, asked, patience)) }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn json(&self, path: &str) -> Value {
        let response = ask(&client(), &self.url(path)).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    /// Ends it, and waits for that.
    async fn stop(self) {
        self.end.send(()).unwrap();
        self.serving.await.unwrap().unwrap();
    }
}

/// A client with connections of its own.
fn client() -> Client {
    Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap()
}

async fn ask(client: &Client, url: &str) -> Response {
    client.get(url).send().await.unwrap_or_else(|error| panic!("{url}: {error:?}"))
}
