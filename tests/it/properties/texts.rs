//! Text of any kind is data: in values, patterns, names, keys and separators.

use proptest::prelude::*;
use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_core::value::Json;
use retro_tests::{Capability, Db};

use super::check;

#[derive(Model, Debug, Clone)]
#[retro(table = "random_texts")]
struct Word {
    #[retro(primary_key)]
    id: i32,
    text: String,
    data: Json<serde_json::Value>,
}

/// Text that has been taken for SQL somewhere, and any other.
fn texts() -> BoxedStrategy<String> {
    let pieces = prop::sample::select(vec![
        "'",
        "\"",
        "`",
        "\\",
        "''",
        "\\'",
        "%",
        "_",
        "!",
        "?",
        "$1",
        ":x",
        ";",
        "--",
        "/*",
        "*/",
        "#",
        "\n",
        "\t",
        "\u{1}",
        "a",
        "B",
        "ß",
        "é",
        "漢",
        "🎉",
        "{",
        "}",
        "[",
        "]",
        ".",
        ",",
        "(",
        ")",
        "' OR 1=1 --",
        "\"; DROP TABLE x",
        "NULL",
        "\u{feff}",
        "\u{200b}",
    ]);
    prop_oneof![
        4 => prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat()),
        1 => any::<String>().prop_map(|text| text.replace('\0', "")),
    ]
    // Databases differ about spaces at the end, which take no part in comparisons on some.
    .prop_map(|text| text.trim_end().to_owned())
    .boxed()
}

async fn added(db: &Db, text: &str, data: serde_json::Value) -> Session {
    let mut session = db.session();
    session.add(Word { text: text.to_owned(), data: Json(data), ..Default::default() });
    session.flush().await.unwrap();
    session
}

/// Whether a text must, may or must not be found; upper and lower case may be told apart or not.
fn agrees(found: u64, is: fn(&str, &str) -> bool, text: &str, part: &str) -> bool {
    match (is(text, part), is(&text.to_lowercase(), &part.to_lowercase())) {
        (true, _) => found == 1,
        (false, false) => found == 0,
        (false, true) => true,
    }
}

#[test]
fn values_and_patterns() {
    let cases = || (texts(), texts(), texts()).boxed();
    check(
        || metadata![Word],
        cases,
        async |db, (before, part, after)| {
            let text = format!("{before}{part}{after}");
            let mut session = added(db, &text, serde_json::Value::Null).await;
            assert_eq!(session.one(select(Word::text)).await.unwrap(), text, "as it was");
            let mut count = async |condition| session.count(select(Word).filter(condition)).await.unwrap();
            assert_eq!(count(Word::text.eq(text.as_str())).await, 1, "equal");
            assert_eq!(count(Word::text.in_([text.as_str(), "x"])).await, 1, "in a list");
            assert_eq!(count(Word::text.contains(&part)).await, 1, "contains");
            assert_eq!(count(Word::text.starts_with(&before)).await, 1, "starts with");
            assert_eq!(count(Word::text.ends_with(&after)).await, 1, "ends with");
            assert_eq!(count(Word::text.concat(part.as_str()).eq(format!("{text}{part}"))).await, 1, "put together");
            for (a, b) in [(&after, &before), (&before, &after), (&part, &after)] {
                let other = format!("{a}{b}");
                assert!(
                    agrees(count(Word::text.contains(&other)).await, |t, p| t.contains(p), &text, &other),
                    "{other:?}"
                );
                assert!(
                    agrees(count(Word::text.starts_with(&other)).await, |t, p| t.starts_with(p), &text, &other),
                    "{other:?}"
                );
                assert!(
                    agrees(count(Word::text.ends_with(&other)).await, |t, p| t.ends_with(p), &text, &other),
                    "{other:?}"
                );
            }
            session.rollback().await.unwrap();
        },
    );
}

#[test]
fn names_keys_and_separators() {
    // MariaDB takes no characters beyond 16 bits in names, and leaves invisible ones at the start out.
    let is_name = |name: &String| {
        let begins_well = name.starts_with(|c: char| !c.is_control() && !c.is_whitespace() && c != '\u{200b}');
        begins_well && name.len() < 20 && name.chars().all(|c| c < '\u{fe00}')
    };
    let name = move || texts().prop_filter("a name", is_name);
    // MariaDB finds no key that begins with a hyphen, however its path is written.
    let key = || texts().prop_filter("a key", |key| !key.starts_with('-'));
    let cases = move || (texts(), key(), name(), name()).boxed();
    check(
        || metadata![Word],
        cases,
        async |db, (text, key, label, name)| {
            let mut session = added(db, &text, serde_json::json!({ key.as_str(): text, "other": 1 })).await;
            // Names are part of the program; these are as many as there are cases.
            let (label, name): (&'static str, &'static str) = (label.leak(), name.leak());
            let inner = select((Word::text.label(label), Word::id)).subquery(name);
            let (found, _) = inner.columns();
            assert_eq!(session.one(select(&found).from(&inner).order_by(&found)).await.unwrap(), text, "of a subquery");
            let cte = select(Word::text.label(label)).union(select(lit("x"))).cte(name);
            let found = cte.columns();
            let named = select(&found).from(&cte).filter(found.eq(text.as_str())).order_by(&found);
            assert_eq!(session.first(named).await.unwrap().as_deref(), Some(text.as_str()), "of a CTE");
            let at = select(Word::data.at(key.as_str()).text());
            assert_eq!(session.one(at).await.unwrap().as_deref(), Some(text.as_str()), "at the key {key:?}");
            let twice = select(string_agg(Word::text, &key, Word::id)).from(Word);
            assert_eq!(session.one(twice).await.unwrap().as_deref(), Some(text.as_str()));
            session.add(Word { text: text.clone(), ..Default::default() });
            let twice = select(string_agg(Word::text, &key, Word::id));
            assert_eq!(session.one(twice).await.unwrap(), Some(format!("{text}{key}{text}")), "separated by {key:?}");
            session.rollback().await.unwrap();
        },
    );
}

#[test]
fn names_of_functions() {
    let cases = || prop_oneof![texts(), "[a-z_][a-z0-9_.]{0,8}".prop_map(|name| name)].boxed();
    check(
        || metadata![Word],
        cases,
        async |db, name| {
            let call = select(func::<Option<String>>(&name, (Word::text,)));
            let sql = call.to_sql(db.engine.dialect());
            let is_part = |part: &str| {
                part.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic())
                    && part.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
            };
            match name.split('.').all(is_part) {
                true => assert!(sql.unwrap().starts_with(&format!("SELECT {name}("))),
                false => assert_eq!(sql.unwrap_err().kind(), ErrorKind::Configuration),
            }
        },
    );
}

/// NUL is no character of text on PostgreSQL, which is told before it is sent. Elsewhere it is one,
/// and ends no pattern. (What SQLite's LIKE compares with a pattern without one, it ends.)
#[test]
fn the_character_nul() {
    let part = || prop::sample::select(vec!["", "a", "\0", "a\0", "\0b", "%\0", "ab", "b"]);
    let cases = move || (part(), part(), part()).boxed();
    check(
        || metadata![Word],
        cases,
        async |db, (before, part, after)| {
            let text = format!("{before}{part}{after}");
            if !db.can(Capability::NulInText) {
                let error = db.session().count(select(Word).filter(Word::text.eq("a\0"))).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Conversion, "{error}");
                return;
            }
            let mut session = added(db, &text, serde_json::Value::Null).await;
            let mut count = async |condition| session.count(select(Word).filter(condition)).await.unwrap();
            assert_eq!(count(Word::text.eq(text.as_str())).await, 1);
            for part in [before, part, after, "\0", "c\0"].into_iter().filter(|part| part.contains('\0')) {
                assert_eq!(count(Word::text.contains(part)).await == 1, text.contains(part), "{part:?} in {text:?}");
                assert_eq!(
                    count(Word::text.starts_with(part)).await == 1,
                    text.starts_with(part),
                    "{part:?} before {text:?}"
                );
                assert_eq!(
                    count(Word::text.ends_with(part)).await == 1,
                    text.ends_with(part),
                    "{part:?} after {text:?}"
                );
            }
            session.rollback().await.unwrap();
        },
    );
}

/// Text of a mebibyte, and patterns nearly as long.
#[tokio::test]
async fn long_texts() {
    retro_tests::on_every_backend(async |db| {
        let db = db.with(metadata![Word]).await;
        let pieces = |count| (0..count).map(|n| format!("{n}'\"%_\\!漢🎉;")).collect::<String>();
        let (text, most) = (pieces(60_000), &*pieces(30_000));
        assert!(text.len() > 1 << 20);
        let last = text.strip_prefix(most).unwrap();
        let mut session = added(&db, &text, serde_json::json!({ "k": text })).await;
        let mut count = async |condition| session.count(select(Word).filter(condition)).await.unwrap();
        assert_eq!(count(Word::text.eq(text.as_str())).await, 1);
        assert_eq!(count(Word::text.contains(most)).await, 1);
        assert_eq!(count(Word::text.starts_with(&text)).await, 1);
        assert_eq!(count(Word::text.starts_with(most)).await, 1);
        assert_eq!(count(Word::text.ends_with(last)).await, 1);
        assert_eq!(count(Word::text.contains(format!("x{most}"))).await, 0);
        assert_eq!(count(Word::text.starts_with(format!("x{most}"))).await, 0);
        assert_eq!(count(Word::text.ends_with(format!("{last}x"))).await, 0);
        assert_eq!(count(Word::data.at("k").text().eq(text.as_str())).await, 1);
        assert_eq!(count(Word::text.in_([most, text.as_str()])).await, 1);
    })
    .await;
}
