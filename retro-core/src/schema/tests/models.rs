//! The models of these tests: a shop, every type of column, and tables in a circle.

use crate::mapping::{Mapper, MapperCell};
use crate::model::{
    Assigned, Cascade, CheckDef, ColumnDef, ForeignKeyAction, ForeignKeyDef, IndexDef, Lazy, Mapped, ModelDef,
    PassiveDeletes, RelationshipDef, RelationshipKind, SecondaryDef, UniqueDef,
};
use crate::private::RowReader;
use crate::schema::MetaData;
use crate::value::{ColumnType, EnumType, Json, SqlType, Value, ValueError};

/// A model that is a definition and nothing else.
macro_rules! model {
    ($model:ident, $($definition:tt)*) => {
        pub(super) struct $model;

        impl Mapped for $model {
            fn definition() -> &'static ModelDef {
                static DEFINITION: ModelDef = ModelDef {
                    $($definition)*,
                    ..base(stringify!($model), <$model as Mapped>::mapper)
                };
                &DEFINITION
            }
            fn mapper() -> &'static Mapper {
                static MAPPER: MapperCell = MapperCell::new();
                MAPPER.get::<$model>()
            }
            fn value(&self, _: u16) -> Value<'_> {
                Value::Null
            }
            fn set_value(&mut self, _: u16, _: Value<'_>) -> Result<(), ValueError> {
                Ok(())
            }
            fn read(_: &mut RowReader<'_>) -> crate::Result<Self> {
                Ok($model)
            }
            fn has_assigned(&self) -> bool {
                false
            }
            fn take_assigned(&mut self, _: u16) -> Assigned {
                unreachable!("the model has no fields")
            }
        }
    };
}
pub(super) use model;

/// The metadata of models of these tests.
macro_rules! metadata_of {
    ($($model:ident),*) => {
        crate::schema::MetaData::new()$(.with_mapper(<$model as crate::model::Mapped>::mapper()))*
    };
}
pub(super) use metadata_of;

pub(super) const fn base(name: &'static str, mapper: fn() -> &'static Mapper) -> ModelDef {
    ModelDef {
        name,
        table: name,
        comment: None,
        columns: &[],
        primary_key: &[0],
        relationships: &[],
        foreign_keys: &[],
        indexes: &[],
        uniques: &[],
        checks: &[],
        version: None,
        mapper,
    }
}

pub(super) const ID: ColumnDef = ColumnDef { generated: true, ..ColumnDef::new::<i32>("id") };

pub(super) const fn text(field: &'static str, length: u32) -> ColumnDef {
    ColumnDef { length: Some(length), ..ColumnDef::new::<String>(field) }
}

pub(super) const fn column<T: ColumnType>(field: &'static str) -> ColumnDef {
    ColumnDef::new::<T>(field)
}

pub(super) const fn refer(columns: &'static [u16], target: fn() -> &'static ModelDef) -> ForeignKeyDef {
    ForeignKeyDef {
        columns,
        target,
        references: &[0],
        on_delete: ForeignKeyAction::NoAction,
        on_update: ForeignKeyAction::NoAction,
        index: true,
    }
}

pub(super) const fn index(columns: &'static [u16]) -> IndexDef {
    IndexDef { name: None, columns, unique: false, filter: None }
}

pub(super) const fn relationship(
    field: &'static str,
    kind: RelationshipKind,
    target: fn() -> &'static ModelDef,
) -> RelationshipDef {
    RelationshipDef {
        field,
        kind,
        optional: false,
        target,
        key: &[],
        foreign_key: &[],
        back_populates: None,
        secondary: None,
        cascade: Cascade::DEFAULT,
        order_by: &[],
        lazy: Lazy::Select,
        passive_deletes: PassiveDeletes::No,
        post_update: false,
        single_parent: false,
    }
}

pub(super) const fn secondary(name: &'static str) -> Option<SecondaryDef> {
    Some(SecondaryDef::Table { name, local: &[], remote: &[] })
}

model! { Manufacturer,
    table: "manufacturers",
    columns: &[ID, text("name", 64)],
    indexes: &[IndexDef { unique: true, ..index(&[1]) }]
}

model! { Product,
    table: "products",
    columns: &[ID, text("name", 64), column::<i32>("manufacturer_id"), column::<i32>("year")],
    foreign_keys: &[refer(&[2], Manufacturer::definition)],
    indexes: &[index(&[3]), index(&[2])],
    uniques: &[UniqueDef { name: None, columns: &[1] }],
    relationships: &[
        RelationshipDef { key: &[2], ..relationship("manufacturer", RelationshipKind::BelongsTo, Manufacturer::definition) },
        RelationshipDef {
            secondary: secondary("products_countries"),
            back_populates: Some(0),
            ..relationship("countries", RelationshipKind::ManyToMany, Country::definition)
        },
    ]
}

model! { Country,
    table: "countries",
    columns: &[ID, text("name", 32)],
    relationships: &[RelationshipDef {
        secondary: secondary("products_countries"),
        back_populates: Some(1),
        ..relationship("products", RelationshipKind::ManyToMany, Product::definition)
    }]
}

model! { OrderItem,
    table: "orders_items",
    columns: &[column::<i32>("product_id"), column::<i64>("order_id"), column::<f64>("unit_price")],
    primary_key: &[0, 1],
    foreign_keys: &[
        ForeignKeyDef { on_delete: ForeignKeyAction::Cascade, ..refer(&[1], Order::definition) },
        refer(&[0], Product::definition),
    ]
}

model! { Order,
    table: "orders",
    columns: &[ColumnDef { generated: true, ..column::<i64>("id") }]
}

pub(super) fn shop() -> MetaData {
    metadata_of![OrderItem, Product, Country, Manufacturer, Order]
}

pub(super) static STATUS: EnumType = EnumType { name: "status", variants: &["new", "it's", "back\\slash"] };

model! { Everything,
    table: "everything",
    comment: Some("what there is, it's all here"),
    columns: &[
        ColumnDef { generated: true, ..column::<i64>("id") },
        column::<bool>("truth"),
        column::<i16>("small"),
        column::<f32>("float"),
        column::<Option<f64>>("double"),
        ColumnDef { comment: Some("free text"), ..column::<String>("text") },
        column::<Vec<u8>>("bytes"),
        ColumnDef { sql_type: SqlType::Date, ..column::<i32>("date") },
        ColumnDef { sql_type: SqlType::Time, ..column::<i32>("time") },
        ColumnDef {
            sql_type: SqlType::DateTime,
            server_default: Some("CURRENT_TIMESTAMP"),
            name: "made at",
            ..column::<i32>("made")
        },
        ColumnDef { sql_type: SqlType::Timestamp, ..column::<i32>("instant") },
        ColumnDef { sql_type: SqlType::Uuid, ..column::<i32>("uuid") },
        ColumnDef { sql_type: SqlType::Decimal, precision: Some((10, 2)), ..column::<i32>("price") },
        ColumnDef { sql_type: SqlType::Decimal, ..column::<i32>("exact") },
        column::<Json<Vec<i32>>>("json"),
        ColumnDef {
            sql_type: SqlType::Enum(&STATUS),
            server_default: Some("'new'"),
            ..column::<i32>("status")
        },
    ],
    checks: &[CheckDef { name: "small_is_small", condition: "small < 100" }],
    indexes: &[IndexDef { name: Some("ix_true"), filter: Some("truth"), ..index(&[2]) }]
}

model! { Person,
    table: "people",
    columns: &[ID, column::<Option<i32>>("house_id")],
    foreign_keys: &[refer(&[1], House::definition)]
}

model! { House,
    table: "houses",
    columns: &[ID, column::<Option<i32>>("owner_id"), column::<Option<i32>>("next_id")],
    foreign_keys: &[refer(&[1], Person::definition), refer(&[2], House::definition)]
}

pub(super) fn circle() -> MetaData {
    metadata_of![Person, House]
}
