//! The `RelationshipDef` of a relationship: its attributes as constant data.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use super::{option, places, variant};
use crate::ast::{CascadeWord, Lazy, Model, PassiveDeletes, Relationship, RelationshipKind, Secondary};

/// Expands to `RelationshipDef { field: "manufacturer", kind: RelationshipKind::BelongsTo, .. }`.
pub(super) fn definition(model: &Model, relationship: &Relationship) -> TokenStream {
    let (field, target, optional) = (relationship.field.name(), &relationship.target, relationship.optional);
    let kind = variant(relationship.kind);
    let key = places(match relationship.kind {
        RelationshipKind::BelongsTo => model.key_of(relationship).unwrap_or_default(),
        _ => Vec::new(),
    });
    let foreign_key = indexes(relationship.foreign_key.as_ref().map_or(&[], |key| key.value.as_slice()));
    let back_populates = option(other_side(relationship).map(|path| quote!(#path.index())));
    let secondary = option(relationship.secondary.as_ref().map(|secondary| secondary_definition(&secondary.value)));
    let cascade = cascade(relationship);
    let order_by = order_by(relationship);
    let lazy = variant(relationship.lazy.as_ref().map_or(Lazy::Select, |lazy| lazy.value));
    let passive = relationship.passive_deletes.as_ref().map_or(PassiveDeletes::No, |passive| passive.value);
    let passive = variant(passive);
    let (post_update, single_parent) = (relationship.post_update.is_some(), relationship.single_parent.is_some());
    let target = quote_spanned!(target.span()=> <#target as ::retro_core::private::Mapped>::definition);
    quote! {
        ::retro_core::model::RelationshipDef {
            field: #field,
            kind: ::retro_core::model::RelationshipKind::#kind,
            optional: #optional,
            target: #target,
            key: &[#(#key),*],
            foreign_key: #foreign_key,
            back_populates: #back_populates,
            secondary: #secondary,
            cascade: #cascade,
            order_by: &[#(#order_by),*],
            lazy: ::retro_core::model::Lazy::#lazy,
            passive_deletes: ::retro_core::model::PassiveDeletes::#passive,
            post_update: #post_update,
            single_parent: #single_parent,
        }
    }
}

/// The constant of the other side: a field's name is one of the target's constants.
pub(super) fn other_side(relationship: &Relationship) -> Option<TokenStream> {
    let (path, target) = (relationship.back_populates.as_ref()?, &relationship.target);
    Some(match path.get_ident() {
        Some(field) => quote_spanned!(field.span()=> <#target>::#field),
        None => quote!(#path),
    })
}

fn indexes(columns: &[Path]) -> TokenStream {
    quote!(&[#(#columns.index()),*])
}

fn secondary_definition(secondary: &Secondary) -> TokenStream {
    match secondary {
        Secondary::Table { name, local, remote } => quote! {
            ::retro_core::model::SecondaryDef::Table {
                name: #name,
                local: &[#(#local),*],
                remote: &[#(#remote),*],
            }
        },
        Secondary::Model { model, local, remote } => {
            let (local, remote) = (indexes(local), indexes(remote));
            quote! {
                ::retro_core::model::SecondaryDef::Model {
                    model: <#model as ::retro_core::private::Mapped>::definition,
                    local: #local,
                    remote: #remote,
                }
            }
        }
    }
}

fn cascade(relationship: &Relationship) -> TokenStream {
    let Some(cascade) = &relationship.cascade else { return quote!(::retro_core::model::Cascade::DEFAULT) };
    let words = cascade.value.iter().map(|word| {
        let constant = format_ident!(
            "{}",
            match word {
                CascadeWord::SaveUpdate => "SAVE_UPDATE",
                CascadeWord::Merge => "MERGE",
                CascadeWord::Delete => "DELETE",
                CascadeWord::DeleteOrphan => "DELETE_ORPHAN",
                CascadeWord::Expunge => "EXPUNGE",
                CascadeWord::RefreshExpire => "REFRESH_EXPIRE",
                CascadeWord::All => "ALL",
                CascadeWord::None => "NONE",
            }
        );
        quote!(.and(::retro_core::model::Cascade::#constant))
    });
    quote!(::retro_core::model::Cascade::NONE #(#words)*)
}

fn order_by(relationship: &Relationship) -> impl Iterator<Item = TokenStream> {
    relationship.order_by.iter().map(|term| {
        let (column, descending) = (&term.column, term.descending);
        quote!(::retro_core::model::OrderDef { column: #column.index(), descending: #descending })
    })
}
