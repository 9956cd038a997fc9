//! `enum Status { New, Shipped }`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{DataEnum, DeriveInput, Fields, LitStr, Variant};

use super::rename::Case;
use crate::attr::Attrs;
use crate::ctxt::Ctxt;

/// A variant and the text that stands for it.
struct Name<'i> {
    ident: &'i Ident,
    text: String,
}

pub(super) fn expand(cx: &Ctxt, input: &DeriveInput, data: &DataEnum) -> Option<TokenStream> {
    let case = case(cx, input);
    if data.variants.is_empty() {
        cx.error(&input.ident, "an enum without variants has no values to store");
        return None;
    }
    let names: Vec<Name<'_>> = data.variants.iter().map(|variant| name(cx, &input.ident, variant, case)).collect();
    for (i, name) in names.iter().enumerate() {
        // Not every database tells upper from lower case in a comparison.
        if let Some(first) = names[..i].iter().find(|first| first.text.eq_ignore_ascii_case(&name.text)) {
            cx.error(name.ident, format!("`{}` is the text of `{}` already", name.text, first.ident));
        }
    }
    Some(implementation(&input.ident, &names))
}

fn case(cx: &Ctxt, input: &DeriveInput) -> Option<Case> {
    let mut attrs = Attrs::read(cx, &input.attrs, &input.ident);
    let case = attrs.text("rename_all").and_then(|rename| {
        let case = Case::of(&rename.value.value());
        if case.is_none() {
            let cases = crate::words::list(&Case::ALL.map(|(name, _)| name));
            cx.error(&rename.value, format!("unknown case; `rename_all` takes {cases}"));
        }
        case
    });
    attrs.finish_of("an enum", &["rename_all"]);
    case
}

fn name<'i>(cx: &Ctxt, own: &Ident, variant: &'i Variant, case: Option<Case>) -> Name<'i> {
    if !matches!(variant.fields, Fields::Unit) {
        let message = "a variant with fields is no single value; for such an enum write `Json<..>` in the model";
        cx.error(variant, message);
    }
    let mut attrs = Attrs::read(cx, &variant.attrs, own);
    let renamed = attrs.text("rename").map(|rename| LitStr::value(&rename.value));
    attrs.finish_of("a variant", &["rename"]);
    let ident = &variant.ident;
    let text = renamed.unwrap_or_else(|| {
        let name = ident.unraw().to_string();
        case.map_or_else(|| name.clone(), |case| case.apply(&name))
    });
    Name { ident, text }
}

/// Expands to:
///
/// ```text
/// impl ColumnType for Status {
///     const SQL_TYPE: SqlType = SqlType::Enum(&EnumType { name: "status", variants: &["New", "Shipped"] });
///     type Base = Status;
///     type View<'a> = &'a Status;
///     fn to_value(&self) -> Value<'_> {
///         enum_value(match self { Status::New => "New", Status::Shipped => "Shipped" })
///     }
///     fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
///         let text = enum_text(value, Self::SQL_TYPE)?;
///         match &*text { "New" => Ok(Status::New), .., _ => Err(unknown_variant(Self::SQL_TYPE)) }
///     }
///     ..
/// }
/// ```
fn implementation(ident: &Ident, names: &[Name<'_>]) -> TokenStream {
    let type_name = Case::SNAKE.apply(&ident.unraw().to_string());
    let texts: Vec<&String> = names.iter().map(|name| &name.text).collect();
    let variants: Vec<&Ident> = names.iter().map(|name| name.ident).collect();
    quote! {
        #[automatically_derived]
        impl ::retro_core::value::ColumnType for #ident {
            const SQL_TYPE: ::retro_core::value::SqlType =
                ::retro_core::value::SqlType::Enum(&::retro_core::value::EnumType {
                    name: #type_name,
                    variants: &[#(#texts),*],
                });
            type Base = #ident;
            type View<'a> = &'a #ident;

            fn to_value(&self) -> ::retro_core::value::Value<'_> {
                ::retro_core::private::enum_value(match self {
                    #(#ident::#variants => #texts,)*
                })
            }

            fn from_value(
                value: ::retro_core::value::Value<'_>,
            ) -> ::core::result::Result<Self, ::retro_core::value::ValueError> {
                let text = ::retro_core::private::enum_text(value, Self::SQL_TYPE)?;
                match &*text {
                    #(#texts => ::core::result::Result::Ok(#ident::#variants),)*
                    _ => ::core::result::Result::Err(::retro_core::private::unknown_variant(Self::SQL_TYPE)),
                }
            }

            fn view(&self) -> &#ident {
                self
            }
        }
    }
}
