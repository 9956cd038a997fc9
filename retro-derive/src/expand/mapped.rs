//! `Mapped`: what the untyped core asks of a struct.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::{column_type, definition, option, place, variant};
use crate::ast::Model;

/// Expands to:
///
/// ```text
/// impl Mapped for Product {
///     const SIDES: &'static [Side] = &[Side { kind: RelationshipKind::BelongsTo, back_populates: Some("products") }];
///     fn definition() -> &'static ModelDef { .. }
///     fn mapper() -> &'static Mapper { .. }
///     fn value(&self, column: u16) -> Value<'_> {
///         match column {
///             0u16 => <i32 as ColumnType>::to_value(&self.id),
///             _ => Value::Null,
///         }
///     }
///     ..
/// }
/// ```
pub(super) fn expand(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let sides = sides(model);
    let definition = definition::expand(model);
    let (columns, relationships) = (columns(model), relationships(model));
    quote! {
        #[automatically_derived]
        impl ::retro_core::private::Mapped for #ident {
            #sides

            fn definition() -> &'static ::retro_core::model::ModelDef {
                static DEFINITION: ::retro_core::model::ModelDef = #definition;
                &DEFINITION
            }

            fn mapper() -> &'static ::retro_core::private::Mapper {
                static MAPPER: ::retro_core::private::MapperCell = ::retro_core::private::MapperCell::new();
                MAPPER.get::<#ident>()
            }

            #columns
            #relationships
        }
    }
}

/// What the other sides of the relationships check at compile time.
pub(super) fn sides(model: &Model) -> TokenStream {
    let sides = model.relationships.iter().map(|relationship| {
        let kind = variant(relationship.kind);
        let back = relationship.back_populates.as_ref().and_then(|path| path.segments.last());
        let back = option(back.map(|segment| syn::ext::IdentExt::unraw(&segment.ident).to_string()));
        quote! {
            ::retro_core::private::Side {
                kind: ::retro_core::model::RelationshipKind::#kind,
                back_populates: #back,
            }
        }
    });
    quote!(const SIDES: &'static [::retro_core::private::Side] = &[#(#sides),*];)
}

fn columns(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let places: Vec<u16> = (0..model.columns.len()).map(place).collect();
    let fields: Vec<_> = model.columns.iter().map(|column| &column.field.ident).collect();
    let types: Vec<_> = model.columns.iter().map(|column| column_type(&column.field)).collect();
    let others = model.relationships.iter().map(|relationship| &relationship.field.ident).chain(&model.skipped);
    quote! {
        fn value(&self, column: u16) -> ::retro_core::value::Value<'_> {
            match column {
                #(#places => #types::to_value(&self.#fields),)*
                _ => ::retro_core::value::Value::Null,
            }
        }

        fn set_value(
            &mut self,
            column: u16,
            value: ::retro_core::value::Value<'_>,
        ) -> ::core::result::Result<(), ::retro_core::value::ValueError> {
            match column {
                #(#places => self.#fields = #types::from_value(value)?,)*
                _ => {}
            }
            ::core::result::Result::Ok(())
        }

        fn read(
            row: &mut ::retro_core::private::RowReader<'_>,
        ) -> ::core::result::Result<Self, ::retro_core::Error> {
            ::core::result::Result::Ok(#ident {
                #(#fields: row.read_as(
                    #types::SQL_TYPE,
                    #types::from_value,
                )?,)*
                #(#others: ::core::default::Default::default(),)*
            })
        }
    }
}

fn relationships(model: &Model) -> TokenStream {
    let places: Vec<u16> = (0..model.relationships.len()).map(place).collect();
    let fields: Vec<_> = model.relationships.iter().map(|relationship| &relationship.field.ident).collect();
    if fields.is_empty() {
        return quote! {
            fn has_assigned(&self) -> bool {
                false
            }

            fn take_assigned(&mut self, _: u16) -> ::retro_core::private::Assigned {
                ::retro_core::private::Assigned::untouched()
            }
        };
    }
    let take = model.relationships.iter().map(|relationship| {
        let field = &relationship.field.ident;
        quote_spanned!(relationship.target.span()=> self.#field.take())
    });
    quote! {
        fn has_assigned(&self) -> bool {
            #(self.#fields.is_assigned())||*
        }

        fn take_assigned(&mut self, relationship: u16) -> ::retro_core::private::Assigned {
            match relationship {
                #(#places => #take,)*
                _ => ::retro_core::private::Assigned::untouched(),
            }
        }
    }
}
