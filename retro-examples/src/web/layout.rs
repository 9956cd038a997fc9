//! What all pages have in common. They need no JavaScript: links and forms.

use maud::{DOCTYPE, Markup, html};

use crate::numbers::counted;

const PAGES: [(&str, &str); 3] = [("/", "Orders"), ("/products", "Products"), ("/dashboard", "Dashboard")];

/// A whole page around its content, which begins with its title.
pub(super) fn page(title: &str, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " - RetroFun" }
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/style.css";
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header {
                    span.store { "RetroFun" }
                    nav aria-label="Site" {
                        @for (address, name) in PAGES {
                            a href=(address) aria-current=[(name == title).then_some("page")] { (name) }
                        }
                    }
                }
                main id="content" tabindex="-1" {
                    h1 { (title) }
                    (content)
                }
            }
        }
    }
}

/// Which rows of a list are shown, and links to those before and after.
pub(super) fn pages(start: u64, length: u64, shown: usize, total: u64, from: impl Fn(u64) -> String) -> Markup {
    let (end, next) = (start.saturating_add(shown as u64), start.saturating_add(length));
    html! {
        nav.pages aria-label="Pages" {
            @if start > 0 { a rel="prev" href=(from(start.saturating_sub(length))) { "Previous" } }
            span { (counted(start.saturating_add(1))) " to " (counted(end)) " of " (counted(total)) }
            @if next < total { a rel="next" href=(from(next)) { "Next" } }
        }
    }
}

/// A list that ends before the page that was asked for.
pub(super) fn beyond(what: &str, first: &str) -> Markup {
    html! { p.empty { "There are no more " (what) ". " a href=(first) { "Back to the first" } } }
}

/// A link that says more when it is pointed at or reached by keyboard.
pub(super) fn hint(id: &str, address: &str, text: &str, more: &str) -> Markup {
    html! {
        @if more.is_empty() { a href=(address) { (text) } }
        @else {
            span.hint {
                a href=(address) aria-describedby=(id) { (text) }
                span role="tooltip" id=(id) { (more) }
            }
        }
    }
}

/// An address of the program with parameters; those without a value are left out.
pub(super) fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut address = format!("{path}?");
    let given = parameters.iter().filter(|(_, value)| !value.is_empty());
    form_urlencoded::Serializer::for_suffix(&mut address, path.len() + 1).extend_pairs(given);
    address.truncate(address.trim_end_matches('?').len());
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_escaped() {
        assert_eq!(address("/products", &[("name", "C&A \"64\""), ("cpu", "")]), "/products?name=C%26A+%2264%22");
        assert_eq!(address("/products", &[("name", "what?")]), "/products?name=what%3F");
        assert_eq!(address("/products", &[("name", "")]), "/products");
    }
}
