//! Where a database is: the URL, understood as far as it differs between drivers.

use std::fmt;

use crate::dialect::Dialect;
use crate::error::{Error, Result};

/// A URL and what follows from it. Prints without the password.
#[derive(Clone)]
pub(super) struct Location {
    pub(super) dialect: Dialect,
    /// With the scheme that the driver knows.
    pub(super) url: String,
    /// Whether every connection would see a database of its own: SQLite in memory. Then there is
    /// one connection, and closing it would lose the data.
    pub(super) is_private: bool,
}

impl Location {
    pub(super) fn parse(url: &str) -> Result<Location> {
        let Some((scheme, rest)) = url.split_once(':') else {
            return Err(Error::configuration(format!(
                "{:?} is not a database URL: it begins with `sqlite:`, `postgres:` or `mysql:`",
                redact(url)
            )));
        };
        let (dialect, scheme) = match scheme {
            "sqlite" => (Dialect::Sqlite, "sqlite"),
            "postgres" | "postgresql" => (Dialect::Postgres, "postgres"),
            "mysql" | "mariadb" => (Dialect::MySql, "mysql"),
            other => {
                return Err(Error::configuration(format!(
                    "`{other}:` is not a database that retro knows: the schemes are sqlite, postgres, mysql and mariadb"
                )));
            }
        };
        require_feature(dialect)?;
        let is_private = dialect == Dialect::Sqlite && is_private(rest);
        Ok(Location { dialect, url: format!("{scheme}:{rest}"), is_private })
    }

    /// What the query part says about a parameter.
    #[cfg(feature = "sqlite")]
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let (_, query) = self.url.split_once('?')?;
        query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }
}

fn require_feature(dialect: Dialect) -> Result<()> {
    let (compiled_in, feature) = match dialect {
        Dialect::Sqlite => (cfg!(feature = "sqlite"), "sqlite"),
        Dialect::Postgres => (cfg!(feature = "postgres"), "postgres"),
        Dialect::MySql => (cfg!(feature = "mysql"), "mysql"),
    };
    if compiled_in {
        return Ok(());
    }
    Err(Error::configuration(format!("{dialect} is not compiled in: enable the feature `{feature}` of retro")))
}

/// A database without a file, whether in memory or SQLite's unnamed temporary one.
fn is_private(rest: &str) -> bool {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (database, query) = rest.split_once('?').unwrap_or((rest, ""));
    database.is_empty() || database == ":memory:" || query.split('&').any(|pair| pair == "mode=memory")
}

/// The URL with `***` for what may be a password. Passwords that should have been escaped may hold
/// any character, so everything up to the last `@` counts.
fn redact(url: &str) -> String {
    let mut shown = url.to_owned();
    if let (Some(start), Some(at)) = (url.find("://").map(|at| at + 3), url.rfind('@'))
        && start <= at
        && let Some(colon) = url[start..at].find(':')
    {
        shown.replace_range(start + colon + 1..at, "***");
    }
    match shown.split_once('?') {
        Some((place, query)) => {
            let query: Vec<String> = query.split('&').map(redact_parameter).collect();
            format!("{place}?{}", query.join("&"))
        }
        None => shown,
    }
}

fn redact_parameter(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("password") => format!("{name}=***"),
        _ => pair.to_owned(),
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redact(&self.url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_printed() {
        for (url, shown) in [
            ("postgres://joe:secret@db/shop", "postgres://joe:***@db/shop"),
            ("mysql://joe:se@cr/et?@db:3306/shop?x=1", "mysql://joe:***@db:3306/shop?x=1"),
            ("postgres://db/shop?user=joe&password=secret", "postgres://db/shop?user=joe&password=***"),
            ("postgres://joe@db/shop", "postgres://joe@db/shop"),
            ("sqlite::memory:", "sqlite::memory:"),
        ] {
            assert_eq!(redact(url), shown);
        }
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn databases_without_a_file_are_private() {
        for url in ["sqlite::memory:", "sqlite://:memory:", "sqlite://?mode=memory", "sqlite:x?mode=memory", "sqlite:"]
        {
            assert!(Location::parse(url).unwrap().is_private, "{url}");
        }
        assert!(!Location::parse("sqlite://shop.sqlite?mode=ro").unwrap().is_private);
    }

    #[test]
    fn an_unknown_scheme_says_which_there_are() {
        let error = Location::parse("oracle://db").err().unwrap();
        assert!(error.is_configuration());
        assert!(error.to_string().contains("postgres"), "{error}");
        assert!(Location::parse("shop.sqlite").err().unwrap().is_configuration());
    }
}
