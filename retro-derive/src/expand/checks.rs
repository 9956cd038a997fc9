//! What only rustc can check, because it takes the other models: written as constants that do not
//! compile where something is wrong, each at the place that the user wrote.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use super::relationship::other_side;
use super::{column_type, variant};
use crate::ast::{Column, CompositeForeignKey, Model, Relationship, RelationshipKind, Secondary};
use crate::types::last_name;

/// Expands to:
///
/// ```text
/// const _: () = check_foreign_key::<i32, _, _>(Manufacturer::id);
/// const _: () = {
///     check_back_populates::<Product, Manufacturer, _>(Manufacturer::products);
///     assert!(fits::<Manufacturer>(RelationshipKind::BelongsTo, Manufacturer::products.index()), "..");
///     assert!(names_back::<Manufacturer>(Manufacturer::products.index(), "manufacturer"), "..");
/// };
/// ```
pub(super) fn expand(model: &Model) -> TokenStream {
    let columns = model.columns.iter().flat_map(column);
    let foreign_keys = model.foreign_keys.iter().flat_map(|key| composite_foreign_key(model, key));
    let relationships = model.relationships.iter().flat_map(|it| relationship(model, it));
    // One constant for each check, so that the first that fails does not hide the others.
    let checks = columns.chain(foreign_keys).chain(relationships);
    quote!(#(const _: () = #checks;)*)
}

fn column(column: &Column) -> Vec<TokenStream> {
    let column_type = column_type(&column.field);
    let mut checks = Vec::new();
    if let Some(key) = &column.foreign_key {
        checks.push(foreign_key(column, &key.references));
    }
    // Of a type that the macro knows, these have been checked already.
    if column.kind.is_none() {
        let sql_type = quote!(#column_type::SQL_TYPE);
        if let Some(length) = &column.length {
            let message = "only text and bytes have a `length`";
            checks.push(assert(length.at.span(), quote!(takes_length(#sql_type)), message));
        }
        if let Some(precision) = &column.precision {
            let message = "only decimals have a `precision`";
            checks.push(assert(precision.at.span(), quote!(takes_precision(#sql_type)), message));
        }
        if let Some(version) = &column.version {
            let message = "a version counts: its type is an integer";
            checks.push(assert(version.span(), quote!(is_integer(#sql_type)), message));
        }
        if let Some(generated) = column.generated.as_ref().filter(|generated| generated.value) {
            let message = "the database generates integer keys only";
            checks.push(assert(generated.at.span(), quote!(is_integer(#sql_type)), message));
        }
    }
    checks
}

/// The field must have the type of the column that it refers to.
fn foreign_key(column: &Column, references: &Path) -> TokenStream {
    let ty = &column.field.ty;
    quote_spanned!(ty.span()=> ::retro_core::private::check_foreign_key::<#ty, _, _>(#references))
}

fn composite_foreign_key(model: &Model, key: &CompositeForeignKey) -> Vec<TokenStream> {
    let mut checks = Vec::new();
    for (field, references) in key.columns.value.iter().zip(&key.references) {
        if let Some(position) = model.position(field) {
            checks.push(foreign_key(&model.columns[position], references));
        }
    }
    if let [first, others @ ..] = key.references.as_slice() {
        checks.extend(
            others
                .iter()
                .map(|other| quote_spanned!(other.span()=> ::retro_core::private::check_same_model(#first, #other))),
        );
    }
    checks
}

fn relationship(model: &Model, relationship: &Relationship) -> Vec<TokenStream> {
    let target = &relationship.target;
    let mut checks = Vec::new();
    let mut columns_of =
        |of: TokenStream, columns: &[Path]| {
            checks.extend(columns.iter().map(
                |column| quote_spanned!(column.span()=> ::retro_core::private::check_column_of::<#of, _>(#column)),
            ));
        };
    if let Some(key) = &relationship.foreign_key {
        columns_of(quote!(#target), &key.value);
    }
    for term in &relationship.order_by {
        columns_of(quote!(#target), std::slice::from_ref(&term.column));
    }
    if let Some(Secondary::Model { model, local, remote }) = relationship.secondary.as_ref().map(|it| &it.value) {
        columns_of(quote!(#model), local);
        columns_of(quote!(#model), remote);
    }
    checks.extend(key_leads_to_target(model, relationship));
    checks.extend(both_sides(model, relationship));
    checks
}

/// The key of a `BelongsTo` must refer to its target, and not to another model.
fn key_leads_to_target(model: &Model, relationship: &Relationship) -> Option<TokenStream> {
    if relationship.kind != RelationshipKind::BelongsTo {
        return None;
    }
    let key = model.key_of(relationship)?;
    let composite = model.foreign_keys.iter().find(|foreign_key| {
        foreign_key.columns.value.iter().map(|field| model.position(field)).eq(key.iter().copied().map(Some))
    });
    let references = match (composite, key.as_slice()) {
        (Some(composite), _) => composite.references.first()?,
        (None, [column]) => &model.columns[*column].foreign_key.as_ref()?.references,
        (None, _) => return None,
    };
    let target = &relationship.target;
    Some(quote_spanned! {relationship.target.span()=>
        ::retro_core::private::check_key_of_target::<#target, _>(#references)
    })
}

/// `back_populates` must name a relationship that leads back, fits, and names this one.
fn both_sides(model: &Model, relationship: &Relationship) -> Option<TokenStream> {
    let other = other_side(relationship)?;
    let other_field = &relationship.back_populates.as_ref()?.segments.last()?.ident;
    let (owner, target, span) = (&model.ident, &relationship.target, other_field.span());
    let kind = variant(relationship.kind);
    let field = relationship.field.name();
    let fits = quote!(fits::<#target>(::retro_core::model::RelationshipKind::#kind, #other.index()));
    let names_back = quote!(names_back::<#target>(#other.index(), #field));
    let other_name = format!("{}::{other_field}", last_name(target).unwrap_or_default());
    let this_name = format!("{owner}::{field}");
    let pair = match relationship.kind {
        RelationshipKind::BelongsTo => "a `HasMany` or `HasOne`",
        RelationshipKind::HasOne | RelationshipKind::HasMany => "a `BelongsTo`",
        RelationshipKind::ManyToMany => "a `ManyToMany`",
    };
    let leads_back = quote_spanned! {span=>
        ::retro_core::private::check_back_populates::<#owner, #target, _>(#other)
    };
    let fits = assert(
        span,
        fits,
        &format!("the other side of the `{kind}` `{this_name}` must be {pair}: change `{other_name}`"),
    );
    let message = format!("`{other_name}` does not name `{this_name}`: write `back_populates = {field}` on it");
    let names_back = assert(span, names_back, &message);
    // Together, so that of a wrong other side the first reason is told and no more.
    Some(quote!({ #leads_back; #fits; #names_back; }))
}

fn assert(span: Span, condition: TokenStream, message: &str) -> TokenStream {
    quote_spanned!(span=> ::core::assert!(::retro_core::private::#condition, #message))
}
