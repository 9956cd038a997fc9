//! `retrofun import`, as somebody calls it who has made a mistake.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn retrofun(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_retrofun"));
    command.current_dir(directory).env_remove("DATABASE_URL").args(arguments).output().unwrap()
}

#[test]
fn what_is_wrong_is_said_with_the_way_to_go_on() {
    let directory = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = retrofun(directory.path(), arguments);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    assert_eq!(run(&["generate", "--out", "data", "--orders", "50", "--views", "200"]).0, Some(0));
    let views = directory.path().join("data/views.csv");
    let good = fs::read_to_string(&views).unwrap();
    let mut lines: Vec<&str> = good.lines().collect();
    let rest: Vec<&str> = lines[100].rsplitn(5, ',').take(4).collect();
    let [at, customer, visit, user] = rest[..] else { panic!("{rest:?}") };
    let bad = format!("How long do flopy disks last?,{user},{visit},{customer},{at}");
    lines[100] = &bad;
    fs::write(&views, lines.join("\n")).unwrap();

    let (code, imported, error) = run(&["import", "--data", "data"]);

    assert_eq!(code, Some(1));
    assert!(imported.contains("\norders.csv: 50 rows imported in ") && !imported.contains("\nviews.csv"), "{imported}");
    let expected = "error: views.csv line 101, column `title`: there is no article `How long do flopy disks last?`; \
                    did you mean `How long do floppy disks last?`?\n\
                    `import --data data views` goes on after the last row that was committed.\n";
    assert_eq!(error, expected);

    fs::write(&views, &good).unwrap();
    let (code, imported, error) = run(&["import", "--data", "data", "views"]);
    assert_eq!((code, error.as_str()), (Some(0), ""));
    assert!(imported.contains("\nviews.csv: 200 rows imported in "), "{imported}");
    let (_, imported, _) = run(&["import", "--data", "data", "views"]);
    assert!(imported.ends_with(", 200 were there already\n"), "{imported}");

    let (code, _, error) = run(&["import", "--data", "data", "products"]);
    assert_eq!(code, Some(1));
    assert!(error.ends_with("; was this file imported before?\nNothing of products.csv was imported.\n"), "{error}");
}
