//! The pages in a real browser: Chromium without a window, driven by its ChromeDriver.
//!
//! Asked for by the feature `browser`; if the programs are missing, the tests fail and say what to
//! install. Pictures of what was seen are left in the directory that the last test prints.

mod driver;
mod keyboard;
mod looks;
mod orders;
mod products;

use std::time::Duration;

use fantoccini::{Client, Locator};
use retro_core::prelude::*;
use retro_examples::import::{Data, import_all};
use retro_examples::models::metadata;
use retro_examples::web::serve;
use tokio::net::TcpListener;

use driver::Browser;

/// A wide and a narrow screen.
const WIDE: u32 = 1280;
const NARROW: u32 = 400;

/// The application with a store, and a browser that looks at it.
struct Visit {
    browser: Browser,
    base: String,
    _directory: tempfile::TempDir,
}

impl Visit {
    /// To the store with the sample.
    async fn begin(width: u32) -> Visit {
        Visit::to(width, true).await
    }

    async fn to(width: u32, sample: bool) -> Visit {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", directory.path().join("store.sqlite").display());
        let engine = Engine::builder(&url).max_connections(8).connect().await.unwrap();
        metadata().create_all(&engine).await.unwrap();
        if sample {
            import_all(&engine, &Data::Shipped).await.unwrap();
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(serve(engine, listener, std::future::pending(), Duration::ZERO));
        Visit { browser: Browser::start(width).await, base, _directory: directory }
    }

    fn page(&self) -> &Client {
        &self.browser.client
    }

    async fn goto(&self, address: &str) {
        self.page().goto(&format!("{}{address}", self.base)).await.unwrap();
    }

    async fn click(&self, selector: &str) {
        self.page().find(Locator::Css(selector)).await.unwrap().click().await.unwrap();
    }

    /// Clicks on what leads to another page, and waits for that.
    async fn follow(&self, selector: &str) {
        self.leave(async || self.click(selector).await).await;
    }

    /// Does what leads to another page, and waits for that: a browser says that it has clicked before it
    /// has gone.
    async fn leave(&self, act: impl AsyncFnOnce()) {
        self.page().execute("window.left = false", vec![]).await.unwrap();
        act().await;
        let arrived = async || {
            let script = "return window.left !== false && document.readyState === 'complete'";
            // Between two pages there is nothing that could answer.
            self.page().execute(script, vec![]).await.is_ok_and(|arrived| arrived == true)
        };
        let wait = async {
            while !arrived().await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), wait).await.expect("another page");
    }

    async fn count(&self, selector: &str) -> usize {
        self.page().find_all(Locator::Css(selector)).await.unwrap().len()
    }

    async fn text(&self, selector: &str) -> String {
        self.page().find(Locator::Css(selector)).await.unwrap().text().await.unwrap()
    }

    async fn texts(&self, selector: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.page().find_all(Locator::Css(selector)).await.unwrap() {
            texts.push(element.text().await.unwrap());
        }
        texts
    }

    async fn is_displayed(&self, selector: &str) -> bool {
        self.page().find(Locator::Css(selector)).await.unwrap().is_displayed().await.unwrap()
    }

    /// Ends it. Nothing may have been complained about in the console.
    async fn end(self) {
        let complaints = self.browser.complaints().await;
        assert!(complaints.is_empty(), "{complaints:#?}");
        self.browser.close().await;
    }
}
