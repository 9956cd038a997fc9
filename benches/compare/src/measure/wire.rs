//! Counts the statements that go to a server: clients connect to this process, which hands on what they send and
//! looks for the messages that run a statement. So all of them are counted alike, also the driver's own.
//!
//! Connections must not be encrypted.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::Result;

const BUFFER: usize = 64 * 1024;

/// The URL at which clients find the database of this one from now on.
pub(crate) async fn listen(url: &str) -> Result<String> {
    let mut url = Url::parse(url)?;
    let (protocol, usual) = match url.scheme().starts_with("postgres") {
        true => (Protocol::Postgres { is_started: false }, 5432),
        false => (Protocol::MySql, 3306),
    };
    let host = url.host_str().ok_or("a URL without a host")?.to_owned();
    let server = (host, url.port().unwrap_or(usual));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    url.set_host(Some("127.0.0.1"))?;
    url.set_port(Some(listener.local_addr()?.port())).map_err(|()| "a URL without a port")?;
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(server) = TcpStream::connect((server.0.as_str(), server.1)).await else { continue };
            _ = (client.set_nodelay(true), server.set_nodelay(true));
            let (from_client, to_client) = client.into_split();
            let (from_server, to_server) = server.into_split();
            tokio::spawn(hand_on(from_client, to_server, Some(Messages::of(protocol))));
            tokio::spawn(hand_on(from_server, to_client, None));
        }
    });
    Ok(url.into())
}

/// Until one side closes. The buffer is allocated before any turn, so that it isn't counted.
async fn hand_on(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut messages: Option<Messages>) {
    let mut buffer = vec![0; BUFFER];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if let Some(messages) = &mut messages {
            messages.read(&buffer[..length], super::sent_one);
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
}

#[derive(Clone, Copy)]
enum Protocol {
    Postgres { is_started: bool },
    MySql,
}

/// What a client sends, which comes in pieces of any size.
struct Messages {
    protocol: Protocol,
    header: [u8; 8],
    /// So much of the header is known.
    known: usize,
    /// So much of the body is to come.
    body: usize,
    /// Whether the first byte of the body says what the message is.
    is_command: bool,
}

impl Messages {
    fn of(protocol: Protocol) -> Messages {
        Messages { protocol, header: [0; 8], known: 0, body: 0, is_command: false }
    }

    fn read(&mut self, mut bytes: &[u8], mut sent: impl FnMut()) {
        while let [first, ..] = *bytes {
            if self.body > 0 {
                // A text, and a prepared statement with one set of parameters or with many.
                if std::mem::take(&mut self.is_command) && matches!(first, 0x03 | 0x17 | 0xfa) {
                    sent();
                }
                let length = self.body.min(bytes.len());
                self.body -= length;
                bytes = &bytes[length..];
                continue;
            }
            self.header[self.known] = first;
            self.known += 1;
            bytes = &bytes[1..];
            if self.known == self.header_length() {
                self.known = 0;
                self.begin(&mut sent);
            }
        }
    }

    fn header_length(&self) -> usize {
        match self.protocol {
            Protocol::Postgres { is_started: false } => 8,
            Protocol::Postgres { is_started: true } => 5,
            Protocol::MySql => 4,
        }
    }

    /// A header is whole.
    fn begin(&mut self, sent: &mut impl FnMut()) {
        let [a, b, c, d, e, ..] = self.header;
        match self.protocol {
            // Length and version; other numbers ask for encryption first.
            Protocol::Postgres { is_started: false } => {
                self.body = (u32::from_be_bytes([a, b, c, d]) as usize).saturating_sub(8);
                let major = u16::from_be_bytes([e, self.header[5]]);
                self.protocol = Protocol::Postgres { is_started: major == 3 };
            }
            // Its kind and length, which counts itself.
            Protocol::Postgres { is_started: true } => {
                self.body = (u32::from_be_bytes([b, c, d, e]) as usize).saturating_sub(4);
                if matches!(a, b'Q' | b'E') {
                    sent();
                }
            }
            // Length and number. What isn't first answers the server or goes on.
            Protocol::MySql => {
                self.body = u32::from_le_bytes([a, b, c, 0]) as usize;
                self.is_command = d == 0 && self.body > 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The statements in what a client sends, whatever the pieces are.
    fn count(protocol: Protocol, bytes: &[u8]) -> usize {
        let counted = |size: usize| {
            let (mut messages, mut count) = (Messages::of(protocol), 0);
            bytes.chunks(size).for_each(|piece| messages.read(piece, || count += 1));
            count
        };
        let whole = counted(bytes.len());
        assert!((1..bytes.len()).all(|size| counted(size) == whole));
        whole
    }

    #[test]
    fn postgres() {
        let mut bytes = vec![0, 0, 0, 8, 4, 210, 22, 47]; // asks for encryption
        bytes.extend([0, 0, 0, 12, 0, 3, 0, 0, b'Q', b'E', b'Q', b'E']);
        bytes.extend([b'Q', 0, 0, 0, 6, b'Q', 0]);
        bytes.extend([b'P', 0, 0, 0, 5, b'E', b'B', 0, 0, 0, 4, b'E', 0, 0, 0, 9, 0, 0, 0, 0, 0, b'S', 0, 0, 0, 4]);
        assert_eq!(count(Protocol::Postgres { is_started: false }, &bytes), 2);
    }

    #[test]
    fn mysql() {
        let mut bytes = vec![2, 0, 0, 1, 3, 3, 0, 0, 0, 3]; // greets, and an empty answer
        bytes.extend([2, 0, 0, 0, 3, 3, 2, 0, 0, 0, 0x16, 3, 2, 0, 0, 0, 0x17, 3, 1, 0, 0, 0, 1]);
        assert_eq!(count(Protocol::MySql, &bytes), 2);
    }
}
