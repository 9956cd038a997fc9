//! `retrofun serve`, as somebody starts and ends it.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use retro_examples::models::metadata;

fn retrofun(directory: &std::path::Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_retrofun"));
    command.current_dir(directory).env_remove("DATABASE_URL").args(arguments);
    command
}

/// Waits for the address that it prints.
fn address(server: &mut Child) -> String {
    let lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let mut addresses = lines.filter_map(|line| line.unwrap().strip_prefix("http://").map(str::to_owned));
    addresses.next().expect("it prints where it listens")
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
        let mut serve = retrofun(directory.path(), &["serve", "--bind", "127.0.0.1:0"]);
        let mut server = serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let address = address(&mut server);
        let page = ask(&address, "/products?name=zx81");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("Sinclair Research"), "{page}");
        assert!(ask(&address, "/").contains("There are no orders yet."));

        let killed = Command::new("kill").args([signal, &server.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let ended = server.wait_with_output().unwrap();
        let log = String::from_utf8(ended.stderr).unwrap();
        assert!(ended.status.success() && log.contains("ending: no new connections are taken"), "{signal}: {log}");
        assert!(TcpStream::connect(&address).is_err());
    }
}

#[test]
fn what_goes_wrong_is_logged_and_not_shown() {
    let directory = tempfile::tempdir().unwrap();
    let mut serve = retrofun(directory.path(), &["serve", "--bind", "127.0.0.1:0"]);
    let mut server = serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let address = address(&mut server);
    let url = format!("sqlite://{}", directory.path().join("retrofun.sqlite").display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let engine = retro_core::Engine::connect(&url).await.unwrap();
        metadata().drop_all(&engine).await.unwrap();
    });
    let page = ask(&address, "/");
    assert!(page.starts_with("HTTP/1.1 500 ") && page.contains("the request could not be carried out"), "{page}");
    Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    let log = String::from_utf8(server.wait_with_output().unwrap().stderr).unwrap();
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
