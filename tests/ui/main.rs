//! The messages that users see for the usual mistakes: each file is a mistake, its `.stderr` what
//! rustc says of it. `TRYBUILD=overwrite cargo test -p retro-tests --test ui` writes them anew; read
//! the difference before committing it.

/// A message that nobody reads to its end helps nobody.
const LONGEST_MEAN: usize = 20;

#[test]
fn mistakes_are_explained() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*/*.rs");
}

#[test]
fn messages_are_short() {
    let messages: Vec<String> = stderr_files().iter().flat_map(|file| messages(file)).collect();
    assert!(messages.len() >= 25, "only {} messages", messages.len());
    let lines: usize = messages.iter().map(|message| message.lines().count()).sum();
    assert!(lines < LONGEST_MEAN * messages.len(), "{lines} lines in {} messages", messages.len());
}

fn stderr_files() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/ui");
    let folders = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let stderr = files.filter(|path| path.extension().is_some_and(|extension| extension == "stderr"));
    stderr.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// The errors of a file, which are parted by empty lines.
fn messages(stderr: &str) -> Vec<String> {
    stderr.split("\n\n").filter(|message| message.starts_with("error")).map(str::to_string).collect()
}
