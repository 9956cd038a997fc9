//! What the derive makes of attributes: definitions, constants, defaults and views. Its messages
//! are tested in `ui`.

use std::collections::BTreeMap;

use retro_core::model::{
    BelongsTo, Cascade, ForeignKeyAction, Lazy, ModelDef, PassiveDeletes, RelationshipDef, SecondaryDef,
};
use retro_core::prelude::*;
use retro_core::private::Mapped;
use retro_core::value::{SqlType, Text, Value};
use retro_tests::on_every_backend;

/// A stock keeping unit.
#[derive(ColumnType, Debug, Clone, Default, PartialEq)]
struct Sku(String);

#[derive(ColumnType, Debug, Clone, Copy, Default, PartialEq)]
#[retro(rename_all = "kebab-case")]
enum Condition {
    #[default]
    BrandNew,
    Used,
    #[retro(rename = "broken!")]
    Broken,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "everything")]
struct Everything {
    #[retro(primary_key)]
    id: i64,
    truth: bool,
    small: i16,
    medium: i32,
    large: i64,
    single: f32,
    double: f64,
    text: String,
    bytes: Vec<u8>,
    date: NaiveDate,
    time: NaiveTime,
    datetime: NaiveDateTime,
    instant: DateTime<Utc>,
    uuid: Uuid,
    #[retro(precision = (10, 2))]
    decimal: Decimal,
    json: Json<BTreeMap<String, i32>>,
    sku: Sku,
    condition: Condition,
    host: Text<HostName>,
    maybe_truth: Option<bool>,
    maybe_large: Option<i64>,
    maybe_text: Option<String>,
    maybe_bytes: Option<Vec<u8>>,
    maybe_date: Option<NaiveDate>,
    maybe_uuid: Option<Uuid>,
    maybe_decimal: Option<Decimal>,
    maybe_json: Option<Json<Vec<String>>>,
    maybe_sku: Option<Sku>,
    maybe_condition: Option<Condition>,
    #[retro(skip)]
    not_stored: Vec<usize>,
}

/// A type that is stored by its `Display` and `FromStr`.
#[derive(Debug, Clone, Default, PartialEq)]
struct HostName(String);

impl std::fmt::Display for HostName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for HostName {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(HostName(text.to_string()))
    }
}

fn something() -> Everything {
    let date = NaiveDate::from_ymd_opt(1982, 8, 1).unwrap();
    let time = NaiveTime::from_hms_micro_opt(12, 30, 59, 123_456).unwrap();
    Everything {
        id: 0,
        truth: true,
        small: -7,
        medium: 70_000,
        large: 7_000_000_000,
        single: 1.5,
        double: -0.1,
        text: "Grüße, \"C64\"".into(),
        bytes: vec![0, 255, 7],
        date,
        time,
        datetime: date.and_time(time),
        instant: date.and_time(time).and_utc(),
        uuid: Uuid::from_u128(64),
        decimal: Decimal::new(59_500, 2),
        json: Json(BTreeMap::from([("ram".into(), 64)])),
        sku: Sku("C-64".into()),
        condition: Condition::Broken,
        host: Text(HostName("retro.example".into())),
        maybe_truth: Some(false),
        maybe_large: Some(-1),
        maybe_text: Some(String::new()),
        maybe_bytes: Some(vec![1]),
        maybe_date: Some(date),
        maybe_uuid: Some(Uuid::from_u128(7)),
        maybe_decimal: Some(Decimal::new(1, 1)),
        maybe_json: Some(Json(vec!["6510".into()])),
        maybe_sku: Some(Sku("VIC".into())),
        maybe_condition: Some(Condition::Used),
        not_stored: vec![1, 2, 3],
    }
}

/// All columns of a struct; the fields themselves have no common equality.
fn values<M: Mapped>(model: &M) -> Vec<Value<'static>> {
    let columns = 0..M::definition().columns.len() as u16;
    columns.map(|column| model.value(column).into_owned()).collect()
}

#[tokio::test]
async fn every_type_of_column_comes_back_as_it_went() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Everything]).await;
        let mut session = db.session();
        let full = session.add(something());
        let empty = session.add(Everything { text: "empty".into(), ..Default::default() });
        session.commit().await.unwrap();
        let (full, empty) = (session[full].clone(), session[empty].clone());

        let mut session = db.session();
        let found = session.all(select(Everything).order_by(Everything::id)).await.unwrap();

        assert_eq!(found.len(), 2);
        assert_eq!(values(&session[found[0]]), values(&full));
        assert_eq!(values(&session[found[1]]), values(&empty));
        assert!(session[found[0]].not_stored.is_empty(), "a skipped field is not stored");
    })
    .await;
}

#[tokio::test]
async fn columns_of_derived_types_are_found_by_their_values() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Everything]).await;
        let mut session = db.session();
        session.add(something());
        session.commit().await.unwrap();

        let broken = select(Everything)
            .filter(Everything::condition.eq(Condition::Broken))
            .filter(Everything::sku.eq(Sku("C-64".into())));

        assert_eq!(session.all(broken).await.unwrap().len(), 1);
    })
    .await;
}

#[test]
fn the_accessors_of_a_view_borrow_or_copy() {
    fn read(view: EverythingView<'_>) -> (&str, &[u8], i16, Option<&str>, &Sku, Option<&Sku>, &Condition) {
        let (text, bytes, maybe_text) = (view.text(), view.bytes(), view.maybe_text());
        (text, bytes, view.small(), maybe_text, view.sku(), view.maybe_sku(), view.condition())
    }
    let _ = read;
}

#[test]
fn an_enum_is_stored_as_the_texts_of_its_variants() {
    let SqlType::Enum(stored) = Condition::SQL_TYPE else { panic!("not an enum") };
    assert_eq!((stored.name, stored.variants), ("condition", &["brand-new", "used", "broken!"][..]));
    let error = Condition::from_value(Value::Text("stolen".into())).unwrap_err().to_string();
    assert!(error.contains("brand-new, used, broken!") && !error.contains("stolen"), "{error}");
    assert!(Condition::from_value(Value::Int(1)).is_err());
}

fn yesterday() -> NaiveDateTime {
    NaiveDateTime::default()
}

/// Every attribute that says something about columns.
#[derive(Model, Debug, Clone)]
#[allow(clippy::duplicated_attributes)] // clippy takes a column of two indexes for one
#[retro(table = "goods", comment = "what is for sale")]
#[retro(index(name, year))]
#[retro(index(year, unique, name = "ix_live", where = "year > 0"))]
#[retro(unique(name, kind), unique(kind, year, name = "uq_kind"))]
#[retro(check(old_enough, "year > 1970"), check(name = "short", "length(name) < 9"))]
struct Good {
    #[retro(primary_key, generated = false)]
    id: i32,
    #[retro(column = "title", length = 64, index, unique, comment = "as printed")]
    name: String,
    #[retro(unique, default = 1982)]
    year: i32,
    #[retro(index, sensitive, default = "home")]
    kind: String,
    #[retro(default = "none")]
    cpu: Option<String>,
    #[retro(server_default = "CURRENT_TIMESTAMP", on_update = yesterday())]
    changed: NaiveDateTime,
    #[retro(version)]
    version: i32,
    r#type: i32,
    #[retro(foreign_key = Self::id, on_delete = "set null", on_key_update = "cascade", index = false)]
    part_of_id: Option<i32>,
    part_of: BelongsTo<Option<Self>>,
}

#[test]
fn columns_are_as_their_attributes_say() {
    let good = Good::definition();
    assert_eq!((good.name, good.table, good.comment), ("Good", "goods", Some("what is for sale")));
    assert_eq!((good.primary_key, good.version), (&[0][..], Some(6)));
    let names: Vec<_> = good.columns.iter().map(|column| (column.field, column.name)).collect();
    assert_eq!(names[1], ("name", "title"));
    assert_eq!(names[7], ("type", "type"));

    let name = Good::name.definition();
    assert_eq!((name.length, name.comment, name.nullable), (Some(64), Some("as printed"), false));
    assert_eq!(Everything::decimal.definition().precision, Some((10, 2)));
    assert!(Good::kind.definition().sensitive && !name.sensitive);
    assert!(Good::cpu.definition().nullable);
    assert!(!Good::id.definition().generated && Everything::id.definition().generated);

    let changed = Good::changed.definition();
    assert_eq!(changed.server_default, Some("CURRENT_TIMESTAMP"));
    assert_eq!(changed.on_update.unwrap()(), Value::DateTime(yesterday()));
    let is_unset = changed.is_unset.unwrap();
    assert!(is_unset(&Value::DateTime(NaiveDateTime::default())) && !is_unset(&Value::DateTime(retro_core::now())));
}

#[test]
fn indexes_and_constraints_are_as_the_attributes_say() {
    let good = Good::definition();
    let indexes: Vec<_> = good.indexes.iter().map(|it| (it.columns, it.unique, it.name, it.filter)).collect();
    assert_eq!(
        indexes,
        [
            (&[1][..], true, None, None),
            (&[3], false, None, None),
            (&[1, 2], false, None, None),
            (&[2], true, Some("ix_live"), Some("year > 0")),
        ]
    );
    let uniques: Vec<_> = good.uniques.iter().map(|it| (it.columns, it.name)).collect();
    assert_eq!(uniques, [(&[2][..], None), (&[1, 3], None), (&[3, 2], Some("uq_kind"))]);
    let checks: Vec<_> = good.checks.iter().map(|it| (it.name, it.condition)).collect();
    assert_eq!(checks, [("old_enough", "year > 1970"), ("short", "length(name) < 9")]);

    let [key] = good.foreign_keys else { panic!("one foreign key") };
    assert_eq!((key.columns, key.references, key.index), (&[8][..], &[0][..], false));
    assert_eq!((key.on_delete, key.on_update), (ForeignKeyAction::SetNull, ForeignKeyAction::Cascade));
    assert!(std::ptr::eq((key.target)(), good));
}

#[test]
fn defaults_are_those_of_the_attributes_then_of_the_types() {
    let good = Good::default();
    assert_eq!((good.id, good.year, good.kind.as_str(), good.cpu.as_deref()), (0, 1982, "home", Some("none")));
    assert!(!good.part_of.is_assigned());
}

/// Relationships of every kind, and every attribute of theirs.
mod relationships {
    use super::*;

    #[derive(Model, Debug, Clone)]
    #[retro(table = "companies")]
    pub(super) struct Company {
        #[retro(primary_key)]
        pub(super) country: String,
        #[retro(primary_key)]
        pub(super) number: i32,
        #[retro(back_populates = company, cascade = "all, delete-orphan", passive_deletes = "all")]
        #[retro(order_by = (Product::name, -Product::id), lazy = "selectin")]
        pub(super) products: HasMany<Product>,
        #[retro(foreign_key = (Product::seller_country, Product::seller_number), lazy = "raise", passive_deletes)]
        pub(super) sold: HasMany<Product>,
        #[retro(back_populates = company, cascade = "none")]
        pub(super) office: HasOne<Office>,
    }

    #[derive(Model, Debug, Clone)]
    #[retro(table = "offices")]
    #[retro(foreign_key(columns = (country, number), references = (Company::country, Company::number), on_delete = "cascade"))]
    pub(super) struct Office {
        #[retro(primary_key)]
        pub(super) country: String,
        #[retro(primary_key)]
        pub(super) number: i32,
        #[retro(key = (country, number), back_populates = office)]
        pub(super) company: BelongsTo<Company>,
    }

    #[derive(Model, Debug, Clone)]
    #[retro(table = "products")]
    #[retro(foreign_key(columns = (country, number), references = (Company::country, Company::number)))]
    #[retro(foreign_key(
        columns = (seller_country, seller_number),
        references = (Company::country, Company::number),
        index = false
    ))]
    pub(super) struct Product {
        #[retro(primary_key)]
        pub(super) id: i32,
        pub(super) name: String,
        pub(super) country: String,
        pub(super) number: i32,
        pub(super) seller_country: Option<String>,
        pub(super) seller_number: Option<i32>,
        #[retro(key = (country, number), back_populates = products, lazy = "joined")]
        pub(super) company: BelongsTo<Company>,
        #[retro(key = (seller_country, seller_number), single_parent, cascade = "save-update, merge, delete-orphan")]
        pub(super) seller: BelongsTo<Option<Company>>,
        #[retro(foreign_key = Product::id)]
        pub(super) successor_id: Option<i32>,
        #[retro(back_populates = predecessors, post_update)]
        pub(super) successor: BelongsTo<Option<Product>>,
        #[retro(back_populates = successor, order_by = desc(Product::id), lazy = "write_only")]
        pub(super) predecessors: HasMany<Product>,
        #[retro(secondary(table = "similar", local = "a_id", remote = "b_id"))]
        pub(super) similar: ManyToMany<Product>,
        #[retro(secondary = "products_tags", back_populates = products, order_by = Tag::name.desc())]
        pub(super) tags: ManyToMany<Tag>,
        #[retro(secondary(model = Review, local = Review::product_id, remote = Review::tag_id))]
        pub(super) reviewed_as: ManyToMany<Tag>,
    }

    #[derive(Model, Debug, Clone)]
    #[retro(table = "tags")]
    pub(super) struct Tag {
        #[retro(primary_key)]
        pub(super) id: i32,
        #[retro(length = 32)]
        pub(super) name: String,
        #[retro(secondary = "products_tags", back_populates = tags)]
        pub(super) products: ManyToMany<Product>,
        #[retro(secondary = Review)]
        pub(super) reviewed: ManyToMany<Product>,
    }

    #[derive(Model, Debug, Clone)]
    #[retro(table = "reviews")]
    pub(super) struct Review {
        #[retro(primary_key, foreign_key = Product::id)]
        pub(super) product_id: i32,
        #[retro(primary_key, foreign_key = Tag::id)]
        pub(super) tag_id: i32,
    }
}

fn relationship(model: &'static ModelDef, field: &str) -> &'static RelationshipDef {
    model.relationships.iter().find(|relationship| relationship.field == field).unwrap()
}

#[test]
fn relationships_are_as_their_attributes_say() {
    use relationships::{Company, Office, Product};
    let of_company = |field| relationship(Company::definition(), field);
    let products = of_company("products");
    assert_eq!(products.cascade, Cascade::ALL.and(Cascade::DELETE_ORPHAN));
    assert_eq!((products.lazy, products.passive_deletes), (Lazy::Selectin, PassiveDeletes::All));
    let order: Vec<_> = products.order_by.iter().map(|term| (term.column, term.descending)).collect();
    assert_eq!(order, [(Product::name.index(), false), (Product::id.index(), true)]);
    assert_eq!(products.back_populates, Some(Product::company.index()));
    let sold = of_company("sold");
    assert_eq!((sold.foreign_key, sold.lazy, sold.passive_deletes), (&[4, 5][..], Lazy::Raise, PassiveDeletes::Yes));
    assert_eq!((of_company("office").cascade, of_company("office").back_populates), (Cascade::NONE, Some(0)));
    assert_eq!(relationship(Office::definition(), "company").key, [0, 1]);

    let of_product = |field| relationship(Product::definition(), field);
    assert_eq!((of_product("company").key, of_product("company").optional), (&[2, 3][..], false));
    assert_eq!((of_product("seller").key, of_product("seller").optional), (&[4, 5][..], true));
    assert!(of_product("seller").single_parent && of_product("successor").post_update);
    assert_eq!(of_product("predecessors").lazy, Lazy::WriteOnly);
    assert!(of_product("predecessors").order_by[0].descending && of_product("tags").order_by[0].descending);
    assert!(matches!(
        of_product("similar").secondary,
        Some(SecondaryDef::Table { name: "similar", local: ["a_id"], remote: ["b_id"] })
    ));
    assert!(matches!(of_product("tags").secondary, Some(SecondaryDef::Table { local: [], remote: [], .. })));
    assert!(matches!(of_product("reviewed_as").secondary, Some(SecondaryDef::Model { local: [0], remote: [1], .. })));
}

#[test]
fn the_mapping_of_all_kinds_of_relationships_is_without_problems() {
    use relationships::{Company, Office, Product, Review, Tag};
    metadata![Company, Office, Product, Tag, Review].verify().unwrap();
    metadata![Everything, Good].verify().unwrap();
}

/// What is derived is clean in a crate that denies everything, and clashes with no name of its own.
#[deny(missing_docs, unused, unreachable_pub, nonstandard_style, rust_2018_idioms, clippy::all, clippy::pedantic)]
mod strict {
    /// Names that generated code would trip over if it used any of them.
    #[allow(dead_code)]
    mod shadowed {
        pub(super) struct Option;
        pub(super) struct Some;
        pub(super) struct None;
        pub(super) struct Result;
        pub(super) struct Ok;
        pub(super) struct Default;
        pub(super) struct Deref;
    }
    #[allow(unused_imports)]
    use shadowed::*;

    /// A model whose fields are called like everything that is near.
    #[derive(retro_core::prelude::Model)]
    #[retro(table = "settings", columns = SettingColumns)]
    pub(super) struct Setting {
        /// The key.
        #[retro(primary_key)]
        pub(super) id: i32,
        /// Called like a method of `Mapped`.
        pub(super) value: i32,
        /// Called like a parameter of derived code.
        pub(super) column: i32,
        /// Called like a method of the view.
        pub(super) entity: i32,
        /// Called like a constructor.
        pub(super) default: i32,
        /// Called like a module.
        pub(super) retro_core: i32,
        /// A keyword.
        pub(super) r#type: i32,
        /// Refers to a model whose constants are elsewhere.
        #[retro(foreign_key = SettingColumns::id)]
        pub(super) parent_id: ::std::option::Option<i32>,
        /// The relationship of that key.
        #[retro(back_populates = SettingColumns::children)]
        pub(super) parent: retro_core::model::BelongsTo<::std::option::Option<Setting>>,
        /// Its other side.
        #[retro(back_populates = SettingColumns::parent)]
        pub(super) children: retro_core::model::HasMany<Setting>,
    }
}

#[tokio::test]
async fn names_of_all_sorts_are_read_and_written() {
    use strict::{Setting, SettingColumns};
    on_every_backend(async |db| {
        let db = db.with(metadata![Setting]).await;
        let mut session = db.session();
        let parent = session.add(Setting { value: 1, entity: 2, ..Setting::default() });
        let child = session.add(Setting { r#type: 3, parent: BelongsTo::from(parent), ..Setting::default() });
        session.commit().await.unwrap();

        let view = session.view(child);
        assert_eq!((view.r#type(), view.parent().unwrap().entity()), (3, 2));
        let same = view.try_rel(SettingColumns::parent).unwrap().unwrap();
        assert_eq!(same.value(), session[parent].value);
        assert_eq!(session.view(parent).children().len(), 1);
        let found = session.all(select(Setting).filter(SettingColumns::r#type.eq(3))).await.unwrap();
        assert_eq!(found, [child]);
    })
    .await;
}

/// A model made by a macro: its types come in invisible groups.
macro_rules! named {
    ($model:ident, $table:literal, $key:ty, $text:ty) => {
        #[derive(Model, Debug, Clone)]
        #[retro(table = $table)]
        struct $model {
            #[retro(primary_key)]
            id: $key,
            #[retro(length = 16)]
            name: $text,
        }
    };
}
named!(Label, "labels", i64, Option<String>);

#[test]
fn a_macro_may_write_the_model() {
    assert!(Label::id.definition().generated && Label::name.definition().nullable);
}
