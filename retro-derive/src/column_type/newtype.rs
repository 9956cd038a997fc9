//! `struct Sku(String)`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Field};

use crate::attr::Attrs;
use crate::ctxt::Ctxt;
use crate::types::option_of;

/// Expands to an implementation that delegates to the inner type:
///
/// ```text
/// impl ColumnType for Sku {
///     const SQL_TYPE: SqlType = <String as ColumnType>::SQL_TYPE;
///     type Base = Sku;
///     type View<'a> = &'a Sku;
///     ..
/// }
/// ```
pub(super) fn expand(cx: &Ctxt, input: &DeriveInput, field: &Field) -> Option<TokenStream> {
    Attrs::read(cx, &input.attrs, &input.ident).finish_of("a newtype", &[]);
    Attrs::read(cx, &field.attrs, &input.ident).finish_of("a newtype", &[]);
    let (ident, inner) = (&input.ident, &field.ty);
    if option_of(inner).is_some() {
        cx.error(inner, format!("a newtype holds a value: write `Option<{ident}>` in the model where it may be NULL"));
        return None;
    }
    let inner_as = quote_spanned!(inner.span()=> <#inner as ::retro_core::value::ColumnType>);
    Some(quote! {
        #[automatically_derived]
        impl ::retro_core::value::ColumnType for #ident {
            const SQL_TYPE: ::retro_core::value::SqlType = #inner_as::SQL_TYPE;
            type Base = #ident;
            type View<'a> = &'a #ident;

            fn to_value(&self) -> ::retro_core::value::Value<'_> {
                #inner_as::to_value(&self.0)
            }

            fn from_value(
                value: ::retro_core::value::Value<'_>,
            ) -> ::core::result::Result<Self, ::retro_core::value::ValueError> {
                #inner_as::from_value(value).map(#ident)
            }

            fn view(&self) -> &#ident {
                self
            }
        }
    })
}
