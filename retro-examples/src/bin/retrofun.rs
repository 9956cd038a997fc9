//! `retrofun`: the command line of the store.

use std::process::ExitCode;

fn main() -> ExitCode {
    retro_examples::cli::main()
}
