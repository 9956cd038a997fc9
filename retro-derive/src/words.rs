//! The words of `#[retro(..)]`, where each may stand, and what a misspelt one was meant to be.

/// What an attribute stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Struct,
    Column,
    Relationship,
}

impl Place {
    fn words(self) -> &'static [&'static str] {
        match self {
            Place::Struct => &["table", "comment", "index", "unique", "check", "foreign_key", "no_default", "columns"],
            Place::Column => &[
                "primary_key",
                "generated",
                "column",
                "length",
                "precision",
                "index",
                "unique",
                "foreign_key",
                "on_delete",
                "on_key_update",
                "on_update",
                "default",
                "server_default",
                "sensitive",
                "version",
                "comment",
                "skip",
            ],
            Place::Relationship => &[
                "key",
                "foreign_key",
                "back_populates",
                "secondary",
                "cascade",
                "order_by",
                "lazy",
                "passive_deletes",
                "post_update",
                "single_parent",
            ],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Place::Struct => "the struct",
            Place::Column => "a column",
            Place::Relationship => "a relationship",
        }
    }
}

/// Words of other ORMs, and of SQLAlchemy, that are spelt otherwise here.
const ALIASES: &[(&str, &str)] = &[
    ("id", "primary_key"),
    ("pk", "primary_key"),
    ("key_column", "primary_key"),
    ("autoincrement", "generated"),
    ("auto_increment", "generated"),
    ("rename", "column"),
    ("column_name", "column"),
    ("name", "column"),
    ("table_name", "table"),
    ("tablename", "table"),
    ("max_length", "length"),
    ("size", "length"),
    ("references", "foreign_key"),
    ("fk", "foreign_key"),
    ("ondelete", "on_delete"),
    ("onupdate", "on_update"),
    ("default_value", "default"),
    ("backref", "back_populates"),
    ("back_ref", "back_populates"),
    ("inverse", "back_populates"),
    ("through", "secondary"),
    ("order", "order_by"),
    ("load", "lazy"),
    ("ignore", "skip"),
];

/// Why a word cannot stand in a place, with the way out.
pub(crate) fn not_here(word: &str, place: Place) -> String {
    let places = [Place::Column, Place::Relationship, Place::Struct];
    let hint = match (word, place) {
        ("nullable" | "null" | "not_null", _) => Some("make the field's type an `Option` where the column may be NULL"),
        ("type" | "sql_type", _) => Some("the field's type says it; derive `ColumnType` for a type of your own"),
        ("on_delete" | "on_key_update", Place::Relationship) => Some("it goes on the foreign key field"),
        ("default", Place::Relationship) => Some("a relationship is empty until it is given something"),
        ("check", Place::Column) => Some("checks go on the struct: `#[retro(check(name, \"condition\"))]`"),
        _ => None,
    };
    if let Some(hint) = hint {
        return format!("`{word}` is no attribute of {}: {hint}", place.name());
    }
    if let Some(other) = places.into_iter().find(|other| other.words().contains(&word)) {
        return format!("`{word}` is an attribute of {}, not of {}", other.name(), place.name());
    }
    let alias = ALIASES.iter().find(|(alias, meant)| *alias == word && place.words().contains(meant));
    match alias.map(|(_, meant)| *meant).or_else(|| nearest(word, place.words().iter().copied())) {
        Some(meant) => format!("unknown attribute `{word}`; did you mean `{meant}`?"),
        None => format!("unknown attribute `{word}`; {} takes {}", place.name(), list(place.words())),
    }
}

/// The candidate that a misspelt word is nearest to, if one is near enough to be meant.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = normalized(word);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &normalized(candidate)), candidate))
        .filter(|&(distance, candidate)| distance <= candidate.len().min(word.len()) / 3)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// `; did you mean ..?`, or nothing where no candidate is near.
pub(crate) fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"))
}

/// Why a value of an attribute is not understood, with what may have been meant.
pub(crate) fn unknown_value(attribute: &str, word: &str, words: &[&str]) -> String {
    let meant = did_you_mean(word, words.iter().copied());
    if meant.is_empty() {
        return format!("`{attribute}` does not know `{word}`; it knows {}", list(words));
    }
    format!("`{attribute}` does not know `{word}`{meant}")
}

/// `a`, `b` and `c`, each in backticks.
pub(crate) fn list<S: AsRef<str>>(words: &[S]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{}`", word.as_ref())).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Separators and case are not what is misspelt.
fn normalized(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The number of letters to change, insert, delete or swap with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let substituted = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = substituted.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_words_are_recognised() {
        assert_eq!(nearest("primry_key", Place::Column.words().iter().copied()), Some("primary_key"));
        assert_eq!(nearest("PrimaryKey", Place::Column.words().iter().copied()), Some("primary_key"));
        assert_eq!(nearest("lenght", Place::Column.words().iter().copied()), Some("length"));
        assert_eq!(nearest("bakc_populates", Place::Relationship.words().iter().copied()), Some("back_populates"));
        assert_eq!(nearest("colour", Place::Column.words().iter().copied()), None);
    }

    #[test]
    fn every_word_says_where_it_goes() {
        assert_eq!(not_here("cascade", Place::Column), "`cascade` is an attribute of a relationship, not of a column");
        assert_eq!(
            not_here("backref", Place::Relationship),
            "unknown attribute `backref`; did you mean `back_populates`?"
        );
        assert!(not_here("nullable", Place::Column).contains("`Option`"));
        assert!(not_here("xyzzy", Place::Struct).contains("`table`"));
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(list(&["a"]), "`a`");
    }
}
