//! [`StatementLog`]: what was sent, in a form that is the same for all databases.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use retro_core::{StatementEvent, StatementObserver};

/// Records the statements of an engine.
#[derive(Debug, Clone, Default)]
pub struct StatementLog(Arc<Mutex<Vec<Statement>>>);

/// A statement that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What kind of statement it is.
    pub verb: Verb,
    /// The table that it writes, or the first that it reads.
    pub table: String,
    /// The columns that an INSERT or UPDATE writes.
    pub columns: Vec<String>,
    /// Rows written or read.
    pub rows: u64,
    /// The text as it was sent.
    pub sql: String,
    /// Whether the database refused it.
    pub failed: bool,
}

/// The kind of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Select,
    /// Writes new rows.
    Insert,
    /// Changes rows.
    Update,
    /// Deletes rows.
    Delete,
    /// Begins or ends a transaction or a savepoint.
    Transaction,
    /// Anything else: what the engine asks about the server, settings, DDL.
    Other,
}

impl StatementLog {
    /// The statements since the last call that read or write, and forgets them.
    pub fn take(&self) -> Vec<Statement> {
        let all = self.take_all();
        all.into_iter().filter(|statement| !matches!(statement.verb, Verb::Transaction | Verb::Other)).collect()
    }

    /// All statements since the last call, also those of transactions, and forgets them.
    pub fn take_all(&self) -> Vec<Statement> {
        std::mem::take(&mut self.lock())
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// How many statements of a kind there were since the log was last taken.
    pub fn count(&self, verb: Verb) -> usize {
        self.lock().iter().filter(|statement| statement.verb == verb).count()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Statement>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StatementObserver for StatementLog {
    fn statement(&self, event: &StatementEvent<'_>) {
        let statement = Statement { rows: event.rows, failed: event.error.is_some(), ..Statement::parse(event.sql) };
        self.lock().push(statement);
    }
}

/// Takes what was logged and compares it with what is expected, in order. A statement is written as
/// its verb, its table, where it matters the columns that it writes, and its rows unless it is one:
/// `INSERT products x2`, `UPDATE products (year)`, `SELECT products`. Of a SELECT neither columns nor
/// rows are compared.
#[track_caller]
pub fn assert_statements<const N: usize>(log: &StatementLog, expected: [&str; N]) {
    let sent = log.take();
    let fits = sent.len() == N && sent.iter().zip(expected).all(|(statement, expected)| statement.fits(expected));
    if !fits {
        let shown: Vec<String> = sent.iter().map(|statement| format!("{statement}\n      {}", statement.sql)).collect();
        panic!("expected {expected:#?}, sent:\n    {}", shown.join("\n    "));
    }
}

impl Statement {
    /// Whether it is what a test expects, written as [`assert_statements`] says.
    fn fits(&self, expected: &str) -> bool {
        let brief = match (expected.contains('('), self.verb) {
            (_, Verb::Select) => format!("{} {}", self.verb, self.table),
            (true, _) => self.to_string(),
            (false, _) => format!("{} {}{}", self.verb, self.table, self.times()),
        };
        brief == expected
    }

    fn times(&self) -> String {
        if self.rows == 1 { String::new() } else { format!(" x{}", self.rows) }
    }

    fn parse(sql: &str) -> Statement {
        let mut words = Words(sql);
        let verb = match words.0.split([' ', '(']).next().unwrap_or_default() {
            "SELECT" => Verb::Select,
            "INSERT" => Verb::Insert,
            "UPDATE" => Verb::Update,
            "DELETE" => Verb::Delete,
            "WITH" if sql.contains(" INSERT INTO ") => Verb::Insert,
            "WITH" if sql.contains(" UPDATE ") => Verb::Update,
            "WITH" if sql.contains(" DELETE FROM ") => Verb::Delete,
            "WITH" => Verb::Select,
            "BEGIN" | "START" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" => Verb::Transaction,
            _ => Verb::Other,
        };
        let table = match verb {
            Verb::Select => words.name_after("FROM "),
            Verb::Delete if sql.contains(" STRAIGHT_JOIN ") => words.name_after(" STRAIGHT_JOIN "),
            Verb::Delete => words.name_after("DELETE FROM "),
            Verb::Insert => words.name_after("INSERT INTO "),
            Verb::Update => words.name_after("UPDATE "),
            Verb::Transaction | Verb::Other => String::new(),
        };
        let columns = match verb {
            Verb::Insert => words.inserted(),
            Verb::Update => words.assigned(),
            _ => Vec::new(),
        };
        // A SELECT that reads no table asks about the server.
        let verb = if verb == Verb::Select && table.is_empty() { Verb::Other } else { verb };
        Statement { verb, table, columns, rows: 0, sql: sql.to_owned(), failed: false }
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb, self.table)?;
        if !self.columns.is_empty() {
            write!(f, " ({})", self.columns.join(", "))?;
        }
        f.write_str(&self.times())
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verb::Select => "SELECT",
            Verb::Insert => "INSERT",
            Verb::Update => "UPDATE",
            Verb::Delete => "DELETE",
            Verb::Transaction => "TRANSACTION",
            Verb::Other => "OTHER",
        })
    }
}

/// The rest of a statement that has not been understood yet.
struct Words<'s>(&'s str);

impl Words<'_> {
    /// The quoted name that follows a keyword, else the word, or nothing.
    fn name_after(&mut self, keyword: &str) -> String {
        let quoted = |at: &usize| self.0[at + keyword.len()..].starts_with(['"', '`']);
        let Some(at) = self.0.match_indices(keyword).map(|(at, _)| at).find(quoted) else {
            let after = self.0.split_once(keyword).map_or("", |(_, after)| after);
            return after.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned();
        };
        let start = at + keyword.len() + 1;
        let end = self.0[start..].find(['"', '`']).map_or(self.0.len(), |end| start + end);
        let name = self.0[start..end].to_owned();
        self.0 = &self.0[(end + 1).min(self.0.len())..];
        name
    }

    /// The names in the parentheses that come next.
    fn inserted(&self) -> Vec<String> {
        let list = self.0.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(list, _)| list);
        names(list)
    }

    /// The names that a SET gives values to.
    fn assigned(&self) -> Vec<String> {
        let set = self.0.split_once(" SET ").map_or("", |(_, set)| set);
        let end = [" FROM ", " WHERE "].iter().filter_map(|word| set.find(word)).min().unwrap_or(set.len());
        set[..end].split(", ").filter_map(|pair| pair.split_once(" = ")).flat_map(|(name, _)| names(name)).collect()
    }
}

/// Quoted names, without quotes and without the table's alias before them.
fn names(list: &str) -> Vec<String> {
    let bare = |name: &str| name.trim().trim_start_matches("t.").trim_matches(['"', '`']).to_owned();
    list.split(", ").map(bare).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Statement, Verb};

    #[track_caller]
    fn check(sql: &str, expected: &str) {
        assert_eq!(Statement { rows: 1, ..Statement::parse(sql) }.to_string(), expected);
    }

    #[test]
    fn statements_of_all_dialects_read_the_same() {
        check(r#"INSERT INTO "a" ("x", "y") VALUES (?, ?), (?, ?)"#, "INSERT a (x, y)");
        check(r#"UPDATE "a" SET "x" = $1, "y" = $2 WHERE "id" = $3"#, "UPDATE a (x, y)");
        check("UPDATE `a` AS t JOIN (SELECT ? AS c0) AS v ON t.`id` = v.c0 SET t.`x` = v.c1", "UPDATE a (x)");
        check(r#"WITH v(c0, c1) AS (VALUES (?, ?)) UPDATE "a" AS t SET "x" = v.c1 FROM v"#, "UPDATE a (x)");
        check(r#"DELETE FROM "a" WHERE "id" IN (?, ?)"#, "DELETE a");
        check("DELETE t FROM (SELECT ? AS c0, ? AS c1) AS v STRAIGHT_JOIN `a` AS t ON t.`id` = v.c0", "DELETE a");
        check(r#"WITH "c" AS (SELECT "id" FROM "b") DELETE FROM "a" WHERE "id" IN (SELECT "id" FROM "c")"#, "DELETE a");
        check(r#"SELECT "a"."id" FROM "a""#, "SELECT a");
        check("SELECT id FROM a WHERE id = 1", "SELECT a");
        assert_eq!(Statement::parse("SELECT VERSION()").verb, Verb::Other);
    }
}
