//! Which rules a struct breaks; how the messages look is tested with rustc, in `tests/ui`.

use syn::{DeriveInput, parse_quote};

use crate::ctxt::Ctxt;

fn mistakes(input: DeriveInput) -> Vec<String> {
    let cx = Ctxt::default();
    if let Some(model) = crate::parse::model(&cx, &input) {
        super::model(&cx, &model);
    }
    cx.messages()
}

#[track_caller]
fn assert_only(input: DeriveInput, part: &str) {
    let mistakes = mistakes(input);
    assert!(mistakes.len() == 1 && mistakes[0].contains(part), "{mistakes:#?}");
}

#[test]
fn a_struct_without_mistakes_has_none() {
    let mistakes = mistakes(parse_quote! {
        #[retro(table = "products", index(name, year), check(late, "year > 1970"))]
        struct Product {
            #[retro(primary_key)]
            id: i32,
            #[retro(length = 64, index, unique)]
            name: String,
            year: i32,
            #[retro(foreign_key = Manufacturer::id, on_delete = "set null", index = false)]
            manufacturer_id: Option<i32>,
            #[retro(back_populates = products)]
            manufacturer: BelongsTo<Option<Manufacturer>>,
            #[retro(secondary = "products_tags", cascade = "all, delete-orphan", single_parent)]
            tags: ManyToMany<Tag>,
            #[retro(skip)]
            cache: std::cell::Cell<u8>,
        }
    });
    assert_eq!(mistakes, [""; 0]);
}

#[test]
fn all_mistakes_are_found_together() {
    let mistakes = mistakes(parse_quote! {
        #[retro(index(nam))]
        struct Product {
            id: u32,
            #[retro(lenght = 64)]
            name: String,
            maker: BelongsTo<Maker>,
            tags: ManyToMany<Tag>,
        }
    });
    for part in ["its table", "`nam`", "i64", "lenght", "maker_id", "association table", "primary key"] {
        assert!(mistakes.iter().any(|mistake| mistake.contains(part)), "{part}: {mistakes:#?}");
    }
    assert_eq!(mistakes.len(), 7);
}

#[test]
fn what_could_not_be_read_is_not_missed() {
    assert_only(
        parse_quote! {
            #[retro(table = "products")]
            struct Product {
                #[retro(primary_key length)]
                id: i32,
            }
        },
        "expected `,`",
    );
}

#[test]
fn a_key_has_at_most_five_columns() {
    assert_only(
        parse_quote! {
            #[retro(table = "products")]
            struct Product {
                #[retro(primary_key)] a: i32,
                #[retro(primary_key)] b: i32,
                #[retro(primary_key)] c: i32,
                #[retro(primary_key)] d: i32,
                #[retro(primary_key)] e: i32,
                #[retro(primary_key)] f: i32,
            }
        },
        "at most 5",
    );
}

#[test]
fn a_skipped_field_is_no_column() {
    assert_only(
        parse_quote! {
            #[retro(table = "products")]
            struct Product {
                #[retro(primary_key)]
                id: i32,
                #[retro(skip, length = 4)]
                cache: u8,
            }
        },
        "a skipped field is no column",
    );
}

#[test]
fn a_composite_key_is_not_generated() {
    let cx = Ctxt::default();
    let model = crate::parse::model(
        &cx,
        &parse_quote! {
            #[retro(table = "items")]
            struct Item {
                #[retro(primary_key)]
                order_id: i32,
                #[retro(primary_key)]
                line: i32,
            }
        },
    );
    let model = model.expect("a model");
    assert!(!model.is_generated(0) && !model.is_generated(1));
}

#[test]
fn a_key_that_is_a_foreign_key_is_not_generated() {
    let input: DeriveInput = parse_quote! {
        #[retro(table = "offices")]
        struct Office {
            #[retro(primary_key, foreign_key = Company::id)]
            company_id: i32,
            company: BelongsTo<Company>,
        }
    };
    let cx = Ctxt::default();
    let model = crate::parse::model(&cx, &input).expect("a model");
    assert!(!model.is_generated(0));
    assert_eq!(mistakes(input), [""; 0]);
}

#[test]
fn a_model_has_64_relationships_at_most() {
    let model = |relationships: usize| {
        let fields =
            (0..relationships).map(|n| format!("#[retro(secondary = \"links_{n}\")] many_{n}: ManyToMany<Tag>"));
        let fields: Vec<String> = fields.collect();
        syn::parse_str(&format!(
            "#[retro(table = \"items\")] struct Item {{ #[retro(primary_key)] id: i32, {} }}",
            fields.join(", ")
        ))
    };
    assert_eq!(mistakes(model(64).unwrap()), [""; 0]);
    assert_only(model(65).unwrap(), "`Item` has 65 relationships, and a model can have 64 at most");
}
