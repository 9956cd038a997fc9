//! `Default`: the columns' defaults, then those of their types.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Type};

use crate::ast::{Column, Model};
use crate::attr::text;
use crate::types::{ColumnKind, option_of};

/// Expands to:
///
/// ```text
/// impl Default for Order {
///     fn default() -> Self {
///         Order { id: Uuid::new_v4(), number: Default::default(), items: Default::default() }
///     }
/// }
/// ```
pub(super) fn expand(model: &Model) -> TokenStream {
    if model.no_default {
        return TokenStream::new();
    }
    let ident = &model.ident;
    let columns = model.columns.iter().map(|column| {
        let (field, value) = (&column.field.ident, value(column));
        quote!(#field: #value)
    });
    let relationships = model.relationships.iter().map(|relationship| &relationship.field.ident);
    let empty = relationships.chain(&model.skipped).map(|field| quote!(#field: ::core::default::Default::default()));
    let fields = columns.chain(empty);
    quote! {
        #[automatically_derived]
        impl ::core::default::Default for #ident {
            fn default() -> Self {
                #ident { #(#fields),* }
            }
        }
    }
}

fn value(column: &Column) -> TokenStream {
    let ty = &column.field.ty;
    match &column.default {
        Some(default) => converted(column, &default.value),
        // At the type's place, so that a type without `Default` is shown there.
        None => quote_spanned!(ty.span()=> <#ty as ::core::default::Default>::default()),
    }
}

/// The user's expression as the field's type: a text literal becomes a `String` by itself.
pub(super) fn converted(column: &Column, value: &Expr) -> TokenStream {
    let ty: &Type = &column.field.ty;
    if text(value).is_none() || column.kind != Some(ColumnKind::Text) {
        return quote!(#value);
    }
    match option_of(ty) {
        Some(_) => quote!(::core::option::Option::Some(::core::convert::From::from(#value))),
        None => quote!(::core::convert::From::from(#value)),
    }
}
