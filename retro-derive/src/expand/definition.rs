//! The `ModelDef` of a model: its attributes as constant data.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use super::default::converted;
use super::{column_type, option, place, places, relationship, variant};
use crate::ast::{Column, CompositeForeignKey, ForeignKeyAction, Index, Model};
use crate::attr::At;

/// Expands to `ModelDef { name: "Product", table: "products", columns: &[..], .. }`.
pub(super) fn expand(model: &Model) -> TokenStream {
    let (ident, table) = (&model.ident, &model.table);
    let name = ident.to_string();
    let comment = option(model.comment.as_ref());
    let columns = model.columns.iter().enumerate().map(|(i, it)| column(it, model.is_generated(i)));
    let primary_key = places(model.primary_key());
    let relationships = model.relationships.iter().map(|it| relationship::definition(model, it));
    let foreign_keys = foreign_keys(model);
    let (indexes, uniques) = (indexes(model), uniques(model));
    let checks = model.checks.iter().map(|check| {
        let (name, condition) = (&check.name, &check.condition);
        quote!(::retro_core::model::CheckDef { name: #name, condition: #condition })
    });
    let version = option(model.columns.iter().position(|column| column.version.is_some()).map(place));
    quote! {
        ::retro_core::model::ModelDef {
            name: #name,
            table: #table,
            comment: #comment,
            columns: &[#(#columns),*],
            primary_key: &[#(#primary_key),*],
            relationships: &[#(#relationships),*],
            foreign_keys: &[#(#foreign_keys),*],
            indexes: &[#(#indexes),*],
            uniques: &[#(#uniques),*],
            checks: &[#(#checks),*],
            version: #version,
            mapper: <#ident as ::retro_core::private::Mapped>::mapper,
        }
    }
}

/// Expands to:
///
/// ```text
/// ColumnDef {
///     length: Some(64),
///     ..column_def("name", <String as ColumnType>::SQL_TYPE, <String as ColumnType>::NULLABLE)
/// }
/// ```
fn column(column: &Column, is_generated: bool) -> TokenStream {
    let (field, ty, column_type) = (column.field.name(), &column.field.ty, column_type(&column.field));
    let mut set: Vec<TokenStream> = Vec::new();
    if let Some(name) = &column.name {
        set.push(quote!(name: #name));
    }
    if let Some(At { value, .. }) = &column.length {
        set.push(quote!(length: ::core::option::Option::Some(#value)));
    }
    if let Some(At { value: (precision, scale), .. }) = &column.precision {
        set.push(quote!(precision: ::core::option::Option::Some((#precision, #scale))));
    }
    if is_generated {
        set.push(quote!(generated: true));
    }
    if let Some(At { value, .. }) = &column.server_default {
        set.push(quote!(server_default: ::core::option::Option::Some(#value)));
        // A field that has a default of its own always holds a value that was meant.
        if column.default.is_none() {
            set.push(quote!(is_unset: ::core::option::Option::Some(::retro_core::private::is_unset::<#ty>)));
        }
    }
    if let Some(At { value, .. }) = &column.on_update {
        let value = converted(column, value);
        set.push(quote!(on_update: ::core::option::Option::Some({
            fn value() -> ::retro_core::value::Value<'static> {
                let value: #ty = #value;
                #column_type::to_value(&value).into_owned()
            }
            value
        })));
    }
    if column.sensitive {
        set.push(quote!(sensitive: true));
    }
    if let Some(comment) = &column.comment {
        set.push(quote!(comment: ::core::option::Option::Some(#comment)));
    }
    quote! {
        ::retro_core::model::ColumnDef {
            #(#set,)*
            ..::retro_core::private::column_def(
                #field,
                #column_type::SQL_TYPE,
                #column_type::NULLABLE,
            )
        }
    }
}

/// The foreign keys of fields, then those of the struct.
fn foreign_keys(model: &Model) -> Vec<TokenStream> {
    let of_fields = model.columns.iter().enumerate().filter_map(|(i, column)| {
        let key = column.foreign_key.as_ref()?;
        let index = column.index.as_ref().is_none_or(|index| index.value);
        Some(foreign_key(&[i], std::slice::from_ref(&key.references), &key.on_delete, &key.on_update, index))
    });
    let of_struct = model.foreign_keys.iter().map(|key| composite_foreign_key(model, key));
    of_fields.chain(of_struct).collect()
}

fn composite_foreign_key(model: &Model, key: &CompositeForeignKey) -> TokenStream {
    let columns: Vec<usize> = key.columns.value.iter().filter_map(|field| model.position(field)).collect();
    foreign_key(&columns, &key.references, &key.on_delete, &key.on_update, key.index)
}

fn foreign_key(
    columns: &[usize],
    references: &[Path],
    on_delete: &Option<At<ForeignKeyAction>>,
    on_update: &Option<At<ForeignKeyAction>>,
    index: bool,
) -> TokenStream {
    let columns = places(columns.iter().copied());
    let target = &references[0];
    let (on_delete, on_update) = (action(on_delete), action(on_update));
    quote! {
        ::retro_core::model::ForeignKeyDef {
            columns: &[#(#columns),*],
            target: ::retro_core::private::definition_of(#target),
            references: &[#(#references.index()),*],
            on_delete: #on_delete,
            on_update: #on_update,
            index: #index,
        }
    }
}

fn action(action: &Option<At<ForeignKeyAction>>) -> TokenStream {
    let action = action.as_ref().map_or(ForeignKeyAction::NoAction, |action| action.value);
    let action = variant(action);
    quote!(::retro_core::model::ForeignKeyAction::#action)
}

/// `index` and `unique` together on a field are one unique index, as in SQLAlchemy.
fn indexes(model: &Model) -> Vec<TokenStream> {
    let asked = |column: &Column| column.index.as_ref().is_some_and(|index| index.value);
    let of_fields = model.columns.iter().enumerate().filter(|(_, column)| asked(column)).map(|(i, column)| {
        let (place, unique) = (place(i), column.unique);
        quote! {
            ::retro_core::model::IndexDef {
                name: ::core::option::Option::None,
                columns: &[#place],
                unique: #unique,
                filter: ::core::option::Option::None,
            }
        }
    });
    let of_struct = model.indexes.iter().map(|index| {
        let (columns, unique) = (index_columns(model, index), index.unique);
        let (name, filter) = (option(index.name.as_ref()), option(index.filter.as_ref()));
        quote!(::retro_core::model::IndexDef { name: #name, columns: #columns, unique: #unique, filter: #filter })
    });
    of_fields.chain(of_struct).collect()
}

fn uniques(model: &Model) -> Vec<TokenStream> {
    let alone = |column: &Column| column.unique && !column.index.as_ref().is_some_and(|index| index.value);
    let of_fields = model.columns.iter().enumerate().filter(|(_, column)| alone(column)).map(|(i, _)| {
        let place = place(i);
        quote!(::retro_core::model::UniqueDef { name: ::core::option::Option::None, columns: &[#place] })
    });
    let of_struct = model.uniques.iter().map(|unique| {
        let (name, columns) = (option(unique.name.as_ref()), index_columns(model, unique));
        quote!(::retro_core::model::UniqueDef { name: #name, columns: #columns })
    });
    of_fields.chain(of_struct).collect()
}

fn index_columns(model: &Model, index: &Index) -> TokenStream {
    let columns = places(index.columns.value.iter().filter_map(|field| model.position(field)));
    quote!(&[#(#columns),*])
}
