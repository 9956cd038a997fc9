//! [`Raw`]: a statement in the user's own words.

use std::sync::Arc;

use super::scan::{Part, scan, words};
use super::{Access, Bind, BindData, Rendered};
use crate::dialect::{Capabilities, Dialect, Placeholder};
use crate::error::{Error, Result};
use crate::value::Value;

/// What a statement that only reads begins with.
const READING: [&str; 9] = ["SELECT", "WITH", "VALUES", "TABLE", "EXPLAIN", "SHOW", "DESCRIBE", "DESC", "PRAGMA"];

/// What makes one write that begins so: a CTE that inserts, an EXPLAIN ANALYZE of an UPDATE. A lock
/// for an update counts too: there must be a transaction for it.
const WRITING: [&str; 5] = ["INSERT", "UPDATE", "DELETE", "MERGE", "INTO"];

/// What begins and ends transactions, of whose state the connection must know.
const CONTROLLING: [&str; 8] = ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"];

/// A text with `:name` in the places of values, and the values.
#[derive(Debug, Clone)]
pub(crate) struct Raw {
    text: Arc<str>,
    binds: Vec<(String, Bind<'static>)>,
}

impl Raw {
    pub(crate) fn new(text: String) -> Self {
        Raw { text: text.into(), binds: Vec::new() }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Gives a name its value, instead of the one that it had.
    pub(crate) fn bind(&mut self, name: &str, bind: Bind<'static>) {
        self.binds.retain(|(known, _)| known != name);
        self.binds.push((name.to_owned(), bind));
    }

    /// What the statement does, as far as its words tell. Where they do not tell, it writes.
    ///
    /// # Errors
    /// If it is several statements, or one that would begin or end a transaction.
    pub(crate) fn access(&self, dialect: Dialect) -> Result<Access> {
        let mut words = words(&self.text, dialect.lexis());
        let is_one_of = |word: &str, list: &[&str]| list.iter().any(|known| word.eq_ignore_ascii_case(known));
        let first = words.next().unwrap_or_default();
        if is_one_of(first, &CONTROLLING) {
            return Err(Error::configuration(format!(
                "the text `{first} ..` would begin or end a transaction behind the back of its owner; use the methods of \
                 the session or the engine"
            )));
        }
        // A trigger or a function has statements within.
        if !first.eq_ignore_ascii_case("CREATE") && self.is_several(dialect) {
            return Err(Error::configuration(
                "the text has several statements; send them one by one, each with binds of its own",
            ));
        }
        let reads = is_one_of(first, &READING) && !words.any(|word| is_one_of(word, &WRITING));
        Ok(if reads { Access::Read } else { Access::Write })
    }

    /// Whether anything but comments follows a semicolon.
    fn is_several(&self, dialect: Dialect) -> bool {
        let mut ended = false;
        scan(&self.text, dialect.lexis()).any(|part| match part {
            Part::Comment(_) => false,
            Part::Code(code) => {
                let (before, after) = code.split_once(';').unwrap_or((code, ""));
                let goes_on = if ended { code } else { after }.chars().any(|c| c != ';' && !c.is_whitespace());
                ended |= before.len() < code.len();
                goes_on
            }
            _ => ended,
        })
    }

    /// The statement as a database takes it.
    ///
    /// # Errors
    /// If a placeholder has no value, or a value no placeholder.
    pub(crate) fn render(&self, dialect: Dialect, capabilities: &Capabilities) -> Result<Rendered> {
        let mut writing = Writing { capabilities, sql: String::with_capacity(self.text.len()), binds: Vec::new() };
        let mut stands: Vec<Stands> = vec![Stands::Nowhere; self.binds.len()];
        let mut varies = false;
        for part in scan(&self.text, dialect.lexis()) {
            match part {
                Part::Code(part) | Part::Literal(part) | Part::Comment(part) => writing.sql.push_str(part),
                Part::Colon => writing.sql.push(':'),
                // An operator.
                Part::Mark if capabilities.placeholder == Placeholder::Numbered => writing.sql.push('?'),
                Part::Mark => return Err(foreign("?")),
                Part::Number(number) => return Err(foreign(&format!("${number}"))),
                Part::Name(name) => {
                    let Some(place) = self.binds.iter().position(|(known, _)| known == name) else {
                        return Err(unbound(name));
                    };
                    let bind = &self.binds[place].1;
                    match &bind.data {
                        BindData::One(_) => writing.placeholder(bind, &mut stands[place]),
                        BindData::Array(_) if capabilities.array_binds => writing.array(bind, &mut stands[place]),
                        BindData::Array(values) => {
                            varies = true;
                            writing.list(bind, values, &mut stands[place]);
                        }
                    }
                }
            }
        }
        if let Some(unused) = stands.iter().position(|stands| matches!(stands, Stands::Nowhere)) {
            return Err(self.unused(unused, dialect));
        }
        super::check_number(writing.binds.len(), dialect, capabilities)?;
        Ok(Rendered { sql: writing.sql, binds: writing.binds, varies })
    }

    #[cold]
    fn unused(&self, place: usize, dialect: Dialect) -> Error {
        let mut names: Vec<String> = Vec::new();
        for part in scan(&self.text, dialect.lexis()) {
            if let Part::Name(name) = part
                && !names.iter().any(|known| known[1..] == *name)
            {
                names.push(format!(":{name}"));
            }
        }
        let names = if names.is_empty() { "none".into() } else { names.join(", ") };
        Error::configuration(format!(
            "`:{}` was bound, and the text has no such placeholder; it has {names}",
            self.binds[place].0
        ))
    }
}

/// A text on its way to a database.
struct Writing<'c> {
    capabilities: &'c Capabilities,
    sql: String,
    binds: Vec<Bind<'static>>,
}

/// Whether a bind stands in the text already.
#[derive(Debug, Clone, Copy)]
enum Stands {
    Nowhere,
    Somewhere,
    /// Under this number, where placeholders have numbers: it is sent once, however often it is named.
    Under(usize),
}

/// Where a list stands.
#[derive(PartialEq, Eq)]
enum Place {
    /// `IN :list`
    AfterIn,
    /// `IN (:list`
    WithinIn,
    Elsewhere,
}

impl Writing<'_> {
    fn placeholder(&mut self, bind: &Bind<'static>, stands: &mut Stands) {
        let number = match *stands {
            Stands::Under(number) => number,
            Stands::Nowhere | Stands::Somewhere => {
                self.binds.push(bind.clone());
                self.binds.len()
            }
        };
        match self.capabilities.placeholder {
            Placeholder::Question => {
                self.sql.push('?');
                *stands = Stands::Somewhere;
            }
            Placeholder::Numbered => {
                self.sql.push_str(&format!("${number}"));
                *stands = Stands::Under(number);
            }
        }
    }

    /// A list as one parameter.
    fn array(&mut self, bind: &Bind<'static>, stands: &mut Stands) {
        let (before, after) = match self.place() {
            Place::AfterIn => ("(SELECT UNNEST(", "))"),
            Place::WithinIn => ("SELECT UNNEST(", ")"),
            Place::Elsewhere => ("", ""),
        };
        self.sql.push_str(before);
        self.placeholder(bind, stands);
        self.sql.push_str(after);
    }

    /// A list as a parameter for each value.
    fn list(&mut self, list: &Bind<'static>, values: &[Value<'static>], stands: &mut Stands) {
        *stands = Stands::Somewhere;
        let place = self.place();
        if place == Place::AfterIn {
            self.sql.push('(');
        }
        for (index, value) in values.iter().enumerate() {
            self.sql.push_str(if index == 0 { "" } else { ", " });
            let bind = Bind::new(list.sql_type, value.clone()).sensitive(list.sensitive);
            self.placeholder(&bind, stands);
        }
        if values.is_empty() && place != Place::Elsewhere {
            // Also right after NOT: a list with a NULL in it would not be.
            self.sql.push_str("SELECT NULL WHERE 1 = 0");
        }
        if place == Place::AfterIn {
            self.sql.push(')');
        }
    }

    /// What stands before.
    fn place(&self) -> Place {
        let before = self.sql.trim_end();
        match before.strip_suffix('(') {
            _ if ends_in_in(before) => Place::AfterIn,
            Some(before) if ends_in_in(before.trim_end()) => Place::WithinIn,
            _ => Place::Elsewhere,
        }
    }
}

fn ends_in_in(text: &str) -> bool {
    let word = text.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next();
    word.is_some_and(|word| word.eq_ignore_ascii_case("IN"))
}

#[cold]
fn unbound(name: &str) -> Error {
    Error::configuration(format!(
        "the text has `:{name}`, which was not bound; say `.bind(\"{name}\", ..)`, or write `\\:` for a colon that is not \
         a placeholder's"
    ))
}

#[cold]
fn foreign(placeholder: &str) -> Error {
    Error::configuration(format!(
        "the text has `{placeholder}`, a placeholder of the database; write `:name` and say `.bind(\"name\", ..)`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::SqlType;

    fn render(raw: &Raw, dialect: Dialect) -> Result<(String, usize)> {
        raw.render(dialect, &dialect.capabilities()).map(|rendered| (rendered.sql, rendered.binds.len()))
    }

    fn raw(text: &str, names: &[&str]) -> Raw {
        let mut raw = Raw::new(text.into());
        for name in names {
            raw.bind(name, Bind::new(SqlType::I32, Value::Int(1)));
        }
        raw
    }

    fn with_list(text: &str, values: usize) -> Raw {
        let mut raw = Raw::new(text.into());
        raw.bind("ids", Bind::array(SqlType::I32, vec![Value::Int(1); values]));
        raw
    }

    #[test]
    fn a_name_may_stand_there_often() {
        let raw = raw("SELECT :b, :a, ':a', :b", &["a", "b"]);
        assert_eq!(render(&raw, Dialect::Postgres).unwrap(), ("SELECT $1, $2, ':a', $1".into(), 2));
        assert_eq!(render(&raw, Dialect::Sqlite).unwrap(), ("SELECT ?, ?, ':a', ?".into(), 3));
    }

    #[test]
    fn lists() {
        for (text, sqlite, postgres) in [
            ("a IN (:ids)", "a IN (?, ?)", "a IN (SELECT UNNEST($1))"),
            ("a not in :ids", "a not in (?, ?)", "a not in (SELECT UNNEST($1))"),
            ("a = ANY(:ids)", "a = ANY(?, ?)", "a = ANY($1)"),
            ("f(begin, :ids)", "f(begin, ?, ?)", "f(begin, $1)"),
        ] {
            let raw = with_list(text, 2);
            assert_eq!(render(&raw, Dialect::Sqlite).unwrap(), (sqlite.into(), 2));
            assert_eq!(render(&raw, Dialect::Postgres).unwrap(), (postgres.into(), 1));
        }
        let none = with_list("a IN(:ids) OR b IN :ids", 0);
        let expected = "a IN(SELECT NULL WHERE 1 = 0) OR b IN (SELECT NULL WHERE 1 = 0)";
        assert_eq!(render(&none, Dialect::MySql).unwrap(), (expected.into(), 0));
    }

    #[test]
    fn names_and_values_must_fit() {
        let message = |raw: &Raw, dialect| render(raw, dialect).unwrap_err().to_string();
        assert!(message(&raw("SELECT :year", &[]), Dialect::Sqlite).starts_with("the text has `:year`, which was not"));
        let unknown = message(&raw("SELECT :a, :b, :a", &["a", "b", "c"]), Dialect::Postgres);
        assert_eq!(unknown, "`:c` was bound, and the text has no such placeholder; it has :a, :b");
        assert!(message(&raw("SELECT ?", &[]), Dialect::MySql).starts_with("the text has `?`"));
        assert!(message(&raw("SELECT $1", &[]), Dialect::Postgres).starts_with("the text has `$1`"));
        assert_eq!(render(&raw(r"a ? 'b' AND c\:d", &[]), Dialect::Postgres).unwrap().0, "a ? 'b' AND c:d");
    }

    #[test]
    fn what_a_text_does_is_told_by_its_words() {
        let access = |text: &str| Raw::new(text.into()).access(Dialect::Postgres);
        for text in ["select 1", "-- x\n(SELECT 'INSERT INTO')", "WITH a AS (SELECT 1) SELECT 2", "EXPLAIN SELECT 1;"] {
            assert_eq!(access(text).unwrap(), Access::Read, "{text}");
        }
        for text in
            ["INSERT INTO t VALUES (1)", "WITH a AS (DELETE FROM t) SELECT 1", "CALL f()", "SELECT 1 INTO t", ""]
        {
            assert_eq!(access(text).unwrap(), Access::Write, "{text}");
        }
        for text in ["begin", " /* x */ COMMIT", "SELECT 1; COMMIT", "SELECT 1; ;SELECT 2", "SELECT 1;:a"] {
            assert!(access(text).unwrap_err().is_configuration(), "{text}");
        }
        assert!(access("SELECT 1; -- nothing; more\n ; ").is_ok());
        assert!(access("CREATE TRIGGER t BEGIN DELETE FROM a; DELETE FROM b; END").is_ok());
    }
}
