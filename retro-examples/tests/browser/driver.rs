//! [`Browser`]: Chromium, and the ChromeDriver that drives it.

use std::io::ErrorKind;
use std::process::Stdio;

use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use url::{ParseError, Url};

const INSTALL: &str = "the feature `browser` needs Chromium and ChromeDriver: on Debian and Ubuntu \
                       `apt-get install -y chromium chromium-driver`";

/// The settings of a browser that nobody sees, and that asks nothing of anybody else.
const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

const HEIGHT: u64 = 900;

/// A browser of a test's own.
pub(crate) struct Browser {
    pub(crate) client: Client,
    width: u32,
    driver: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    pub(crate) async fn start(width: u32) -> Browser {
        // Ends with the test, whether it fails or not.
        let driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).kill_on_drop(true).spawn();
        let mut driver = driver.unwrap_or_else(|error| match error.kind() {
            ErrorKind::NotFound => panic!("there is no `chromedriver`; {INSTALL}"),
            _ => panic!("chromedriver: {error}"),
        });
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines.next_line().await.unwrap().expect("chromedriver says on which port it is");
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        let profile = tempfile::tempdir().unwrap();
        let mut arguments: Vec<String> = ARGUMENTS.map(str::to_owned).into();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let capabilities = json!({
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        });
        let Value::Object(capabilities) = capabilities else { unreachable!("it is written as an object") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await;
        let client = client.unwrap_or_else(|error| panic!("{error}\n{INSTALL}"));
        let browser = Browser { client, width, driver, _profile: profile };
        // A window cannot be as narrow as a small screen.
        browser.screen(HEIGHT).await;
        browser
    }

    /// What the browser has complained about since the last time: errors of network, policy and code.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.vendor("se/log", json!({"type": "browser"})).await;
        log.as_array().unwrap().iter().map(|entry| entry.to_string()).collect()
    }

    /// A picture of the whole page, as PNG.
    pub(crate) async fn picture(&self) -> Vec<u8> {
        let height = self.client.execute("return document.documentElement.scrollHeight", vec![]).await.unwrap();
        self.screen(height.as_u64().unwrap().max(HEIGHT)).await;
        let picture = self.client.screenshot().await.unwrap();
        self.screen(HEIGHT).await;
        picture
    }

    async fn screen(&self, height: u64) {
        let screen = json!({"width": self.width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        let command = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": screen});
        self.vendor("goog/cdp/execute", command).await;
    }

    pub(crate) async fn close(mut self) {
        self.client.close().await.unwrap();
        self.driver.kill().await.unwrap();
    }

    async fn vendor(&self, path: &'static str, body: Value) -> Value {
        self.client.issue_cmd(Vendor { path, body }).await.unwrap()
    }
}

/// A command that only ChromeDriver has.
#[derive(Debug)]
struct Vendor {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
