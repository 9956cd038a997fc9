//! [`Store`]: the database that a command works on.

use std::error::Error;
use std::io::{self, Write, stdout};
use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use retro_core::EngineBuilder;
use retro_core::prelude::*;

use super::Options;
use crate::import::{Data, StoreFile, import};
use crate::models::{
    BlogArticle, BlogAuthor, BlogSession, BlogUser, BlogView, Country, Customer, Language, Manufacturer, Order,
    OrderItem, Product, ProductReview, metadata,
};
use crate::reports::{Table, overview};
use crate::stats::{Statements, peak_memory};

pub(super) struct Store {
    engine: Engine,
    statements: Arc<Statements>,
    place: String,
    started: Instant,
    /// Statements are printed, so that a progress bar would be in the way.
    echo: bool,
}

impl Store {
    /// Connects, and creates the tables that are missing.
    pub(super) async fn open(options: &Options, connections: u32) -> Result<Store, Box<dyn Error>> {
        let started = Instant::now();
        let statements = Arc::new(Statements::default());
        let builder = Engine::builder(&options.database).echo(options.echo).observe(statements.clone());
        let engine = settings(builder, &options.database, connections).connect().await?;
        metadata().create_all(&engine).await?;
        let place = format!("{} at {}", engine.dialect(), place(&options.database));
        Ok(Store { engine, statements, place, started, echo: options.echo })
    }

    /// Prints which database it is.
    pub(super) fn introduce(&self) -> io::Result<()> {
        writeln!(stdout(), "{}", self.place)
    }

    /// The database.
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// A session on the database.
    pub(super) fn session(&self) -> Session {
        Session::new(&self.engine)
    }

    /// Imports files, each in a transaction of its own, or views in several.
    pub(super) async fn import(&self, data: &Data, files: &[StoreFile]) -> Result<(), Box<dyn Error>> {
        for &file in files {
            let progress = self.progress(file);
            let imported = import(&self.engine, data, file, &progress).await;
            progress.finish_and_clear();
            let imported = imported.map_err(|error| match file {
                StoreFile::Views => {
                    let data = match data {
                        Data::Shipped => String::new(),
                        Data::Directory(directory) => format!("--data {} ", directory.display()),
                    };
                    format!("{error}\n`import {data}views` goes on after the last row that was committed.")
                }
                _ => format!("{error}\nNothing of {file} was imported."),
            })?;
            let (rows, seconds) = (imported.rows, imported.elapsed.as_secs_f64());
            write!(stdout(), "{file}: {rows} rows imported in {seconds:.2} s")?;
            // The rate of a moment says nothing.
            if seconds >= 1.0 {
                write!(stdout(), ", {:.0} rows/s", rows as f64 / seconds)?;
            }
            match imported.skipped {
                0 => writeln!(stdout())?,
                skipped => writeln!(stdout(), ", {skipped} were there already")?,
            }
        }
        Ok(())
    }

    /// Imports those of the sample's files that the database has no rows of.
    pub(super) async fn import_sample(&self) -> Result<(), Box<dyn Error>> {
        for file in StoreFile::ALL {
            let mut session = Session::new(&self.engine);
            let rows = match file {
                StoreFile::Products => session.count(select(Product)).await?,
                StoreFile::Orders => session.count(select(Order)).await?,
                StoreFile::Reviews => session.count(select(ProductReview)).await?,
                StoreFile::Articles => session.count(select(BlogArticle)).await?,
                StoreFile::Languages => session.count(select(Language)).await?,
                StoreFile::Views => session.count(select(BlogView)).await?,
            };
            // Gives its connection back.
            drop(session);
            match rows {
                0 => self.import(&Data::Shipped, &[file]).await?,
                rows => writeln!(stdout(), "{file}: not imported, the database has {rows} rows of it already")?,
            }
        }
        Ok(())
    }

    /// Prints what the database holds, and a few reports.
    pub(super) async fn report(&self) -> Result<(), Box<dyn Error>> {
        let mut session = self.session();
        let mut out = stdout();
        write!(out, "\n{}", contents(&mut session).await?)?;
        for report in overview() {
            let sheet = report.run(&mut session).await?;
            write!(out, "\n{}", sheet.table())?;
        }
        Ok(())
    }

    /// Prints how many statements were sent, how long everything took, and the memory it needed.
    pub(super) fn print_statements(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "\n{}", self.statements)?;
        write!(out, "{:.2} s in all", self.started.elapsed().as_secs_f64())?;
        match peak_memory() {
            Some(megabytes) => writeln!(out, ", {megabytes:.1} MB at most"),
            None => writeln!(out),
        }
    }

    pub(super) async fn close(self) {
        self.engine.close().await;
    }

    fn progress(&self, file: StoreFile) -> ProgressBar {
        if self.echo {
            return ProgressBar::hidden();
        }
        // On a terminal only: otherwise it draws nothing.
        let bar = ProgressBar::no_length().with_message(file.to_string());
        let template = "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {elapsed}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }
}

/// Most commands do one thing after the other, which one connection is enough for. On SQLite it is even
/// better: a cache is that of a connection. Large imports write all over their indexes, so that it is
/// larger than the 2 MB that it has otherwise, and what SQLite needs to take a statement back, which is
/// every page that it changes, stays in memory.
fn settings(builder: EngineBuilder, url: &str, connections: u32) -> EngineBuilder {
    let builder = builder.max_connections(connections);
    match connections == 1 && url.starts_with("sqlite:") {
        true => builder.on_connect("PRAGMA cache_size = -49152; PRAGMA temp_store = MEMORY"),
        false => builder,
    }
}

/// How many rows the tables have.
async fn contents(session: &mut Session) -> Result<Table, retro_core::Error> {
    let rows = [
        ("manufacturers", session.count(select(Manufacturer)).await?),
        ("countries", session.count(select(Country)).await?),
        ("products", session.count(select(Product)).await?),
        ("customers", session.count(select(Customer)).await?),
        ("orders", session.count(select(Order)).await?),
        ("orders_items", session.count(select(OrderItem)).await?),
        ("product_reviews", session.count(select(ProductReview)).await?),
        ("blog_authors", session.count(select(BlogAuthor)).await?),
        ("languages", session.count(select(Language)).await?),
        ("blog_articles", session.count(select(BlogArticle)).await?),
        ("blog_users", session.count(select(BlogUser)).await?),
        ("blog_sessions", session.count(select(BlogSession)).await?),
        ("blog_views", session.count(select(BlogView)).await?),
    ];
    let rows = rows.map(|(table, rows)| [table.to_owned(), rows.to_string()]);
    Ok(Table::new("Contents", ["table", "rows"], rows))
}

/// The URL without user, password and parameters.
fn place(url: &str) -> &str {
    let shown = url.split_once("://").map_or(url, |(_, rest)| rest);
    // What an unescaped password may hold ends at the last `@`.
    let shown = shown.rsplit_once('@').map_or(shown, |(_, rest)| rest);
    shown.split_once('?').map_or(shown, |(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn no_password_is_printed() {
        assert_eq!(place("postgres://joe:se@cret@db:5432/shop?sslmode=require"), "db:5432/shop");
        assert_eq!(place("sqlite://retrofun.sqlite"), "retrofun.sqlite");
        assert_eq!(place("sqlite::memory:"), "sqlite::memory:");
    }
}
