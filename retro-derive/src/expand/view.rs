//! The view of a model: the type through which a loaded graph is read.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::column_type;
use super::constants::{describe, docs};
use crate::ast::{Column, Model, Relationship, RelationshipKind};

pub(super) fn name(model: &Model) -> Ident {
    format_ident!("{}View", model.ident)
}

/// Expands to:
///
/// ```text
/// pub struct ProductView<'s>(View<'s, Product>);
///
/// impl<'s> ProductView<'s> {
///     pub fn name(self) -> <String as ColumnType>::View<'s> { .. }
///     pub fn manufacturer(self) -> <Manufacturer as Model>::View<'s> { .. }
///     pub fn entity(self) -> Entity<Product> { .. }
///     pub fn try_rel(self, rel: Rel<Product, U, K>) -> Result<K::View<'s, U>, Error> { .. }
/// }
/// ```
///
/// and the traits of a view. The accessors are those of the given columns.
pub(super) fn expand<'m>(model: &Model, columns: impl IntoIterator<Item = &'m Column>) -> TokenStream {
    let (ident, vis, view) = (&model.ident, &model.vis, name(model));
    let columns = columns.into_iter().map(column);
    let relationships = model.relationships.iter().map(|it| relationship(model, it));
    let (own, traits) = (own_methods(model), traits(model));
    let doc = format!("A `{ident}` of a session, with what is loaded around it.");
    quote! {
        #[doc = #doc]
        #[allow(unreachable_pub)]
        #vis struct #view<'s>(::retro_core::session::View<'s, #ident>);

        #[automatically_derived]
        #[allow(dead_code, unreachable_pub)]
        impl<'s> #view<'s> {
            #(#columns)*
            #(#relationships)*
            #own
        }

        #traits
    }
}

fn column(column: &Column) -> TokenStream {
    let field = &column.field;
    let (ident, vis, column_type) = (&field.ident, &field.vis, column_type(field));
    let docs = docs(&field.docs, format!("The column `{}`.", column.name()));
    quote! {
        #docs
        #vis fn #ident(self) -> #column_type::View<'s> {
            #column_type::view(&self.0.row().#ident)
        }
    }
}

fn relationship(model: &Model, relationship: &Relationship) -> TokenStream {
    let (field, target, holder) = (&relationship.field, &relationship.target, model.holder());
    let (ident, vis) = (&field.ident, &field.vis);
    let one = quote_spanned!(target.span()=> <#target as ::retro_core::model::Model>::View<'s>);
    let view = match relationship.kind {
        RelationshipKind::BelongsTo if !relationship.optional => one,
        RelationshipKind::BelongsTo | RelationshipKind::HasOne => quote!(::core::option::Option<#one>),
        RelationshipKind::HasMany | RelationshipKind::ManyToMany => {
            quote!(::retro_core::session::Views<'s, #target>)
        }
    };
    let docs = docs(&field.docs, describe(relationship));
    let body = quote_spanned!(target.span()=> ::retro_core::private::view_relationship(self.0, #holder::#ident));
    quote! {
        #docs
        ///
        /// # Panics
        ///
        /// If it is not loaded. `try_rel` gives an error instead.
        #[track_caller]
        #vis fn #ident(self) -> #view {
            #body
        }
    }
}

/// The methods of every view. A field of the same name has precedence.
fn own_methods(model: &Model) -> TokenStream {
    let (ident, vis) = (&model.ident, &model.vis);
    let is_free = |name: &str| !model.fields().any(|field| field.ident == name);
    let entity = is_free("entity").then(|| {
        quote! {
            /// The entity's handle.
            #vis fn entity(self) -> ::retro_core::model::Entity<#ident> {
                self.0.entity()
            }
        }
    });
    let try_rel = is_free("try_rel").then(|| {
        quote! {
            /// What a relationship leads to, or an error that says how to load it.
            #vis fn try_rel<U: ::retro_core::model::Model, K: ::retro_core::model::RelKind>(
                self,
                rel: ::retro_core::model::Rel<#ident, U, K>,
            ) -> ::core::result::Result<K::View<'s, U>, ::retro_core::Error> {
                ::retro_core::private::try_view_relationship(self.0, rel)
            }
        }
    });
    quote! { #entity #try_rel }
}

fn traits(model: &Model) -> TokenStream {
    let (ident, view) = (&model.ident, name(model));
    quote! {
        #[automatically_derived]
        impl<'s> ::retro_core::session::ModelView<'s> for #view<'s> {
            type Model = #ident;

            fn from_view(view: ::retro_core::session::View<'s, #ident>) -> Self {
                #view(view)
            }

            fn into_view(self) -> ::retro_core::session::View<'s, #ident> {
                self.0
            }
        }

        #[automatically_derived]
        impl ::core::ops::Deref for #view<'_> {
            type Target = #ident;

            fn deref(&self) -> &#ident {
                self.0.row()
            }
        }

        #[automatically_derived]
        impl ::core::clone::Clone for #view<'_> {
            fn clone(&self) -> Self {
                *self
            }
        }

        #[automatically_derived]
        impl ::core::marker::Copy for #view<'_> {}

        #[automatically_derived]
        impl ::core::fmt::Debug for #view<'_> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, f)
            }
        }

        #[automatically_derived]
        impl ::retro_core::private::Serialize for #view<'_> {
            fn serialize<S: ::retro_core::private::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                ::retro_core::private::serialize_view(self.0, serializer)
            }
        }
    }
}
