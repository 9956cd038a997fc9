//! From a method to the [`Hybrid`] that it is: its signature, and its body through [`Reader`].

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{FnArg, GenericParam, ImplItemFn, Path, ReceiverKind, ReturnType, Safety, Signature, Type, parse_quote};

use super::Hybrid;
use super::term::Reader;
use crate::attr::{Attrs, path};
use crate::ctxt::Ctxt;
use crate::types::{option_of, remedy};

/// Reads a method. `None` if its expression would have no type.
pub(super) fn read<'m>(cx: &Ctxt, arguments: TokenStream, method: &'m ImplItemFn) -> Option<Hybrid<'m>> {
    let columns = columns(cx, arguments);
    receiver(cx, &method.sig);
    modifiers(cx, &method.sig);
    let ty = value_type(cx, &method.sig)?;
    // The body of what is no hybrid is not blamed for it.
    let body = match cx.has_errors() {
        true => None,
        false => Reader::new(cx, way_out(&method.sig, &ty)).block(&method.block),
    };
    Some(Hybrid { method, columns, ty, body })
}

/// `#[hybrid(columns = OrderColumns)]`
fn columns(cx: &Ctxt, arguments: TokenStream) -> Path {
    let mut attrs = Attrs::of_list(cx, arguments);
    let columns = attrs.expr("columns").and_then(|columns| {
        let named = path(&columns.value).cloned();
        if named.is_none() {
            cx.error(&columns.value, "`columns` takes the struct that holds the constants: write `columns = ..`");
        }
        named
    });
    attrs.finish_of("`hybrid`", &["columns"]);
    columns.unwrap_or_else(|| parse_quote!(Self))
}

/// `fn total(self)`, `fn total()`
fn receiver(cx: &Ctxt, signature: &Signature) {
    match signature.receiver() {
        None => cx.error(&signature.ident, "a hybrid is a method of an entity: it takes `&self`"),
        Some(receiver) if !matches!(receiver.kind, ReceiverKind::Reference(_, _, None)) => {
            cx.error(receiver, "a hybrid reads an entity and leaves it as it is: it takes `&self`");
        }
        Some(_) => {}
    }
}

/// `async fn total(&self)`, `fn total<T>(&self)`
fn modifiers(cx: &Ctxt, signature: &Signature) {
    if let Some(asyncness) = &signature.asyncness {
        cx.error(asyncness, "a hybrid cannot be async: its expression is the same at any time");
    }
    if let Safety::Unsafe(unsafety) = &signature.safety {
        cx.error(unsafety, "a hybrid cannot be unsafe");
    }
    for parameter in &signature.generics.params {
        if !matches!(parameter, GenericParam::Lifetime(_)) {
            cx.error(parameter, "a hybrid cannot be generic: its expression has one type");
        }
    }
}

/// `fn total(&self)`, `fn count(&self) -> usize`
fn value_type(cx: &Ctxt, signature: &Signature) -> Option<Type> {
    let ReturnType::Type(_, ty) = &signature.output else {
        cx.error(&signature.ident, "a hybrid has a value: write its type, `-> f64`");
        return None;
    };
    let owned = owned(ty);
    if let Some(remedy) = remedy(&owned) {
        cx.error(ty, format!("SQL has no values of this type: {remedy}"));
        return None;
    }
    Some(owned)
}

/// The type that is read where the method borrows: `String` for `&str`.
fn owned(ty: &Type) -> Type {
    if let Some(inner) = option_of(ty).map(owned) {
        return parse_quote!(::core::option::Option<#inner>);
    }
    match ty {
        Type::Reference(reference) => owned(&reference.elem),
        Type::Group(group) => owned(&group.elem),
        Type::Path(path) if path.path.is_ident("str") => parse_quote!(::std::string::String),
        other => other.clone(),
    }
}

/// What a user does about a body that is no hybrid.
fn way_out(signature: &Signature, ty: &Type) -> String {
    let ty = ty.to_token_stream().to_string().replace(' ', "");
    let ty = ty.replace("::core::option::", "").replace("::std::string::", "");
    let parameters = if parameters(signature).next().is_some() { ".." } else { "" };
    format!(
        "in place of `#[hybrid]` write `fn {}({parameters}) -> Expr<{ty}>` by hand",
        function_name(&signature.ident)
    )
}

/// The parameters without `&self`.
pub(super) fn parameters(signature: &Signature) -> impl Iterator<Item = &FnArg> {
    signature.inputs.iter().filter(|input| matches!(input, FnArg::Typed(_)))
}

/// The name of the function that gives the expression of a hybrid.
pub(super) fn function_name(method: &Ident) -> Ident {
    quote::format_ident!("{}_expr", method)
}
