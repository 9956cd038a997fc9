//! `#[hybrid]`: a method whose body is an expression of a query too. `method` reads the method, `term`
//! its body, `expand` writes the function that gives the expression.

mod expand;
mod method;
mod term;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItemFn, Path, Type};

use crate::ctxt::Ctxt;

/// A method with `#[hybrid]`, as far as it could be read.
struct Hybrid<'m> {
    method: &'m ImplItemFn,
    /// What the columns' constants belong to.
    columns: Path,
    /// The type that the expression is read as: the method's, owned.
    ty: Type,
    body: Option<term::Term<'m>>,
}

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let cx = Ctxt::default();
    let code = match syn::parse2::<ImplItemFn>(item.clone()) {
        Ok(method) => method::read(&cx, arguments, &method).map(|hybrid| expand::function(&hybrid)),
        Err(_) => {
            cx.error(item.clone().into_iter().next(), "`hybrid` stands on a method of a model, in its `impl`");
            None
        }
    };
    let errors = cx.into_compile_errors();
    // The method stays as it was written, whatever is wrong with it as a hybrid.
    quote!(#item #errors #code)
}
