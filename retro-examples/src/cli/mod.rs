//! The `retrofun` command: its arguments, and what each subcommand calls.

mod report;
mod serve;
mod store;

use std::error::Error;
use std::io::{self, IsTerminal, Write, stderr, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::generate::{self, GenerateOptions};
use crate::import::{Data, StoreFile};
use report::ReportArgs;
use serve::ServeArgs;
use store::Store;

/// RetroFun, the store of vintage computers.
///
/// Without a command: creates the database, imports the sample data and prints a few reports.
#[derive(Debug, Parser)]
#[command(name = "retrofun", version)]
pub struct Cli {
    /// What the commands have in common.
    #[command(flatten)]
    pub options: Options,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The options that every command takes.
#[derive(Debug, Args)]
pub struct Options {
    /// The database: sqlite://FILE, postgres://.. or mysql://.. A file `.env` may set DATABASE_URL.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "DATABASE_URL",
        hide_env_values = true,
        default_value = "sqlite://retrofun.sqlite"
    )]
    pub database: String,

    /// Print every statement with its values to standard error.
    #[arg(long, global = true)]
    pub echo: bool,

    /// Print how many statements were sent of each kind, with their rows and seconds, and the memory
    /// that was needed. Always done when there is no command.
    #[arg(long, global = true)]
    pub stats: bool,
}

/// The subcommands of `retrofun`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Import CSV files into the database, which is created if need be.
    ///
    /// An import of views.csv that was interrupted goes on where it ended: `import views`, with the same
    /// directory. The file may have grown, but the views of the database must be of this file alone.
    Import(ImportArgs),
    /// Write products.csv, orders.csv, reviews.csv, articles.csv and views.csv with generated data.
    Generate(GenerateArgs),
    /// Print reports on what the database holds.
    Report(ReportArgs),
    /// Serve orders, products and charts as web pages, and orders as JSON at /api/orders, until Ctrl-C.
    Serve(ServeArgs),
}

/// The arguments of `retrofun import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The directory with the files [default: the sample that is part of the program].
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// Which files.
    #[arg(value_enum, default_value_t = Files::All)]
    pub files: Files,
}

/// Which files to import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Files {
    /// products.csv
    Products,
    /// orders.csv
    Orders,
    /// reviews.csv
    Reviews,
    /// articles.csv: the blog's articles and authors
    Articles,
    /// articles.csv again: the languages of the articles, and which are translations
    Languages,
    /// views.csv, of any size
    Views,
    /// All, in this order; those of the blog if they are there
    All,
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

    /// How many views of articles to make.
    #[arg(long, value_name = "N", default_value_t = GenerateOptions::default().views)]
    pub views: usize,

    /// The same seed and numbers give the same files.
    #[arg(long, value_name = "S", default_value_t = GenerateOptions::default().seed)]
    pub seed: u64,
}

/// Runs the command that the process was started with.
///
/// An error goes to standard error, with exit code 1; wrong arguments exit with 2.
pub fn main() -> ExitCode {
    // Before the arguments are read, which take DATABASE_URL from the environment.
    let environment = match dotenvy::dotenv() {
        Err(error) if !error.not_found() => Err(format!("cannot read .env: {error}").into()),
        _ => Ok(()),
    };
    match environment.and_then(|()| run(Cli::parse())) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output, such as `head`, has seen enough.
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// How many requests the web application works on at a time; others wait for a connection.
const SERVED_AT_ONCE: u32 = 8;

#[tokio::main]
async fn run(cli: Cli) -> Result<(), Box<dyn Error>> {
    let Cli { options, command } = cli;
    match &command {
        Some(Command::Generate(args)) => return generate(args),
        Some(Command::Report(args)) if args.list => return report::list(),
        _ => {}
    }
    let serves = matches!(command, Some(Command::Serve(_)));
    log_to_stderr(options.echo, serves);
    let connections = if serves { SERVED_AT_ONCE } else { 1 };
    let store = Store::open(&options, connections).await?;
    match command {
        Some(Command::Report(args)) => report::run(&store, &args, options.stats).await?,
        Some(Command::Serve(args)) => serve::run(&store, &args).await?,
        Some(Command::Import(args)) => import(&store, args, options.stats).await?,
        _ => show(&store).await?,
    }
    store.close().await;
    Ok(())
}

async fn import(store: &Store, args: ImportArgs, stats: bool) -> Result<(), Box<dyn Error>> {
    let data = args.data.map_or(Data::Shipped, Data::Directory);
    store.introduce()?;
    store.import(&data, &args.files.of(&data)).await?;
    if stats {
        store.print_statements(&mut stdout())?;
    }
    Ok(())
}

async fn show(store: &Store) -> Result<(), Box<dyn Error>> {
    store.introduce()?;
    store.import_sample().await?;
    store.report().await?;
    store.print_statements(&mut stdout())?;
    Ok(())
}

impl Files {
    fn of(self, data: &Data) -> Vec<StoreFile> {
        match self {
            Files::Products => vec![StoreFile::Products],
            Files::Orders => vec![StoreFile::Orders],
            Files::Reviews => vec![StoreFile::Reviews],
            Files::Articles => vec![StoreFile::Articles],
            Files::Languages => vec![StoreFile::Languages],
            Files::Views => vec![StoreFile::Views],
            Files::All => data.files(),
        }
    }
}

fn generate(args: &GenerateArgs) -> Result<(), Box<dyn Error>> {
    let options = GenerateOptions { orders: args.orders, views: args.views, seed: args.seed };
    let generated = generate::generate(&args.out, &options)?;
    writeln!(stdout(), "{}: {generated}", args.out.display())?;
    Ok(())
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Statements are what somebody asked to see, and have no time. What a server reports has one.
fn log_to_stderr(echo: bool, serves: bool) {
    let filter = match (echo, serves) {
        (false, false) => return,
        (true, false) => "retro::statement=info",
        (false, true) => "warn,retro_examples=info",
        (true, true) => "warn,retro_examples=info,retro::statement=info",
    };
    let log = tracing_subscriber::fmt().with_writer(stderr).with_env_filter(filter);
    let log = log.with_ansi(stderr().is_terminal()).with_target(false);
    match serves {
        true => log.init(),
        false => log.without_time().init(),
    }
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
        let Some(Command::Generate(args)) = cli.command else { panic!("{cli:?}") };
        let defaults = GenerateOptions::default();
        assert_eq!((args.orders, args.views, args.seed), (defaults.orders, defaults.views, defaults.seed));
    }

    #[test]
    fn import_takes_all_shipped_files_unless_told_otherwise() {
        let import = |args: &[&str]| match Cli::try_parse_from(args).unwrap().command {
            Some(Command::Import(args)) => (args.data, args.files),
            other => panic!("{other:?}"),
        };
        assert_eq!(import(&["retrofun", "import"]), (None, Files::All));
        let orders = import(&["retrofun", "import", "--echo", "--data", "x", "orders"]);
        assert_eq!(orders, (Some("x".into()), Files::Orders));
    }
}
