//! The constants that stand for columns, relationships and the model itself.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Attribute;

use super::place;
use crate::ast::{Model, Relationship, RelationshipKind};
use crate::types::last_name;

/// Expands to:
///
/// ```text
/// impl Product {
///     /// The column `name`.
///     pub const name: Column<Product, String> = Column::new(1);
///     /// The relationship to `Manufacturer`.
///     pub const manufacturer: Rel<Product, Manufacturer, One> = Rel::new(0);
/// }
///
/// /// The model `Product` as a query selects it.
/// pub const Product: Root<Product> = Root::new();
/// ```
pub(super) fn expand(model: &Model) -> TokenStream {
    let (ident, vis) = (&model.ident, &model.vis);
    let constants = columns(model).chain(relationships(model));
    let holder = holder(model);
    let holder_ident = model.holder();
    let doc = format!("The model `{ident}` as a query selects it.");
    quote! {
        #holder

        #[automatically_derived]
        #[allow(non_upper_case_globals, dead_code, unreachable_pub)]
        impl #holder_ident {
            #(#constants)*
        }

        #[doc = #doc]
        #[allow(non_upper_case_globals, dead_code, unreachable_pub)]
        #vis const #ident: ::retro_core::model::Root<#ident> = ::retro_core::model::Root::new();
    }
}

/// The struct that `columns = ProductColumns` asks for.
fn holder(model: &Model) -> TokenStream {
    let Some(columns) = &model.columns_struct else { return TokenStream::new() };
    let vis = &model.vis;
    let doc = format!("The columns and relationships of [`{}`](struct@{0}).", model.ident);
    quote! {
        #[doc = #doc]
        #[allow(dead_code, unreachable_pub)]
        #vis struct #columns;
    }
}

fn columns(model: &Model) -> impl Iterator<Item = TokenStream> {
    model.columns.iter().enumerate().map(|(i, column)| {
        let (owner, place, field) = (&model.ident, place(i), &column.field);
        let (ident, vis, ty) = (&field.ident, &field.vis, &field.ty);
        let docs = docs(&field.docs, format!("The column `{}`.", column.name()));
        quote! {
            #docs
            #vis const #ident: ::retro_core::model::Column<#owner, #ty> = ::retro_core::model::Column::new(#place);
        }
    })
}

fn relationships(model: &Model) -> impl Iterator<Item = TokenStream> {
    model.relationships.iter().enumerate().map(|(i, relationship)| {
        let (owner, place, field) = (&model.ident, place(i), &relationship.field);
        let (ident, vis, target) = (&field.ident, &field.vis, &relationship.target);
        let kind = kind(relationship);
        let docs = docs(&field.docs, describe(relationship));
        quote! {
            #docs
            #vis const #ident: ::retro_core::model::Rel<#owner, #target, #kind> = ::retro_core::model::Rel::new(#place);
        }
    })
}

/// What reading a relationship gives: one, one or none, or many.
pub(super) fn kind(relationship: &Relationship) -> TokenStream {
    match relationship.kind {
        RelationshipKind::BelongsTo if !relationship.optional => quote!(::retro_core::model::One),
        RelationshipKind::BelongsTo | RelationshipKind::HasOne => quote!(::retro_core::model::Maybe),
        RelationshipKind::HasMany | RelationshipKind::ManyToMany => quote!(::retro_core::model::Many),
    }
}

pub(super) fn describe(relationship: &Relationship) -> String {
    let target = last_name(&relationship.target).unwrap_or_default();
    if relationship.kind.is_collection() {
        format!("The relationship to many `{target}`.")
    } else {
        format!("The relationship to one `{target}`.")
    }
}

/// The user's own documentation, so that a constant reads like its field; else one line, so that
/// crates which deny missing documentation compile.
pub(super) fn docs(own: &[Attribute], other: String) -> TokenStream {
    if own.is_empty() { quote!(#[doc = #other]) } else { quote!(#(#own)*) }
}
