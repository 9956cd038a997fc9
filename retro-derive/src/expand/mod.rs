//! From a [`Model`] to code. Each expander says what it expands to. The code holds no logic: it is
//! constant data, one arm per field, and calls into `retro_core::private`.

mod checks;
mod constants;
mod default;
mod definition;
mod fallback;
mod mapped;
mod relationship;
mod view;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::ast::{Field, Model};

pub(crate) use fallback::{fallback, stub};

/// Expands to everything that a model without mistakes gets.
pub(crate) fn model(model: &Model) -> TokenStream {
    let constants = constants::expand(model);
    let default = default::expand(model);
    let key = key(model);
    let mapped = mapped::expand(model);
    let view = view::expand(model, &model.columns);
    let checks = checks::expand(model);
    quote! { #constants #default #key #mapped #view #checks }
}

/// Expands to:
///
/// ```text
/// impl Model for OrderItem {
///     type Key = (i32, Uuid);
///     type View<'s> = OrderItemView<'s>;
/// }
/// ```
fn key(model: &Model) -> TokenStream {
    let (ident, view) = (&model.ident, view::name(model));
    let key: Vec<_> = model.primary_key().into_iter().map(|column| &model.columns[column].field.ty).collect();
    let key = match key.as_slice() {
        [one] => quote!(#one),
        several => quote!((#(#several),*)),
    };
    quote! {
        #[automatically_derived]
        impl ::retro_core::model::Model for #ident {
            type Key = #key;
            type View<'s> = #view<'s>;
        }
    }
}

/// `<T as ColumnType>` of a field, at the place of its type. Derived code names a column's type in this
/// way only, so that a type which is none is reported once, where the user wrote it: rustc leaves
/// out errors that read the same.
fn column_type(field: &Field) -> TokenStream {
    let ty = &field.ty;
    quote_spanned!(ty.span()=> <#ty as ::retro_core::value::ColumnType>)
}

/// The places of fields as literals. A model has fewer than 65,536 fields: rustc would not live to
/// see more.
fn places(positions: impl IntoIterator<Item = usize>) -> Vec<u16> {
    positions.into_iter().map(place).collect()
}

fn place(position: usize) -> u16 {
    u16::try_from(position).unwrap_or(u16::MAX)
}

/// The name of a variant: the enums of `ast` are spelt as those of `retro_core::model`.
fn variant(of: impl std::fmt::Debug) -> proc_macro2::Ident {
    quote::format_ident!("{}", format!("{of:?}"))
}

/// `Some(value)` or `None`, as code.
fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}
