//! Cutting a text into code, literals, comments and placeholders.
//!
//! Not a parser: it knows just enough of SQL never to take for a placeholder what stands in a literal
//! or a comment. What it is given comes out again whole, part by part, whatever it is.

use crate::dialect::Lexis;

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part<'t> {
    Code(&'t str),
    /// A literal or a quoted name, with its quotes.
    Literal(&'t str),
    /// With the signs around it, but without the end of its line.
    Comment(&'t str),
    /// `:name`, without the colon.
    Name(&'t str),
    /// `\:`, which stands for a colon.
    Colon,
    /// `?`
    Mark,
    /// `$1`, without the dollar.
    Number(&'t str),
}

impl Part<'_> {
    /// Writes the part as it was read.
    pub(crate) fn write(&self, text: &mut String) {
        match self {
            Part::Code(part) | Part::Literal(part) | Part::Comment(part) => text.push_str(part),
            Part::Name(name) => text.extend([":", name]),
            Part::Colon => text.push_str("\\:"),
            Part::Mark => text.push('?'),
            Part::Number(number) => text.extend(["$", number]),
        }
    }
}

/// The parts of a text, in order.
pub(crate) fn scan<'t>(text: &'t str, lexis: &'static Lexis) -> impl Iterator<Item = Part<'t>> + Clone {
    Scan { text, lexis, at: 0 }
}

/// The words of code, without what stands in literals and comments.
pub(crate) fn words<'t>(text: &'t str, lexis: &'static Lexis) -> impl Iterator<Item = &'t str> + Clone {
    let code = scan(text, lexis).filter_map(|part| match part {
        Part::Code(code) => Some(code),
        _ => None,
    });
    code.flat_map(|code| code.split(|c| !is_word(c))).filter(|word| !word.is_empty())
}

#[derive(Clone)]
struct Scan<'t> {
    text: &'t str,
    lexis: &'static Lexis,
    /// Everything before this was given out. Always the beginning of a character.
    at: usize,
}

impl<'t> Iterator for Scan<'t> {
    type Item = Part<'t>;

    fn next(&mut self) -> Option<Part<'t>> {
        let start = self.at;
        let end = loop {
            let Some(next) = self.rest().chars().next() else { break self.at };
            match self.special() {
                Some(_) if start < self.at => break self.at,
                Some((part, end)) => {
                    self.at = end;
                    return Some(part);
                }
                // `::` is a cast: neither colon begins a name.
                None if next == ':' => self.at += self.rest().len() - self.rest().trim_start_matches(':').len(),
                None => self.at += next.len_utf8(),
            }
        };
        (start < end).then(|| Part::Code(&self.text[start..end]))
    }
}

impl<'t> Scan<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Whether what comes next is joined to a word before it.
    fn follows_word(&self) -> bool {
        self.text[..self.at].chars().next_back().is_some_and(is_word)
    }

    /// The part that begins here, unless it is code, and where it ends.
    fn special(&self) -> Option<(Part<'t>, usize)> {
        let (rest, lexis) = (self.rest(), self.lexis);
        let literal = |length: usize| Some((Part::Literal(&rest[..length]), self.at + length));
        let comment = |length: usize| Some((Part::Comment(&rest[..length]), self.at + length));
        match *rest.as_bytes().first()? {
            b'\'' => literal(quoted(rest, '\'', lexis.backslash_escapes || self.is_escape_literal())),
            b'"' => literal(quoted(rest, '"', lexis.backslash_escapes)),
            b'`' => literal(quoted(rest, '`', false)),
            b'[' if lexis.bracket_quotes => literal(rest.find(']').map_or(rest.len(), |end| end + 1)),
            b'-' if is_line_comment(rest, lexis) => comment(line(rest)),
            b'#' if lexis.hash_comments => comment(line(rest)),
            b'/' if rest.starts_with("/*") => comment(block_comment(rest, lexis)),
            b'$' if !self.follows_word() => {
                let digits = leading(&rest[1..], |c| c.is_ascii_digit());
                if !digits.is_empty() {
                    return Some((Part::Number(digits), self.at + 1 + digits.len()));
                }
                literal(dollar_quoted(rest).filter(|_| lexis.dollar_quotes)?)
            }
            b'?' => Some((Part::Mark, self.at + 1)),
            b'\\' if rest.starts_with("\\:") => Some((Part::Colon, self.at + 2)),
            b':' if !self.follows_word() => {
                let name = leading(&rest[1..], is_word);
                let is_name = name.starts_with(|c: char| !c.is_numeric());
                is_name.then_some((Part::Name(name), self.at + 1 + name.len()))
            }
            _ => None,
        }
    }

    /// Whether the quote here has an E before it.
    fn is_escape_literal(&self) -> bool {
        let before = &self.text[..self.at];
        let word = before.len() - before.trim_end_matches(is_word).len();
        self.lexis.escape_literals && word == 1 && before.ends_with(['E', 'e'])
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// What a text begins with, as long as its characters are such.
fn leading(text: &str, is_such: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !is_such(c)).unwrap_or(text.len())]
}

/// The length of what a quote begins: up to the next one that is neither doubled nor escaped, or to
/// the end.
fn quoted(text: &str, quote: char, escapes: bool) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if escapes && c == '\\' {
            chars.next();
        } else if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
            return at + c.len_utf8();
        }
    }
    text.len()
}

/// The length of `$tag$..$tag$`, if that is what begins.
fn dollar_quoted(text: &str) -> Option<usize> {
    let tag = leading(&text[1..], is_word);
    let quote = text.get(..tag.len() + 2).filter(|quote| quote.ends_with('$'))?;
    Some(text[quote.len()..].find(quote).map_or(text.len(), |end| end + 2 * quote.len()))
}

fn is_line_comment(text: &str, lexis: &Lexis) -> bool {
    let after = text.strip_prefix("--").map(|rest| rest.chars().next());
    match after {
        None => false,
        Some(next) => !lexis.spaced_comments || next.is_none_or(|c| c.is_whitespace() || c.is_control()),
    }
}

fn line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

fn block_comment(text: &str, lexis: &Lexis) -> usize {
    let (mut depth, mut at) = (0, 0);
    while let Some(found) = text[at..].find(['*', '/']) {
        at += found;
        let sign = text.get(at..at + 2);
        match sign {
            Some("/*") if depth == 0 || lexis.nested_comments => depth += 1,
            Some("*/") => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    const ALL: [Dialect; 3] = [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql];

    /// The names of placeholders in a text.
    fn names(text: &str, dialect: Dialect) -> Vec<&str> {
        let name = |part| match part {
            Part::Name(name) => Some(name),
            _ => None,
        };
        scan(text, dialect.lexis()).filter_map(name).collect()
    }

    /// The text put together again from its parts.
    fn whole(text: &str, dialect: Dialect) -> String {
        let mut whole = String::new();
        scan(text, dialect.lexis()).for_each(|part| part.write(&mut whole));
        whole
    }

    #[test]
    fn names_are_found_outside_of_literals_and_comments_only() {
        let text = "SELECT ':a', \":b\", `:c`, :d /* :e */, 'it''s :f' -- :g\n, :h::text, :größe WHERE x=:i AND y = :d";
        for dialect in ALL {
            assert_eq!(names(text, dialect), ["d", "h", "größe", "i", "d"], "{dialect}");
        }
    }

    #[test]
    fn colons_that_begin_no_name() {
        for dialect in ALL {
            let none =
                [":", "::", "a::int", "x := 1", "a[1:2]", "10:20", "f\\:name", "a:b", ":1", "::: a", "'a''", "\":a"];
            for text in none {
                assert_eq!(names(text, dialect), [] as [&str; 0], "{text} on {dialect}");
            }
            assert_eq!(names("(:a)+:b,:c/:d'x':e", dialect), ["a", "b", "c", "d", "e"]);
        }
    }

    #[test]
    fn dialects_differ_in_literals_and_comments() {
        let check = |text, sqlite: &[&str], postgres: &[&str], mysql: &[&str]| {
            for (dialect, expected) in ALL.into_iter().zip([sqlite, postgres, mysql]) {
                assert_eq!(names(text, dialect), expected, "{text} on {dialect}");
            }
        };
        check(r"'a\' :b '", &["b"], &["b"], &[]);
        check(r"E'a\' :b '", &["b"], &[], &[]);
        check(r"THE'a\' :b '", &["b"], &["b"], &[]);
        check("$$ :a $$ :b", &["a", "b"], &["b"], &["a", "b"]);
        check("$x$ :a $y$ :b $x$ :c", &["a", "b", "c"], &["c"], &["a", "b", "c"]);
        check("/* /* */ :a */ :b", &["a", "b"], &["b"], &["a", "b"]);
        check("# :a\n:b", &["a", "b"], &["a", "b"], &["b"]);
        check("1--:a\n:b", &["b"], &["b"], &["a", "b"]);
        check("[ :a ] :b", &["b"], &["a", "b"], &["a", "b"]);
    }

    #[test]
    fn placeholders_of_the_databases_are_seen() {
        let parts: Vec<Part<'_>> = scan("a ? '?' $1 x$2 $23", Dialect::Postgres.lexis()).collect();
        let expected = [
            Part::Code("a "),
            Part::Mark,
            Part::Code(" "),
            Part::Literal("'?'"),
            Part::Code(" "),
            Part::Number("1"),
            Part::Code(" x$2 "),
            Part::Number("23"),
        ];
        assert_eq!(parts, expected);
    }

    #[test]
    fn words_are_those_of_code() {
        let text = "(SELECT 'INSERT', \"UPDATE\" /* DELETE */ FROM t) -- MERGE";
        for dialect in ALL {
            assert_eq!(words(text, dialect.lexis()).collect::<Vec<_>>(), ["SELECT", "FROM", "t"]);
        }
    }

    /// Texts of all that has a meaning here, in any order and cut off anywhere.
    #[test]
    fn whatever_goes_in_comes_out() {
        const PIECES: [&str; 24] = [
            "'", "\"", "`", "[", "]", "-", "--", "#", "/*", "*/", "*", "/", "$", "$a$", "1", ":", "::", ":a", "\\",
            "?", "\n", " ", "E", "ö",
        ];
        let mut random = 7_u64;
        for _ in 0..60_000 {
            let mut text = String::new();
            for _ in 0..random % 23 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(PIECES[(random >> 33) as usize % PIECES.len()]);
            }
            random = random.wrapping_add(1);
            for dialect in ALL {
                assert_eq!(whole(&text, dialect), text);
                assert!(scan(&text, dialect.lexis()).all(|part| !matches!(part, Part::Code("") | Part::Name(""))));
            }
        }
    }
}
