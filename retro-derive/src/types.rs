//! What can be told from a field's type as it is written. A macro sees names, not types: an alias
//! or a newtype is unknown here, and rustc checks it by what `ColumnType` says of it.

use syn::{GenericArgument, Path, PathArguments, Type};

/// The kinds of column types that attributes ask about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    Integer,
    Text,
    Bytes,
    Decimal,
    /// Known, and none of the above.
    Other,
}

impl ColumnKind {
    /// The kind of a type, or of what its `Option` holds.
    pub(crate) fn of(ty: &Type) -> Option<Self> {
        let ty = option_of(ty).unwrap_or(ty);
        if argument(ty, "Vec").is_some_and(|item| is(item, "u8")) {
            return Some(ColumnKind::Bytes);
        }
        Some(match last_name(ty)?.as_str() {
            "i16" | "i32" | "i64" => ColumnKind::Integer,
            "String" => ColumnKind::Text,
            "Decimal" => ColumnKind::Decimal,
            "bool" | "f32" | "f64" | "NaiveDate" | "NaiveTime" | "NaiveDateTime" | "DateTime" | "OffsetDateTime"
            | "PrimitiveDateTime" | "Uuid" | "Json" => ColumnKind::Other,
            _ => return None,
        })
    }
}

/// A type that is never a column, with what to write instead.
pub(crate) fn remedy(ty: &Type) -> Option<&'static str> {
    let ty = option_of(ty).unwrap_or(ty);
    if let Some(item) = argument(ty, "Vec")
        && !is(item, "u8")
    {
        return Some("write `Json<Vec<..>>` for a JSON column, or `HasMany<..>` for rows of another table");
    }
    if option_of(ty).is_some() {
        return Some("a column is NULL or not: one `Option` is enough");
    }
    match ty {
        Type::Reference(_) => return Some("a model owns its values: write `String` for text, `Vec<u8>` for bytes"),
        Type::Tuple(_) | Type::Array(_) => return Some("write `Json<..>` for a JSON column"),
        _ => {}
    }
    Some(match last_name(ty)?.as_str() {
        "u8" | "i8" => "write `i16`",
        "u16" => "write `i32`: the databases have no unsigned integers",
        "u32" | "usize" | "isize" => "write `i64`: the databases have no unsigned integers",
        "u64" | "u128" | "i128" => "write `i64`, or `Decimal` where it may be larger",
        "str" => "write `String`",
        "char" => "write `String` with `length = 1`",
        "HashMap" | "BTreeMap" | "HashSet" | "BTreeSet" => "write `Json<..>` for a JSON column",
        _ => return None,
    })
}

/// The `T` of an `Option<T>`.
pub(crate) fn option_of(ty: &Type) -> Option<&Type> {
    argument(ty, "Option")
}

/// The name of a type, without its path and arguments.
pub(crate) fn last_name(ty: &Type) -> Option<String> {
    path_of(ty)?.segments.last().map(|segment| segment.ident.to_string())
}

/// The first argument of a generic type of the given name.
pub(crate) fn argument<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let segment = path_of(ty)?.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(ty) if segment.ident == name => Some(ty),
        _ => None,
    }
}

fn is(ty: &Type, name: &str) -> bool {
    path_of(ty).is_some_and(|path| path.is_ident(name))
}

/// The path that names a type.
pub(crate) fn path_of(ty: &Type) -> Option<&Path> {
    match ty {
        Type::Path(path) if path.qself.is_none() => Some(&path.path),
        // Types that a `macro_rules!` passed on come in an invisible group.
        Type::Group(group) => path_of(&group.elem),
        Type::Paren(paren) => path_of(&paren.elem),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn kinds_are_seen_through_option_and_paths() {
        assert_eq!(ColumnKind::of(&parse_quote!(i32)), Some(ColumnKind::Integer));
        assert_eq!(ColumnKind::of(&parse_quote!(Option<std::string::String>)), Some(ColumnKind::Text));
        assert_eq!(ColumnKind::of(&parse_quote!(Vec<u8>)), Some(ColumnKind::Bytes));
        assert_eq!(ColumnKind::of(&parse_quote!(chrono::DateTime<Utc>)), Some(ColumnKind::Other));
        assert_eq!(ColumnKind::of(&parse_quote!(Sku)), None);
    }

    #[test]
    fn types_that_are_no_columns_have_a_remedy() {
        assert!(remedy(&parse_quote!(u32)).unwrap().contains("i64"));
        assert!(remedy(&parse_quote!(Vec<String>)).unwrap().contains("Json"));
        assert!(remedy(&parse_quote!(&'static str)).unwrap().contains("String"));
        assert_eq!(remedy(&parse_quote!(Vec<u8>)), None);
        assert_eq!(remedy(&parse_quote!(Sku)), None);
    }
}
