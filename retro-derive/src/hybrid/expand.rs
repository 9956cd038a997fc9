//! The function that gives a hybrid's expression.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Attribute, Path};

use super::Hybrid;
use super::method::{function_name, parameters};
use super::term::Term;

/// Expands to:
///
/// ```text
/// /// [`total`](Self::total) in SQL.
/// pub fn total_expr() -> Expr<f64> {
///     hybrid::value(hybrid::mul(hybrid::cast::<_, f64>(Self::quantity), Self::unit_price))
/// }
/// ```
///
/// A hybrid with mistakes gets a function that never runs, so that its uses add no errors.
pub(super) fn function(hybrid: &Hybrid<'_>) -> TokenStream {
    let Hybrid { method, columns, ty, body } = hybrid;
    let (vis, name, method_name) = (&method.vis, function_name(&method.sig.ident), method.sig.ident.unraw());
    let (parameters, generics) = (parameters(&method.sig), &method.sig.generics);
    let bounds = &generics.where_clause;
    let kept = method.attrs.iter().filter(|attribute| is_kept(attribute));
    let doc = format!("[`{method_name}`](Self::{method_name}) in SQL.");
    let is_documented = method.attrs.iter().any(|attribute| attribute.path().is_ident("doc"));
    let paragraph = is_documented.then(|| quote!(#[doc = ""]));
    let body = match body {
        Some(body) => {
            let body = code(columns, body);
            quote!(::retro_core::private::hybrid::value(#body))
        }
        None => quote!(::core::unreachable!()),
    };
    quote! {
        #(#kept)*
        #paragraph
        #[doc = #doc]
        #[allow(dead_code, unused_variables)]
        #vis fn #name #generics(#(#parameters),*) -> ::retro_core::query::Expr<#ty> #bounds {
            #body
        }
    }
}

/// What is true of the method and its function alike.
fn is_kept(attribute: &Attribute) -> bool {
    ["doc", "cfg", "allow", "deprecated"].iter().any(|kept| attribute.path().is_ident(kept))
}

fn code(columns: &Path, term: &Term<'_>) -> TokenStream {
    let code = |term: &Term<'_>| code(columns, term);
    match term {
        Term::Value(value) => quote!(#value),
        Term::Column(field) => quote!(#columns::#field),
        Term::Hybrid(method, arguments) => {
            let name = function_name(method);
            quote!(Self::#name(#(#arguments),*))
        }
        Term::Call(function, operands) => {
            let operands = operands.iter().map(code);
            quote_spanned!(function.span()=> ::retro_core::private::hybrid::#function(#(#operands),*))
        }
        Term::Cast(of, to) => {
            let of = code(of);
            quote_spanned!(to.span()=> ::retro_core::private::hybrid::cast::<_, #to>(#of))
        }
        Term::If(branches, last) => {
            let (conditions, values): (Vec<_>, Vec<_>) =
                branches.iter().map(|(condition, value)| (code(condition), code(value))).unzip();
            let (when, last) = (std::iter::repeat(quote!(when)), code(last));
            let branches = quote!(#(#when(#conditions, #values)).*);
            quote!(::retro_core::private::hybrid::#branches.otherwise(#last))
        }
    }
}
