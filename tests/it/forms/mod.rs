//! [`Forms`]: each form of the query language is run on a database and compared with what it must
//! find, and its text in every dialect goes into a snapshot of its subject.
//!
//! A snapshot that differs is a failure. `INSTA_UPDATE=always cargo test -p retro-tests` writes them
//! anew; read the difference before committing it.

pub mod samples;

use std::fmt::{Debug, Write};

use retro_core::prelude::*;
use retro_core::{Dialect, ErrorKind};
use retro_tests::{Db, on_every_backend};

/// The forms of one subject on one database.
pub struct Forms {
    pub db: Db,
    pub session: Session,
    /// What the forms look like.
    texts: String,
    /// What went wrong: every form is tried.
    failures: Vec<String>,
}

/// Tries the forms of a subject on every backend, on the tables of `metadata` with what `fill` puts
/// there.
pub async fn on_every_database(
    subject: &str,
    metadata: impl Fn() -> MetaData,
    fill: impl AsyncFn(&mut Session),
    forms: impl AsyncFn(&mut Forms),
) {
    on_every_backend(async |db| {
        let db = db.with(metadata()).await;
        let mut session = db.session();
        fill(&mut session).await;
        session.commit().await.unwrap();
        let mut tried = Forms { session: db.session(), db, texts: String::new(), failures: Vec::new() };
        forms(&mut tried).await;
        tried.finish(subject);
    })
    .await;
}

impl Forms {
    /// The rows that a query finds, in its order.
    pub async fn rows<R: PartialEq + Debug + 'static>(&mut self, name: &str, query: Select<R>, expected: impl Rows<R>) {
        self.write(name, &query);
        let found = self.find(&query).await;
        self.compare(name, &query, found, &expected.rows());
    }

    /// The number in each row that a query finds, but for what a float cannot hold.
    pub async fn floats(&mut self, name: &str, query: Select<f64>, expected: impl Rows<f64>) {
        let expected = expected.rows();
        self.write(name, &query);
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-9 * b.abs().max(1.0);
        let found = self.find(&query).await.map(|found| match found.len() == expected.len() {
            true if found.iter().zip(&expected).all(near) => expected.clone(),
            _ => found,
        });
        self.compare(name, &query, found, &expected);
    }

    /// The only row that a query finds.
    pub async fn one<R: PartialEq + Debug + 'static, E>(&mut self, name: &str, query: Select<R>, expected: E)
    where
        [E; 1]: Rows<R>,
    {
        self.rows(name, query, [expected]).await;
    }

    /// A query that is refused before anything is sent, because it makes no sense or the database has
    /// no such form.
    pub async fn refused<R: Debug + 'static>(&mut self, name: &str, query: Select<R>, because: &str) {
        self.write(name, &query);
        self.db.log.clear();
        match self.session.all(query).await {
            Ok(found) => self.fail(name, format!("was not refused, and found {found:?}")),
            Err(error) => {
                if error.kind() != ErrorKind::Configuration || !error.to_string().contains(because) {
                    self.fail(name, format!("expected the error to say {because:?}: {error}"));
                }
            }
        }
        let sent = self.db.log.take_all();
        if !sent.is_empty() {
            self.fail(name, format!("was refused, but this was sent: {sent:#?}"));
        }
    }

    /// Notes the text of a form that is not run here: that of SQLite, and those of the other dialects
    /// where they differ in more than quotes and placeholders.
    pub fn write<R: 'static>(&mut self, name: &str, query: &Select<R>) {
        let text = |dialect| query.to_sql(dialect).unwrap_or_else(|error| format!("error: {error}"));
        let (sqlite, postgres, mysql) = (text(Dialect::Sqlite), text(Dialect::Postgres), text(Dialect::MySql));
        let _ = writeln!(self.texts, "{name}\n  {sqlite}");
        if numbered(&sqlite) != postgres {
            let _ = writeln!(self.texts, "  postgres: {postgres}");
        }
        if sqlite.replace('"', "`") != mysql {
            let _ = writeln!(self.texts, "  mysql: {mysql}");
        }
    }

    /// What a query finds, in a session that goes on after an error.
    pub async fn find<R: 'static>(&mut self, query: &Select<R>) -> retro_core::Result<Vec<R>> {
        let found = self.session.all(query.clone()).await;
        if found.is_err() {
            // A transaction in which a statement has failed may take no others.
            self.session.rollback().await?;
        }
        found
    }

    pub fn fail(&mut self, name: &str, message: String) {
        self.failures.push(format!("{name}: {message}"));
    }

    fn compare<R: PartialEq + Debug + 'static>(
        &mut self,
        name: &str,
        query: &Select<R>,
        found: retro_core::Result<Vec<R>>,
        expected: &[R],
    ) {
        let message = match found {
            Ok(found) if found == expected => return,
            Ok(found) => format!("found {found:?}, expected {expected:?}"),
            Err(error) => error.to_string(),
        };
        let sql = query.to_sql(self.db.engine.dialect()).unwrap_or_else(|error| error.to_string());
        self.fail(name, format!("{message}\n    {sql}"));
    }

    fn finish(self, subject: &str) {
        assert!(self.failures.is_empty(), "\n  {}", self.failures.join("\n  "));
        if self.texts.is_empty() {
            return;
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(subject, self.texts));
    }
}

/// The rows that a form must find: a list of them, or of the texts where rows are text.
pub trait Rows<R> {
    fn rows(self) -> Vec<R>;
}

impl<R> Rows<R> for Vec<R> {
    fn rows(self) -> Vec<R> {
        self
    }
}

impl<R, const N: usize> Rows<R> for [R; N] {
    fn rows(self) -> Vec<R> {
        self.into()
    }
}

impl<const N: usize> Rows<String> for [&str; N] {
    fn rows(self) -> Vec<String> {
        self.map(str::to_owned).into()
    }
}

impl<const N: usize> Rows<Option<String>> for [Option<&str>; N] {
    fn rows(self) -> Vec<Option<String>> {
        self.map(|text| text.map(str::to_owned)).into()
    }
}

/// A text with numbers in its placeholders.
fn numbered(sql: &str) -> String {
    let mut number = 0;
    let mut numbered = String::new();
    for c in sql.chars() {
        if c == '?' {
            number += 1;
            let _ = write!(numbered, "${number}");
        } else {
            numbered.push(c);
        }
    }
    numbered
}
