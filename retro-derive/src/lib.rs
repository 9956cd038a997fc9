//! The derive macros of retro. They are re-exported by `retro_core::prelude`, and documented there
//! with the crate whose traits they implement.
//!
//! `attr` reads the words of an attribute, `parse` makes a model of them (`ast`), `check` finds what
//! is wrong in it, `expand` writes the code. All mistakes of a struct are collected in a `Ctxt` and
//! reported together.

mod ast;
mod attr;
mod check;
mod column_type;
mod ctxt;
mod expand;
mod parse;
mod types;
mod words;

use proc_macro2::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use crate::ctxt::Ctxt;

/// Makes a struct a model: its values are rows of a table.
#[proc_macro_derive(Model, attributes(retro))]
pub fn model(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive_model(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a newtype or a unit-only enum the type of a column.
#[proc_macro_derive(ColumnType, attributes(retro))]
pub fn column_type(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    column_type::derive(&parse_macro_input!(input as DeriveInput)).into()
}

fn derive_model(input: &DeriveInput) -> TokenStream {
    let cx = Ctxt::default();
    let model = parse::model(&cx, input);
    if let Some(model) = &model {
        check::model(&cx, model);
    }
    let code = match &model {
        Some(model) if !cx.has_errors() => return expand::model(model),
        Some(model) => expand::fallback(model),
        None => expand::stub(input),
    };
    let errors = cx.into_compile_errors();
    quote::quote!(#errors #code)
}
