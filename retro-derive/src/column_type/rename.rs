//! The cases of `rename_all`, by serde's names.

/// How the words of a variant's name are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Case {
    separator: &'static str,
    first: Letters,
    others: Letters,
}

/// The letters of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letters {
    Lower,
    Upper,
    Capital,
}

impl Case {
    pub(super) const SNAKE: Case = Case { separator: "_", first: Letters::Lower, others: Letters::Lower };

    pub(super) const ALL: [(&str, Case); 8] = [
        ("snake_case", Case::SNAKE),
        ("SCREAMING_SNAKE_CASE", Case { separator: "_", first: Letters::Upper, others: Letters::Upper }),
        ("kebab-case", Case { separator: "-", first: Letters::Lower, others: Letters::Lower }),
        ("SCREAMING-KEBAB-CASE", Case { separator: "-", first: Letters::Upper, others: Letters::Upper }),
        ("lowercase", Case { separator: "", first: Letters::Lower, others: Letters::Lower }),
        ("UPPERCASE", Case { separator: "", first: Letters::Upper, others: Letters::Upper }),
        ("camelCase", Case { separator: "", first: Letters::Lower, others: Letters::Capital }),
        ("PascalCase", Case { separator: "", first: Letters::Capital, others: Letters::Capital }),
    ];

    pub(super) fn of(name: &str) -> Option<Case> {
        Case::ALL.iter().find(|(case, _)| *case == name).map(|&(_, case)| case)
    }

    pub(super) fn apply(self, name: &str) -> String {
        let words = words(name);
        let cased = words.iter().enumerate().map(|(i, word)| match i {
            0 => self.first.apply(word),
            _ => self.others.apply(word),
        });
        cased.collect::<Vec<_>>().join(self.separator)
    }
}

impl Letters {
    fn apply(self, word: &str) -> String {
        match self {
            Letters::Lower => word.to_lowercase(),
            Letters::Upper => word.to_uppercase(),
            Letters::Capital => {
                let mut letters = word.chars();
                letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
            }
        }
    }
}

/// `InTransit` as `In`, `Transit`: an upper case letter begins a word, as serde has it.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for letter in name.chars() {
        match words.last_mut() {
            Some(word) if !letter.is_uppercase() => word.push(letter),
            _ => words.push(letter.to_string()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_joins_words_as_serde_does() {
        let cased: Vec<String> = Case::ALL.iter().map(|(_, case)| case.apply("InTransit")).collect();
        let expected = [
            "in_transit",
            "IN_TRANSIT",
            "in-transit",
            "IN-TRANSIT",
            "intransit",
            "INTRANSIT",
            "inTransit",
            "InTransit",
        ];
        assert_eq!(cased, expected);
        assert_eq!(Case::of("snake_case"), Some(Case::SNAKE));
        assert_eq!(Case::of("Snake"), None);
    }
}
