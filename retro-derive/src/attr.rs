//! `#[retro(..)]` as it is written: words with a value, a list, or nothing. What they mean is found
//! by `parse`, which takes the words that it knows; what is left is reported as unknown.

use std::fmt::Display;

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Lit, LitStr, Path, Token};

use crate::ctxt::Ctxt;
use crate::words::{Place, not_here};

/// One word: `sensitive`, `length = 64` or `index(a, b)`.
pub(crate) struct Attr {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    None,
    Expr(Expr),
    List(TokenStream),
}

/// Something with the word that said it, which is where a mistake in it is reported.
#[derive(Clone)]
pub(crate) struct At<T> {
    pub(crate) at: Ident,
    pub(crate) value: T,
}

impl Parse for Attr {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        // `where` and other keywords are words here too.
        let name = Ident::parse_any(input)?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Value::Expr(ungrouped(input.parse()?))
        } else if input.peek(syn::token::Paren) {
            let list;
            syn::parenthesized!(list in input);
            Value::List(list.parse()?)
        } else {
            Value::None
        };
        Ok(Attr { name, value })
    }
}

/// The words of one struct or field that nobody has taken yet.
pub(crate) struct Attrs<'c> {
    pub(crate) cx: &'c Ctxt,
    left: Vec<Attr>,
    /// Whether an attribute could not be read at all. What it may have said is then not missed.
    pub(crate) is_broken: bool,
}

impl<'c> Attrs<'c> {
    pub(crate) fn read(cx: &'c Ctxt, attributes: &[Attribute], own: &Ident) -> Self {
        let mut attrs = Attrs { cx, left: Vec::new(), is_broken: false };
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("retro")) {
            let attribute = attribute.meta.require_list().map(|list| without_self(list.tokens.clone(), own));
            match attribute.and_then(|tokens| Punctuated::<Attr, Token![,]>::parse_terminated.parse2(tokens)) {
                Ok(words) => attrs.left.extend(words),
                Err(error) => {
                    cx.syntax(error);
                    attrs.is_broken = true;
                }
            }
        }
        attrs
    }

    /// The words of a list such as that of `secondary(..)`.
    pub(crate) fn of_list(cx: &'c Ctxt, list: TokenStream) -> Self {
        let (left, is_broken) = match Punctuated::<Attr, Token![,]>::parse_terminated.parse2(list) {
            Ok(words) => (words.into_iter().collect(), false),
            Err(error) => {
                cx.syntax(error);
                (Vec::new(), true)
            }
        };
        Attrs { cx, left, is_broken }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.left.iter().any(|attr| attr.name == name)
    }

    /// Takes a word that may be said once.
    pub(crate) fn take(&mut self, name: &str) -> Option<Attr> {
        let mut found = self.take_all(name).into_iter();
        let first = found.next()?;
        for again in found {
            self.cx.error(&again.name, format!("`{name}` is said twice; leave one out"));
        }
        Some(first)
    }

    /// Takes a word that may be said several times.
    pub(crate) fn take_all(&mut self, name: &str) -> Vec<Attr> {
        self.left.extract_if(.., |attr| attr.name == name).collect()
    }

    /// A word without a value: the word itself, if it is there and not `= false`.
    pub(crate) fn flag(&mut self, name: &str) -> Option<Ident> {
        let switch = self.switch(name)?;
        switch.value.then_some(switch.at)
    }

    /// A word without a value, which `= false` turns off.
    pub(crate) fn switch(&mut self, name: &str) -> Option<At<bool>> {
        let attr = self.take(name)?;
        let value = match &attr.value {
            Value::None => true,
            Value::Expr(Expr::Lit(literal)) if let Lit::Bool(value) = &literal.lit => value.value,
            _ => {
                attr.error(self.cx, format!("`{name}` takes no value: write `{name}` or `{name} = false`"));
                true
            }
        };
        Some(At { at: attr.name, value })
    }

    /// `name = "text"`.
    pub(crate) fn text(&mut self, name: &str) -> Option<At<LitStr>> {
        let attr = self.take(name)?;
        match attr.text() {
            Some(value) => Some(At { at: attr.name, value }),
            None => {
                attr.error(self.cx, format!("`{name}` takes a text: write `{name} = \"..\"`"));
                None
            }
        }
    }

    /// `name = expression`.
    pub(crate) fn expr(&mut self, name: &str) -> Option<At<Expr>> {
        let attr = self.take(name)?;
        match attr.value {
            Value::Expr(value) => Some(At { at: attr.name, value }),
            _ => {
                attr.error(self.cx, format!("`{name}` takes a value: write `{name} = ..`"));
                None
            }
        }
    }

    /// `name = Model::field`, or a tuple of such.
    pub(crate) fn paths(&mut self, name: &str) -> Option<At<Vec<Path>>> {
        let At { at, value } = self.expr(name)?;
        let mut paths = Vec::new();
        for expr in elements(&value) {
            match path(expr).filter(|path| path.segments.len() > 1) {
                Some(path) => paths.push(path.clone()),
                None => {
                    self.cx.error(expr, format!("`{name}` takes a column of a model: write `{name} = Model::field`"))
                }
            }
        }
        (!paths.is_empty()).then_some(At { at, value: paths })
    }

    /// `name = field`, or a tuple of such.
    pub(crate) fn fields(&mut self, name: &str) -> Option<At<Vec<Ident>>> {
        let At { at, value } = self.expr(name)?;
        let mut fields = Vec::new();
        for expr in elements(&value) {
            match path(expr).and_then(Path::get_ident) {
                Some(field) => fields.push(field.clone()),
                None => self.cx.error(expr, format!("`{name}` takes a field of this struct: write `{name} = field`")),
            }
        }
        (!fields.is_empty()).then_some(At { at, value: fields })
    }

    /// Reports every word that nobody took.
    pub(crate) fn finish(self, place: Place) {
        for attr in &self.left {
            self.cx.error(&attr.name, not_here(&attr.name.to_string(), place));
        }
    }

    /// The same for a field that is no column at all.
    pub(crate) fn finish_skipped(self) {
        for attr in &self.left {
            self.cx.error(&attr.name, format!("a skipped field is no column: `{}` means nothing here", attr.name));
        }
    }

    /// The same for what takes the given words only.
    pub(crate) fn finish_of(self, what: &str, words: &[&str]) {
        for attr in &self.left {
            let name = attr.name.to_string();
            let meant = crate::words::did_you_mean(&name, words.iter().copied());
            let takes = if words.is_empty() { "no attributes".to_string() } else { crate::words::list(words) };
            self.cx.error(&attr.name, format!("{what} takes {takes}, not `{name}`{meant}"));
        }
    }
}

impl Attr {
    /// Reports a mistake at the whole of the word and its value.
    pub(crate) fn error(&self, cx: &Ctxt, message: impl Display) {
        let name = &self.name;
        match &self.value {
            Value::Expr(value) => cx.error(value, message),
            Value::List(list) if !list.is_empty() => cx.error(list, message),
            _ => cx.error(name, message),
        }
    }

    pub(crate) fn text(&self) -> Option<LitStr> {
        match &self.value {
            Value::Expr(value) => text(value),
            _ => None,
        }
    }
}

/// The elements of a tuple, or the one expression that is none.
pub(crate) fn elements(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Group(group) => elements(&group.expr),
        Expr::Tuple(tuple) => tuple.elems.iter().collect(),
        Expr::Paren(paren) => vec![&paren.expr],
        other => vec![other],
    }
}

pub(crate) fn text(expr: &Expr) -> Option<LitStr> {
    match expr {
        Expr::Group(group) => text(&group.expr),
        Expr::Lit(literal) if let Lit::Str(text) = &literal.lit => Some(text.clone()),
        _ => None,
    }
}

pub(crate) fn path(expr: &Expr) -> Option<&Path> {
    match expr {
        Expr::Group(group) => path(&group.expr),
        Expr::Path(path) if path.qself.is_none() => Some(&path.path),
        _ => None,
    }
}

/// Without the invisible group that a `macro_rules!` puts around what it passes on.
fn ungrouped(expr: Expr) -> Expr {
    match expr {
        Expr::Group(group) => ungrouped(*group.expr),
        other => other,
    }
}

/// `Self` written as the struct's name: attributes are expanded into constants, where `Self` has no
/// meaning.
pub(crate) fn without_self(tokens: impl ToTokens, own: &Ident) -> TokenStream {
    let replace = |token: TokenTree| match token {
        TokenTree::Ident(ident) if ident == "Self" => Ident::new(&own.to_string(), ident.span()).into(),
        TokenTree::Group(group) => {
            let mut replaced = Group::new(group.delimiter(), without_self(group.stream(), own));
            replaced.set_span(group.span());
            TokenTree::Group(replaced)
        }
        other => other,
    };
    tokens.into_token_stream().into_iter().map(replace).collect()
}
