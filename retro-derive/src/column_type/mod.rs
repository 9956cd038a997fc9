//! `#[derive(ColumnType)]`: a newtype is stored as what it holds, a unit-only enum as text.

mod enumeration;
mod newtype;
mod rename;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields};

use crate::ctxt::Ctxt;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let cx = Ctxt::default();
    let code = expand(&cx, input).filter(|_| !cx.has_errors()).unwrap_or_else(|| stub(input));
    let errors = cx.into_compile_errors();
    quote!(#errors #code)
}

fn expand(cx: &Ctxt, input: &DeriveInput) -> Option<TokenStream> {
    if !input.generics.params.is_empty() {
        cx.error(&input.generics, "a column type cannot be generic: implement `ColumnType` by hand");
        return None;
    }
    match &input.data {
        Data::Enum(data) => enumeration::expand(cx, input, data),
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => newtype::expand(cx, input, &fields.unnamed[0]),
            _ => {
                let message = "a column type is a newtype, `struct Sku(String)`, or an enum of unit variants; \
                     for a struct of several fields, write `Json<..>` in the model";
                cx.error(&input.ident, message);
                None
            }
        },
        Data::Union(_) => {
            cx.error(&input.ident, "a column type is a newtype or an enum of unit variants");
            None
        }
    }
}

/// An implementation that never runs, so that the models which use the type add no errors.
fn stub(input: &DeriveInput) -> TokenStream {
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let ident = &input.ident;
    quote! {
        #[automatically_derived]
        impl ::retro_core::value::ColumnType for #ident {
            const SQL_TYPE: ::retro_core::value::SqlType = ::retro_core::value::SqlType::Text;
            type Base = #ident;
            type View<'a> = &'a #ident;
            fn to_value(&self) -> ::retro_core::value::Value<'_> {
                ::core::unreachable!()
            }
            fn from_value(
                _: ::retro_core::value::Value<'_>,
            ) -> ::core::result::Result<Self, ::retro_core::value::ValueError> {
                ::core::unreachable!()
            }
            fn view(&self) -> &#ident {
                ::core::unreachable!()
            }
        }
    }
}
