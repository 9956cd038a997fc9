//! [`Ctxt`]: collects every mistake, so that one compilation shows them all.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes found so far. Parsing and checking go on after a mistake; whoever finds one says
/// so here and carries on with what is left.
#[derive(Default)]
pub(crate) struct Ctxt {
    errors: RefCell<Vec<syn::Error>>,
}

impl Ctxt {
    /// Reports a mistake at the tokens that the user wrote.
    pub(crate) fn error(&self, at: impl ToTokens, message: impl Display) {
        self.syntax(syn::Error::new_spanned(at, message));
    }

    /// Reports a mistake that syn found.
    pub(crate) fn syntax(&self, error: syn::Error) {
        self.errors.borrow_mut().push(error);
    }

    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.borrow().is_empty()
    }

    /// All the mistakes, as `compile_error!`s at their places.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.errors.into_inner().iter().map(syn::Error::to_compile_error).collect()
    }

    /// The messages, for unit tests.
    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.errors.borrow().iter().map(ToString::to_string).collect()
    }
}
