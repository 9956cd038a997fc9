//! What verification finds, and how it says so.

use super::models::{
    Country, ID, Manufacturer, Product, base, circle, column, index, metadata_of, model, refer, relationship,
    secondary, shop, text,
};
use crate::dialect::Dialect;
use crate::mapping::{Mapper, MapperCell};
use crate::model::{
    Assigned, CheckDef, ColumnDef, ForeignKeyAction, ForeignKeyDef, IndexDef, Mapped, ModelDef, RelationshipDef,
    RelationshipKind, UniqueDef,
};
use crate::private::RowReader;
use crate::schema::MetaData;
use crate::value::{Value, ValueError};

fn complaint(metadata: MetaData) -> String {
    metadata.verify().unwrap_err().to_string()
}

#[test]
fn sound_mappings_pass() {
    shop().verify().unwrap();
    circle().verify().unwrap();
    shop().ddl(Dialect::MySql).unwrap();
}

#[test]
fn what_a_model_refers_to_must_be_there() {
    assert_eq!(
        complaint(metadata_of![Product, Country]),
        "the mapping has 2 problems:\n  \
         Product::manufacturer_id: it refers to Manufacturer, which is not in the metadata; add it\n  \
         Product::manufacturer: it leads to Manufacturer, which is not in the metadata; add it"
    );
}

model! { Keyless, columns: &[column::<i32>("id")], primary_key: &[] }
model! { Nullable, columns: &[column::<Option<i32>>("id")] }
model! { Typo, columns: &[ColumnDef { generated: true, ..column::<String>("id") }] }
model! { Twice, columns: &[ID, column::<i32>("a"), ColumnDef { name: "A", ..column::<i32>("b") }] }
model! { Versioned, columns: &[ID, column::<f64>("version")], version: Some(1) }
model! { Usurper, table: "Products", columns: &[ID] }

#[test]
fn keys_columns_and_versions_are_checked() {
    assert_eq!(
        complaint(metadata_of![Keyless]),
        "Keyless: it has no primary key; give a field `#[retro(primary_key)]`"
    );
    assert_eq!(
        complaint(metadata_of![Nullable]),
        "Nullable::id: a primary key cannot be NULL: its type cannot be an `Option`"
    );
    assert_eq!(complaint(metadata_of![Typo]), "Typo::id: a text cannot be generated, only an integer can");
    assert_eq!(
        complaint(metadata_of![Twice]),
        "Twice::b: its column `A` is the column of `a` already; give it `column = \"..\"`"
    );
    assert_eq!(
        complaint(metadata_of![Versioned]),
        "Versioned::version: a version counts, so it is an integer and not a 64-bit float"
    );
    assert_eq!(
        complaint(metadata_of![Product, Country, Manufacturer, Usurper]),
        "Usurper: its table `Products` is the table of Product already"
    );
}

model! { Wrong,
    columns: &[ID, column::<i64>("product_id"), column::<i32>("year"), column::<i32>("maker_id")],
    foreign_keys: &[
        refer(&[1], Product::definition),
        ForeignKeyDef { references: &[3], ..refer(&[2], Product::definition) },
        ForeignKeyDef { on_delete: ForeignKeyAction::SetNull, ..refer(&[3], Manufacturer::definition) },
    ]
}

#[test]
fn foreign_keys_are_checked() {
    assert_eq!(
        complaint(metadata_of![Product, Country, Manufacturer, Wrong]),
        "the mapping has 3 problems:\n  \
         Wrong::product_id: it is a 64-bit integer and refers to Product::id, a 32-bit integer; they must have the same type\n  \
         Wrong::year: it refers to Product::year, which neither is the primary key nor unique; make it `unique`\n  \
         Wrong::maker_id: `on_delete = \"set null\"` needs `maker_id` to be an `Option`"
    );
}

model! { Crowded,
    columns: &[ID, column::<i32>("a"), column::<i32>("b")],
    uniques: &[UniqueDef { name: Some("countries"), columns: &[1] }],
    indexes: &[index(&[1, 2]), IndexDef { name: Some("ix_crowded_a_b"), ..index(&[2]) }],
    checks: &[CheckDef { name: "positive", condition: "a > 0" }, CheckDef { name: "positive", condition: "b > 0" }]
}

#[test]
fn names_are_unique_in_the_schema() {
    let complaint = complaint(metadata_of![Product, Country, Manufacturer, Crowded]);
    assert_eq!(
        complaint,
        "the mapping has 3 problems:\n  \
         Crowded::a: a unique constraint of `Crowded` is called `countries`, as is the table `countries`; give one a `name`\n  \
         Crowded::b: an index of `Crowded` is called `ix_crowded_a_b`, as is another one of the table `Crowded`; give one a `name`\n  \
         Crowded: a check constraint of `Crowded` is called `ck_Crowded_positive`, as is another one of the table `Crowded`; give one a `name`"
    );
}

model! { Left,
    columns: &[ID],
    relationships: &[RelationshipDef {
        secondary: secondary("left_rights"),
        back_populates: Some(0),
        ..relationship("rights", RelationshipKind::ManyToMany, Right::definition)
    }]
}
model! { Right,
    columns: &[ID],
    relationships: &[RelationshipDef {
        secondary: secondary("rights_left"),
        back_populates: Some(0),
        ..relationship("lefts", RelationshipKind::ManyToMany, Left::definition)
    }]
}
model! { Thief,
    columns: &[ID],
    relationships: &[
        RelationshipDef {
            secondary: secondary("products_countries"),
            ..relationship("countries", RelationshipKind::ManyToMany, Country::definition)
        },
        RelationshipDef {
            secondary: secondary("manufacturers"),
            ..relationship("products", RelationshipKind::ManyToMany, Product::definition)
        },
    ]
}

#[test]
fn association_tables_are_agreed_upon() {
    assert_eq!(
        complaint(metadata_of![Left, Right]),
        "Left::rights: its other side Right::lefts uses `rights_left` (left_id; right_id) and it uses \
         `left_rights` (left_id; right_id); both must use the same"
    );
    assert_eq!(
        complaint(metadata_of![Product, Country, Manufacturer, Thief]),
        "the mapping has 2 problems:\n  \
         Thief::countries: it needs the columns (thief_id -> Thief; country_id -> countries) of `products_countries`, \
         for which another relationship says (product_id -> products; country_id -> countries)\n  \
         Thief::products: `manufacturers` is the table of Manufacturer; write `secondary = Manufacturer`"
    );
}

model! { Broad,
    columns: &[column::<String>("id"), text("name", 10), column::<String>("free")],
    indexes: &[index(&[1]), IndexDef { unique: true, filter: Some("name <> ''"), ..index(&[1]) }]
}

#[test]
fn a_database_may_ask_for_more() {
    metadata_of![Broad].verify().unwrap_err(); // both indexes have one name
    let complaint = metadata_of![Narrow].ddl(Dialect::MySql).unwrap_err().to_string();
    assert_eq!(
        complaint,
        "the mapping has 2 problems:\n  \
         Narrow::id: MySQL takes a text or bytes column in a key or an index only with a `length = ..`\n  \
         Narrow::name: MySQL has no partial indexes, so it cannot have this unique one"
    );
    metadata_of![Narrow].ddl(Dialect::Sqlite).unwrap();
    let complaint = metadata_of![Long].ddl(Dialect::Postgres).unwrap_err().to_string();
    assert_eq!(complaint, "Long::long: the name of its column is longer than the 63 bytes that PostgreSQL takes");
}

model! { Narrow,
    columns: &[column::<String>("id"), text("name", 10), column::<String>("free")],
    indexes: &[IndexDef { unique: true, filter: Some("name <> ''"), ..index(&[1]) }]
}
model! { Long,
    columns: &[ID, ColumnDef {
        name: "this_name_of_a_column_is_so_long_that_it_does_not_fit_into_a_catalog",
        ..column::<i32>("long")
    }]
}
