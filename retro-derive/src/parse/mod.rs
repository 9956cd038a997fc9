//! From the tokens of a struct to the [`Model`] that they say. Each mistake is reported where it
//! is and left out; what can be read is read.

mod column;
mod relationship;
mod table;

use proc_macro2::Ident;
use syn::{Attribute, Data, DeriveInput, Fields, FieldsNamed};

use crate::ast::{Field, Model, RelationshipKind};
use crate::attr::{Attrs, without_self};
use crate::ctxt::Ctxt;
use crate::types::{argument, last_name};
use crate::words::Place;

/// Reads a struct. `None` if it is nothing that could be a model.
pub(crate) fn model(cx: &Ctxt, input: &DeriveInput) -> Option<Model> {
    let fields = named_fields(cx, input)?;
    let mut attrs = Attrs::read(cx, &input.attrs, &input.ident);
    let mut model = table::read(input, &mut attrs);
    attrs.finish(Place::Struct);
    for field in &fields.named {
        if let Some(ident) = &field.ident {
            read_field(cx, &mut model, field, ident);
        }
    }
    Some(model)
}

fn named_fields<'i>(cx: &Ctxt, input: &'i DeriveInput) -> Option<&'i FieldsNamed> {
    if !input.generics.params.is_empty() {
        let message = "a model cannot be generic: it is one table with columns of known types";
        cx.error(&input.generics, message);
        return None;
    }
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Some(fields),
            _ => {
                cx.error(&input.ident, "a model is a struct with named fields, one for each column");
                None
            }
        },
        Data::Enum(_) => {
            let message = "a model is a struct with named fields; an enum can be a column: derive `ColumnType` for it";
            cx.error(&input.ident, message);
            None
        }
        Data::Union(_) => {
            cx.error(&input.ident, "a model is a struct with named fields");
            None
        }
    }
}

fn read_field(cx: &Ctxt, model: &mut Model, field: &syn::Field, ident: &Ident) {
    let mut attrs = Attrs::read(cx, &field.attrs, &model.ident);
    model.is_broken |= attrs.is_broken;
    let field = Field {
        ident: ident.clone(),
        vis: field.vis.clone(),
        // The type is repeated in constants, where `Self` has no meaning.
        ty: syn::parse2(without_self(&field.ty, &model.ident)).unwrap_or_else(|_| field.ty.clone()),
        docs: docs(&field.attrs),
    };
    match relationship_kind(&field) {
        Some(kind) => {
            let relationship = relationship::read(&mut attrs, field, kind);
            model.relationships.extend(relationship);
            attrs.finish(Place::Relationship);
        }
        None if attrs.flag("skip").is_some() => {
            model.skipped.push(field.ident);
            attrs.finish_skipped();
        }
        None => {
            let column = column::read(&mut attrs, field);
            model.columns.push(column);
            attrs.finish(Place::Column);
        }
    }
}

fn relationship_kind(field: &Field) -> Option<RelationshipKind> {
    let name = last_name(&field.ty)?;
    argument(&field.ty, &name).and_then(|_| RelationshipKind::of(&name))
}

fn docs(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect()
}
