//! What the blog has written about: titles, each with the machine that it is about and translations.

/// An article as it was first written.
pub(super) struct Original {
    pub(super) language: &'static str,
    pub(super) title: &'static str,
    /// The name of the machine, empty if it is about none.
    pub(super) product: &'static str,
    /// Languages and titles.
    pub(super) translations: &'static [(&'static str, &'static str)],
}

/// Those who write.
pub(super) const AUTHORS: &[&str] =
    &["Agnes Halloran", "Bruno Castellani", "Freya Winterbourne", "Kaspar Lindt", "Odette Marchand", "Ruben Salgado"];

/// What readers like to read, and how many of a hundred do.
pub(super) const LANGUAGES: [(&str, u64); 6] =
    [("English", 60), ("German", 12), ("French", 9), ("Spanish", 9), ("Italian", 5), ("Portuguese", 5)];

/// All originals, in the order in which they are published.
#[rustfmt::skip]
pub(super) static ORIGINALS: &[Original] = &[
    original("English", "Before you switch it on: a checklist", "", &[
        ("German", "Vor dem Einschalten: eine Checkliste"),
        ("French", "Avant la mise sous tension : la liste"),
        ("Spanish", "Antes de encender: una lista"),
    ]),
    original("English", "The Commodore 64 at forty", "Commodore 64", &[
        ("German", "Vierzig Jahre Commodore 64"),
        ("Italian", "I quarant'anni del Commodore 64"),
    ]),
    original("English", "Mending a ZX Spectrum keyboard membrane", "ZX Spectrum", &[
        ("Spanish", "Reparar la membrana del ZX Spectrum"),
        ("Portuguese", "Consertar a membrana do ZX Spectrum"),
    ]),
    original("English", "How long do floppy disks last?", "", &[
        ("German", "Wie lange halten Disketten?"),
    ]),
    original("English", "A weekend with an Altair 8800", "Altair 8800", &[]),
    original("English", "What is inside an Apple IIe", "Apple IIe", &[
        ("French", "Que cache l'Apple IIe ?"),
    ]),
    original("German", "Der Robotron Z1013 aus dem Bausatz", "Robotron Z1013", &[
        ("English", "The Robotron Z1013, built from a kit"),
    ]),
    original("English", "Loading games from tape, and why it fails", "ZX Spectrum", &[
        ("Italian", "Caricare da cassetta, e perché non va"),
        ("Spanish", "Cargar de cinta, y por qué falla"),
    ]),
    original("English", "Amiga 500: recapping for beginners", "Amiga 500", &[
        ("German", "Amiga 500: neue Kondensatoren"),
        ("French", "Amiga 500 : changer les condensateurs"),
    ]),
    original("French", "Le MO5 à l'école", "MO5", &[
        ("English", "The MO5 at school"),
    ]),
    original("English", "Teaching with the BBC Micro", "BBC Micro Model B", &[]),
    original("English", "Whitening yellowed cases", "", &[
        ("German", "Vergilbte Gehäuse bleichen"),
        ("Portuguese", "Clarear gabinetes amarelados"),
    ]),
    original("English", "Music on the Atari 520ST", "Atari 520ST", &[
        ("French", "La musique sur Atari 520ST"),
    ]),
    original("English", "Forth on the Jupiter Ace", "Jupiter Ace", &[]),
    original("Spanish", "El CPC 472 y sus ocho kilobytes", "CPC 472", &[
        ("English", "The CPC 472 and its eight kilobytes"),
    ]),
    original("English", "One kilobyte is enough: the ZX81", "ZX81", &[
        ("German", "Ein Kilobyte genügt: der ZX81"),
    ]),
    original("English", "Which monitor for which machine?", "", &[]),
    original("English", "A portable of 1981: the Osborne 1", "Osborne 1", &[]),
    original("Portuguese", "O TK90X que falava português", "TK90X", &[]),
    original("English", "Writing a novel on the PCW 8256", "PCW 8256", &[]),
    original("English", "Galaksija, the computer from a magazine", "Galaksija", &[
        ("Italian", "Galaksija, il computer da una rivista"),
    ]),
    original("English", "Buying presents for people who solder", "", &[
        ("German", "Geschenke für Leute, die löten"),
    ]),
];

/// Arguments in the order of reading keep each article on one line.
const fn original(
    language: &'static str,
    title: &'static str,
    product: &'static str,
    translations: &'static [(&'static str, &'static str)],
) -> Original {
    Original { language, title, product, translations }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::products::MACHINES;
    use super::*;

    #[test]
    fn titles_are_unique() {
        let titles: Vec<_> = ORIGINALS
            .iter()
            .flat_map(|original| original.translations.iter().map(|(_, title)| *title).chain([original.title]))
            .collect();
        assert_eq!(titles.iter().collect::<HashSet<_>>().len(), titles.len());
    }

    #[test]
    fn machines_are_in_the_catalogue() {
        for Original { product, .. } in ORIGINALS {
            assert!(product.is_empty() || MACHINES.iter().any(|machine| machine.name == *product), "{product}");
        }
    }

    #[test]
    fn somebody_reads_each_language() {
        let read = |language: &str| LANGUAGES.iter().any(|(name, _)| *name == language);
        for original in ORIGINALS {
            assert!(read(original.language) && original.translations.iter().all(|(language, _)| read(language)));
        }
    }
}
