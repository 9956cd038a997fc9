//! `#[derive(FromRow)]`: a struct that the rows of a query are read into, field by field.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, FieldsNamed, LitStr, Type};

use crate::attr::Attrs;
use crate::ctxt::Ctxt;

/// The most fields that a row has: so many can be selected.
const MOST_FIELDS: usize = 12;

struct Field<'i> {
    ident: &'i Ident,
    ty: &'i Type,
    /// The name of the column.
    name: String,
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let cx = Ctxt::default();
    let fields = fields(&cx, input);
    let code = match &fields {
        Some(fields) => implementation(&input.ident, fields),
        None => stub(input),
    };
    let errors = cx.into_compile_errors();
    quote!(#errors #code)
}

/// Reads and checks the fields. `None` if there are none that could be read.
fn fields<'i>(cx: &Ctxt, input: &'i DeriveInput) -> Option<Vec<Field<'i>>> {
    let named = named_fields(cx, input)?;
    Attrs::read(cx, &input.attrs, &input.ident).finish_of("a struct for rows", &[]);
    if named.named.is_empty() {
        cx.error(&input.ident, "a row has a value for each field, and this struct has none");
    }
    if let Some(field) = named.named.iter().nth(MOST_FIELDS) {
        let message = format!(
            "a row has at most {MOST_FIELDS} values: select a model, which is one of them, or make the struct with `map`"
        );
        cx.error(field, message);
    }
    let mut fields: Vec<Field<'_>> = Vec::new();
    for field in &named.named {
        let Some(ident) = &field.ident else { continue };
        let mut attrs = Attrs::read(cx, &field.attrs, &input.ident);
        let column = attrs.text("column").map(|column| column.value);
        attrs.finish_of("a field of a row", &["column"]);
        let name = column.as_ref().map_or_else(|| ident.unraw().to_string(), LitStr::value);
        if let Some(first) = fields.iter().find(|first| first.name == name) {
            cx.error(ident, format!("`{}` is read from the column `{name}` already", first.ident));
        }
        fields.push(Field { ident, ty: &field.ty, name });
    }
    Some(fields)
}

fn named_fields<'i>(cx: &Ctxt, input: &'i DeriveInput) -> Option<&'i FieldsNamed> {
    if !input.generics.params.is_empty() {
        let message = "a struct for rows cannot be generic: its fields own values of known types";
        cx.error(&input.generics, message);
        return None;
    }
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return Some(fields),
            Fields::Unnamed(_) => {
                let message = "a row is read into a struct with named fields; without names it is a tuple already";
                cx.error(&input.ident, message);
            }
            Fields::Unit => cx.error(&input.ident, "a row has a value for each field, and this struct has none"),
        },
        Data::Enum(_) => {
            let message = "a row is read into a struct; an enum can be one of its fields: derive `ColumnType` for it";
            cx.error(&input.ident, message);
        }
        Data::Union(_) => cx.error(&input.ident, "a row is read into a struct with named fields"),
    }
    None
}

/// Expands to:
///
/// ```text
/// impl FromRow for Year {
///     type Row = (i32, i64);
///     const FIELDS: &'static [&'static str] = &["year", "products"];
///     fn from_row((year, products): (i32, i64)) -> Self {
///         Year { year, products }
///     }
/// }
/// ```
fn implementation(ident: &Ident, fields: &[Field<'_>]) -> TokenStream {
    let names = fields.iter().map(|field| &field.name);
    let (idents, types): (Vec<_>, Vec<_>) = fields.iter().map(|field| (field.ident, field.ty)).unzip();
    // One value is selected alone, and not as a tuple of one. At the struct's name, which is where rustc
    // says that a query selects something else.
    let (row, values) = match (types.as_slice(), idents.as_slice()) {
        ([ty], [ident]) => (quote!(#ty), quote!(#ident)),
        (types, idents) => (quote_spanned!(ident.span()=> (#(#types),*)), quote!((#(#idents),*))),
    };
    quote! {
        #[automatically_derived]
        impl ::retro_core::query::FromRow for #ident {
            type Row = #row;
            const FIELDS: &'static [&'static str] = &[#(#names),*];

            fn from_row(#values: Self::Row) -> Self {
                #ident { #(#idents),* }
            }
        }
    }
}

/// An implementation that never runs, so that queries which read the struct add no errors.
fn stub(input: &DeriveInput) -> TokenStream {
    // A generic type would need the bounds that it was refused for.
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let ident = &input.ident;
    quote! {
        #[automatically_derived]
        impl ::retro_core::query::FromRow for #ident {
            type Row = ();
            const FIELDS: &'static [&'static str] = &[];

            fn from_row((): ()) -> Self {
                ::core::unreachable!()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use syn::{DeriveInput, parse_quote};

    use super::fields;
    use crate::ctxt::Ctxt;

    /// The names of the columns, and the mistakes.
    fn read(input: &DeriveInput) -> (Vec<String>, Vec<String>) {
        let cx = Ctxt::default();
        let names = fields(&cx, input).into_iter().flatten().map(|field| field.name).collect();
        (names, cx.messages())
    }

    #[test]
    fn fields_are_columns() {
        let (names, mistakes) = read(&parse_quote! {
            struct Row { year: i32, r#type: String, #[retro(column = "count(*)")] products: i64 }
        });
        assert_eq!(names, ["year", "type", "count(*)"]);
        assert_eq!(mistakes, [""; 0]);
    }

    #[test]
    fn all_mistakes_are_found_together() {
        let (_, mistakes) = read(&parse_quote! {
            #[retro(table = "rows")]
            struct Row { year: i32, #[retro(column = "year")] other: i32, #[retro(colum = "x")] x: i32 }
        });
        assert_eq!(mistakes.len(), 3, "{mistakes:#?}");
        assert!(mistakes[0].contains("takes no attributes, not `table`"));
        assert!(mistakes[1].contains("`year` is read from the column `year` already"));
        assert!(mistakes[2].contains("did you mean `column`?"));
    }

    #[test]
    fn twelve_fields_are_the_most() {
        let names = (0..12).map(|n| quote::format_ident!("f{n}"));
        let (names, more) = (names.clone(), names);
        assert_eq!(read(&parse_quote! { struct Row { #(#names: i32),* } }).1, [""; 0]);
        assert_eq!(read(&parse_quote! { struct Row { #(#more: i32,)* last: i32 } }).1.len(), 1);
    }
}
