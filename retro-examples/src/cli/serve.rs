//! `retrofun serve`: the web application.

use std::error::Error;
use std::io::{self, Write, stdout};
use std::net::SocketAddr;

use clap::Args;
use tokio::net::TcpListener;

use super::store::Store;
use crate::web;

/// The arguments of `retrofun serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Where to listen; port 0 takes one that is free.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    pub bind: SocketAddr,
}

pub(super) async fn run(store: &Store, args: &ServeArgs) -> Result<(), Box<dyn Error>> {
    let bind = args.bind;
    let listener = TcpListener::bind(bind).await.map_err(|error| format!("cannot listen on {bind}: {error}"))?;
    let end = end()?;
    store.introduce()?;
    writeln!(stdout(), "http://{}", listener.local_addr()?)?;
    Ok(web::serve(store.engine().clone(), listener, end, web::PATIENCE).await?)
}

/// Ready when the process is asked to end: by Ctrl-C, or as service managers do it.
#[cfg(unix)]
fn end() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ready when the process is asked to end, by Ctrl-C.
#[cfg(not(unix))]
fn end() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
