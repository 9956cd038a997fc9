//! Any text as a URL: an engine or an error, never a panic, and nowhere the password.

use proptest::prelude::*;
use proptest::sample::select;
use retro_core::prelude::*;

use crate::cases;

/// What a password is made of here: it stands nowhere else.
const SECRET: &str = "hunter2";

fn told(url: &str) -> String {
    match Engine::builder(url).connect_lazy() {
        Ok(engine) => format!("{engine:?}"),
        Err(error) => {
            assert!(error.is_configuration(), "{error}");
            let mut told = format!("{error} {error:?}");
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                told = format!("{told} {cause} {cause:?}");
                source = cause.source();
            }
            told
        }
    }
}

fn check(place: &str, cases: u32, urls: impl Strategy<Value = String>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    cases::run(place, cases, &urls, |url| {
        let told = runtime.block_on(async { told(&url) });
        assert!(!told.contains(SECRET), "{told}");
    });
}

fn scheme() -> impl Strategy<Value = &'static str> {
    select(vec!["postgres", "postgresql", "mysql", "mariadb", "sqlite", "Postgres", "oracle", ""])
}

#[test]
fn any_text() {
    let texts = prop_oneof![".{0,40}", "[a-z:/@?#&=%\\[\\]0-9 .~+-]{0,40}"];
    check("any text", 500, (scheme(), texts).prop_map(|(scheme, rest)| format!("{scheme}:{rest}")));
}

/// A password with the characters that mean something in URLs around it, escaped or not.
#[test]
fn passwords() {
    let odd = || "[a-z0-9:/@?#&=% .+~-]{0,4}";
    let password = (odd(), odd()).prop_map(|(before, after)| format!("{before}{SECRET}{after}"));
    let host = select(vec!["@db", "@db:5432", "@[::1]:1", "@", "@db:x", "@:1", "@h\u{e4}", "@%zz"]);
    let query = select(vec![
        "",
        "?",
        "?sslmode=what",
        "?ssl-mode=x&a=b",
        "?options=x",
        "?statement-cache-capacity=x",
        "?a=%ff",
    ]);
    let user = select(vec!["joe", "", "j%20e", "j%ff"]);
    let in_front = (scheme(), select(vec!["://", ":/", ":"]), user, password, host, query).prop_map(
        |(scheme, slashes, user, password, host, query)| {
            format!("{scheme}{slashes}{user}:{password}{host}/shop{query}")
        },
    );
    let name = select(vec!["password", "Password", "pass%77ord", "p%61ssword", "sslpassword", "passwd"]);
    let behind = (scheme(), name, odd(), odd()).prop_map(|(scheme, name, before, after)| {
        format!("{scheme}://joe@db:1/shop?a=b&{name}={before}{SECRET}{after}&sslmode=disable")
    });
    check("a password in front", 500, in_front.boxed());
    check("a password behind", 250, behind.boxed());
}

/// Valid URLs with a piece cut out, doubled or replaced, anywhere outside of the password.
#[test]
fn damaged_urls() {
    let whole = select(vec![
        "postgres://joe:hunter2@db:5432/shop?sslmode=disable&application_name=x",
        "mysql://joe:hunter2@db:3306/shop?ssl-mode=disabled&charset=utf8mb4",
        "sqlite://shop.sqlite?mode=rwc&cache=shared&immutable=true",
        "postgres:///shop?host=/run&user=joe&password=hunter2",
    ]);
    let damage = (any::<prop::sample::Index>(), 0usize..4, "[a-z:/@?#&=%\\[\\]0-9\u{e4}]{0,3}");
    let damaged = (whole, proptest::collection::vec(damage, 1..4)).prop_map(|(whole, damages)| {
        let mut url = whole.to_owned();
        for (at, length, put) in damages {
            let secret = url.find(SECRET).map_or(0..0, |at| at..at + SECRET.len());
            let marks: Vec<usize> = url.char_indices().map(|(at, _)| at).collect();
            let first = marks[at.index(marks.len())];
            let last = marks.iter().copied().filter(|&mark| mark >= first).nth(length).unwrap_or(first);
            if first >= secret.end || last <= secret.start {
                url.replace_range(first..last, &put);
            }
        }
        url
    });
    // Where neither an `@` nor the parameter's name is left nobody can tell a password from a path.
    let is_told = |url: &String| !url.contains(SECRET) || url.contains(":hunter2@") || url.contains("password=hunter2");
    check("damaged", 500, damaged.prop_filter("still a password", is_told).boxed());
}
