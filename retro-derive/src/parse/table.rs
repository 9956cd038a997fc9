//! The attributes of the struct: its table, and what spans several columns.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{DeriveInput, LitStr, Token};

use super::column;
use crate::ast::{Check, CompositeForeignKey, Index, Model};
use crate::attr::{At, Attr, Attrs, Value};
use crate::ctxt::Ctxt;

pub(super) fn read(input: &DeriveInput, attrs: &mut Attrs<'_>) -> Model {
    Model {
        table: table(input, attrs),
        comment: attrs.text("comment").map(|comment| comment.value),
        foreign_keys: foreign_keys(attrs),
        indexes: indexes(attrs, "index"),
        uniques: indexes(attrs, "unique"),
        checks: checks(attrs),
        no_default: attrs.flag("no_default").is_some(),
        columns_struct: columns_struct(attrs),
        ..Model::new(input.ident.clone(), input.vis.clone())
    }
}

fn table(input: &DeriveInput, attrs: &mut Attrs<'_>) -> String {
    let is_missing = !attrs.is_broken && !attrs.has("table");
    match attrs.text("table") {
        Some(table) if table.value.value().is_empty() => {
            attrs.cx.error(&table.value, "a table has a name");
            String::new()
        }
        Some(table) => table.value.value(),
        None => {
            // A `table` that could not be read has been reported as that.
            if is_missing {
                attrs.cx.error(&input.ident, "a model names its table: add `#[retro(table = \"..\")]`");
            }
            String::new()
        }
    }
}

fn columns_struct(attrs: &mut Attrs<'_>) -> Option<Ident> {
    attrs.fields("columns")?.value.into_iter().next()
}

/// An element of `index(..)`, `unique(..)` or `check(..)`.
enum Element {
    Text(LitStr),
    Word(Attr),
}

impl Parse for Element {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) { input.parse().map(Element::Text) } else { input.parse().map(Element::Word) }
    }
}

/// The words of the given name with the elements of their lists.
fn lists(attrs: &mut Attrs<'_>, name: &str, example: &str) -> Vec<At<Vec<Element>>> {
    let mut lists = Vec::new();
    for attr in attrs.take_all(name) {
        let Value::List(list) = &attr.value else {
            attr.error(attrs.cx, format!("on the struct, `{name}` takes a list: write `{example}`"));
            continue;
        };
        match elements(list.clone()) {
            Ok(value) if value.is_empty() => attrs.cx.error(&attr.name, format!("it is empty: write `{example}`")),
            Ok(value) => lists.push(At { at: attr.name, value }),
            Err(error) => attrs.cx.syntax(error),
        }
    }
    lists
}

fn elements(list: TokenStream) -> syn::Result<Vec<Element>> {
    Ok(Punctuated::<Element, Token![,]>::parse_terminated.parse2(list)?.into_iter().collect())
}

fn indexes(attrs: &mut Attrs<'_>, name: &'static str) -> Vec<Index> {
    let lists = lists(attrs, name, &format!("{name}(a, b)"));
    lists.into_iter().map(|list| index(attrs.cx, name, list)).collect()
}

fn index(cx: &Ctxt, word: &str, list: At<Vec<Element>>) -> Index {
    let is_index = word == "index";
    let columns = At { at: list.at, value: Vec::new() };
    let mut index = Index { columns, unique: !is_index, name: None, filter: None };
    for element in list.value {
        match element {
            Element::Text(text) => {
                cx.error(&text, format!("`{word}(..)` takes the names of fields, without quotes"));
            }
            Element::Word(attr) => match (attr.name.to_string().as_str(), &attr.value) {
                ("unique", Value::None) if is_index => index.unique = true,
                ("name", Value::Expr(_)) => index.name = required_text(cx, &attr),
                ("where", Value::Expr(_)) if is_index => index.filter = required_text(cx, &attr),
                ("where", Value::Expr(_)) => attr.error(
                    cx,
                    "a constraint holds for all rows; write `index(.., unique, where = \"..\")` for a unique partial index",
                ),
                (_, Value::None) => index.columns.value.push(attr.name),
                (other, _) => {
                    let words: &[&str] = if is_index { &["unique", "name", "where"] } else { &["name"] };
                    let words = crate::words::list(words);
                    cx.error(&attr.name, format!("`{word}(..)` takes fields and {words}, not `{other}`"));
                }
            },
        }
    }
    index
}

fn required_text(cx: &Ctxt, attr: &Attr) -> Option<LitStr> {
    let text = attr.text();
    if text.is_none() {
        attr.error(cx, format!("`{0}` takes a text: write `{0} = \"..\"`", attr.name));
    }
    text
}

const CHECK: &str = "check(name, \"condition\")";

fn checks(attrs: &mut Attrs<'_>) -> Vec<Check> {
    let lists = lists(attrs, "check", CHECK);
    lists.into_iter().filter_map(|list| check(attrs.cx, list)).collect()
}

fn check(cx: &Ctxt, list: At<Vec<Element>>) -> Option<Check> {
    let (mut name, mut condition) = (None, None);
    for element in list.value {
        match element {
            Element::Text(text) => condition = Some(text),
            Element::Word(attr) if matches!(attr.value, Value::None) => name = Some(attr.name.unraw().to_string()),
            Element::Word(attr) if attr.name == "name" => {
                name = required_text(cx, &attr).map(|name| name.value());
            }
            Element::Word(attr) => attr.error(cx, format!("write `{CHECK}`")),
        }
    }
    match (name, condition) {
        (Some(name), Some(condition)) => Some(Check { name, condition }),
        _ => {
            cx.error(&list.at, format!("a check has a name and a condition: write `{CHECK}`"));
            None
        }
    }
}

fn foreign_keys(attrs: &mut Attrs<'_>) -> Vec<CompositeForeignKey> {
    let mut keys = Vec::new();
    for attr in attrs.take_all("foreign_key") {
        match attr.value {
            Value::List(list) => keys.extend(foreign_key(attrs.cx, attr.name, list)),
            _ => attr.error(
                attrs.cx,
                "on the struct, write `foreign_key(columns = (a, b), references = (Parent::a, Parent::b))`; \
                 a foreign key of one column goes on its field",
            ),
        }
    }
    keys
}

fn foreign_key(cx: &Ctxt, at: Ident, list: TokenStream) -> Option<CompositeForeignKey> {
    let mut attrs = Attrs::of_list(cx, list);
    let columns = attrs.fields("columns");
    let references = attrs.paths("references");
    let key = CompositeForeignKey {
        columns: At { at: at.clone(), value: columns.map_or_else(Vec::new, |columns| columns.value) },
        references: references.map_or_else(Vec::new, |references| references.value),
        on_delete: column::action(&mut attrs, "on_delete"),
        on_update: column::action(&mut attrs, "on_update"),
        index: attrs.switch("index").is_none_or(|index| index.value),
    };
    attrs.finish_of("`foreign_key(..)`", &["columns", "references", "on_delete", "on_update", "index"]);
    if key.columns.value.is_empty() || key.references.is_empty() {
        cx.error(at, "a foreign key has `columns = (..)` and `references = (..)`");
        return None;
    }
    Some(key)
}
