//! `retrofun serve`, as somebody starts and ends it.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use retro_examples::models::metadata;

fn retrofun(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_retrofun"));
    command.current_dir(directory).env_remove("DATABASE_URL").args(arguments);
    command
}

/// A server that does not outlive the test.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(directory: &Path) -> Server {
        let mut serve = retrofun(directory, &["serve", "--bind", "127.0.0.1:0"]);
        let mut process = serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut server = Server { process, address: String::new() };
        let mut addresses = lines.filter_map(|line| line.unwrap().strip_prefix("http://").map(str::to_owned));
        server.address = addresses.next().expect("it prints where it listens");
        server
    }

    /// Asks it to end, and waits for that. Gives what it has logged.
    fn end(mut self, signal: &str) -> (ExitStatus, String) {
        let killed = Command::new("kill").args([signal, &self.process.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let mut log = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (self.process.wait().unwrap(), log)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn ask(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn it_answers_until_it_is_asked_to_end() {
    let directory = tempfile::tempdir().unwrap();
    assert!(retrofun(directory.path(), &["import", "products"]).output().unwrap().status.success());
    for signal in ["-TERM", "-INT"] {
        let server = Server::start(directory.path());
        let address = server.address.clone();
        let page = ask(&address, "/products?name=zx81");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("Sinclair Research"), "{page}");
        assert!(ask(&address, "/").contains("There are no orders yet."));
        let (status, log) = server.end(signal);
        assert!(status.success() && log.contains("ending: no new connections are taken"), "{signal}: {log}");
        assert!(TcpStream::connect(&address).is_err());
    }
}

#[test]
fn what_goes_wrong_is_logged_and_not_shown() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    let url = format!("sqlite://{}", directory.path().join("retrofun.sqlite").display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let engine = retro_core::Engine::connect(&url).await.unwrap();
        metadata().drop_all(&engine).await.unwrap();
    });
    let page = ask(&server.address, "/");
    assert!(page.starts_with("HTTP/1.1 500 ") && page.contains("the request could not be carried out"), "{page}");
    let (_, log) = server.end("-TERM");
    assert!(log.contains("ERROR") && log.contains("a request could not be carried out"), "{log}");
}

#[test]
fn an_address_that_is_taken_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = retrofun(directory.path(), &["serve", "--bind", &address]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(error.starts_with(&format!("error: cannot listen on {address}: ")), "{error}");
}
