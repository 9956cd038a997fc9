//! `retrofun report`, as somebody calls it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Runs the command in a directory, on the database that is there by default.
fn retrofun(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_retrofun"));
    command.current_dir(directory).env_remove("DATABASE_URL").args(arguments).output().unwrap()
}

/// A directory with a database that has the sample data.
fn store() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    assert!(retrofun(directory.path(), &["import"]).status.success());
    directory
}

#[track_caller]
fn printed(output: &Output) -> &str {
    assert!(output.status.success(), "{output:?}");
    std::str::from_utf8(&output.stdout).unwrap()
}

#[track_caller]
fn error(output: &Output) -> &str {
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b""[..]), "{output:?}");
    std::str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn reports_are_printed_in_the_format_that_is_asked_for() {
    let store = store();
    let report = |arguments: &[&str]| retrofun(store.path(), &[&["report"], arguments].concat());

    let table = report(&["Q02-count-products"]);
    assert_eq!(printed(&table), "Number of machines\n  count\n  -----\n    165\n");
    let csv = report(&["2", "--format", "csv", "--stats"]);
    assert_eq!(printed(&csv), "count\n165\n");
    assert!(String::from_utf8_lossy(&csv.stderr).contains("SELECT"));

    let two: Value = serde_json::from_str(printed(&report(&["q02", "orders-above", "--format", "json"]))).unwrap();
    assert_eq!(two[0], serde_json::json!({"id": "Q02-count-products", "columns": ["count"], "rows": [[165]]}));
    assert_eq!(two[1]["id"], "Q26-orders-above-400");
    let [at, _, items, total] = two[1]["rows"][0].as_array().unwrap().as_slice() else { panic!("{two}") };
    assert!(at.as_str().is_some_and(|at| at.len() == "2022-01-25 09:37:15".len()), "{at}");
    assert!(items.is_i64() && total.as_f64().is_some_and(|total| total > 400.0), "{items} {total}");

    for all in [&["--format", "json"][..], &["all", "--format=json"]] {
        let all: Value = serde_json::from_str(printed(&report(all))).unwrap();
        assert_eq!(all.as_array().map(Vec::len), Some(52));
    }
}

#[test]
fn the_list_needs_no_database() {
    let directory = tempfile::tempdir().unwrap();
    let list = retrofun(directory.path(), &["report", "--list"]);
    assert_eq!(printed(&list).lines().count(), 54);
    assert!(printed(&list).contains("\nQ31-monthly-sales                       Sales of each month [chart]\n"));
    assert_eq!(printed(&list).matches(" [chart]\n").count(), 10);
    assert!(printed(&list).contains("\nQ26-orders-above-400                    Orders above 400\n"));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn a_chart_is_drawn_to_a_file() {
    let store = store();
    let file = |name: &str| std::fs::read(store.path().join(name)).unwrap();
    for report in ["31", "store-ratings", "views-by-language", "Q40"] {
        for name in ["chart.svg", "chart.PNG"] {
            assert_eq!(printed(&retrofun(store.path(), &["report", report, "--chart", name])), "");
        }
        let (svg, png) = (String::from_utf8(file("chart.svg")).unwrap(), file("chart.PNG"));
        assert!(svg.starts_with("<svg ") && svg.contains("viewBox="), "{svg}");
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && png.len() > 10_000, "{report}: {} bytes", png.len());
    }
    assert!(String::from_utf8(file("chart.svg")).unwrap().contains("Most viewed articles"));
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let store = store();
    let chart = |report: &str, file: &str| retrofun(store.path(), &["report", report, "--chart", file]);
    let none = chart("26", "orders.svg");
    assert!(error(&none).contains("Q26-orders-above-400 has no chart; these have one: Q22-top-"), "{none:?}");
    assert!(error(&none).trim_end().ends_with("store-ratings, views-by-language"), "{none:?}");
    for name in ["sales.jpg", "sales", ".svg"] {
        let ending = chart("31", name);
        assert!(error(&ending).contains(&format!("an .svg or a .png file, and `{name}` is neither")), "{ending:?}");
    }
    for name in ["nowhere/sales.svg", "nowhere/sales.png"] {
        let nowhere = chart("31", name);
        assert!(error(&nowhere).starts_with(&format!("error: cannot write {name}: No such file")), "{nowhere:?}");
    }
    let several = chart("all", "all.svg");
    assert!(error(&several).contains("a chart is of one report"), "{several:?}");
    let files = std::fs::read_dir(store.path()).unwrap().filter(|file| {
        let name = file.as_ref().unwrap().file_name();
        !name.to_string_lossy().starts_with("retrofun.sqlite")
    });
    assert_eq!(files.count(), 0);
}

#[test]
fn what_cannot_be_reported_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let report = |arguments: &[&str]| retrofun(directory.path(), &[&["report"], arguments].concat());
    let misspelled = report(&["Q26-orders-over-400"]);
    assert!(error(&misspelled).contains("did you mean Q26-orders-above-400"), "{misspelled:?}");
    let csv = report(&["--format", "csv"]);
    assert!(error(&csv).contains("CSV has the rows of one report"), "{csv:?}");
    let empty = report(&["26"]);
    assert!(error(&empty).contains("`retrofun import` fills it"), "{empty:?}");
    assert_eq!(report(&["26", "--list"]).status.code(), Some(2), "either a report or the list");
}
