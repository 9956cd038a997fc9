//! [`Accomplice`]: another process, to be killed, or to be waited for.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A running process of the program `accomplice`, and what it says.
pub struct Accomplice {
    process: Child,
    input: Option<ChildStdin>,
    lines: UnboundedReceiver<String>,
}

impl Accomplice {
    /// Starts it. The path of the program is known to integration tests only, as
    /// `env!("CARGO_BIN_EXE_accomplice")`.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn start(program: &str, arguments: &[&str]) -> Accomplice {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap_or_else(|error| panic!("{program}: {error}"));
        let (input, output) = (process.stdin.take(), process.stdout.take());
        let (sender, lines) = unbounded_channel();
        if let Some(output) = output {
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        return;
                    }
                }
            });
        }
        Accomplice { process, input, lines }
    }

    /// The next thing that it says; `None` when it has ended.
    pub async fn says(&mut self) -> Option<String> {
        self.lines.recv().await
    }

    /// Tells it to end, by the end of its input.
    pub fn let_go(&mut self) {
        self.input = None;
    }

    /// Kills it, as `kill -9` does, and gives what it has said before.
    pub async fn kill(mut self) -> Vec<String> {
        let _ = self.process.kill();
        self.rest().await
    }

    /// What it still says until it ends.
    pub async fn rest(mut self) -> Vec<String> {
        let mut said = Vec::new();
        while let Some(line) = self.says().await {
            said.push(line);
        }
        said
    }
}

impl Drop for Accomplice {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
