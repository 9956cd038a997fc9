//! What a struct with mistakes expands to besides the messages: enough for the rest of the program
//! to compile, so that only the mistakes are reported. None of it ever runs.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Type};

use super::{constants, mapped, view};
use crate::ast::Model;
use crate::types::{ColumnKind, remedy};

/// Of a struct whose fields could be read: its constants and its view, and the traits without a
/// body.
pub(crate) fn fallback(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let constants = constants::expand(model);
    let key = key(model);
    let view_name = view::name(model);
    let view = view::expand(model, model.columns.iter().filter(|column| remedy(&column.field.ty).is_none()));
    let sides = mapped::sides(model);
    let mapped = mapped_stub(&quote!(#ident), &sides);
    let default = (!model.no_default).then(|| default_stub(&quote!(#ident)));
    quote! {
        #constants
        #default

        #[automatically_derived]
        impl ::retro_core::model::Model for #ident {
            type Key = #key;
            type View<'s> = #view_name<'s>;
        }

        #mapped
        #view
    }
}

/// Of what is no struct with named fields: the traits alone.
pub(crate) fn stub(input: &DeriveInput) -> TokenStream {
    // A generic type would need the bounds that it was refused for.
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let ident = &input.ident;
    let model = Model::new(ident.clone(), input.vis.clone());
    let (view_name, view) = (view::name(&model), view::expand(&model, []));
    let mapped = mapped_stub(&quote!(#ident), &TokenStream::new());
    quote! {
        #[automatically_derived]
        impl ::retro_core::model::Model for #ident {
            type Key = i32;
            type View<'s> = #view_name<'s>;
        }

        #mapped
        #view
    }
}

/// The key as far as it is known; an unsupported type would be one more error.
fn key(model: &Model) -> TokenStream {
    let key = model.primary_key();
    let types: Vec<&Type> = key.iter().map(|&column| &model.columns[column].field.ty).collect();
    if types.is_empty() || types.len() > 5 || types.iter().any(|ty| ColumnKind::of(ty).is_none()) {
        return quote!(i32);
    }
    match types.as_slice() {
        [one] => quote!(#one),
        several => quote!((#(#several),*)),
    }
}

fn default_stub(ident: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::core::default::Default for #ident {
            fn default() -> Self {
                ::core::unreachable!()
            }
        }
    }
}

fn mapped_stub(ident: &TokenStream, sides: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::retro_core::private::Mapped for #ident {
            #sides
            fn definition() -> &'static ::retro_core::model::ModelDef {
                ::core::unreachable!()
            }
            fn mapper() -> &'static ::retro_core::private::Mapper {
                ::core::unreachable!()
            }
            fn value(&self, _: u16) -> ::retro_core::value::Value<'_> {
                ::core::unreachable!()
            }
            fn set_value(
                &mut self,
                _: u16,
                _: ::retro_core::value::Value<'_>,
            ) -> ::core::result::Result<(), ::retro_core::value::ValueError> {
                ::core::unreachable!()
            }
            fn read(
                _: &mut ::retro_core::private::RowReader<'_>,
            ) -> ::core::result::Result<Self, ::retro_core::Error> {
                ::core::unreachable!()
            }
            fn has_assigned(&self) -> bool {
                ::core::unreachable!()
            }
            fn take_assigned(&mut self, _: u16) -> ::retro_core::private::Assigned {
                ::core::unreachable!()
            }
        }
    }
}
