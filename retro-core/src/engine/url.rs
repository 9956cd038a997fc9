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

    /// Whether something of it is masked when it is printed.
    pub(super) fn holds_secret(&self) -> bool {
        redact(&self.url) != self.url
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

/// The URL with `***` for what may be a password. A password that should have been escaped may hold any
/// character, and a URL that is wrong may have it anywhere: rather too much is masked than too little.
fn redact(url: &str) -> String {
    let (url, tail) = match secret_parameter(url) {
        // What follows may belong to it.
        Some(value) => (&url[..value], "***"),
        None => (url, ""),
    };
    let start = url.find(':').map_or(0, |colon| url.len() - url[colon + 1..].trim_start_matches('/').len());
    let end = match url.rfind('@') {
        Some(at) if at >= start => at,
        // The host may be missing. What stands where the port does is a number, or a password.
        _ if url.contains("://") && has_wrong_port(&url[start..]) => url.len(),
        _ => start,
    };
    match url[start..end].find(':') {
        Some(colon) => format!("{}***{}{tail}", &url[..=start + colon], &url[end..]),
        // Without the slashes nobody can tell who is named: the user, or the rest of user and password.
        None if end > start && !url.contains("://") => format!("{}***{}{tail}", &url[..start], &url[end..]),
        None => format!("{url}{tail}"),
    }
}

fn has_wrong_port(place: &str) -> bool {
    let host = place.split(['/', '?']).next().unwrap_or_default();
    // An IPv6 address has colons of its own.
    let host = host.rsplit_once(']').map_or(host, |(_, rest)| rest);
    host.split_once(':').is_some_and(|(_, port)| !port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Where the value of the first parameter begins whose name tells of a password, or ends with one that does.
fn secret_parameter(url: &str) -> Option<usize> {
    let mut name = 0;
    for (at, mark) in url.match_indices(['?', '&', '=']) {
        if mark == "=" && is_secret(&url[name..at]) {
            return Some(at + 1);
        }
        name = at + 1;
    }
    None
}

/// Whichever characters of the name are escaped.
fn is_secret(name: &str) -> bool {
    let escaped = |at: usize| u8::from_str_radix(name.get(at + 1..at + 3)?, 16).ok();
    let mut plain = Vec::with_capacity(name.len());
    let mut at = 0;
    while let Some(&byte) = name.as_bytes().get(at) {
        let escaped = if byte == b'%' { escaped(at) } else { None };
        plain.push(escaped.unwrap_or(byte).to_ascii_lowercase());
        at += if escaped.is_some() { 3 } else { 1 };
    }
    plain.windows(4).any(|part| part == b"pass")
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
            ("postgres://joe@db:5432/shop", "postgres://joe@db:5432/shop"),
            ("postgres://db:5432/shop?x=1", "postgres://db:5432/shop?x=1"),
            ("postgres://[::1]:5432/shop", "postgres://[::1]:5432/shop"),
            ("postgres:/joe:secret@db", "postgres:/joe:***@db"),
            ("postgres:joe:secret@db", "postgres:joe:***@db"),
            ("postgres:secret@db:5432/shop", "postgres:***@db:5432/shop"),
            ("postgres://joe:secret", "postgres://joe:***"),
            ("postgres://db/shop?pa%73sWord=secret&x=secret", "postgres://db/shop?pa%73sWord=***"),
            ("postgres://db/shop?password=sec@ret&x=1", "postgres://db/shop?password=***"),
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
