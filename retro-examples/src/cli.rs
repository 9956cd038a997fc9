//! The `retrofun` command: its arguments, and what each subcommand calls.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::generate::{self, GenerateOptions};

/// RetroFun, the store of vintage computers.
#[derive(Debug, Parser)]
#[command(name = "retrofun", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands of `retrofun`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write products.csv, orders.csv and reviews.csv with generated data.
    Generate(GenerateArgs),
}

/// The arguments of `retrofun generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// The directory to write to; made if it does not exist, files of the same names are replaced.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// How many orders to make.
    #[arg(long, value_name = "N", default_value_t = GenerateOptions::default().orders)]
    pub orders: usize,

    /// The same seed and number of orders give the same files.
    #[arg(long, value_name = "S", default_value_t = GenerateOptions::default().seed)]
    pub seed: u64,
}

/// Runs the command that the process was started with.
///
/// An error goes to standard error as one line, with exit code 1; wrong arguments exit with 2.
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Box<dyn Error>> {
    match cli.command {
        Command::Generate(args) => generate(&args),
    }
}

fn generate(args: &GenerateArgs) -> Result<(), Box<dyn Error>> {
    let options = GenerateOptions { orders: args.orders, seed: args.seed };
    let generated = generate::generate(&args.out, &options)?;
    println!("{}: {generated}", args.out.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn generate_defaults_to_the_shipped_data() {
        let cli = Cli::try_parse_from(["retrofun", "generate", "--out", "x"]).unwrap();
        let Command::Generate(args) = cli.command;
        let defaults = GenerateOptions::default();
        assert_eq!((args.orders, args.seed), (defaults.orders, defaults.seed));
    }
}
