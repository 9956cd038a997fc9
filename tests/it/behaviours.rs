//! `BEHAVIOURS.md` is true: each case is there once, and each test that it names exists.

use std::path::Path;

/// Cases of the list.
const CASES: usize = 103;
/// Those that are most easily missed.
const STARRED: usize = 60;

/// A line of the table.
struct Case {
    number: usize,
    starred: bool,
    words: String,
    place: String,
}

fn table() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("BEHAVIOURS.md");
    std::fs::read_to_string(path).unwrap()
}

fn cases(table: &str) -> Vec<Case> {
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(1).map(cells);
    rows.map(|cells| {
        let [number, words, place] = &cells[..] else { panic!("three cells: {cells:?}") };
        let starred = number.ends_with('★');
        let number = number.trim_end_matches([' ', '★']).parse().unwrap();
        Case { number, starred, words: words.clone(), place: place.clone() }
    })
    .collect()
}

/// What stands in backticks and has the form of a path to a test.
fn named(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).filter(|name| name.contains("::")).collect()
}

/// Whether `unit_of_work::changes::is_modified` is a test in `it/unit_of_work/changes.rs`.
fn exists(test: &str) -> bool {
    let Some((module, function)) = test.rsplit_once("::") else { return false };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("it").join(module.replace("::", "/") + ".rs");
    let Ok(source) = std::fs::read_to_string(path) else { return false };
    let is_function = |line: &str| {
        let line = line.trim_start();
        line.starts_with(&format!("async fn {function}(")) || line.starts_with(&format!("fn {function}("))
    };
    let lines: Vec<&str> = source.lines().collect();
    lines.windows(2).any(|pair| matches!(pair[0].trim(), "#[test]" | "#[tokio::test]") && is_function(pair[1]))
}

#[test]
fn every_case_is_there_once() {
    let table = table();
    let cases = cases(&table);
    let numbers: Vec<usize> = cases.iter().map(|case| case.number).collect();
    assert_eq!(numbers, (1..=CASES).collect::<Vec<_>>());
    assert_eq!(cases.iter().filter(|case| case.starred).count(), STARRED);
    for case in cases {
        assert!(!case.words.is_empty(), "case {}", case.number);
        let reason = ["not yet: ", "not there: ", "not there, ", "no equal: ", "no such "];
        let has_reason = reason.iter().any(|reason| case.place.starts_with(reason));
        assert!(has_reason || named(&case.place).len() == 1, "case {} names no test: {}", case.number, case.place);
    }
}

#[test]
fn every_test_that_is_named_exists() {
    let table = table();
    let missing: Vec<&str> = named(&table).into_iter().filter(|test| !exists(test)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(!exists("unit_of_work::changes::no_such_test"));
}
