//! [`Proxy`]: the line between an engine and its server, which breaks where a test wants it to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What takes the place of the first letters of a statement that the server shall not understand.
const SPOILT: &[u8] = b"SPOI";

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From the engine to the server.
    ToServer,
    /// From the server to the engine.
    ToEngine,
}

/// What happens to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is lost, and so is the connection.
    Drop,
    /// Half of it arrives, and then the connection is lost.
    Cut,
    /// It arrives late.
    Delay(Duration),
    /// It is lost, as is all that follows either way, and both ends believe that the line is good.
    Silence,
    /// It arrives, if it is a statement to the server, in words that the server does not understand.
    /// Only statements are counted.
    Spoil,
}

/// A TCP relay in front of a server. It knows where messages begin and end, counts them, and does
/// something to one of them if it was told to.
pub struct Proxy {
    port: u16,
    line: Arc<Line>,
    accepting: JoinHandle<()>,
}

struct Line {
    server: String,
    protocol: Protocol,
    armed: Mutex<Option<Armed>>,
    fired: watch::Sender<bool>,
}

#[derive(Debug, Clone, Copy)]
struct Armed {
    way: Way,
    fault: Fault,
    /// Messages that are still to pass before the one that is meant.
    left: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Postgres,
    MySql,
}

impl Proxy {
    /// Begins to listen in front of the server of a URL, without a fault.
    ///
    /// # Panics
    /// If it cannot listen, or the URL has no server.
    pub async fn start(url: &str) -> Proxy {
        let protocol = if url.starts_with("postgres") { Protocol::Postgres } else { Protocol::MySql };
        let server = address(url).to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let line = Arc::new(Line { server, protocol, armed: Mutex::new(None), fired: watch::Sender::new(false) });
        let accepting = tokio::spawn(accept(listener, line.clone()));
        Proxy { port, line, accepting }
    }

    /// The URL that leads through here to where the given one leads. Nothing is encrypted, so that
    /// messages can be told from each other.
    pub fn url(&self, url: &str) -> String {
        let open = match self.line.protocol {
            Protocol::Postgres => "sslmode=disable",
            Protocol::MySql => "ssl-mode=disabled",
        };
        let through = url.replacen(address(url), &format!("127.0.0.1:{}", self.port), 1);
        format!("{through}{}{open}", if through.contains('?') { '&' } else { '?' })
    }

    /// Something will happen to the message of this number, counted from 0 and from now on, over all
    /// connections.
    pub fn arm(&self, way: Way, fault: Fault, number: usize) {
        self.line.fired.send_replace(false);
        *self.line.armed() = Some(Armed { way, fault, left: number });
    }

    /// Nothing more will happen. Says whether it has.
    pub fn disarm(&self) -> bool {
        *self.line.armed() = None;
        *self.line.fired.borrow()
    }

    /// Waits until it has happened.
    pub async fn fired(&self) {
        // The sender is ours, so this can only end well.
        let _ = self.line.fired.subscribe().wait_for(|fired| *fired).await;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Line {
    fn armed(&self) -> MutexGuard<'_, Option<Armed>> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What happens to a message.
    fn meet(&self, way: Way, message: &[u8]) -> Option<Fault> {
        let mut armed = self.armed();
        let fault = armed.as_mut().filter(|armed| armed.way == way)?;
        if fault.fault == Fault::Spoil && self.protocol.statement(message).is_none() {
            return None;
        }
        if fault.left > 0 {
            fault.left -= 1;
            return None;
        }
        let fault = fault.fault;
        *armed = None;
        self.fired.send_replace(true);
        Some(fault)
    }
}

async fn accept(listener: TcpListener, line: Arc<Line>) {
    while let Ok((engine, _)) = listener.accept().await {
        let line = line.clone();
        tokio::spawn(async move {
            let Ok(server) = TcpStream::connect(&line.server).await else { return };
            let _ = (engine.set_nodelay(true), server.set_nodelay(true));
            let (from_engine, to_engine) = engine.into_split();
            let (from_server, to_server) = server.into_split();
            let silent = AtomicBool::new(false);
            // The end of one way is the end of both.
            tokio::select! {
                () = relay(&line, Way::ToServer, from_engine, to_server, &silent) => {}
                () = relay(&line, Way::ToEngine, from_server, to_engine, &silent) => {}
            }
        });
    }
}

/// Passes messages on until an end closes or a fault breaks the line.
async fn relay(line: &Line, way: Way, mut from: OwnedReadHalf, mut to: OwnedWriteHalf, silent: &AtomicBool) {
    let mut read = Vec::new();
    let mut greeted = false;
    while let Ok(1..) = from.read_buf(&mut read).await {
        let mut passed = 0;
        let mut broken = false;
        let mut out = Vec::with_capacity(read.len());
        while !broken && let Some(length) = line.protocol.length(way, greeted, &read[passed..]) {
            let message = &mut read[passed..passed + length];
            passed += length;
            greeted = true;
            match line.meet(way, message) {
                None => out.extend_from_slice(message),
                Some(Fault::Drop) => broken = true,
                Some(Fault::Cut) => {
                    out.extend_from_slice(&message[..length / 2]);
                    broken = true;
                }
                Some(Fault::Delay(time)) => {
                    if to.write_all(&std::mem::take(&mut out)).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(time).await;
                    out.extend_from_slice(message);
                }
                Some(Fault::Silence) => {
                    let _ = to.write_all(&std::mem::take(&mut out)).await;
                    silent.store(true, Ordering::SeqCst);
                }
                Some(Fault::Spoil) => {
                    if let Some(at) = line.protocol.statement(message) {
                        message[at..at + SPOILT.len()].copy_from_slice(SPOILT);
                    }
                    out.extend_from_slice(message);
                }
            }
        }
        read.drain(..passed);
        if !silent.load(Ordering::SeqCst) && to.write_all(&out).await.is_err() || broken {
            return;
        }
    }
}

impl Protocol {
    /// The length of the message that begins here, if all of it is there.
    fn length(self, way: Way, greeted: bool, bytes: &[u8]) -> Option<usize> {
        let length = match self {
            // The first message of a client has no letter before its length.
            Protocol::Postgres if way == Way::ToServer && !greeted => number(bytes.get(..4)?),
            Protocol::Postgres => 1 + number(bytes.get(1..5)?),
            Protocol::MySql => {
                let &[low, middle, high, _] = bytes.get(..4)? else { return None };
                4 + usize::from(low) + (usize::from(middle) << 8) + (usize::from(high) << 16)
            }
        };
        (bytes.len() >= length).then_some(length)
    }

    /// Where the text begins in a message that holds a statement to be run or prepared.
    fn statement(self, message: &[u8]) -> Option<usize> {
        let at = match (self, message) {
            (Protocol::Postgres, [b'Q', ..]) => 5,
            (Protocol::Postgres, [b'P', ..]) => 5 + message[5..].iter().position(|&byte| byte == 0)? + 1,
            (Protocol::MySql, [_, _, _, 0, 3 | 22, ..]) => 5,
            _ => return None,
        };
        (message.len() > at + SPOILT.len()).then_some(at)
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, &byte| (number << 8) | usize::from(byte))
}

/// Host and port of a URL.
fn address(url: &str) -> &str {
    let after = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = after.split(['/', '?']).next().unwrap_or(after);
    let address = authority.rsplit_once('@').map_or(authority, |(_, address)| address);
    assert!(address.contains(':'), "{url} must name the port");
    address
}
